import { check, type Props, UNKNOWN, withoutDefaults } from "../../sandbox";
import { connector, service, types } from "./stage";

const SEED = Buffer.from("seed");

const checked = (type: string, inputs: Props, more: object = {}) =>
    check({ type, name: "x", inputs, randomSeed: SEED, ...more });

const reasons = (type: string, inputs: Props): string[] =>
    checked(type, inputs).failures.map(({ property, reason }) => `${property}: ${reason}`);

const rule = { name: "f", target: "t" };
const record = { name: "a.netrasystems.ai.", managedZone: "netra", type: "A", rrdatas: ["203.0.113.1"] };

describe("what the provider refuses at preview", () => {
    test.each<[string, string, Props, string]>([
        ["an unknown property", types.connector, connector({ instances: 4 }), "instances: Invalid or unknown key"],
        [
            "an unknown property in a block",
            types.service,
            service({ timeoutSec: 600 }),
            "template.timeoutSec: Invalid or unknown key",
        ],
        [
            "an output given as an input",
            types.connector,
            connector({ state: "READY" }),
            "state: Value for unconfigurable attribute",
        ],
        ["a missing required property", types.httpsProxy, { name: "p" }, "urlMap: Missing required argument"],
        [
            "a missing required property of a block that is given",
            types.urlMap,
            { name: "u", defaultUrlRedirect: {} },
            "defaultUrlRedirect.stripQuery: Missing",
        ],
        [
            "a missing required property in a list",
            types.service,
            service({ containers: [{}] }),
            "template.containers[0].image: Missing",
        ],
        [
            "text that is no number",
            types.connector,
            connector({ minInstances: "four" }),
            "minInstances: expected type 'int'",
        ],
        [
            "a boolean for a number",
            types.connector,
            connector({ minInstances: true }),
            "minInstances: expected type 'int'",
        ],
        [
            "text that is no boolean",
            types.service,
            service({}, { deletionProtection: "no" }),
            "deletionProtection: expected type 'bool'",
        ],
        [
            "a block for plain text",
            types.connector,
            connector({ network: { name: "default" } }),
            "network: expected type 'string'",
        ],
        ["plain text for a block", types.connector, { name: "c", subnet: "connector" }, "subnet: Expected an object"],
        [
            "one value for a list",
            types.certificate,
            { managed: { domains: "netrasystems.ai" } },
            "managed.domains: Attribute must be a list",
        ],
        [
            "a list for a map",
            types.secret,
            { replication: { auto: {} }, labels: ["a"] },
            "labels: Attribute must be a map",
        ],
        [
            "101 domains",
            types.classicCertificate,
            { managed: { domains: Array(101).fill("a.ai") } },
            "managed.domains: Too many list items",
        ],
        [
            "two that exclude each other",
            types.connector,
            connector({ maxThroughput: 300 }),
            "maxInstances: Conflicting configuration",
        ],
        [
            "both of exactly one",
            types.mapEntry,
            { map: "m", certificates: ["c"], hostname: "a.ai", matcher: "PRIMARY" },
            "hostname: Invalid combination",
        ],
        [
            "none of exactly one",
            types.mapEntry,
            { map: "m", certificates: ["c"] },
            "One of `hostname,matcher` must be specified",
        ],
        [
            "a value that is no enum's",
            types.sslPolicy,
            { name: "p", profile: "STRICT" },
            "profile: expected profile to be one of",
        ],
        [
            "an empty value of a required enum",
            types.alert,
            { displayName: "a", combiner: "", conditions: [{ displayName: "c" }] },
            "combiner: expected",
        ],
        [
            "a redirect code that does not exist",
            types.urlMap,
            { defaultUrlRedirect: { stripQuery: false, redirectResponseCode: "301" } },
            "redirectResponseCode: expected one of",
        ],
        [
            "throughput below 200",
            types.connector,
            { name: "c", network: "default", minThroughput: 199, maxThroughput: 300 },
            "minThroughput: expected a value in the range (200 - 1000)",
        ],
        [
            "throughput above 1000",
            types.connector,
            { name: "c", network: "default", minThroughput: 200, maxThroughput: 1001 },
            "maxThroughput: expected",
        ],
        [
            "a timeout without unit",
            types.service,
            service({ timeout: "600" }),
            'template.timeout: "600" doesn\'t match',
        ],
        ["a timeout as a number", types.service, service({ timeout: 600 }), 'template.timeout: "600" doesn\'t match'],
        ["a record without trailing dot", types.record, { ...record, name: "a.netrasystems.ai" }, "name: record name"],
        ["a record without name", types.record, { ...record, name: undefined }, "name: Missing required argument"],
        [
            "a dashboard that is no JSON",
            types.dashboard,
            { dashboardJson: "{" },
            "dashboardJson: contains an invalid JSON",
        ],
        [
            "a NEG with a capital letter",
            types.endpointGroup,
            { name: "Backend", region: "us-central1" },
            'name: "Backend" doesn\'t match',
        ],
        ["an API without a dot", types.api, { service: "run" }, "service: expected the full name"],
        [
            "a deleted member",
            types.serviceMember,
            { member: "deleted:user:x@y.z", role: "r", name: "n" },
            "member: members that are deleted",
        ],
        [
            "a member without kind",
            types.serviceMember,
            { member: "jane", role: "r", name: "n" },
            'member: "jane" is not an IAM member',
        ],
        ["an account id of 5 letters", types.account, { accountId: "abcde" }, "accountId: "],
        [
            "an uptime check block that says nothing",
            types.uptime,
            { displayName: "u", timeout: "10s", monitoredResource: { type: "t", labels: {} }, httpCheck: {} },
            "httpCheck: Missing",
        ],
    ])("%s", (_title, type, inputs, message) => {
        expect(reasons(type, inputs).join("\n")).toContain(message);
    });
});

describe("what the provider lets through, and the API refuses later", () => {
    test.each<[string, string, Props]>([
        ["connector bounds", types.connector, connector({ minInstances: 12, maxInstances: 12 })],
        ["a machine type that does not exist", types.connector, connector({ machineType: "n2-standard-8" })],
        ["a /20 range", types.connector, connector({ ipCidrRange: "10.8.0.0/20" })],
        ["a name of 39 characters", types.connector, connector({ name: "a".repeat(39) })],
        ["a timeout on a backend service", types.backendService, { name: "b", timeoutSec: 600 }],
        [
            "a classic certificate with a wildcard",
            types.classicCertificate,
            { managed: { domains: ["*.netrasystems.ai"] } },
        ],
        ["a request timeout of two hours", types.service, service({ timeout: "7200s" })],
        ["a connector by its short name", types.service, service({ vpcAccess: { connector: "staging-connector" } })],
        ["TLS 1.3 with the MODERN profile", types.sslPolicy, { minTlsVersion: "TLS_1_3", profile: "MODERN" }],
        ["a keep-alive of 5000 s", types.httpsProxy, { urlMap: "u", httpKeepAliveTimeoutSec: 5000 }],
        ["a zone without trailing dot", types.zone, { dnsName: "netrasystems.ai" }],
        [
            "an uptime timeout of ten minutes",
            types.uptime,
            { displayName: "u", timeout: "600s", period: "30s", monitoredResource: { type: "t", labels: {} } },
        ],
        ["a rule with a capital letter", types.rule, { ...rule, name: "HttpsRule" }],
        ["an empty value of an optional enum", types.sslPolicy, { profile: "" }],
    ])("%s", (_title, type, inputs) => {
        expect(reasons(type, inputs)).toEqual([]);
    });
});

describe("a value that is not known yet", () => {
    test.each<[string, string, Props]>([
        ["counts as given", types.httpsProxy, { urlMap: UNKNOWN }],
        ["fits every type", types.connector, connector({ minInstances: UNKNOWN, subnet: undefined })],
        ["passes every enum and pattern", types.service, service({ timeout: UNKNOWN }, { ingress: UNKNOWN })],
        ["may be the one of exactly one", types.record, { ...record, rrdatas: UNKNOWN }],
        [
            "may turn out to be nothing, so it conflicts with nothing",
            types.service,
            service({ vpcAccess: { connector: UNKNOWN, networkInterfaces: [{ network: "default" }] } }),
        ],
        ["may be a whole block", types.certificate, { managed: UNKNOWN }],
        ["may be an element", types.mapEntry, { map: UNKNOWN, hostname: "a.ai", certificates: [UNKNOWN] }],
    ])("%s", (_title, type, inputs) => {
        expect(reasons(type, inputs)).toEqual([]);
    });

    test("stays unknown in the checked inputs", () => {
        const { inputs } = checked(types.mapEntry, { map: "m", hostname: "a.ai", certificates: [UNKNOWN] });
        expect(inputs.certificates).toEqual([UNKNOWN]);
    });
});

describe("what Check returns", () => {
    test.each<[string, string, Props, Props]>([
        ["text for a number", types.connector, connector({ minInstances: "4" }), { minInstances: 4 }],
        [
            "text for a boolean",
            types.service,
            service({}, { deletionProtection: "true" }),
            { deletionProtection: true },
        ],
        [
            "a number for text",
            types.endpointGroup,
            { region: "us-central1", name: "n", description: 600 },
            { description: "600" },
        ],
        [
            "a number in a map of text",
            types.secret,
            { secretId: "s", replication: { auto: {} }, labels: { a: 1 } },
            { labels: { a: "1" } },
        ],
    ])("converts %s", (_title, type, inputs, expected) => {
        expect(checked(type, inputs)).toMatchObject({ failures: [], inputs: expected });
    });

    test("drops what is null, at every level", () => {
        const { inputs } = checked(types.connector, connector({ region: null, subnet: undefined }));
        expect(inputs).not.toHaveProperty("region");
    });

    test("defaults are filled in blocks too, and each level says which keys they are", () => {
        const { inputs } = checked(types.backendService, {
            name: "b",
            backends: [{ group: "g", capacityScaler: 0.5 }],
        });
        expect(inputs).toEqual({
            name: "b",
            connectionDrainingTimeoutSec: 300,
            loadBalancingScheme: "EXTERNAL",
            backends: [
                { group: "g", capacityScaler: 0.5, balancingMode: "UTILIZATION", __defaults: ["balancingMode"] },
            ],
            __defaults: ["connectionDrainingTimeoutSec", "loadBalancingScheme"],
        });
    });

    test("a default that is empty is left out: the provider could not tell it from a value that was given", () => {
        const { inputs } = checked(types.zone, { name: "z", dnsName: "a.ai." });
        expect(withoutDefaults(inputs)).toEqual({
            name: "z",
            dnsName: "a.ai.",
            description: "Managed by Pulumi",
            visibility: "public",
        });
    });

    test("a probe's defaults", () => {
        const { inputs } = checked(
            types.service,
            service({ containers: [{ image: "i", startupProbe: { httpGet: {} } }] }),
        );
        expect(withoutDefaults(inputs)).toMatchObject({
            template: {
                containers: [
                    {
                        startupProbe: {
                            failureThreshold: 3,
                            periodSeconds: 10,
                            timeoutSeconds: 1,
                            httpGet: { path: "/" },
                        },
                    },
                ],
            },
        });
    });

    test("a default that was filled before stays as it was, a value that was given is not one", () => {
        const oldInputs = { minTlsVersion: "TLS_1_2", profile: "MODERN", __defaults: ["profile"] };
        const { inputs } = checked(types.sslPolicy, { name: "p" }, { oldInputs });
        expect(inputs).toMatchObject({ profile: "MODERN", minTlsVersion: "TLS_1_0" });
    });

    test("cloud-computed properties are not filled", () => {
        const { inputs } = checked(types.connector, { name: "c", network: "default" });
        expect(withoutDefaults(inputs)).toEqual({ name: "c", network: "default", machineType: "e2-micro" });
    });
});

describe("auto-naming", () => {
    const nameOf = (type: string, inputs: Props, more: object = {}) =>
        checked(type, inputs, { name: "HttpsRule", ...more }).inputs;

    test("appends seven hexadecimal digits that the engine's seed decides, as in Pulumi's Go SDK", () => {
        expect(nameOf(types.rule, { target: "t" }).name).toBe("HttpsRule-614742c");
        expect(nameOf(types.rule, { target: "t" }, { randomSeed: new Uint8Array(32) }).name).toBe("HttpsRule-dd5306f");
    });

    test("without a seed every name is another", () => {
        const [one, other] = [1, 2].map(() => nameOf(types.rule, { target: "t" }, { randomSeed: undefined }).name);
        expect(one).toMatch(/^HttpsRule-[0-9a-f]{7}$/);
        expect(one).not.toBe(other);
    });

    test.each([types.backendService, types.urlMap, types.httpsProxy, types.subnetwork, types.service])(
        "is lower-cased for %s",
        (type) => {
            const inputs =
                type === types.service
                    ? service({}, { name: undefined })
                    : { network: "default", urlMap: "u", defaultService: "b" };
            const wanted = Object.fromEntries(
                Object.entries(inputs).filter(
                    ([key]) => key === "location" || key === "template" || allowed(type, key),
                ),
            );
            expect(nameOf(type, wanted).name).toBe("httpsrule-614742c");
        },
    );

    test.each<[string, Props]>([
        [types.address, {}],
        [types.sslPolicy, {}],
        [types.certificateMap, {}],
        [types.zone, { dnsName: "a.ai." }],
        [types.connector, { network: "default" }],
    ])("is not lower-cased for %s", (type, inputs) => {
        expect(nameOf(type, inputs).name).toBe("HttpsRule-614742c");
    });

    test("fails at once where the type checks its name", () => {
        const { failures } = check({
            type: types.endpointGroup,
            name: "HttpsRule",
            inputs: { region: "us-central1" },
            randomSeed: SEED,
        });
        expect(failures).toEqual([{ property: "name", reason: expect.stringContaining("doesn't match regexp") }]);
    });

    test("is noted among the defaults and kept by the next Check", () => {
        const first = nameOf(types.certificate, { managed: { domains: ["a.ai"] } });
        expect(first.__defaults).toEqual(["location", "name", "scope"]);
        const second = nameOf(
            types.certificate,
            { managed: { domains: ["b.ai"] } },
            { oldInputs: first, randomSeed: Buffer.from("other") },
        );
        expect(second.name).toBe(first.name);
    });

    test("a name of 50 characters is the longest for a Cloud Run service", () => {
        const unnamed = service({}, { name: undefined });
        expect(checked(types.service, unnamed, { name: "a".repeat(42) }).failures).toEqual([]);
        expect(checked(types.service, unnamed, { name: "a".repeat(43) }).failures).toEqual([
            { property: "name", reason: expect.stringContaining("51 characters, the limit is 50") },
        ]);
    });

    test("follows the engine where it proposes, enforces or disables names", () => {
        const named = (mode: string) =>
            checked(types.urlMap, { defaultService: "b" }, { autonaming: { proposedName: "Own", mode } });
        expect(named("propose").inputs.name).toBe("own");
        expect(named("enforce").inputs.name).toBe("Own");
        expect(named("disable").failures).toEqual([
            { property: "name", reason: expect.stringContaining("Missing required argument") },
        ]);
    });
});

function allowed(type: string, key: string): boolean {
    const keys: Record<string, string[]> = {
        [types.urlMap]: ["defaultService"],
        [types.httpsProxy]: ["urlMap"],
        [types.subnetwork]: ["network"],
    };
    return keys[type]?.includes(key) ?? false;
}
