import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { configurationProblems, loweredRules } from "../../policies/lib/configuration";
import { setReceivedConfiguration } from "../../policies/lib/receive-configuration";
import { rules } from "../../policies/rules";
import { packConfiguration } from "../../policies/rules/pack-configuration";
import { connector, stackResource } from "./lib/programs";
import { type Config, type Finding, runRules, type TestResource } from "./lib/run";

const said = (findings: Finding[]) =>
    findings
        .filter(({ rule }) => rule === "pack-configuration")
        .map(({ level, message }) => `${level}: ${message.split("\n").at(-1)}`);
const messages = async (config: Config, resources: TestResource[] = [stackResource()]) =>
    said(await runRules(rules, resources, config));

test("says nothing about a valid configuration", async () => {
    expect(await messages({})).toEqual([]);
    expect(
        await messages({ all: "mandatory", "connector-capacity": { enforcementLevel: "remediate", floorMbps: 400 } }),
    ).toEqual([]);
});

test.each<[Config, string]>([
    [
        { edgy: "advisory" },
        'mandatory: "edgy" is not a rule. The rules are connector-capacity, connector-demand, request-timeout, certificates, edge, protection, connector-alert, pack-configuration.',
    ],
    [{ edge: { tlsPolicy: [] } }, 'mandatory: edge: "tlsPolicy" is not a key. The keys are tlsPolicies.'],
    [{ protection: { a: 1 } }, 'mandatory: protection: "a" is not a key. It has none.'],
    [{ edge: "disabled" }, "mandatory: edge is disabled: no rule may be switched off. Set it to advisory at most."],
    [{ all: "disabled" }, 'mandatory: "all" is disabled: no rule may be switched off. Set it to advisory at most.'],
    [
        { "pack-configuration": "disabled" },
        "mandatory: pack-configuration is disabled: no rule may be switched off. Set it to advisory at most.",
    ],
    [
        { "connector-capacity": { floorMbps: 1, workload: {} } },
        'mandatory: connector-capacity: give "floorMbps" or "workload", not both.',
    ],
    [{ edge: "advisory" }, "advisory: Advisory in this stack, so what they find stops nothing: edge."],
])("%j is named", async (config, message) => {
    expect(await messages(config)).toEqual([message]);
    // A stack without its root resource, as some tools hand it over.
    expect(await messages(config, [])).toEqual([message]);
});

test("names each mistake, in a fixed order", () => {
    const config = new Map([
        ["z", { level: "advisory" as const, properties: {} }],
        ["edge", { level: "disabled" as const, properties: { b: 1, c: 2 } }],
    ]);
    expect(configurationProblems(config, rules).map((problem) => problem.slice(0, 9))).toEqual([
        "edge is d",
        'edge: "b"',
        'edge: "c"',
        '"z" is no',
    ]);
    expect(loweredRules(config, rules)).toEqual([]);
});

describe("without a configuration to read", () => {
    const [capacity] = rules;
    const guard = packConfiguration(rules.slice(0, -1));
    const analyze = (resource: TestResource, withCapacity: boolean) => {
        const found: string[] = [];
        setReceivedConfiguration(undefined);
        const args = {
            ...resource,
            urn: resource.name,
            opts: { protect: true, ignoreChanges: [] },
            getConfig: () => ({}),
        } as never;
        for (const rule of withCapacity && capacity !== undefined ? [capacity, guard] : [guard]) {
            if ("validateResource" in rule && typeof rule.validateResource === "function")
                rule.validateResource(args, (message) => found.push(message));
        }
        return found;
    };
    test("a connector that was not judged gives a disabled rule away", () => {
        expect(analyze(connector(), true)).toEqual([]);
        expect(analyze(connector(), false)).toEqual([
            "Connector staging-connector was not judged: connector-capacity is disabled. Set it to advisory at most.",
        ]);
        expect(analyze(stackResource(), false)).toEqual([]);
    });
});

describe("the configurations of the project's stacks", () => {
    const folder = path.resolve(__dirname, "../../policies/config");
    test.each(readdirSync(folder))("%s has no mistakes and lowers no rule", async (file) => {
        expect(await messages(JSON.parse(readFileSync(path.join(folder, file), "utf8")))).toEqual([]);
    });
});
