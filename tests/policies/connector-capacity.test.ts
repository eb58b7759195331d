import { connectorCapacity } from "../../policies/rules/connector-capacity";
import { messagesOf } from "./lib/messages";
import { connector } from "./lib/programs";
import { runRules, unknown } from "./lib/run";
import { setStackConfig } from "./lib/stack-config";

function messages(props: Record<string, unknown>, config: Record<string, unknown> = {}, opts = {}) {
    return messagesOf(connectorCapacity, [connector(props, opts)], config);
}

test("says nothing about a connector that carries its workload", async () => {
    expect(await messages({})).toEqual([]);
});

test("says nothing about other resources", async () => {
    const other = { ...connector({ minInstances: 1 }), type: "gcp:compute/address:Address" };
    expect(await runRules([connectorCapacity], [other])).toEqual([]);
});

test("names the connector, the value, the floor, the shortfall and what to set", async () => {
    const [message, ...rest] = await messages({ machineType: "e2-micro", minInstances: 2, maxInstances: 3 });
    expect(rest).toEqual([]);
    for (const part of [
        "mandatory: Connector staging-connector:",
        "minInstances 2 x e2-micro",
        "floor of 937.5 Mbps",
        "737.5 Mbps short",
        "Set machineType e2-standard-4, minInstances 2, maxInstances 4.",
    ]) {
        expect(message).toContain(part);
    }
});

describe("a floor in Mbps", () => {
    const size = { machineType: "e2-micro", minInstances: 4, maxInstances: 8 };
    test("is met at the limit", async () => expect(await messages(size, { floorMbps: 400 })).toEqual([]));
    test("is missed one past it", async () => {
        expect(await messages(size, { floorMbps: 401 })).toEqual([
            "mandatory: Connector staging-connector: minInstances 4 x e2-micro is below the floor of 401 Mbps (the policy configuration). " +
                "It carries 400 Mbps (100 Mbps an instance), 1 Mbps short. Set machineType e2-micro, minInstances 5, maxInstances 10.",
        ]);
    });
    test("that no connector carries is said to be so", async () => {
        const [message] = await messages(size, { floorMbps: 20000 });
        expect(message).toContain("No connector carries 20000 Mbps");
    });
    test("that the allowed machine types do not carry is said to be so", async () => {
        const [message] = await messages(size, { floorMbps: 1000, machineTypes: ["e2-micro"] });
        expect(message).toContain("No connector on e2-micro carries 1000 Mbps");
    });
});

describe("a workload", () => {
    const size = { machineType: "e2-micro", minInstances: 9, maxInstances: 10 };
    const workload = { instances: 9, startupMegabytes: 25, startupSeconds: 2, headroom: 0 };
    test("is carried at the limit", async () => expect(await messages(size, { workload })).toEqual([]));
    test("is not carried one past it", async () => {
        const [message] = await messages(size, { workload: { ...workload, instances: 10 } });
        expect(message).toContain("100 Mbps short");
    });
    test("leaves a quarter of headroom unless it says otherwise", async () => {
        const [message] = await messages(size, { workload: { instances: 9, startupMegabytes: 25, startupSeconds: 2 } });
        expect(message).toContain("with 25 % headroom");
    });
    test("that is not valid is refused by name, and the incident's is used meanwhile", async () => {
        const found = await messages(size, { workload: { ...workload, instances: 0, instnaces: 4 } });
        expect(found[0]).toContain("instnaces is not part of a workload");
        expect(found[0]).toContain("instances is 0");
        expect(found[1]).toContain("937.5 Mbps");
    });
});

describe("the stack's own workload", () => {
    afterEach(() => setStackConfig({}));
    const size = { machineType: "e2-micro", minInstances: 2, maxInstances: 3 };
    test("counts when the policy has none", async () => {
        setStackConfig({ "netra:workload": '{"instances":1,"startupMegabytes":1,"startupSeconds":8}' });
        expect(await messages(size)).toEqual([]);
        expect(await messages(size, { floorMbps: 300 })).toHaveLength(1);
    });
    test.each(["[1", "7", "[]"])("that is %s is refused", async (workload) => {
        setStackConfig({ "netra:workload": workload });
        expect((await messages(size))[0]).toMatch(/netra:workload is not an object/);
    });
});

describe.each(["machineType", "minInstances", "maxInstances"])("%s", (field) => {
    test("missing is a violation", async () => {
        const found = await messages({ [field]: undefined });
        expect(found).toHaveLength(1);
        expect(found[0]).toContain(`mandatory: Connector staging-connector: ${field} is missing`);
    });
    test("unknown at preview is a violation that says when it is decided, beside what is known to be wrong", async () => {
        const found = await messages({ [field]: unknown, ipCidrRange: "10.8.0.0/20" });
        expect(found).toHaveLength(2);
        expect(found[0]).toMatch(new RegExp(`^mandatory: .*${field} is not known at preview; \`up\` will decide`));
        expect(found[1]).toContain("10.8.0.0/20");
    });
    test.each([field, `["${field}"]`, "*", "[*]"])("ignored by %s is a violation", async (entry) => {
        const found = await messages({}, {}, { ignoreChanges: [entry] });
        expect(found.find((message) => message.includes(`so ${field} stays as it is`))).toBeDefined();
    });
});

test("an unknown maximum does not hide a minimum that is too small", async () => {
    const found = await messages({ machineType: "e2-micro", minInstances: 2, maxInstances: unknown });
    expect(found.some((message) => message.includes("737.5 Mbps short"))).toBe(true);
});

test("ignoring other properties is fine", async () => {
    expect(await messages({}, {}, { ignoreChanges: ["network", "minInstancesNote", "subnet.minInstances"] })).toEqual(
        [],
    );
});

test.each([
    [{ minInstances: 1, maxInstances: 4 }, "minInstances is 1"],
    [{ minInstances: 10, maxInstances: 10 }, "minInstances is 10"],
    [{ minInstances: 2, maxInstances: 11 }, "maxInstances is 11"],
    [{ minInstances: 4, maxInstances: 4 }, "above minInstances (4)"],
    [{ minInstances: 2.5 }, "minInstances is 2.5"],
    [{ minInstances: "4" }, 'minInstances is "4"'],
    [{ machineType: "n2-standard-8" }, 'machineType is "n2-standard-8"'],
    [{ ipCidrRange: "10.8.0.0/27" }, "10.8.0.0/27"],
    [{ ipCidrRange: undefined }, "ipCidrRange is missing"],
    [{ name: undefined }, "name is missing"],
    [{ name: "a-name-that-is-far-too-long-for-it" }, "a-name-that-is-far-too-long-for-it"],
])("%j, which only the API refuses, is a violation", async (props, part) => {
    const found = await messages(props);
    expect(found.filter((message) => message.includes(part))).toHaveLength(1);
});

test.each([
    [{ minInstances: 9, maxInstances: 10 }],
    [{ minInstances: 2, maxInstances: 3 }],
    [{ name: "a2345678901234567890" }],
    [{ ipCidrRange: undefined, network: undefined, subnet: { name: "connector" } }],
])("%j at the limit is fine", async (props) => expect(await messages(props)).toEqual([]));

test("f1-micro is a violation by default, and none where it is allowed", async () => {
    const size = { machineType: "f1-micro", minInstances: 9, maxInstances: 10 };
    expect((await messages(size, { floorMbps: 450 }))[0]).toContain("it must be one of e2-micro, e2-standard-4");
    expect(await messages(size, { floorMbps: 450, machineTypes: ["f1-micro"] })).toEqual([]);
});

test.each(["minThroughput", "maxThroughput"])("sizing by %s is a violation, known or not", async (field) => {
    expect((await messages({ [field]: 300 }))[0]).toContain(`${field} is 300: a connector is sized by instances`);
    expect((await messages({ [field]: unknown }))[0]).toMatch(
        new RegExp(`${field} is set: .*Remove ${field}. Set machineType`),
    );
});

test.each(["name", "ipCidrRange"])("an unknown %s is noted and stops nothing", async (field) => {
    expect(await messages({ [field]: unknown })).toEqual([
        `advisory: Connector staging-connector: ${field} is not known at preview; \`up\` will decide.`,
    ]);
});

test("no message holds a property that was not judged", async () => {
    const found = await messages({ project: "hush", minInstances: 1, subnet: { name: "hush" } });
    expect(found.join()).not.toContain("hush");
});

test("the advice is the cheapest of the allowed sizes, up to the most instances there are", async () => {
    const small = { machineType: "e2-micro", minInstances: 2, maxInstances: 3 };
    expect((await messages(small, { floorMbps: 900 }))[0]).toContain(
        "Set machineType e2-micro, minInstances 9, maxInstances 10.",
    );
    expect((await messages(small, { floorMbps: 901 }))[0]).toContain("Set machineType e2-standard-4, minInstances 2");
    const config = { floorMbps: 450, machineTypes: ["f1-micro", "e2-micro"] };
    expect((await messages(small, config))[0]).toContain("Set machineType e2-micro, minInstances 5, maxInstances 10.");
});

test("the advice of the model is followed by what is allowed, where they differ", async () => {
    const small = { machineType: "e2-standard-4", minInstances: 2, maxInstances: 3 };
    const workload = { instances: 160, startupMegabytes: 10, startupSeconds: 4, headroom: 0.25 };
    const [message] = await messages(small, { workload: { ...workload, instances: 161 } });
    expect(message).toMatch(/Set machineType e2-standard-4, minInstances 3, maxInstances 6\.$/);
    expect(message).not.toContain("Allowed here");
    const micro = { machineType: "e2-micro", minInstances: 2, maxInstances: 3 };
    const tiny = { instances: 4, startupMegabytes: 25, startupSeconds: 4, headroom: 0.25 };
    const found = await messages(micro, { workload: tiny, machineTypes: ["e2-standard-4"] });
    expect(found.at(-1)).toMatch(/Allowed here: Set machineType e2-standard-4, minInstances 2, maxInstances 4\.$/);
});

test("a single mistake in a workload is enough to refuse it", async () => {
    const found = await messages({}, { workload: { instances: 9, startupMegabytes: 25, startupSeconds: 0 } });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain("startupSeconds is 0");
});

test("a null is a field left out", async () => {
    expect((await messages({ minInstances: null }))[0]).toContain("minInstances is missing");
});

test("an entry of ignoreChanges that is empty covers nothing, one on the throughput is a violation", async () => {
    expect(await messages({}, {}, { ignoreChanges: [""] })).toEqual([]);
    expect((await messages({}, {}, { ignoreChanges: ["minThroughput"] }))[0]).toContain(
        "so minThroughput stays as it is",
    );
});
