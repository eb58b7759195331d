import type { Props } from "../../sandbox";
import { CONNECTOR_ID, connector, loadBalancer, type Made, REGION, refusal, Stage, types } from "./stage";

let stage: Stage;
beforeEach(() => {
    stage = Stage.enabled();
});

describe("a connector", () => {
    test.each<[string, Props]>([
        ["the smallest", { minInstances: 2, maxInstances: 3 }],
        ["the largest", { minInstances: 9, maxInstances: 10 }],
        ["the cheapest", { machineType: "f1-micro" }],
        ["a name of 25 characters", { name: `a${"b".repeat(24)}` }],
        [
            "throughput instead of instances",
            { minInstances: undefined, maxInstances: undefined, minThroughput: 200, maxThroughput: 300 },
        ],
    ])("is made: %s", (_title, overrides) => {
        expect(stage.make(types.connector, connector(overrides)).outputs).toMatchObject({
            state: "READY",
            region: REGION,
        });
    });

    test.each<[string, Props, string]>([
        [
            "without a maximum",
            { maxInstances: undefined },
            "A Connector must specify either max_throughput or max_instances.",
        ],
        ["without a minimum", { minInstances: undefined }, "greater than or equal to 2"],
        ["of one instance at least", { minInstances: 1 }, "greater than or equal to 2"],
        ["of ten instances at least", { minInstances: 10, maxInstances: 11 }, "less than or equal to 9"],
        ["of two instances at most", { minInstances: 2, maxInstances: 2 }, "greater than or equal to 3"],
        ["of eleven instances at most", { maxInstances: 11 }, "less than or equal to 10"],
        ["as large at least as at most", { minInstances: 4, maxInstances: 4 }, "must be less than the maximum"],
        [
            "of a machine type that no connector has",
            { machineType: "n2-standard-8" },
            "Invalid machine type n2-standard-8",
        ],
        ["with a range of /27", { ipCidrRange: "10.8.1.0/27" }, "needs an unused /28"],
        ["with a range that is none", { ipCidrRange: "here" }, "needs an unused /28"],
        [
            "with the range of another connector",
            { ipCidrRange: "10.8.0.0/28" },
            `overlaps with the range of ${CONNECTOR_ID}`,
        ],
        [
            "with a name of 26 characters",
            { name: `a${"b".repeat(25)}` },
            "must follow the pattern ^[a-z][-a-z0-9]{0,23}[a-z0-9]$",
        ],
        ["with a capital letter", { name: "Connector" }, "must follow the pattern"],
    ])("is refused %s", (_title, overrides, message) => {
        const error = refusal(() => stage.make(types.connector, connector(overrides)));
        expect(error.status).toBe(400);
        expect(error.message).toContain(message);
    });

    test("is refused in a network that is not there", () => {
        expect(refusal(() => stage.make(types.connector, connector({ network: "other" })))).toMatchObject({
            status: 404,
        });
    });

    test("is refused where a subnetwork has the range", () => {
        stage.make(types.subnetwork, { name: "s", network: "default", region: REGION, ipCidrRange: "10.8.0.16/29" });
        expect(refusal(() => stage.make(types.connector, connector())).message).toContain("subnetworks/s");
    });

    test("that exists already is 409, as the real API words it", () => {
        const error = refusal(() =>
            stage.make(types.connector, connector({ name: "staging-connector", ipCidrRange: "10.8.0.0/28" })),
        );
        expect(error).toMatchObject({ status: 409, reason: "alreadyExists" });
        expect(error.message).toBe("googleapi: Error 409: Requested entity already exists, alreadyExists");
    });

    test("takes an existing /28 subnet, and no other and no second one", () => {
        const inSubnet = (name: string, own: string) =>
            connector({ name: own, network: undefined, ipCidrRange: undefined, subnet: { name } });
        stage.make(types.subnetwork, { name: "fits", network: "default", region: REGION, ipCidrRange: "10.9.0.0/28" });
        stage.make(types.subnetwork, { name: "large", network: "default", region: REGION, ipCidrRange: "10.9.1.0/27" });
        expect(stage.make(types.connector, inSubnet("fits", "one")).outputs.state).toBe("READY");
        expect(refusal(() => stage.make(types.connector, inSubnet("fits", "two"))).message).toContain(
            "already used by",
        );
        expect(refusal(() => stage.make(types.connector, inSubnet("large", "two"))).message).toContain(
            "needs a /28 subnet",
        );
        expect(refusal(() => stage.make(types.connector, inSubnet("none", "two"))).message).toContain("does not exist");
    });

    test("grows, changes its machine type, and never shrinks", () => {
        const small = stage.make(types.connector, connector({ minInstances: 3, maxInstances: 4 }));
        const large = stage.change(small, connector({ minInstances: 4, maxInstances: 10, machineType: "e2-micro" }));
        expect(large.outputs).toMatchObject({
            minInstances: 4,
            maxInstances: 10,
            minThroughput: 400,
            machineType: "e2-micro",
        });
        for (const size of [{ minInstances: 3 }, { maxInstances: 9 }]) {
            const error = refusal(() => stage.change(large, connector({ ...size })));
            expect(error.message).toContain(
                "Decreasing the number of instances for existing connectors is not supported.",
            );
        }
        expect(stage.read(large)).toMatchObject({ minInstances: 4, maxInstances: 10 });
    });
});

describe("a backend service with serverless backends", () => {
    let groups: Made[];
    beforeEach(() => {
        groups = ["us-central1", "us-east1", "us-east1"].map((region, index) =>
            stage.make(types.endpointGroup, { region, name: `g${index}`, cloudRun: { service: "anything" } }),
        );
    });
    const backend = (overrides: Props = {}, ...used: number[]): Props => ({
        name: "b",
        backends: (used.length > 0 ? used : [0]).map((index) => ({ group: groups[index]?.id })),
        ...overrides,
    });

    test("takes no timeout, or the API's own 30 s", () => {
        expect(stage.make(types.backendService, backend()).outputs.timeoutSec).toBe(30);
        expect(stage.make(types.backendService, backend({ name: "c", timeoutSec: 30 })).outputs.timeoutSec).toBe(30);
    });

    test.each([29, 31, 600])("refuses a timeout of %d s", (timeoutSec) => {
        const error = refusal(() => stage.make(types.backendService, backend({ timeoutSec })));
        expect(error.message).toBe(
            `googleapi: Error 400: Invalid value for field 'resource.timeoutSec': '${timeoutSec}'. ` +
                "Timeout sec is not supported for a backend service with Serverless network endpoint groups., invalid",
        );
    });

    test("refuses health checks and a port name", () => {
        const check = stage.make(types.healthCheck, { name: "h", httpHealthCheck: { port: 80 } });
        expect(refusal(() => stage.make(types.backendService, backend({ healthChecks: check.id }))).message).toContain(
            "Health checks are not supported",
        );
        expect(refusal(() => stage.make(types.backendService, backend({ portName: "http" }))).message).toContain(
            "Port name is not supported",
        );
    });

    test("refuses two groups in one region, and takes one in each", () => {
        expect(stage.make(types.backendService, backend({}, 0, 1)).id).toContain("/b");
        expect(refusal(() => stage.make(types.backendService, backend({ name: "c" }, 1, 2))).message).toContain(
            "only one serverless",
        );
    });

    test("an update refuses the timeout too, also the old one that is sent again", () => {
        const plain = stage.make(types.backendService, { name: "b", timeoutSec: 600 });
        const error = refusal(() => stage.change(plain, backend()));
        expect(error.message).toContain("'resource.timeoutSec': '600'");
        expect(stage.change(plain, backend({ timeoutSec: 30 })).outputs.timeoutSec).toBe(30);
    });

    test("a group is not asked whether its service exists, a backend is asked whether its group does", () => {
        expect(groups[0]?.outputs.cloudRun).toMatchObject({ service: "anything" });
        const nowhere = backend({
            backends: [{ group: "projects/netra-staging/regions/us-central1/networkEndpointGroups/none" }],
        });
        expect(refusal(() => stage.make(types.backendService, nowhere)).message).toContain("was not found");
    });
});

describe("schemes", () => {
    test("change only through a migration", () => {
        const classic = stage.make(types.backendService, { name: "b", loadBalancingScheme: "EXTERNAL" });
        const managed = { name: "b", loadBalancingScheme: "EXTERNAL_MANAGED" };
        expect(refusal(() => stage.change(classic, managed)).message).toContain(
            "unless externalManagedMigrationState is TEST_ALL_TRAFFIC",
        );
        const tested = stage.change(classic, {
            name: "b",
            loadBalancingScheme: "EXTERNAL",
            externalManagedMigrationState: "TEST_ALL_TRAFFIC",
        });
        expect(stage.change(tested, managed).outputs.loadBalancingScheme).toBe("EXTERNAL_MANAGED");
    });

    test("of a forwarding rule and its backend services are one", () => {
        const backend = stage.make(types.backendService, { name: "b", loadBalancingScheme: "EXTERNAL_MANAGED" });
        const map = stage.make(types.urlMap, { name: "m", defaultService: backend.id });
        const proxy = stage.make(types.httpProxy, { name: "p", urlMap: map.id });
        const rule = { name: "r", target: proxy.id, portRange: "80" };
        expect(refusal(() => stage.make(types.rule, rule)).message).toContain(
            "does not match the load balancing scheme EXTERNAL_MANAGED",
        );
        expect(stage.make(types.rule, { ...rule, loadBalancingScheme: "EXTERNAL_MANAGED" }).outputs.ipAddress).toMatch(
            /^203\.0\.113\./,
        );
    });
});

describe("references to what does not exist", () => {
    const nowhere = (collection: string) => `projects/netra-staging/global/${collection}/none`;
    test.each<[string, string, Props, number]>([
        ["a URL map's service", types.urlMap, { name: "m", defaultService: nowhere("backendServices") }, 404],
        ["a proxy's URL map", types.httpProxy, { name: "p", urlMap: nowhere("urlMaps") }, 404],
        ["a rule's target", types.rule, { name: "r", target: nowhere("targetHttpProxies") }, 404],
        [
            "a subnetwork's network",
            types.subnetwork,
            { name: "s", network: "none", ipCidrRange: "10.9.0.0/24", region: REGION },
            404,
        ],
        [
            "a record's zone",
            types.record,
            { managedZone: "none", name: "a.ai.", type: "A", rrdatas: ["203.0.113.1"] },
            404,
        ],
        ["a map entry's map", types.mapEntry, { name: "e", map: "none", hostname: "a.ai", certificates: ["c"] }, 404],
        [
            "a certificate's authorization",
            types.certificate,
            {
                name: "c",
                managed: {
                    domains: ["a.ai"],
                    dnsAuthorizations: ["projects/p/locations/global/dnsAuthorizations/none"],
                },
            },
            400,
        ],
        [
            "an alert's channel",
            types.alert,
            {
                displayName: "a",
                combiner: "OR",
                conditions: [{ displayName: "c", conditionMatchedLog: { filter: "f" } }],
                notificationChannels: ["projects/p/notificationChannels/1"],
            },
            404,
        ],
        [
            "a grant's service",
            types.serviceMember,
            { name: "none", location: REGION, role: "roles/run.invoker", member: "allUsers" },
            404,
        ],
        [
            "a grant's service account",
            types.projectMember,
            {
                project: "netra-staging",
                role: "roles/viewer",
                member: "serviceAccount:none@netra-staging.iam.gserviceaccount.com",
            },
            400,
        ],
    ])("%s", (_title, type, inputs, status) => {
        expect(refusal(() => stage.make(type, inputs)).status).toBe(status);
    });

    test("a rule's address", () => {
        const { proxy } = loadBalancer(stage);
        const rule = {
            name: "r",
            target: proxy.id,
            ipAddress: nowhere("addresses"),
            loadBalancingScheme: "EXTERNAL_MANAGED",
        };
        expect(refusal(() => stage.make(types.rule, rule)).message).toBe(
            "googleapi: Error 404: The resource 'projects/netra-staging/global/addresses/none' was not found, notFound",
        );
    });

    test("a proxy's certificate map, and one in a form that the API does not take", () => {
        const { map, certificateMap } = loadBalancer(stage);
        const proxy = (certificateMap: string) => ({ name: "p", urlMap: map.id, certificateMap });
        expect(refusal(() => stage.make(types.httpsProxy, proxy(certificateMap.id))).message).toContain(
            "The URL is malformed",
        );
        const missing = `//certificatemanager.googleapis.com/${certificateMap.id}-none`;
        expect(refusal(() => stage.make(types.httpsProxy, proxy(missing))).message).toContain("was not found");
    });
});

describe("the rest of the path", () => {
    test.each(["Backend", "a".repeat(64), "backend-", "1backend", ""])("a name like %p is refused", (name) => {
        const error = refusal(() => stage.cloud.create(types.address, { name }));
        expect(error.message).toContain("Must be a match of regex '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)'");
    });

    test.each([
        ["TLS_1_3", "MODERN", "RESTRICTED"],
        ["TLS_1_1", "FIPS_202205", "TLS_1_2"],
        ["TLS_1_2", "CUSTOM", "custom features"],
    ])("%s with %s is refused", (minTlsVersion, profile, message) => {
        expect(refusal(() => stage.make(types.sslPolicy, { name: "p", minTlsVersion, profile })).message).toContain(
            message,
        );
    });

    test("TLS 1.3 with RESTRICTED is made", () => {
        expect(
            stage.make(types.sslPolicy, { name: "p", minTlsVersion: "TLS_1_3", profile: "RESTRICTED" }).outputs
                .enabledFeatures,
        ).not.toEqual([]);
    });

    test.each([
        [4, false],
        [5, true],
        [1200, true],
        [1201, false],
    ])("a keep-alive of %d s: taken %s", (httpKeepAliveTimeoutSec, isTaken) => {
        const { map } = loadBalancer(stage);
        const make = () => stage.make(types.httpProxy, { name: "p", urlMap: map.id, httpKeepAliveTimeoutSec });
        if (isTaken) expect(make().outputs.httpKeepAliveTimeoutSec).toBe(httpKeepAliveTimeoutSec);
        else expect(refusal(make).message).toContain("greater than or equal to 5 and less than or equal to 1200");
    });

    test("a map that redirects to HTTPS cannot serve HTTPS", () => {
        const { proxy, map } = loadBalancer(stage);
        const redirect = { defaultUrlRedirect: { httpsRedirect: true, stripQuery: false } };
        const other = stage.make(types.urlMap, { name: "redirect", ...redirect });
        const inputs = { ...proxy.inputs, urlMap: other.id };
        expect(refusal(() => stage.change(proxy, inputs)).message).toContain("httpsRedirect");
        expect(refusal(() => stage.change(map, { name: map.outputs.name, ...redirect })).message).toContain(
            "httpsRedirect",
        );
    });

    test("a host rule needs its path matcher", () => {
        const { backend } = loadBalancer(stage);
        const map = { name: "m", defaultService: backend.id, hostRules: [{ hosts: ["a.ai"], pathMatcher: "none" }] };
        expect(refusal(() => stage.make(types.urlMap, map)).message).toContain("path matcher is not defined");
    });

    test("two rules share an address, not an address and a port", () => {
        const { rule, proxy, address } = loadBalancer(stage);
        const second = {
            name: "r2",
            target: proxy.id,
            ipAddress: address.outputs.address,
            loadBalancingScheme: "EXTERNAL_MANAGED",
        };
        expect(stage.read(rule).ipAddress).toBe(address.outputs.address);
        expect(refusal(() => stage.make(types.rule, { ...second, portRange: "443" })).message).toContain(
            "Specified IP address is in-use",
        );
        expect(stage.make(types.rule, { ...second, portRange: "8443" }).outputs.portRange).toBe("8443-8443");
    });

    test("a range grows and overlaps nothing", () => {
        const subnet = { name: "s", network: "default", region: REGION, ipCidrRange: "10.9.0.0/25" };
        const made = stage.make(types.subnetwork, subnet);
        expect(refusal(() => stage.make(types.subnetwork, { ...subnet, name: "t" })).reason).toBe("invalidIPCidrRange");
        expect(refusal(() => stage.change(made, { ...subnet, ipCidrRange: "10.9.0.0/26" })).message).toContain(
            "can only be expanded",
        );
        expect(stage.change(made, { ...subnet, ipCidrRange: "10.9.0.0/24" }).outputs.gatewayAddress).toBe("10.9.0.1");
    });
});

describe("deleting what is in use", () => {
    test.each<
        [string, (path: ReturnType<typeof loadBalancer>) => Made, (path: ReturnType<typeof loadBalancer>) => Made]
    >([
        ["a NEG by its backend service", ({ group }) => group, ({ backend }) => backend],
        ["a backend service by its URL map", ({ backend }) => backend, ({ map }) => map],
        ["a URL map by its proxy", ({ map }) => map, ({ proxy }) => proxy],
        ["a proxy by its rule", ({ proxy }) => proxy, ({ rule }) => rule],
        ["an address by its rule", ({ address }) => address, ({ rule }) => rule],
        ["an SSL policy by its proxy", ({ policy }) => policy, ({ proxy }) => proxy],
        ["a certificate by its map entry", ({ certificate }) => certificate, ({ entry }) => entry],
        ["a map by its entries", ({ certificateMap }) => certificateMap, ({ entry }) => entry],
        ["an authorization by its certificate", ({ authorization }) => authorization, ({ certificate }) => certificate],
    ])("%s", (_title, used, user) => {
        const path = loadBalancer(stage);
        const error = refusal(() => stage.remove(used(path)));
        expect(error).toMatchObject({ status: 400, reason: "resourceInUseByAnotherResource" });
        expect(error.message).toContain(`'${used(path).id}' is already being used by`);
        expect(stage.estate.get(user(path).type, user(path).id)).toBeDefined();
    });

    test("a map by its proxy, once its entries are gone", () => {
        const { certificateMap, entry, proxy } = loadBalancer(stage);
        stage.remove(entry);
        expect(refusal(() => stage.remove(certificateMap)).message).toContain(proxy.id);
    });

    test("the network by the connector; but not the connector by its services: Google lets that outage happen", () => {
        const network = {
            type: types.network,
            id: "projects/netra-staging/global/networks/default",
            inputs: {},
            outputs: {},
        };
        expect(refusal(() => stage.remove(network)).message).toContain(CONNECTOR_ID);
        const connector = {
            type: types.connector,
            id: CONNECTOR_ID,
            inputs: {},
            outputs: stage.read({ type: types.connector, id: CONNECTOR_ID }),
        };
        stage.remove(connector);
        stage.remove(network);
    });
});
