import { requestTimeout } from "../../policies/rules/request-timeout";
import { messagesOf } from "./lib/messages";
import { backendService, endpointGroup, groupBackend, service, serviceV1, urlMap, without } from "./lib/programs";
import { type TestResource, unknown } from "./lib/run";

const messages = (resources: TestResource[], config = {}) => messagesOf(requestTimeout, resources, config);
const timed = (timeout: unknown, opts = {}) => service("backend", {}, { timeout }, opts);

describe("a service behind the load balancer", () => {
    test.each(["600s", "600.5s", "3600s"])("may take %s", async (value) =>
        expect(await messages([timed(value)])).toEqual([]),
    );
    test.each([
        ["599s", 'is "599s"'],
        ["599.999s", 'is "599.999s"'],
        ["3601s", 'is "3601s"'],
        ["600", 'is "600"'],
        ["10m", 'is "10m"'],
        [undefined, "is missing, which means 300 s"],
        // How the provider's state says that a field was left out.
        ["", "is missing, which means 300 s"],
    ])("may not take %p", async (value, part) => {
        expect(await messages([timed(value)])).toEqual([
            `mandatory: Service backend: template.timeout ${part}: it must be 600 to 3600 s. Set it to "600s".`,
        ]);
    });
    test("may not hide its timeout from the preview", async () => {
        expect((await messages([timed(unknown)]))[0]).toMatch(
            /^mandatory: .*template.timeout is not known at preview; `up` will decide/,
        );
    });
    test("may not ignore its timeout", async () => {
        expect((await messages([timed("600s", { ignoreChanges: ["template.timeout"] })]))[0]).toContain(
            "stays as it is",
        );
        expect(await messages([timed("600s", { ignoreChanges: ["template.containers"] })])).toEqual([]);
    });
    test("may not ignore its timeout and have a wrong one: both are said", async () => {
        for (const value of [unknown, "60s"]) {
            expect(await messages([timed(value, { ignoreChanges: ["template.timeout"] })])).toHaveLength(2);
        }
    });
    test("of the first generation counts in seconds", async () => {
        const v1 = (timeoutSeconds: unknown) => [serviceV1("legacy", {}, { timeoutSeconds })];
        expect(await messages(v1(600))).toEqual([]);
        expect((await messages(v1(599)))[0]).toContain(
            "template.spec.timeoutSeconds is 599: it must be 600 to 3600 s. Set it to 600.",
        );
        expect(await messages(v1(undefined))).toHaveLength(1);
        expect((await messages(v1(unknown)))[0]).toContain("not known at preview");
    });
    test("follows the configured minimum", async () => {
        expect(await messages([timed("900s")], { minSeconds: 900 })).toEqual([]);
        expect(await messages([timed("899s")], { minSeconds: 900 })).toHaveLength(1);
    });
});

describe("which services are behind it", () => {
    const short = service("backend", { ingress: "INGRESS_TRAFFIC_INTERNAL_ONLY" }, { timeout: "60s" });
    test("not one that takes internal requests only", async () => expect(await messages([short])).toEqual([]));
    test("one that an endpoint group names", async () => {
        expect(await messages([short, endpointGroup("backend")])).toHaveLength(1);
        expect(await messages([short, endpointGroup("backend", { region: "europe-west1" })])).toEqual([]);
    });
    test("one that an endpoint group will name", async () => {
        const group = endpointGroup("backend", { cloudRun: { service: unknown } });
        expect(await messages([short, { ...group, dependsOn: { cloudRun: ["backend"] } }])).toHaveLength(1);
    });
    test("all that a URL mask may mean, in its region", async () => {
        const mask = { cloudRun: { urlMask: "<service>.netrasystems.ai" } };
        expect(await messages([short, endpointGroup("mask", mask)])).toHaveLength(1);
        expect(await messages([short, endpointGroup("mask", { ...mask, region: "europe-west1" })])).toEqual([]);
    });
    test("one whose place is not known, wherever its endpoint group is", async () => {
        expect(
            await messages([{ ...short, props: { ...short.props, location: undefined } }, endpointGroup("backend")]),
        ).toHaveLength(1);
    });
    test("is noted where it cannot be known", async () => {
        const [note, ...rest] = await messages([short, endpointGroup("backend", { cloudRun: { service: unknown } })]);
        expect(rest).toEqual([]);
        expect(note).toMatch(/^advisory: Endpoint group backend-neg: cloudRun.service is not known at preview/);
        expect((await messages([endpointGroup("other")]))[0]).toMatch(
            /^advisory: Service other is behind the load balancer and not in this/,
        );
    });
});

describe("a backend service", () => {
    const serverless = (props: object) => [service(), endpointGroup(), backendService("backend", { ...props })];
    test.each([undefined, 30])("with serverless backends may have timeoutSec %p", async (timeoutSec) => {
        expect(await messages(serverless({ timeoutSec }))).toEqual([]);
    });
    test.each([29, 31, 600])("with serverless backends may not have timeoutSec %p", async (timeoutSec) => {
        const [message] = await messages(serverless({ timeoutSec }));
        expect(message).toContain(
            `mandatory: Backend service backend-backend: timeoutSec is ${timeoutSec}: the API refuses it`,
        );
    });
    test("with serverless backends may not have an unknown timeoutSec", async () => {
        expect((await messages(serverless({ timeoutSec: unknown })))[0]).toContain(
            "timeoutSec is set: the API refuses it",
        );
    });
    test.each([600, 3600])("with others may have timeoutSec %p", async (timeoutSec) => {
        expect(await messages([groupBackend({ timeoutSec })])).toEqual([]);
    });
    test("with others may have no less, none, or an unknown one", async () => {
        expect((await messages([groupBackend({ timeoutSec: 599 })]))[0]).toContain(
            "timeoutSec is 599: it must be 600 or more",
        );
        expect((await messages([without(groupBackend(), "timeoutSec")]))[0]).toContain("is missing, which means 30 s");
        expect((await messages([groupBackend({ timeoutSec: unknown })]))[0]).toMatch(
            /^mandatory: .*not known at preview/,
        );
    });
    test("with others may not ignore it", async () => {
        expect((await messages([groupBackend({}, { ignoreChanges: ["timeoutSec"] })]))[0]).toContain("stays as it is");
    });
    test("with others may not ignore it and have a wrong one: both are said", async () => {
        for (const timeoutSec of [unknown, 60]) {
            expect(await messages([groupBackend({ timeoutSec }, { ignoreChanges: ["timeoutSec"] })])).toHaveLength(2);
        }
    });
    test("of a region is held to the same", async () => {
        const regional = {
            ...groupBackend({ timeoutSec: 60 }),
            type: "gcp:compute/regionBackendService:RegionBackendService",
        };
        expect(await messages([regional])).toHaveLength(1);
    });
    test("of an internal load balancer is not judged", async () => {
        expect(await messages([groupBackend({ timeoutSec: 1, loadBalancingScheme: "INTERNAL_MANAGED" })])).toEqual([]);
        expect(await messages([groupBackend({ timeoutSec: 1, loadBalancingScheme: undefined })])).toHaveLength(1);
    });
    test("is serverless by what its groups depend on", async () => {
        for (const backends of [unknown, [{ group: unknown }]]) {
            const backend = {
                ...backendService("backend", { timeoutSec: 600, backends }),
                dependsOn: { backends: ["backend-neg"] },
            };
            expect((await messages([service(), endpointGroup(), backend]))[0]).toContain("the API refuses it");
        }
    });
    test("is not serverless on an endpoint group for private services", async () => {
        const group = endpointGroup("psc", { networkEndpointType: "PRIVATE_SERVICE_CONNECT", cloudRun: undefined });
        const backend = {
            ...backendService("backend", { timeoutSec: 600, backends: unknown }),
            dependsOn: { backends: ["psc-neg"] },
        };
        expect(await messages([group, backend])).toEqual([]);
    });
    test("whose groups are instance groups is not serverless, known or not", async () => {
        const manager: TestResource = {
            type: "gcp:compute/instanceGroupManager:InstanceGroupManager",
            name: "vms",
            props: {},
        };
        const backend = { ...groupBackend({ backends: [{ group: unknown }] }), dependsOn: { backends: ["vms"] } };
        expect(await messages([manager, backend])).toEqual([]);
    });
    test("whose groups nothing tells of is noted", async () => {
        for (const backends of [unknown, [{ group: unknown }]]) {
            expect(await messages([groupBackend({ backends })])).toEqual([
                "advisory: Backend service vms-backend: what its backends are is not known at preview; `up` will decide which timeoutSec it takes.",
            ]);
        }
    });
    test("on a regional endpoint group elsewhere counts as serverless, on a zonal one does not", async () => {
        const group = "projects/p/regions/r/networkEndpointGroups/g";
        expect((await messages([backendService("b", { timeoutSec: 600, backends: [{ group }] })]))[0]).toContain(
            "the API refuses it",
        );
        expect(await messages([groupBackend({ backends: [{ group: group.replace("regions", "zones") }] })])).toEqual(
            [],
        );
    });
});

describe("a route", () => {
    const action = (seconds: unknown) => ({ timeout: { seconds } });
    const places: [string, (seconds: unknown) => TestResource][] = [
        ["defaultRouteAction.timeout", (s) => urlMap({ defaultRouteAction: action(s) })],
        [
            "defaultRouteAction.maxStreamDuration",
            (s) => urlMap({ defaultRouteAction: { maxStreamDuration: { seconds: s } } }),
        ],
        [
            "defaultRouteAction.retryPolicy.perTryTimeout",
            (s) => urlMap({ defaultRouteAction: { retryPolicy: { perTryTimeout: { seconds: s } } } }),
        ],
        [
            "pathMatchers.0.defaultRouteAction.timeout",
            (s) => urlMap({ pathMatchers: [{ name: "a", defaultRouteAction: action(s) }] }),
        ],
        [
            "pathMatchers.0.pathRules.0.routeAction.timeout",
            (s) => urlMap({ pathMatchers: [{ name: "a", pathRules: [{ routeAction: action(s) }] }] }),
        ],
        [
            "pathMatchers.0.routeRules.0.routeAction.timeout",
            (s) => urlMap({ pathMatchers: [{ name: "a", routeRules: [{ routeAction: action(s) }] }] }),
        ],
    ];
    test.each(places)("%s is held to the contract", async (path, map) => {
        expect(await messages([map("600")])).toEqual([]);
        expect((await messages([map("599")]))[0]).toContain(
            `mandatory: URL map edge: ${path}.seconds is "599": it must be 600 or more`,
        );
        expect((await messages([map(unknown)]))[0]).toMatch(/^mandatory: .*not known at preview; `up` will decide/);
        expect((await messages([map(undefined)]))[0]).toContain(`${path}.seconds is missing: it must be`);
    });
    test("is held to it in a regional map as well", async () => {
        const map = { ...urlMap({ defaultRouteAction: action("1") }), type: "gcp:compute/regionUrlMap:RegionUrlMap" };
        expect(await messages([map])).toHaveLength(1);
    });
    test.each([
        ["pathMatchers", urlMap({ pathMatchers: unknown })],
        ["pathMatchers.0.pathRules", urlMap({ pathMatchers: [{ pathRules: unknown }] })],
        ["pathMatchers.0.routeRules", urlMap({ pathMatchers: [{ routeRules: unknown }] })],
    ])("that is not known, in %s, is noted", async (path, map) => {
        expect(await messages([map])).toEqual([
            `advisory: URL map edge: ${path} is not known at preview; \`up\` will decide.`,
        ]);
    });
});
