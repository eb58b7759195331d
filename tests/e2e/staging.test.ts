import { Project } from "./project";

jest.setTimeout(120_000);

const connectorType = "gcp:vpcaccess/connector:Connector";
const connectorId = "projects/netra-staging/locations/us-central1/connectors/staging-connector";
const size = (machineType: string, minInstances: number, maxInstances: number) =>
    Object.entries({ machineType, minInstances, maxInstances }).flatMap(([key, value]) => [
        "--config",
        `netra:connector.${key}=${value}`,
    ]);

// One story on one sandbox, in order: that is how the team meets it.
let project: Project;

beforeAll(() => {
    project = new Project();
});

afterAll(() => project.remove());

describe("the incident's estate", () => {
    it("is adopted, and planned as an in-place update of the connector", async () => {
        const { code, stdout, stderr } = await project.netra("preview");
        expect(code).toBe(0);
        expect(stderr).toBe("sandbox: new state; looking for what the estate already has\n");
        expect(stdout).toContain(`= ${connectorType} ${connectorId}`);
        expect(stdout).toContain(
            "~  gcp:vpcaccess:Connector staging-connector update [diff: ~machineType,maxInstances]",
        );
        expect(stdout).toContain("connector staging-connector: changed in place");
        expect(stdout).toMatch(
            /before {2}2 to 3 x e2-micro, burst 200 Mbps: carries 3 .* 15 are expected \(UNDERSIZED, 737\.5 Mbps short\)/,
        );
        expect(stdout).toMatch(/after {3}2 to 4 x e2-standard-4, burst 3200 Mbps: carries 51 .*\(sufficient\)/);
        expect(stdout).toContain("sandbox; no Google Cloud account was used");
        expect(stdout).not.toContain("OUTAGE");
    });

    it("has under the component what was adopted, and changes nothing but what the program changes", async () => {
        const { code, document } = await project.json("preview");
        expect(code).toBe(0);
        expect(document).toMatchObject({ result: "succeeded", sandbox: true, policyViolations: expect.any(Array) });
        expect(document.policyViolations.filter(({ enforcementLevel }) => enforcementLevel === "mandatory")).toEqual(
            [],
        );
        expect(document.steps.find(({ type }) => type === connectorType)).toEqual({
            op: "update",
            type: connectorType,
            name: "staging-connector",
            urn: `urn:pulumi:staging::netra::netra:network:VpcConnector$${connectorType}::staging-connector`,
            replaceKeys: [],
        });
        expect(new Set(document.steps.map(({ op }) => op))).toEqual(new Set(["create", "update"]));
        expect(document.changes.create).toBe(document.steps.filter(({ op }) => op === "create").length);
    });

    it("is not touched by a preview", () => {
        expect(project.estate(connectorType)[connectorId]).toMatchObject({ machineType: "e2-micro", maxInstances: 3 });
    });
});

describe("the fix", () => {
    it("is carried out", async () => {
        const { code, document } = await project.json("up", "--yes");
        expect(code).toBe(0);
        expect(document.outputs).toMatchObject({
            loadBalancerAddress: expect.stringMatching(/^203\.0\.113\.\d+$/),
            dnsRecords: [
                {
                    type: "CNAME",
                    name: expect.stringMatching(/^_acme-challenge_.*\.netrasystems\.ai\.$/),
                    data: expect.any(String),
                },
            ],
            connector: {
                id: connectorId,
                machineType: "e2-standard-4",
                minInstances: 2,
                maxInstances: 4,
                burstMbps: 3200,
            },
            serviceUrls: { frontend: "https://staging.netrasystems.ai" },
            certificateMap: expect.stringMatching(
                /^\/\/certificatemanager\.googleapis\.com\/projects\/netra-staging\//,
            ),
        });
        expect(project.estate(connectorType)).toEqual({
            [connectorId]: expect.objectContaining({
                machineType: "e2-standard-4",
                minInstances: 2,
                maxInstances: 4,
                state: "READY",
            }),
        });
        for (const service of Object.values(project.estate("gcp:cloudrunv2/service:Service"))) {
            expect(service).toMatchObject({
                ingress: "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
                template: { timeout: "600s" },
            });
        }
    });

    it("leaves nothing to change", async () => {
        const { code, document } = await project.json("preview");
        expect({ code, steps: document.steps, violations: document.policyViolations }).toEqual({
            code: 0,
            steps: [],
            violations: [],
        });
        expect((await project.json("refresh")).document.steps.filter(({ op }) => op !== "refresh")).toEqual([]);
    });
});

describe("the connector's size", () => {
    it("grows in place", async () => {
        const { code, document } = await project.json("preview", ...size("e2-standard-4", 4, 6));
        expect(code).toBe(0);
        expect(document.steps.find(({ type }) => type === connectorType)).toMatchObject({
            op: "update",
            replaceKeys: [],
        });
    });

    it("does not shrink without a loud word, and not at all while it is protected", async () => {
        const { code, stdout } = await project.netra("preview", ...size("e2-standard-4", 2, 3));
        expect(code).toBe(1);
        expect(stdout).toContain(
            "!! OUTAGE: this replaces what carries traffic: Connector staging-connector (because of maxInstances)",
        );
        expect(stdout).toContain("marked for protection");
    });

    it("below the workload is blocked by policy, which names the shortfall", async () => {
        const { code, document } = await project.json("preview", ...size("e2-micro", 4, 5));
        expect({ code, result: document.result }).toEqual({ code: 3, result: "blocked" });
        const [violation] = document.policyViolations.filter(({ policy }) => policy === "connector-capacity");
        expect(violation).toMatchObject({
            enforcementLevel: "mandatory",
            urn: expect.stringContaining("staging-connector"),
        });
        expect(violation?.message).toContain("537.5 Mbps short");
        expect(violation?.message).toContain("Set machineType e2-standard-4, minInstances 2, maxInstances 4.");
    });

    it("below the workload is blocked at up, and the estate stays as it is", async () => {
        expect((await project.json("up", "--yes", ...size("e2-micro", 4, 5))).code).toBe(3);
        expect(project.estate(connectorType)[connectorId]).toMatchObject({ machineType: "e2-standard-4" });
    });

    it("that the API would refuse never gets as far", async () => {
        const { code, stderr } = await project.netra("preview", ...size("e2-micro", 12, 12));
        expect(code).toBe(1);
        expect(stderr).toMatch(/netra:connector\.minInstances is 12: it must be a whole number, 2 to 9/);
        expect(stderr).not.toMatch(/^\s+at /m);
    });
});

describe("a certificate in a zone of Cloud DNS", () => {
    it("is waited for until it is active", async () => {
        const zone = ["--config", "netra:certificate={dnsZone: netra-zone, waitUntilActive: true}"];
        const missing = await project.netra("up", "--yes", ...zone);
        expect(missing.code).toBe(1);
        expect(missing.stdout).toMatch(/404.*netra-zone|netra-zone.*(not found|404)/s);
        const estate = JSON.parse(project.read(".sandbox/estate.json"));
        const outputs = {
            name: "netra-zone",
            dnsName: "netrasystems.ai.",
            project: "netra-staging",
            visibility: "public",
        };
        const id = "projects/netra-staging/managedZones/netra-zone";
        estate.resources.push({ type: "gcp:dns/managedZone:ManagedZone", id, outputs: { ...outputs, id } });
        project.write(".sandbox/estate.json", JSON.stringify(estate));

        const { code, document } = await project.json("up", "--yes", ...zone);
        expect(code).toBe(0);
        expect(document.steps.map(({ type }) => type)).toContain("command:local:Command");
        const [certificate] = Object.values(project.estate("gcp:certificatemanager/certificate:Certificate"));
        expect(certificate).toMatchObject({ managed: { state: "ACTIVE" } });
    });
});

describe("destroy", () => {
    it("refuses while resources are protected, names them, and deletes nothing", async () => {
        const before = project.read(".sandbox/estate.json");
        const { code, stderr } = await project.netra("destroy", "--yes");
        expect(code).toBe(1);
        expect(stderr).toMatch(/nothing was deleted.*--unprotect[\s\S]*staging-edge-address[\s\S]*staging-connector/);
        expect(JSON.parse(project.read(".sandbox/estate.json")).resources).toEqual(JSON.parse(before).resources);
    });

    it("--unprotect deletes everything that the stack has", async () => {
        const { code, document } = await project.json("destroy", "--yes", "--unprotect");
        expect({ code, result: document.result }).toEqual({ code: 0, result: "succeeded" });
        expect(project.estate(connectorType)).toEqual({});
        expect(project.estate("gcp:compute/globalAddress:GlobalAddress")).toEqual({});
    });

    it("leaves a sandbox that can be deployed to again", async () => {
        const { code } = await project.json("up", "--yes");
        expect(code).toBe(0);
    });

    it("sandbox reset brings the incident back", async () => {
        expect((await project.netra("sandbox", "reset")).code).toBe(2);
        expect((await project.netra("sandbox", "reset", "--yes")).code).toBe(0);
        const { code, stdout } = await project.netra("adopt");
        expect(code).toBe(0);
        expect(stdout).toContain("Adopted 7 resources");
        expect((await project.netra("adopt")).stdout).toContain("Nothing to adopt");
        expect(project.estate(connectorType)[connectorId]).toMatchObject({ machineType: "e2-micro" });
    });
});
