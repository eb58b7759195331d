import { rules } from "../../policies/rules";
import { runRules } from "./lib/run";
import { setStackConfig } from "./lib/stack-config";
import { type Case, sound, stopped } from "./matrix";

async function find({ resources, config, stackConfig = {} }: Case) {
    setStackConfig(stackConfig);
    const findings = await runRules(rules, resources, config);
    return {
        stoppedBy: findings.filter(({ level }) => level === "mandatory").map(({ rule }) => rule),
        findings: findings.map(({ level, rule, message }) => `${level} ${rule}: ${message}`),
    };
}

test("holds enough cases, each with its own name", () => {
    expect(stopped.length).toBeGreaterThanOrEqual(60);
    expect(sound.length).toBeGreaterThanOrEqual(30);
    const names = [...stopped, ...sound].map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
});

describe("stopped", () => {
    test.each(stopped)("$name", async (program) => {
        const { stoppedBy } = await find(program);
        expect(stoppedBy).toContain(typeof program.expect === "object" ? program.expect.stoppedBy : "");
    });
});

describe("sound", () => {
    test.each(sound)("$name", async (program) => {
        const { stoppedBy, findings } = await find(program);
        if (program.expect === "silent") expect(findings).toEqual([]);
        expect(stoppedBy).toEqual([]);
        if (program.expect === "passes") expect(findings).not.toEqual([]);
    });
});
