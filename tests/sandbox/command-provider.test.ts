import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { commandProvider } from "../../sandbox/command-provider";
import { UNKNOWN } from "../../sandbox/values";

const type = "command:local:Command";
const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "netra-command-")));
const provider = commandProvider(folder, { FROM_SANDBOX: "yes" });
const check = (inputs: Record<string, unknown>, of = type) =>
    provider.check({ type: of, urn: "u", name: "n", inputs, randomSeed: new Uint8Array() }).failures;
const diff = (oldInputs: Record<string, unknown>, inputs: Record<string, unknown>) =>
    provider.diff({ type, urn: "u", id: "i", oldInputs, oldOutputs: oldInputs, inputs, ignoreChanges: [] });

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe("local.Command in the sandbox", () => {
    it("runs its command for real, in the project's folder, with both environments and its input", async () => {
        const { id, outputs } = await provider.create(type, {
            create: "pwd; echo $FROM_SANDBOX $GIVEN; cat",
            environment: { GIVEN: 5 },
            stdin: "input",
        });
        expect(id).toMatch(/^command-/);
        expect(outputs.stdout).toBe(`${folder}\nyes 5\ninput`);
    });

    it("takes another interpreter", async () => {
        const { outputs } = await provider.create(type, { create: "console.log(6 * 7)", interpreter: ["node", "-e"] });
        expect(outputs.stdout).toBe("42");
    });

    it("fails with the exit status and what the command said", async () => {
        await expect(provider.create(type, { create: "echo broken >&2; exit 3" })).rejects.toThrow(
            /exit status 3[\s\S]*broken/,
        );
    });

    it("fails clearly where there is no such interpreter", async () => {
        await expect(provider.create(type, { create: "x", interpreter: ["no-such-program"] })).rejects.toThrow(
            /ENOENT/,
        );
    });

    it("runs update and delete with what the last command printed", async () => {
        const old = { stdout: "before", stderr: "" };
        const updated = await provider.update(type, "i", old, {
            create: "exit 1",
            update: "echo $PULUMI_COMMAND_STDOUT",
        });
        expect(updated.stdout).toBe("before");
        const file = path.join(folder, "deleted");
        await provider.delete(type, "i", { delete: `echo $PULUMI_COMMAND_STDOUT > ${file}`, stdout: "last" });
        expect(fs.readFileSync(file, "utf8")).toBe("last\n");
    });

    it("does not know its output at a preview", () => {
        expect(provider.preview("u", type, { create: "true" })).toMatchObject({ stdout: UNKNOWN });
    });

    it("is replaced by other triggers, updated by anything else, unchanged by nothing", () => {
        expect(diff({ triggers: [1] }, { triggers: [2] })).toMatchObject({
            replace: true,
            replaceProperties: ["triggers"],
        });
        expect(diff({ create: "a" }, { create: "b" })).toMatchObject({ changed: true, replace: false });
        expect(diff({ create: "a" }, { create: "a" })).toMatchObject({ changed: false });
    });

    it.each([
        [{ create: 5 }, "create"],
        [{ creates: "true" }, "creates"],
        [{ assetPaths: ["*"] }, "assetPaths"],
    ])("refuses %j", (inputs, property) => {
        expect(check(inputs).map((failure) => failure.property)).toEqual([property]);
    });

    it("accepts what is not known yet", () => {
        expect(check({ create: UNKNOWN, environment: { A: UNKNOWN } })).toEqual([]);
    });

    it("says that it has no remote commands", () => {
        expect(check({}, "command:remote:Command")[0]?.reason).toContain("the sandbox has no command:remote:Command");
    });
});
