import { equivalent } from "./mutation/equivalent";
import { Suite } from "./mutation/suite";

/** Puts each small fault into the rules, one at a time, and expects the specs to notice. */
test("every mutant of the rules is noticed", async () => {
    const suite = new Suite();
    const { reachedBy, failed } = await suite.reach();
    expect(failed).toEqual([]);
    expect(suite.mutants.length).toBeGreaterThan(200);
    const survivors: string[] = [];
    for (const { id, label, line } of suite.mutants) {
        const tests = reachedBy.get(id) ?? new Set();
        if (!(await suite.kills(id, tests)) && equivalent[label] === undefined)
            survivors.push(`line ${line} of ${label}`);
    }
    expect(survivors).toEqual([]);
    const labels = suite.mutants.map(({ label }) => label);
    expect(Object.keys(equivalent).filter((label) => !labels.includes(label))).toEqual([]);
}, 300_000);
