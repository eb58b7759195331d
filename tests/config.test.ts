import * as pulumi from "@pulumi/pulumi";
import { cloudRunDefaults } from "../components";
import { checkCloudRunService, cloudRunLimits } from "../components/cloud-run-service-checks";
import { type Configuration, type ManagedService, parseConfig } from "../config";

type Settings = Record<string, unknown>;

const service = (host: string): Settings => ({ host, image: "image", minInstances: 1, maxInstances: 15 });

interface Sections extends Record<string, unknown> {
    workload: Settings;
    network: Settings;
    connector?: Settings;
    services: Settings;
}

/** A sound configuration, as small as it can be. */
const settings = (): Sections => ({
    workload: { instances: 15, startupMegabytes: 25, startupSeconds: 4 },
    domain: "example.com",
    network: { name: "default", connectorRange: "10.8.0.0/28" },
    connector: { name: "staging-connector" },
    services: { frontend: service("staging.example.com"), backend: service("api-staging.example.com") },
    notificationEmail: "oncall@example.com",
});

const provider = { "gcp:project": "netra-staging", "gcp:region": "us-central1" };

/** What the engine hands to a program: strings, objects as JSON. */
function raw(values: object): Record<string, string> {
    const entries = Object.entries(values).map(([key, value]) => [
        `netra:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
    ]);
    return { ...provider, ...Object.fromEntries(entries) };
}

/** A sound configuration with one value changed, or taken out, at a path such as `services.backend.port`. */
function changed(path: string, value?: unknown): Record<string, string> {
    const values = settings();
    const keys = path.split(".");
    const last = keys.pop() as string;
    let at: Settings = values;
    for (const key of keys) {
        at[key] ??= {};
        at = at[key] as Settings;
    }
    if (value === undefined) delete at[last];
    else at[last] = value;
    return raw(values);
}

const parse = (values: Record<string, string>): Configuration => parseConfig(values, "staging");

function mistakes(values: Record<string, string>, isSecret?: (key: string) => boolean): string[] {
    try {
        parseConfig(values, "staging", isSecret);
    } catch (error) {
        expect(pulumi.RunError.isInstance(error)).toBe(true);
        const [head, ...lines] = (error as Error).message.split("\n");
        expect(head).toBe(
            `The configuration of stack "staging" has ${lines.length === 1 ? "1 mistake" : `${lines.length} mistakes`}:`,
        );
        return lines.map((line) => line.replace(/^ {2}- /, ""));
    }
    return [];
}

const subjects = (lines: string[]) => lines.map((line) => line.split(/ is (missing|"|\d|\{|\[|-|true|false|null)/)[0]);

describe("parseConfig", () => {
    test("gives a typed whole, defaults filled in", () => {
        expect(parse(raw(settings()))).toEqual({
            project: "netra-staging",
            region: "us-central1",
            domain: "example.com",
            notificationEmail: "oncall@example.com",
            workload: { instances: 15, startupMegabytes: 25, startupSeconds: 4, headroom: 0.25 },
            connector: { name: "staging-connector", network: { name: "default", ipCidrRange: "10.8.0.0/28" } },
            direct: undefined,
            services: {
                frontend: {
                    host: "staging.example.com",
                    name: "frontend-staging",
                    image: "image",
                    minInstances: 1,
                    maxInstances: 15,
                    timeoutSeconds: 600,
                    egress: "connector",
                },
                backend: expect.objectContaining({ name: "backend-staging", host: "api-staging.example.com" }),
            },
            certificate: { waitUntilActive: false },
            loadBalancer: { defaultService: "frontend" },
        });
    });

    test("takes every setting there is", () => {
        const full = {
            ...service("auth-staging.example.com"),
            name: "auth-service",
            existing: false,
            timeoutSeconds: 900,
            concurrency: 40,
            cpu: 2,
            memory: "1Gi",
            port: 3000,
            healthPath: "/health",
            egress: "direct",
            env: { LEVEL: "info", PASSWORD: { secret: "database", version: "3" } },
        };
        const values = {
            ...settings(),
            workload: { instances: 15, startupMegabytes: 25, startupSeconds: 4, headroom: 0.5 },
            network: {
                name: "shared",
                connectorSubnet: "connectors",
                directSubnetwork: "services",
                hostProject: "netra-network",
            },
            connector: { name: "c2", machineType: "e2-micro", minInstances: 4, maxInstances: 8 },
            services: {
                auth: full,
                legacy: { host: "legacy.example.com", existing: true, name: "legacy", timeoutSeconds: 3600 },
            },
            certificate: { waitUntilActive: true, dnsZone: "example" },
            loadBalancer: { defaultService: "auth", securityPolicy: "policies/p" },
        };
        expect(parse(raw(values))).toMatchObject({
            workload: { headroom: 0.5 },
            connector: {
                name: "c2",
                size: { machineType: "e2-micro", minInstances: 4, maxInstances: 8 },
                subnet: { name: "connectors", hostProject: "netra-network" },
            },
            direct: {
                network: "projects/netra-network/global/networks/shared",
                subnetwork: "projects/netra-network/regions/us-central1/subnetworks/services",
            },
            services: values.services,
            certificate: values.certificate,
            loadBalancer: values.loadBalancer,
        });
    });

    test("lists every mistake at once", () => {
        const values = {
            workload: { instances: 0, startupMegabytes: 25, startupSeconds: 4, headroom: -1, burst: 3 },
            domain: "*.example.com",
            network: { name: "default", connectorRange: "10.8.0.0/20" },
            connector: { name: "a-name-that-is-too-long-for-it", machineType: "e2-micro", minInstances: 12 },
            services: {
                frontend: { ...service("staging.example.com"), timeoutSeconds: 300, timeout: 600 },
                backend: { ...service("staging.example.com"), minInstances: 20, maxInstances: 2 },
            },
            notificationEmail: "nobody",
            certficate: {},
        };
        expect(subjects(mistakes({ ...raw(values), "gcp:project": "X", "gcp:region": "mars" }))).toEqual([
            "netra:workload.burst",
            "netra:domain",
            "netra:notificationEmail",
            "netra:certficate",
            "netra:services.frontend.timeoutSeconds",
            "netra:services.frontend.timeout",
            "netra:workload.instances",
            "netra:workload.headroom",
            "netra:connector.name",
            "netra:connector.minInstances",
            "netra:connector.maxInstances",
            "netra:network.connectorRange",
            "netra:services.frontend.maxInstances",
            "netra:services.backend.host",
            "netra:services.backend.maxInstances",
            "netra:services.backend.maxInstances",
            "netra:workload.instances",
            "gcp:project",
            "gcp:region",
        ]);
    });

    test("writes key, value, bound and fix", () => {
        expect(mistakes(changed("services.backend.timeoutSeconds", 300))).toEqual([
            "netra:services.backend.timeoutSeconds is 300: it must be a whole number, 600 to 3600. " +
                "Requests through the load balancer must be able to run for 600 s, and Cloud Run ends any after 3600 s.",
        ]);
        expect(mistakes(changed("services.backend.image"))).toEqual([
            "netra:services.backend.image is missing: it must be the name of a container image. Set it to such a value.",
        ]);
        expect(mistakes(changed("connector.size", 3))).toEqual([
            "netra:connector.size is 3: it must be left out: there is no such setting " +
                "(there are name, machineType, minInstances, maxInstances). Remove it, or correct its spelling.",
        ]);
    });

    test("says what is missing when nothing is there", () => {
        expect(subjects(mistakes({}))).toEqual([
            "netra:workload",
            "netra:domain",
            "netra:network",
            "netra:services",
            "netra:notificationEmail",
            "gcp:project",
            "gcp:region",
        ]);
    });

    test("takes a section that is no object for one mistake", () => {
        for (const section of ["workload", "network", "connector", "services", "certificate", "loadBalancer"]) {
            for (const value of ["{not json", 3, [1], null]) {
                const lines = mistakes(changed(section, value));
                expect(subjects(lines)).toEqual([`netra:${section}`]);
                expect(lines[0]).toContain("it must be an object of ");
            }
        }
        expect(subjects(mistakes(changed("services.backend", "image")))).toContain("netra:services.backend");
    });

    test("leaves other namespaces alone", () => {
        const others = {
            "gcp:accessToken": "t",
            "gcp:impersonateServiceAccount": "x",
            "pulumi:disable": "y",
            "other:services": "{",
        };
        expect(mistakes({ ...raw(settings()), ...others })).toEqual([]);
    });

    test("never repeats a secret, and keeps a secret environment one", async () => {
        const values = settings();
        values.services.backend = {
            ...service("t0p-host.example.org"),
            env: { TOKEN: "t0p-token", COUNT: 731 },
            minInstances: 977,
            maxInstances: 976,
            "t0p-key": "t0p-value",
        };
        const isSecret = (key: string) => key === "netra:services";
        const lines = mistakes(raw(values), isSecret);
        expect(subjects(lines)).toEqual(
            expect.arrayContaining([
                "netra:services.backend.host",
                "netra:services.backend.env.COUNT",
                "netra:services.backend.t0p-key",
            ]),
        );
        expect(
            lines.filter((line) => line.startsWith("netra:services.")).every((line) => line.includes('is "[secret]"')),
        ).toBe(true);
        for (const secret of ["t0p-host", "t0p-token", "t0p-value", "731", "977", "976", "978"]) {
            expect(lines.join("\n")).not.toContain(secret);
        }
        // The same mistakes, not secret, do repeat the values: the test above can fail.
        expect(mistakes(raw(values)).join("\n")).toContain("977");

        values.services.backend = { ...service("api.example.com"), env: { TOKEN: "t0p-token" } };
        const { services } = parseConfig(raw(values), "staging", isSecret);
        const { TOKEN } = (services.backend as ManagedService).env as { TOKEN: pulumi.Output<string> };
        expect(await pulumi.isSecret(TOKEN)).toBe(true);
        expect((parse(raw(values)).services.backend as ManagedService).env).toEqual({ TOKEN: "t0p-token" });
    });

    describe("holds each value to its bounds", () => {
        const b = "services.backend";
        test.each<[string, unknown[], unknown[]]>([
            ["workload.instances", [15, 100], [0, 14, 1.5, "15", undefined]],
            ["workload.startupMegabytes", [0.1], [0, "25", undefined]],
            ["workload.startupSeconds", [0.5], [0, undefined]],
            ["workload.headroom", [0, 1, undefined], [-0.1, "0.25"]],
            ["domain", [], ["example", "*.example.com", "Example.com", "example.com.", undefined]],
            ["notificationEmail", ["a@b.c"], ["a@b", "a b@c.d", undefined]],
            ["network.name", ["vpc-1"], ["projects/p/global/networks/n", "", undefined]],
            ["network.connectorRange", ["10.8.0.16/28"], ["10.8.0.8/28", "10.8.0.0/27", 28, undefined]],
            ["network.connectorSubnet", [], ["connectors", "a/b"]],
            ["network.directSubnetwork", ["services"], ["a/b"]],
            ["network.hostProject", [], ["netra-network", "short"]],
            ["connector.name", ["c1", "a".repeat(20)], ["c", "a".repeat(21), "C1", undefined]],
            ["connector.machineType", [], ["e2-micro", "n1-standard-1"]],
            [
                `${b}.host`,
                ["api.example.com"],
                ["example.com", "a.b.example.com", "api.example.org", "API.example.com", "apiexample.com", undefined],
            ],
            [
                `${b}.host`,
                [`${"a".repeat(63)}.example.com`],
                [`${"a".repeat(64)}.example.com`, "staging.example.com", "-a.example.com"],
            ],
            [`${b}.name`, ["shorts", "a".repeat(30)], ["short", "a".repeat(31), "Capital", "frontend-staging"]],
            [`${b}.existing`, [false], ["true", 1]],
            [`${b}.image`, ["a/b:c"], ["", "a b", undefined]],
            [`${b}.minInstances`, [0, 14], [-1, 15, "1", undefined]],
            [`${b}.maxInstances`, [1, 15], [0, 16, "15", undefined]],
            [`${b}.timeoutSeconds`, [600, 3600, undefined], [599, 3601, "600s"]],
            [`${b}.concurrency`, [1, 1000, undefined], [0, 1001]],
            [`${b}.cpu`, [1, 2, 4, 6, 8, undefined], [0.5, 3, "1"]],
            [`${b}.memory`, ["512Mi", "2Gi", undefined], ["512", "1.5Gi", "0Mi", 512]],
            [`${b}.port`, [1, 65_535, undefined], [0, 65_536]],
            [`${b}.healthPath`, ["/", "/health", undefined], ["health", ""]],
            [`${b}.egress`, ["connector", undefined], ["direct", "vpc"]],
            [
                `${b}.env`,
                [{}, { A: "1" }, { A: { secret: "s" } }],
                [{ A: 1 }, { A: { secret: "" } }, { A: { secret: "s", v: "1" } }, ["A"]],
            ],
            ["certificate.waitUntilActive", [true, undefined], ["true", 1]],
            ["certificate.dnsZone", ["example", undefined], ["example.com."]],
            ["loadBalancer.defaultService", ["backend", undefined], ["auth", ""]],
            ["loadBalancer.securityPolicy", ["projects/p/global/securityPolicies/s", undefined], ["", 3]],
        ])("%s", (path, sound, unsound) => {
            for (const value of sound)
                expect({ value, mistakes: mistakes(changed(path, value)) }).toEqual({ value, mistakes: [] });
            for (const value of unsound)
                expect({ value, mistakes: mistakes(changed(path, value)).length }).not.toEqual({ value, mistakes: 0 });
        });

        test("a service's key, by which resources are named", () => {
            const named = (key: string) =>
                mistakes(changed(`services.${key}`, { ...service("api.example.com"), name: "a-service" }));
            expect(named("a".repeat(20))).toEqual([]);
            for (const key of ["a".repeat(21), "Api", "1a", "a_b", "a-"]) {
                expect(subjects(named(key))).toEqual([`netra:services.${key}`]);
            }
        });
    });

    test("a connector has one place", () => {
        const network = (value: Settings) => subjects(mistakes(changed("network", value)));
        const range = { connectorRange: "10.8.0.0/28" };
        expect(network({ connectorSubnet: "connectors" })).toEqual([]);
        expect(network({ connectorSubnet: "connectors", hostProject: "netra-network" })).toEqual([]);
        expect(network({ name: "default", ...range, connectorSubnet: "connectors" })).toEqual([
            "netra:network.connectorRange",
        ]);
        expect(network({ name: "default" })).toEqual(["netra:network.connectorRange"]);
        expect(network(range)).toEqual(["netra:network.name"]);
        expect(network({ name: "default", ...range, hostProject: "netra-network" })).toEqual([
            "netra:network.hostProject",
        ]);
    });

    test("a connector's size is given whole, or not at all", () => {
        const connector = (size: Settings) => subjects(mistakes(changed("connector", { name: "c1", ...size })));
        const size = { machineType: "e2-micro", minInstances: 2, maxInstances: 3 };
        // Too small for the workload, and still no mistake: the policy pack says so, with the numbers.
        expect(connector(size)).toEqual([]);
        expect(connector({ ...size, machineType: undefined })).toEqual(["netra:connector.machineType"]);
        expect(connector({ ...size, minInstances: undefined })).toEqual(["netra:connector.minInstances"]);
        expect(connector({ ...size, maxInstances: undefined })).toEqual(["netra:connector.maxInstances"]);
        expect(connector({ ...size, minInstances: 3 })).toEqual(["netra:connector.maxInstances"]);
        expect(connector({ ...size, maxInstances: 11 })).toEqual(["netra:connector.maxInstances"]);
    });

    test("a workload that no connector carries names Direct VPC egress, unless the size is chosen by hand", () => {
        expect(mistakes(changed("workload.instances", 230))).toEqual([]);
        const lines = mistakes(changed("workload.instances", 231));
        expect(subjects(lines)).toEqual(["netra:workload"]);
        expect(lines[0]).toContain("Use Direct VPC egress");
        const values = settings();
        values.workload = { ...values.workload, instances: 231 };
        values.connector = { name: "c1", machineType: "e2-micro", minInstances: 2, maxInstances: 3 };
        expect(mistakes(raw(values))).toEqual([]);
    });

    test("without a connector, every service has direct egress and the workload may be any", () => {
        const values = settings();
        Reflect.deleteProperty(values, "connector");
        values.network = { name: "default", directSubnetwork: "services" };
        values.workload = { ...values.workload, instances: 500 };
        const without = subjects(mistakes(raw(values)));
        expect(without).toEqual(["netra:services.frontend.egress", "netra:services.backend.egress"]);
        for (const key of ["frontend", "backend"])
            values.services[key] = { ...(values.services[key] as Settings), egress: "direct" };
        const { connector, direct } = parse(raw(values));
        expect(connector).toBeUndefined();
        expect(direct).toEqual({ network: "default", subnetwork: "services" });
        values.network = {};
        expect(subjects(mistakes(raw(values)))).toEqual(["netra:network.name", "netra:network.directSubnetwork"]);
    });

    test("services on the connector stay within the workload that it is sized for", () => {
        const [over] = mistakes(changed("services.backend.maxInstances", 16));
        expect(over).toContain(
            "netra:services.backend.maxInstances is 16: it must be netra:workload.instances (15) or less.",
        );
        // 7 and 8 start together when both are deployed; 8 and 8 are one too many.
        const values = settings();
        values.services.frontend = { ...service("a.example.com"), minInstances: 7 };
        values.services.backend = { ...service("b.example.com"), minInstances: 8 };
        expect(mistakes(raw(values))).toEqual([]);
        values.services.frontend = { ...service("a.example.com"), minInstances: 8 };
        expect(subjects(mistakes(raw(values)))).toEqual(["netra:workload.instances"]);
        // Direct egress does not go through the connector.
        values.network = { ...values.network, directSubnetwork: "services" };
        values.services.frontend = {
            ...service("a.example.com"),
            minInstances: 8,
            maxInstances: 100,
            egress: "direct",
        };
        expect(mistakes(raw(values))).toEqual([]);
    });

    test("a service that someone else deploys needs its owner's word on the timeout, and nothing else", () => {
        const legacy = { host: "legacy.example.com", existing: true, timeoutSeconds: 600 };
        const existing = (value: Settings) => subjects(mistakes(changed("services.legacy", value)));
        expect(existing(legacy)).toEqual([]);
        expect(parse(changed("services.legacy", legacy)).services.legacy).toEqual({
            ...legacy,
            name: "legacy-staging",
        });
        expect(existing({ ...legacy, timeoutSeconds: undefined })).toEqual(["netra:services.legacy.timeoutSeconds"]);
        expect(existing({ ...legacy, timeoutSeconds: 300 })).toEqual(["netra:services.legacy.timeoutSeconds"]);
        expect(existing({ ...legacy, image: "image" })).toEqual(["netra:services.legacy.image"]);
        expect(existing({ ...legacy, name: "a".repeat(49) })).toEqual([]);
        expect(existing({ ...legacy, name: "a".repeat(50) })).toEqual(["netra:services.legacy.name"]);
        expect(existing({ ...legacy, name: "backend-staging" })).toEqual(["netra:services.legacy.name"]);
    });

    test("there is something to serve", () => {
        expect(subjects(mistakes(changed("services", {})))).toContain("netra:services");
    });
});

describe("the configuration's bounds are those of the component", () => {
    const bounds = Object.entries(cloudRunLimits).flatMap(([field, { least, most }]) =>
        [least - 1, least, most, most + 1].map((value) => [field, value] as const),
    );
    const others = [
        ...[0, 0.5, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((value) => ["cpu", value] as const),
        ...["512Mi", "1Gi", "512", "1.5Gi", "0Gi", ""].map((value) => ["memory", value] as const),
        ...["/", "/health", "health", "/a b", ""].map((value) => ["healthPath", value] as const),
        ...["a", "a b", ""].map((value) => ["image", value] as const),
        ...["short", "shorts", "a".repeat(30), "a".repeat(31), "ends-", "1start", "Capital"].map(
            (value) => ["name", value] as const,
        ),
    ];

    // Each of the two holds its own copy, since neither may import the other.
    test.each([...bounds, ...others])("%s %p", (field, value) => {
        const base = { name: "backend-staging", image: "image", minInstances: 0, maxInstances: 1000 };
        // As much memory as any number of CPUs takes: how the two go together is the component's own check.
        const memory = field === "cpu" && (value === 1 || value === 2) ? "1Gi" : field === "cpu" ? "4Gi" : "512Mi";
        const service = { ...base, memory, [field]: value };
        const values = settings();
        values.workload = { ...values.workload, startupMegabytes: 0.1, instances: 2000 };
        values.services = { frontend: { ...service, host: "staging.example.com" } };
        const taken = mistakes(raw(values)).length === 0;

        const component = () =>
            checkCloudRunService("service", {
                ...cloudRunDefaults,
                region: "us-central1",
                egress: { kind: "direct", network: "default", subnetwork: "services" },
                invokers: {},
                ...service,
            });
        // The path through the load balancer asks for more than Cloud Run does.
        const expected = field === "timeoutSeconds" ? value === 3600 : accepts(component);
        expect(taken).toBe(expected);
    });

    function accepts(check: () => void): boolean {
        try {
            check();
            return true;
        } catch {
            return false;
        }
    }
});
