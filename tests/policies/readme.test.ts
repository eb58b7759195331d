import * as fs from "node:fs";
import * as path from "node:path";
import { rules } from "../../policies/rules";
import { renderRules } from "./lib/readme";

const file = path.resolve(__dirname, "../../policies/README.md");
const [start, end] = ["<!-- generated: UPDATE_README=1 npx jest tests/policies/readme -->\n", "\n<!-- end -->"];

test("the page holds the rules as they are", async () => {
    const page = fs.readFileSync(file, "utf8");
    const [before, rest] = page.split(start, 2);
    const after = rest?.split(end).at(-1);
    const expected = `${before}${start}\n${await renderRules()}\n${end}${after}`;
    expect(after).toBeDefined();
    if (process.env.UPDATE_README === "1") fs.writeFileSync(file, expected);
    else expect(page).toBe(expected);
});

describe.each(rules)("$name", (rule) => {
    test("has everything that the page and the console show", () => {
        expect(rule.name).toMatch(/^[a-z]+(-[a-z]+)*$/);
        expect(rule.description).toMatch(/^[A-Z].*\.$/);
        expect(rule.remediationSteps).toMatch(/^[A-Z][\s\S]*\.$/);
        expect(rule.displayName).toMatch(/^\S/);
        for (const schema of Object.values(rule.configSchema?.properties ?? {}))
            expect(schema.description).toMatch(/\.$/);
    });
    test("has a file or a folder, and a spec, of its name", () => {
        const place = path.resolve(__dirname, "../../policies/rules", rule.name);
        expect(fs.existsSync(`${place}.ts`) || fs.existsSync(path.join(place, "index.ts"))).toBe(true);
        expect(fs.existsSync(path.join(__dirname, `${rule.name}.test.ts`))).toBe(true);
    });
});
