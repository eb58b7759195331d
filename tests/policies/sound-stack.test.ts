import { rules } from "../../policies/rules";
import { soundStack } from "./lib/programs";
import { runRules } from "./lib/run";

test("a sound stack passes in silence", async () => {
    expect(await runRules(rules, soundStack())).toEqual([]);
});
