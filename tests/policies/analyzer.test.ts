import { rules } from "../../policies/rules";
import { AnalyzerProcess } from "./lib/analyzer";
import { runRules } from "./lib/run";
import { type Case, sound, stopped } from "./matrix";

/** The whole matrix through the runner that the engine uses, over its wire. */
let analyzer: AnalyzerProcess;

beforeAll(async () => {
    analyzer = await AnalyzerProcess.start();
}, 30_000);

afterAll(() => analyzer.stop());

/** Levels and properties for every rule, as the engine completes them. */
function complete(config: Case["config"] = {}) {
    const names = new Set([...rules.map((rule) => rule.name), ...Object.keys(config)]);
    return Object.fromEntries(
        [...names].map((name) => {
            const given = config[name];
            const { enforcementLevel, ...properties } = typeof given === "object" ? given : { enforcementLevel: given };
            const level = enforcementLevel ?? config.all ?? rules.find((rule) => rule.name === name)?.enforcementLevel;
            return [name, { level: String(level), properties }];
        }),
    );
}

test("the pack starts and states its rules", async () => {
    const { name, policies } = await analyzer.info();
    expect(name).toBe("netra");
    expect(policies).toEqual(rules.map((rule) => ({ name: rule.name, level: rule.enforcementLevel })));
});

describe("through the runner", () => {
    const cases = [...stopped, ...sound].filter(({ stackConfig }) => stackConfig === undefined);
    test.each(cases)("$name", async ({ resources, config, expect: expected }) => {
        await analyzer.configure(complete(config));
        const findings = await analyzer.analyze(resources);
        const stoppedBy = findings.filter(({ level }) => level === "mandatory").map(({ rule }) => rule);
        if (typeof expected === "object") expect(stoppedBy).toContain(expected.stoppedBy);
        else expect(stoppedBy).toEqual([]);
        if (expected === "silent") expect(findings).toEqual([]);
        // The specs stand on a runner of their own: it must say what the real one says.
        const own = await runRules(rules, resources, config);
        const text = ({ rule, level, message }: (typeof own)[number]) => `${level} ${rule}: ${message}`;
        expect(findings.map(text)).toEqual(own.map(text));
    });
});

test("the stack's configuration reaches the pack", async () => {
    const program = stopped.find(({ stackConfig }) => stackConfig !== undefined);
    const other = await AnalyzerProcess.start(program?.stackConfig);
    try {
        const findings = await other.analyze(program?.resources ?? []);
        expect(findings.map(({ rule }) => rule)).toContain("connector-capacity");
    } finally {
        other.stop();
    }
}, 30_000);
