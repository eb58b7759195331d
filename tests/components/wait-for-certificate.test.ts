import { spawn } from "node:child_process";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";

const script = path.resolve(__dirname, "../../components/scripts/wait-for-certificate.mjs");
const certificate = "projects/netra-staging/locations/global/certificates/domain-1a2b3c4";
const token = "ya29.not-to-be-printed";

type Answer = { status?: number; body: unknown } | "hang up";

interface Run {
    readonly code: number | null;
    readonly stdout: string;
    readonly stderr: string;
    readonly requests: { readonly url?: string; readonly authorization?: string }[];
}

const managed = (state: string, more: object = {}) => ({ body: { name: certificate, managed: { state, ...more } } });

/** Runs the script against a server that gives each answer once, and the last one again and again. */
async function run(answers: Answer[], env: Record<string, string> = {}, slash = "/"): Promise<Run> {
    const requests: Run["requests"] = [];
    const server = http.createServer((request, response) => {
        // Also plays the metadata server, from which Google's library takes a token on a machine of Google Cloud.
        if (request.url?.startsWith("/computeMetadata/")) {
            response.writeHead(200, { "content-type": "application/json", "metadata-flavor": "Google" });
            return void response.end(JSON.stringify({ access_token: token, expires_in: 3600, token_type: "Bearer" }));
        }
        requests.push({ url: request.url, authorization: request.headers.authorization });
        const answer = answers.length > 1 ? (answers.shift() as Answer) : (answers[0] as Answer);
        if (answer === "hang up") return void response.destroy();
        response.writeHead(answer.status ?? 200, { "content-type": "application/json" });
        response.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const child = spawn(process.execPath, [script], {
        cwd: "/",
        env: {
            PATH: process.env.PATH,
            CERTIFICATE: certificate,
            POLL_SECONDS: "0.02",
            DEADLINE_SECONDS: "20",
            GOOGLE_OAUTH_ACCESS_TOKEN: token,
            GOOGLE_CERTIFICATE_MANAGER_CUSTOM_ENDPOINT: `http://${host}/v1${slash}`,
            GCE_METADATA_HOST: host,
            ...env,
        },
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (data) => {
        stdout += data;
    });
    child.stderr.on("data", (data) => {
        stderr += data;
    });
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(stdout + stderr).not.toContain(token);
    return { code, stdout, stderr, requests };
}

describe("wait-for-certificate", () => {
    test("asks until the certificate is active, and prints each change once", async () => {
        const provisioning = managed("PROVISIONING", {
            provisioningIssue: { reason: "AUTHORIZATION_ISSUE", details: "the record is missing" },
            authorizationAttemptInfo: [{ domain: "example.com", state: "AUTHORIZING", failureReason: "CONFIG" }],
        });
        const result = await run([
            provisioning,
            provisioning,
            provisioning,
            managed("PROVISIONING"),
            managed("ACTIVE"),
        ]);
        expect(result).toMatchObject({ code: 0, stderr: "" });
        expect(result.stdout.trim().split("\n")).toEqual([
            `${certificate}: state PROVISIONING; reason AUTHORIZATION_ISSUE: the record is missing; example.com AUTHORIZING: CONFIG`,
            `${certificate}: state PROVISIONING`,
            `${certificate}: state ACTIVE`,
        ]);
        expect(result.requests).toHaveLength(5);
        expect(result.requests[0]).toEqual({ url: `/v1/${certificate}`, authorization: `Bearer ${token}` });
    });

    test("ends with the reason when the certificate has failed", async () => {
        const result = await run([
            managed("FAILED", {
                provisioningIssue: { reason: "RATE_LIMITED" },
                authorizationAttemptInfo: [
                    { domain: "*.example.com", state: "FAILED", failureReason: "CAA", details: "pki.goog" },
                ],
            }),
        ]);
        expect(result.code).toBe(1);
        expect(result.stderr).toContain(
            `${certificate} has failed: state FAILED; reason RATE_LIMITED; *.example.com FAILED: CAA: pki.goog.`,
        );
        expect(result.stderr).toContain("pulumi up --replace");
        expect(result.requests).toHaveLength(1);
    });

    test("ends at the deadline with what was last seen", async () => {
        const result = await run([managed("PROVISIONING")], { DEADLINE_SECONDS: "0.2" });
        expect(result.code).toBe(1);
        expect(result.stderr).toContain("is not active after 0.2 s; last seen: state PROVISIONING.");
        expect(result.stderr).toContain("pki.goog");
    });

    test("asks again after an answer that may pass", async () => {
        const busy = { status: 503, body: "busy" };
        const result = await run(
            [busy, busy, { status: 429, body: {} }, "hang up", { body: "<html>" }, managed("ACTIVE")],
            {},
            "",
        );
        expect(result.code).toBe(0);
        expect(result.stdout.trim().split("\n")).toEqual([
            `${certificate}: the API answered 503, trying again`,
            `${certificate}: the API answered 429, trying again`,
            expect.stringMatching(/the API cannot be reached \(.+\), trying again$/),
            `${certificate}: the API's answer is not JSON, trying again`,
            `${certificate}: state ACTIVE`,
        ]);
        expect(result.requests).toHaveLength(6);
    });

    test("does not ask again when the API refuses", async () => {
        const body = { error: { status: "PERMISSION_DENIED", message: "certificatemanager.certs.get is required" } };
        const result = await run([{ status: 403, body }]);
        expect(result.code).toBe(1);
        expect(result.stderr).toBe(
            `${certificate} cannot be read: the API answered 403: PERMISSION_DENIED: certificatemanager.certs.get is required\n`,
        );
        expect(result.requests).toHaveLength(1);
    });

    test("does not wait for a certificate that nobody manages", async () => {
        const result = await run([{ body: { name: certificate, selfManaged: {} } }]);
        expect(result).toMatchObject({
            code: 1,
            stderr: `${certificate} is not a managed certificate; nothing to wait for.\n`,
        });
    });

    test.each([
        ["CERTIFICATE", "domain-1a2b3c4", "Pass the certificate's id."],
        ["DEADLINE_SECONDS", "soon", "a number above 0"],
        ["POLL_SECONDS", "0", "a number above 0"],
    ])("refuses %s=%s before it asks", async (name, value, expected) => {
        const result = await run([managed("ACTIVE")], { [name]: value });
        expect(result).toMatchObject({ code: 1, stdout: "", requests: [] });
        expect(result.stderr).toContain(`${name} is "${value}"`);
        expect(result.stderr).toContain(expected);
    });

    test("takes the token from Google's own search when none is given", async () => {
        const result = await run([managed("ACTIVE")], {
            GOOGLE_OAUTH_ACCESS_TOKEN: "",
            METADATA_SERVER_DETECTION: "assume-present",
            GOOGLE_CLOUD_PROJECT: "netra-staging",
            HOME: "/nowhere",
        });
        expect(result).toMatchObject({ code: 0, stderr: "" });
        expect(result.requests).toEqual([{ url: `/v1/${certificate}`, authorization: `Bearer ${token}` }]);
    });

    test("says how to get credentials when there are none", async () => {
        const result = await run([managed("ACTIVE")], {
            GOOGLE_OAUTH_ACCESS_TOKEN: "",
            GOOGLE_APPLICATION_CREDENTIALS: "/nowhere.json",
        });
        expect(result).toMatchObject({ code: 1, requests: [] });
        expect(result.stderr).toContain(`No credentials to read ${certificate} with:`);
        expect(result.stderr).toContain("gcloud auth application-default login");
        expect(result.stderr).not.toContain("    at ");
    });
});
