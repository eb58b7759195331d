import { type Props, UNKNOWN } from "../../sandbox";
import { connector, type Made, REGION, Stage, service, types } from "./stage";

const stage = Stage.enabled();
const made = {
    connector: stage.make(types.connector, connector()),
    service: stage.make(
        types.service,
        service({ timeout: "600s", scaling: { minInstanceCount: 1, maxInstanceCount: 15 } }),
    ),
    authorization: stage.make(types.authorization, { domain: "netrasystems.ai" }, "apex"),
    policy: stage.make(types.sslPolicy, { name: "modern", minTlsVersion: "TLS_1_2", profile: "MODERN" }),
    subnetwork: stage.make(types.subnetwork, {
        name: "s",
        network: "default",
        region: REGION,
        ipCidrRange: "10.9.0.0/24",
    }),
    zone: stage.make(types.zone, { name: "netra", dnsName: "netrasystems.ai." }),
};
const certificate = stage.make(
    types.certificate,
    { managed: { domains: ["netrasystems.ai", "*.netrasystems.ai"], dnsAuthorizations: [made.authorization.id] } },
    "wildcard",
);

const plan = (of: Made, changes: Props) => stage.plan(of, changes);

describe("a connector", () => {
    test.each<[string, Props, string[]]>([
        ["more instances", { minInstances: 5 }, ["minInstances"]],
        ["another machine type", { machineType: "e2-micro" }, ["machineType"]],
        ["both", { minInstances: 9, machineType: "f1-micro" }, ["machineType", "minInstances"]],
        ["a deletion policy", { deletionPolicy: "PREVENT" }, ["deletionPolicy"]],
    ])("grows in place: %s", (_title, changes, changedProperties) => {
        expect(plan(made.connector, changes)).toMatchObject({
            changed: true,
            changedProperties,
            replace: false,
            deleteBeforeReplace: false,
        });
    });

    test.each<[string, Props]>([
        ["one instance less at least", { minInstances: 3 }],
        ["one instance less at most", { maxInstances: 9 }],
    ])("shrinks by a replacement that no property asks for: %s", (_title, changes) => {
        expect(plan(made.connector, changes)).toMatchObject({
            changedProperties: Object.keys(changes),
            replace: true,
            replaceProperties: [],
            deleteBeforeReplace: true,
        });
    });

    test("keeps its size where the program stops setting it", () => {
        expect(plan(made.connector, { minInstances: undefined, maxInstances: undefined })).toMatchObject({
            changed: false,
        });
    });

    test("goes from throughput to instances in place", () => {
        const old = stage.make(types.connector, {
            name: "legacy",
            network: "default",
            ipCidrRange: "10.8.0.32/28",
            minThroughput: 200,
            maxThroughput: 300,
        });
        const result = plan(old, {
            minThroughput: undefined,
            maxThroughput: undefined,
            minInstances: 4,
            maxInstances: 10,
        });
        expect(result).toMatchObject({ changedProperties: ["maxInstances", "minInstances"], replace: false });
    });

    test.each(["default", "projects/netra-staging/global/networks/default"])(
        "takes %s for the network it is in",
        (network) => {
            expect(plan(made.connector, { network }).changed).toBe(false);
        },
    );
});

describe("replacements", () => {
    test("a name that the program chose is deleted first, also when it is the name that changes", () => {
        expect(plan(made.policy, { description: "d" })).toMatchObject({
            replaceProperties: ["description"],
            deleteBeforeReplace: true,
        });
        expect(plan(made.policy, { name: "other" })).toMatchObject({
            replaceProperties: ["name"],
            deleteBeforeReplace: true,
        });
    });

    test("a name that was filled in lets the new one come first", () => {
        const result = plan(certificate, {
            managed: { domains: ["netrasystems.ai"], dnsAuthorizations: [made.authorization.id] },
        });
        expect(result).toMatchObject({ replace: true, replaceProperties: ["managed"], deleteBeforeReplace: false });
    });

    test("the order of a certificate's domains is part of it", () => {
        const managed = {
            domains: ["*.netrasystems.ai", "netrasystems.ai"],
            dnsAuthorizations: [made.authorization.id],
        };
        const result = plan(certificate, { managed });
        expect(result.replaceProperties).toEqual(["managed"]);
        expect(result.detailed).toEqual({
            "managed.domains[0]": "update-replace",
            "managed.domains[1]": "update-replace",
        });
    });

    test("a value deep in a block that does not replace itself replaces the resource", () => {
        const uptime = stage.make(types.uptime, {
            displayName: "u",
            timeout: "10s",
            monitoredResource: { type: "uptime_url", labels: { host: "a.ai" } },
            httpCheck: { path: "/" },
        });
        const result = plan(uptime, { httpCheck: { path: "/", requestMethod: "POST" } });
        expect(result).toMatchObject({
            replaceProperties: ["httpCheck"],
            detailed: { "httpCheck.requestMethod": "update-replace" },
        });
        expect(plan(uptime, { httpCheck: { path: "/health" } })).toMatchObject({
            replace: false,
            changedProperties: ["httpCheck"],
        });
        expect(plan(uptime, { httpCheck: undefined, tcpCheck: { port: 443 } }).replaceProperties).toEqual([
            "httpCheck",
        ]);
    });

    test.each([
        ["10.9.0.0/23", false],
        ["10.9.0.0/24", false],
        ["10.9.0.0/25", true],
        ["10.10.0.0/24", true],
    ])("a subnetwork of 10.9.0.0/24 that becomes %s: replaced %s", (ipCidrRange, replace) => {
        expect(plan(made.subnetwork, { ipCidrRange })).toMatchObject({ replace, replaceProperties: [] });
    });

    test("a secret is always deleted first", () => {
        const secret = stage.make(types.secret, { replication: { auto: {} } }, "db");
        expect(plan(secret, { replication: { userManaged: { replicas: [{ location: REGION }] } } })).toMatchObject({
            replaceProperties: ["replication"],
            deleteBeforeReplace: true,
        });
    });
});

describe("left out and empty", () => {
    test("a default comes back where the program stops setting the value", () => {
        expect(plan(made.policy, { profile: undefined })).toMatchObject({ changedProperties: ["profile"] });
    });

    test("an optional value that only the program sets is removed", () => {
        const described = stage.make(types.certificateMap, { description: "d" }, "m");
        expect(plan(described, { description: undefined }).detailed).toEqual({ description: "delete" });
        expect(plan(described, { description: "" }).detailed).toEqual({ description: "update" });
    });

    test("an empty value is no change where there was none", () => {
        expect(plan(made.zone, { labels: {}, forceDestroy: false, reverseLookup: false }).changed).toBe(false);
        expect(plan(made.service, { description: "", annotations: {} }).changed).toBe(false);
    });

    test("an explicit false turns off what the cloud had decided", () => {
        const open = stage.make(types.subnetwork, {
            name: "open",
            network: "default",
            region: REGION,
            ipCidrRange: "10.9.4.0/24",
            privateIpGoogleAccess: true,
        });
        expect(plan(open, { privateIpGoogleAccess: undefined }).changed).toBe(false);
        expect(plan(open, { privateIpGoogleAccess: false }).changedProperties).toEqual(["privateIpGoogleAccess"]);
    });

    test("in a block too: the cloud's values stay, the program's are removed", () => {
        const template = made.service.inputs.template as Props;
        expect(plan(made.service, { template: { ...template, timeout: undefined, scaling: undefined } }).changed).toBe(
            false,
        );
        const [container] = template.containers as Props[];
        const args = stage.make(
            types.service,
            service({ containers: [{ ...container, args: ["a"] }] }, { name: "args-staging" }),
        );
        expect(plan(args, { template: { containers: [container] } }).detailed).toEqual({
            "template.containers[0].args[0]": "delete",
        });
    });

    test("a deletion policy goes back to DELETE", () => {
        const kept = stage.make(
            types.connector,
            connector({ name: "kept", ipCidrRange: "10.8.0.64/28", deletionPolicy: "PREVENT" }),
        );
        expect(plan(kept, { deletionPolicy: undefined }).detailed).toEqual({ deletionPolicy: "update" });
    });

    test("the sticky timeout of a backend service", () => {
        const backend = stage.make(types.backendService, { name: "sticky", timeoutSec: 600 });
        expect(plan(backend, { timeoutSec: undefined }).changed).toBe(false);
        expect(plan(backend, { timeoutSec: 30 }).changedProperties).toEqual(["timeoutSec"]);
    });
});

describe("order", () => {
    const variables = [
        { name: "A", value: "1" },
        { name: "B", value: "2" },
    ];
    const withEnvironment = stage.make(
        types.service,
        service({ containers: [{ image: "i", envs: variables }] }, { name: "envs-staging" }),
    );
    const planned = (envs: unknown) => plan(withEnvironment, { template: { containers: [{ image: "i", envs }] } });

    test("of a set means nothing", () => {
        expect(planned([...variables].reverse()).changed).toBe(false);
    });

    test("a set's elements come, go and change", () => {
        expect(planned([...variables, { name: "C", value: "3" }]).detailed).toEqual({
            "template.containers[0].envs[2]": "add",
        });
        expect(planned([variables[1]]).detailed).toEqual({ "template.containers[0].envs[0]": "delete" });
        expect(planned([{ name: "A", value: "9" }, variables[1]]).detailed).toEqual({
            "template.containers[0].envs[0].value": "update",
        });
    });

    test("of a list counts", () => {
        const alert = stage.make(types.alert, {
            displayName: "a",
            combiner: "OR",
            conditions: ["one", "two"].map((displayName) => ({
                displayName,
                conditionMatchedLog: { filter: displayName },
            })),
        });
        const reversed = [...(alert.inputs.conditions as Props[])].reverse();
        expect(plan(alert, { conditions: reversed }).changedProperties).toEqual(["conditions"]);
    });

    test("of a record's data means nothing", () => {
        const record = stage.make(types.record, {
            managedZone: "netra",
            name: "a.netrasystems.ai.",
            type: "A",
            rrdatas: ["203.0.113.1", "203.0.113.2"],
        });
        expect(plan(record, { rrdatas: ["203.0.113.2", "203.0.113.1"] }).changed).toBe(false);
        expect(plan(record, { rrdatas: ["203.0.113.2"] }).changedProperties).toEqual(["rrdatas"]);
    });
});

describe("what the provider takes for the same", () => {
    const backend = stage.make(types.backendService, { name: "backend" });
    const map = stage.make(types.urlMap, { name: "map", defaultService: backend.id });
    const proxy = stage.make(types.httpProxy, { name: "proxy", urlMap: map.id });
    const rule = stage.make(types.rule, { name: "rule", target: proxy.id, portRange: "80" });
    const ipv6 = stage.make(types.record, {
        managedZone: "netra",
        name: "v6.netrasystems.ai.",
        type: "AAAA",
        rrdatas: ["2001:db8::1"],
    });
    const text = stage.make(types.record, {
        managedZone: "netra",
        name: "txt.netrasystems.ai.",
        type: "TXT",
        rrdatas: ['"v=spf1 -all"'],
    });
    const member = stage.make(types.projectMember, {
        project: "netra-staging",
        role: "roles/viewer",
        member: "user:Jane@netrasystems.ai",
    });
    const map2 = stage.make(types.certificateMap, { name: "names" });
    const entry = stage.make(types.mapEntry, {
        name: "e",
        map: "names",
        hostname: "a.ai",
        certificates: [certificate.id],
    });
    const dashboard = stage.make(types.dashboard, {
        dashboardJson: '{"displayName":"x","gridLayout":{"columns":"2"}}',
    });

    test.each<[string, Made, Props]>([
        ["a link and its path", map, { defaultService: `https://www.googleapis.com/compute/v1/${backend.id}` }],
        ["a link and its name", map, { defaultService: "backend" }],
        ["a port and its range", rule, { portRange: "80-80" }],
        ["a port as the API answers it", rule, { portRange: "80" }],
        ["two spellings of an IPv6 address", ipv6, { rrdatas: ["2001:DB8:0:0:0:0:0:1"] }],
        ["text with and without quotes", text, { rrdatas: ["v=spf1 -all"] }],
        ["a member in other case", member, { member: "user:jane@netrasystems.ai" }],
        ["a map's name and its id", entry, { map: map2.id }],
        [
            "a dashboard in another order of keys",
            dashboard,
            { dashboardJson: '{"gridLayout":{"columns":"2"},"displayName":"x"}' },
        ],
    ])("%s", (_title, of, changes) => {
        expect(plan(of, changes).changed).toBe(false);
    });

    test.each<[string, Made, Props]>([
        ["another service of the same kind", map, { defaultService: "other" }],
        ["another port", rule, { portRange: "81" }],
        ["another address", ipv6, { rrdatas: ["2001:db8::2"] }],
        ["another member", member, { member: "user:joe@netrasystems.ai" }],
        [
            "a dashboard with another layout",
            dashboard,
            { dashboardJson: '{"displayName":"x","gridLayout":{"columns":"3"}}' },
        ],
    ])("but not %s", (_title, of, changes) => {
        expect(plan(of, changes).changed).toBe(true);
    });
});

describe("values not known yet", () => {
    test("are a change, and a replacement where the property replaces", () => {
        expect(plan(made.policy, { minTlsVersion: UNKNOWN })).toMatchObject({
            changedProperties: ["minTlsVersion"],
            replace: false,
        });
        expect(plan(made.connector, { network: UNKNOWN })).toMatchObject({ replaceProperties: ["network"] });
    });

    test("in a list or a set", () => {
        const template = { containers: [{ image: UNKNOWN, envs: [{ name: "A", value: UNKNOWN }] }] };
        expect(Object.keys(plan(made.service, { template }).detailed)).toEqual(
            expect.arrayContaining(["template.containers[0].image", "template.containers[0].envs[0]"]),
        );
    });

    test("of a connector's size count as a smaller size", () => {
        expect(plan(made.connector, { minInstances: UNKNOWN })).toMatchObject({ replace: true, replaceProperties: [] });
    });
});

describe("ignoreChanges", () => {
    const ignoring = (of: Made, changes: Props, ignoreChanges: string[]) => stage.plan(of, changes, ignoreChanges);

    test("takes a property out of the plan, with the replacement that it asks for", () => {
        const changes = { description: "d", profile: "RESTRICTED" };
        expect(ignoring(made.policy, changes, ["description"])).toMatchObject({
            changedProperties: ["profile"],
            replace: false,
        });
        expect(ignoring(made.connector, { minInstances: 2, machineType: "e2-micro" }, ["minInstances"])).toMatchObject({
            changedProperties: ["machineType"],
            replace: false,
        });
    });

    test("takes paths and wildcards", () => {
        const template = { containers: [{ image: "other" }] };
        for (const path of ["template.containers[0].image", "template.containers[*].image", "template"]) {
            expect(ignoring(made.service, { template }, [path]).changed).toBe(false);
        }
        expect(ignoring(made.service, { template }, ["template.containers[1].image"]).changed).toBe(true);
    });
});

test("paths are written as Pulumi writes them", () => {
    expect(plan(made.zone, { labels: { team: "infra", "cost-center": "1" } }).detailed).toEqual({
        "labels.team": "add",
        'labels["cost-center"]': "add",
    });
});
