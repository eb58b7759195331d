// Waits until a certificate of Certificate Manager is active, and fails with the reason when it will not be.
//
//   CERTIFICATE       projects/P/locations/global/certificates/C
//   DEADLINE_SECONDS  how long to wait (default 3600: Google says up to an hour after the DNS record is seen)
//   POLL_SECONDS      how often to ask (default 15)
//
// It honours what the provider honours: GOOGLE_CERTIFICATE_MANAGER_CUSTOM_ENDPOINT for the address of the API, and
// GOOGLE_OAUTH_ACCESS_TOKEN for the token; without the latter, Google's own search for credentials.
// Runs under @pulumi/command, whose output is kept in the stack's state: it never prints a token or a response's body.
import { setTimeout as sleep } from "node:timers/promises";

const certificate = process.env.CERTIFICATE ?? "";
const deadlineSeconds = Number(process.env.DEADLINE_SECONDS ?? 3600);
const pollSeconds = Number(process.env.POLL_SECONDS ?? 15);
const requestSeconds = 30;

/** Failures that may pass: the service is busy, or not reachable at the moment. */
class Transient extends Error {}

/** A failure that no further request mends. */
class Fatal extends Error {}

try {
    checkInputs();
    await waitUntilActive();
} catch (error) {
    if (!(error instanceof Fatal)) throw error;
    console.error(error.message);
    process.exitCode = 1;
}

async function waitUntilActive() {
    const url = `${baseUrl()}${certificate}`;
    const accessToken = await tokenSource();
    const deadline = Date.now() + deadlineSeconds * 1000;
    let last = "no answer yet";
    let shown;
    while (true) {
        try {
            const { managed } = await read(url, await accessToken());
            if (managed === undefined)
                throw new Fatal(`${certificate} is not a managed certificate; nothing to wait for.`);
            last = describe(managed);
            if (last !== shown) {
                console.log(`${certificate}: ${last}`);
                shown = last;
            }
            if (managed.state === "ACTIVE") return;
            if (managed.state === "FAILED") {
                throw new Fatal(
                    `${certificate} has failed: ${last}. It will not recover. Mend the cause, then replace the certificate: ` +
                        "`pulumi up --replace <urn of the certificate>`.",
                );
            }
        } catch (error) {
            if (!(error instanceof Transient)) throw error;
            if (error.message !== shown) {
                console.log(`${certificate}: ${error.message}, trying again`);
                shown = error.message;
            }
        }
        const left = deadline - Date.now();
        if (left <= 0) {
            throw new Fatal(
                `${certificate} is not active after ${deadlineSeconds} s; last seen: ${last}. Check that the DNS record of the ` +
                    "authorization exists and that CAA records allow pki.goog, then run the deployment again.",
            );
        }
        await sleep(Math.min(pollSeconds * 1000, left));
    }
}

/** One line for what is known: state, reason, and how each domain's authorization stands. */
function describe(managed) {
    const issue = managed.provisioningIssue;
    const parts = [`state ${managed.state ?? "unknown"}`];
    if (issue) parts.push(`reason ${join(issue.reason, issue.details)}`);
    for (const attempt of managed.authorizationAttemptInfo ?? []) {
        parts.push(`${attempt.domain} ${join(attempt.state, attempt.failureReason, attempt.details)}`);
    }
    return parts.join("; ");
}

function join(...parts) {
    return parts.filter(Boolean).join(": ");
}

async function read(url, token) {
    let response;
    try {
        response = await fetch(url, {
            headers: { authorization: `Bearer ${token}`, accept: "application/json" },
            signal: AbortSignal.timeout(requestSeconds * 1000),
        });
    } catch (error) {
        throw new Transient(`the API cannot be reached (${error.cause?.code ?? error.name})`);
    }
    const body = await response.text().catch(() => "");
    if (response.status === 429 || response.status >= 500) throw new Transient(`the API answered ${response.status}`);
    const parsed = parse(body);
    if (!response.ok) {
        throw new Fatal(
            `${certificate} cannot be read: the API answered ${join(String(response.status), parsed?.error?.status, parsed?.error?.message)}`,
        );
    }
    if (parsed === undefined) throw new Transient("the API's answer is not JSON");
    return parsed;
}

function parse(body) {
    try {
        return JSON.parse(body);
    } catch {
        return undefined;
    }
}

async function tokenSource() {
    const given = process.env.GOOGLE_OAUTH_ACCESS_TOKEN;
    if (given) return async () => given;
    const { GoogleAuth } = await import("google-auth-library");
    const auth = new GoogleAuth({ scopes: ["https://www.googleapis.com/auth/cloud-platform"] });
    return async () => {
        try {
            return await auth.getAccessToken();
        } catch (error) {
            throw new Fatal(
                `No credentials to read ${certificate} with: ${error.message} ` +
                    "Set GOOGLE_OAUTH_ACCESS_TOKEN, or run `gcloud auth application-default login`.",
            );
        }
    };
}

/** The provider's own setting ends in the API's version, with or without a final slash. */
function baseUrl() {
    const base =
        process.env.GOOGLE_CERTIFICATE_MANAGER_CUSTOM_ENDPOINT || "https://certificatemanager.googleapis.com/v1/";
    return base.endsWith("/") ? base : `${base}/`;
}

function checkInputs() {
    if (!/^projects\/[^/\s]+\/locations\/[^/\s]+\/certificates\/[^/\s]+$/.test(certificate)) {
        throw new Fatal(
            `CERTIFICATE is ${JSON.stringify(certificate)}: it must be projects/P/locations/L/certificates/C. Pass the certificate's id.`,
        );
    }
    for (const [name, value] of [
        ["DEADLINE_SECONDS", deadlineSeconds],
        ["POLL_SECONDS", pollSeconds],
    ]) {
        if (!(value > 0 && value <= 86_400)) {
            throw new Fatal(
                `${name} is ${JSON.stringify(process.env[name])}: it must be a number above 0, at most 86400.`,
            );
        }
    }
}
