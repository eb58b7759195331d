import { connectorDemand } from "../../policies/rules/connector-demand";
import { messagesOf } from "./lib/messages";
import { connector, connectorId, job, service, serviceV1, without } from "./lib/programs";
import { type TestResource, unknown } from "./lib/run";
import { setStackConfig } from "./lib/stack-config";

/** 51 instances of the incident's workload, with its headroom: e2-standard-4 x 2 carries 3200 Mbps, and each needs 62.5. */
const most = 51;

const messages = (resources: TestResource[], config = {}) => messagesOf(connectorDemand, resources, config);
const sized = (maxInstanceCount: unknown, name = "backend") => service(name, {}, { scaling: { maxInstanceCount } });

afterEach(() => setStackConfig({}));

test("says nothing at the limit", async () => {
    expect(await messages([connector(), sized(most)])).toEqual([]);
    expect(await messages([connector(), sized(most - 12), service("auth")])).toEqual([]);
});

test("one past it, has the numbers and the ways out in the message", async () => {
    expect(await messages([connector(), sized(40), service("auth")])).toEqual([
        "mandatory: Connector staging-connector (2 to 4 x e2-standard-4) carries 3200 Mbps when a burst begins, 51 instances. " +
            "At their maximums 52 may start at once (Service backend 40, Service auth 12): with 62.5 Mbps each, headroom included, they need " +
            "3250 Mbps, 50 Mbps short. Set machineType e2-standard-4, minInstances 3, maxInstances 6. Or lower the maximums to 51 in all, " +
            "or move services to another connector.",
    ]);
});

test("takes what an instance moves from the rule, else from the stack", async () => {
    const workload = { instances: 1, startupMegabytes: 50, startupSeconds: 4, headroom: 0 };
    expect(await messages([connector(), sized(32)], { workload })).toEqual([]);
    expect(await messages([connector(), sized(33)], { workload })).toHaveLength(1);
    setStackConfig({ "netra:workload": JSON.stringify(workload) });
    expect(await messages([connector(), sized(32)])).toEqual([]);
    expect(await messages([connector(), sized(33)])).toHaveLength(1);
});

test("names a workload that is not valid, once", async () => {
    const found = await messages([connector(), sized(1)], { workload: { instances: 0 } });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain("instances is 0");
});

describe("the most instances that count", () => {
    const scaled = (scaling: object, ofRevision: object = {}) =>
        service("backend", { scaling }, { scaling: ofRevision });
    const v1 = (maxScale: unknown) => serviceV1("legacy", { "autoscaling.knative.dev/maxScale": maxScale });
    test.each<[string, TestResource, TestResource]>([
        ["of a revision", sized(51), sized(52)],
        [
            "of a service, where its revision has none",
            scaled({ maxInstanceCount: 51 }),
            scaled({ maxInstanceCount: 52 }),
        ],
        [
            "of a service, where its revision has more",
            scaled({ maxInstanceCount: 51 }, { maxInstanceCount: 90 }),
            scaled({ maxInstanceCount: 52 }, { maxInstanceCount: 90 }),
        ],
        [
            "of a revision, where its service has more",
            scaled({ maxInstanceCount: 90 }, { maxInstanceCount: 51 }),
            scaled({ maxInstanceCount: 90 }, { maxInstanceCount: 52 }),
        ],
        [
            "of a revision, where its service has 0 for none",
            scaled({ maxInstanceCount: 0 }, { maxInstanceCount: 51 }),
            scaled({ maxInstanceCount: 0 }, { maxInstanceCount: 52 }),
        ],
        [
            "set by hand",
            scaled({ manualInstanceCount: 51 }, { maxInstanceCount: 1 }),
            scaled({ manualInstanceCount: 52 }, { maxInstanceCount: 1 }),
        ],
        ["of a job's tasks", job("p", { taskCount: 51 }), job("p", { taskCount: 52 })],
        [
            "of a job's parallelism",
            job("p", { taskCount: 900, parallelism: 51 }),
            job("p", { taskCount: 900, parallelism: 52 }),
        ],
        [
            "of a job without a limit",
            job("p", { taskCount: 51, parallelism: 0 }),
            job("p", { taskCount: 52, parallelism: 0 }),
        ],
        ["of a job that says nothing", job("p", { taskCount: undefined }), job("p", { taskCount: 52 })],
        ["of the first generation", v1("51"), v1("52")],
    ])("%s", async (_, fits, tooMany) => {
        expect(await messages([connector(), fits])).toEqual([]);
        const found = await messages([connector(), tooMany]);
        expect(found).toHaveLength(1);
        expect(found[0]).toContain("52 may start at once");
    });

    test.each([undefined, 0, 1.5, "12", -1])("that is %p is a violation", async (value) => {
        const [message, ...rest] = await messages([connector(), sized(value)]);
        expect(rest).toEqual([]);
        expect(message).toContain("mandatory: Service backend: template.scaling.maxInstanceCount");
        expect(message).toContain("it must be a whole number, 1 or more");
    });

    test.each<[string, TestResource]>([
        ["of a revision", sized(unknown)],
        ["of a service", scaled({ maxInstanceCount: unknown }, { maxInstanceCount: 3 })],
        ["of a revision beside its service's", scaled({ maxInstanceCount: 3 }, { maxInstanceCount: unknown })],
        ["set by hand", scaled({ manualInstanceCount: unknown })],
        ["of a job", job("p", { taskCount: unknown })],
    ])("%s, unknown, is a violation", async (_, resource) => {
        const [message] = await messages([connector(), resource]);
        expect(message).toMatch(
            /^mandatory: .* is not known at preview; `up` will decide, too late for the pull request/,
        );
    });

    test.each([
        [undefined, "is missing"],
        [0, "is 0"],
    ])("that is %p is said to be so", async (value, part) => {
        expect((await messages([connector(), sized(value)]))[0]).toContain(`maxInstanceCount ${part}: it must be`);
    });

    test.each(["many", "1e2"])("of the first generation that is %p is a violation", async (value) => {
        const [message] = await messages([connector(), v1(value)]);
        expect(message).toContain(`maxScale is ${JSON.stringify(value)}: it must be a whole number`);
    });

    test("of a job that says nothing is one", async () => {
        const silent = job("p", { taskCount: undefined });
        expect(await messages([connector(), sized(50), silent])).toEqual([]);
        expect((await messages([connector(), sized(51), silent]))[0]).toContain("Job p 1");
    });

    test("that is ignored is a violation", async () => {
        const ignoring = (entry: string) => service("backend", {}, {}, { ignoreChanges: [entry] });
        expect((await messages([connector(), ignoring("template.scaling.maxInstanceCount")]))[0]).toContain(
            "stays as it is",
        );
        expect((await messages([connector(), ignoring("template")]))[0]).toContain("stays as it is");
        expect(await messages([connector(), ignoring("template.scaling.minInstanceCount")])).toEqual([]);
        expect(await messages([connector(), ignoring("template.timeout")])).toEqual([]);
    });
});

describe("the way into the VPC", () => {
    test("missing is a violation for a service", async () => {
        for (const vpcAccess of [undefined, {}, { networkInterfaces: [] }, { connector: "" }]) {
            const [message] = await messages([service("backend", {}, { vpcAccess })]);
            expect(message).toContain("mandatory: Service backend: it has no egress setting");
        }
    });
    test("missing is none for a job, or for a service that the configuration names", async () => {
        const none = service("backend", {}, { vpcAccess: undefined });
        expect(await messages([none], { withoutEgress: ["backend"] })).toEqual([]);
        expect(await messages([none], { withoutEgress: ["frontend"] })).toHaveLength(1);
        expect(await messages([job("p", {}, { vpcAccess: undefined })])).toEqual([]);
    });
    test("may be direct, known or not", async () => {
        const direct = (networkInterfaces: unknown) => service("backend", {}, { vpcAccess: { networkInterfaces } });
        expect(await messages([direct([{ network: "n" }])])).toEqual([]);
        expect(await messages([direct([{ network: unknown }])])).toEqual([]);
        expect(await messages([direct(unknown)])).toEqual([]);
    });
    test("may be direct in the first generation as well", async () => {
        const annotations = {
            "run.googleapis.com/vpc-access-connector": undefined,
            "run.googleapis.com/network-interfaces": '[{"network":"default"}]',
        };
        expect(await messages([serviceV1("legacy", annotations)])).toEqual([]);
    });
    test("may be left out by the service's name in the cloud or in the program", async () => {
        const none = { ...service("backend", {}, { vpcAccess: undefined }), name: "logical" };
        for (const name of ["backend", "logical"])
            expect(await messages([none], { withoutEgress: [name] })).toEqual([]);
    });
    test("unknown, and depending on nothing, is noted", async () => {
        for (const vpcAccess of [unknown, { connector: unknown }]) {
            const found = await messages([connector(), service("backend", {}, { vpcAccess })]);
            expect(found).toEqual([
                "advisory: Service backend: template.vpcAccess.connector is not known at preview; `up` will decide.",
            ]);
        }
    });
    test("unknown is judged by what it depends on", async () => {
        const resource = service(
            "backend",
            {},
            { vpcAccess: { connector: unknown }, scaling: { maxInstanceCount: 52 } },
        );
        const found = await messages([connector(), { ...resource, dependsOn: { template: ["staging-connector"] } }]);
        expect(found).toHaveLength(1);
        expect(found[0]).toContain("52 may start at once");
    });
});

describe("a connector", () => {
    const on = (id: unknown, props = {}) => service("backend", props, { vpcAccess: { connector: id } });
    const hub = "projects/hub/locations/us-central1/connectors/hub";
    test("of another name, project or region is not in this stack", async () => {
        for (const id of [
            hub,
            connectorId.replace("netra-staging", "other"),
            connectorId.replace("central1", "east1"),
        ]) {
            const [message, ...rest] = await messages([connector(), on(id)]);
            expect(rest).toEqual([]);
            expect(message).toContain(`it uses connector "${id}", which is not in this stack. Use`);
        }
    });
    test("outside the stack carries what the configuration says", async () => {
        expect(await messages([on(hub)], { connectors: { [hub]: 750 } })).toEqual([]);
        const [message] = await messages([on(hub)], { connectors: { [hub]: 749 } });
        expect(message).toContain(`Connector ${hub} carries 749 Mbps when a burst begins, 11 instances`);
    });
    test("by its short name is refused in the second generation, and fine in the first", async () => {
        expect((await messages([connector(), on("staging-connector")]))[0]).toContain("it must be the full id");
        expect((await messages([on("hub")]))[0]).toContain("It must be the full id");
        expect(await messages([connector(), serviceV1()])).toEqual([]);
    });
    test("must be of the service's region", async () => {
        const elsewhere = on(connectorId, { location: "europe-west1" });
        const [message] = await messages([connector(), elsewhere]);
        expect(message).toContain("it runs in europe-west1, and its connector staging-connector in us-central1");
        expect(await messages([connector({ region: undefined }), elsewhere])).toEqual([]);
        const filledIn = { ...connector({ region: undefined }), outputs: { region: "us-central1" } };
        expect(await messages([filledIn, elsewhere])).toHaveLength(1);
        const placed = { ...on(connectorId, { location: undefined }), outputs: { location: "europe-west1" } };
        expect(await messages([connector(), placed])).toHaveLength(1);
    });
    test("whose size is not known is noted; one without a valid size is a violation", async () => {
        expect((await messages([connector({ minInstances: unknown }), service()]))[0]).toMatch(
            /^advisory: .*its size is not known/,
        );
        for (const broken of [without(connector(), "maxInstances"), connector({ minInstances: 1 })]) {
            expect((await messages([broken, service()]))[0]).toMatch(/^mandatory: .*it has no valid size/);
        }
    });
    test("that was only read is judged by what is there", async () => {
        const small = { machineType: "e2-micro", minInstances: 2, maxInstances: 3 };
        const read: TestResource = { ...connector(small, {}, "shared"), read: true };
        const user = service(
            "backend",
            {},
            { vpcAccess: { connector: connectorId.replace("staging-connector", "shared") } },
        );
        expect((await messages([read, user]))[0]).toContain("carries 200 Mbps");
    });
    test("is known by a name, a project and a region that the cloud filled in", async () => {
        const unnamed = { ...connector({ name: undefined }), outputs: { name: "staging-connector" } };
        expect(await messages([unnamed, service()])).toEqual([]);
        const elsewhere = { ...connector(), outputs: { project: "other" } };
        expect((await messages([elsewhere, service()]))[0]).toContain("which is not in this stack");
        expect((await messages([connector({ project: "other" }), service()]))[0]).toContain(
            "which is not in this stack",
        );
        expect(await messages([{ ...connector(), withoutProvider: true }, service()])).toEqual([]);
    });
    test("outside the stack that nobody uses has nothing to carry", async () => {
        expect(await messages([connector(), service()], { connectors: { [hub]: 1 } })).toEqual([]);
    });
    test("that nobody uses has nothing to carry", async () => {
        expect(await messages([connector({ machineType: "e2-micro", minInstances: 2, maxInstances: 3 })])).toEqual([]);
    });
});

test("the configuration names connectors by their full id", () => {
    expect(connectorDemand.conflicts?.({})).toEqual([]);
    expect(connectorDemand.conflicts?.({ connectors: { [connectorId]: 1, hub: 2 } })).toEqual([
        '"connectors" holds "hub", which is not a full id, projects/P/locations/L/connectors/C.',
    ]);
});

test("a service without a name is called as the program calls it", async () => {
    const unnamed = service("backend", { name: undefined }, { vpcAccess: undefined });
    expect((await messages([unnamed]))[0]).toContain("Service backend: it has no egress setting");
});
