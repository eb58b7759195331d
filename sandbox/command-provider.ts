import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Difference, Provider } from "./provider-server";
import { type Props, UNKNOWN } from "./values";

const commandType = "command:local:Command";

const textInputs = ["create", "update", "delete", "dir", "stdin", "logging"] as const;
const known = new Set<string>([
    ...textInputs,
    "interpreter",
    "environment",
    "triggers",
    "assetPaths",
    "archivePaths",
    "addPreviousOutputInEnv",
]);
const unsupported = ["assetPaths", "archivePaths"] as const;

/** Stand-in for pulumi-command 1.2: `local.Command` runs its commands for real, on this machine, in the project's folder. */
export function commandProvider(folder: string, environment: Record<string, string>): Provider {
    const run = (script: string, inputs: Props, previous?: Props) =>
        runScript(script, inputs, folder, environment, previous);
    return {
        version: "1.2.1",
        check({ type, inputs }) {
            const failures = type === commandType ? checkInputs(inputs) : [{ property: "", reason: unknownType(type) }];
            return { inputs, failures };
        },
        diff: ({ oldInputs, inputs }) => diffInputs(oldInputs, inputs),
        preview: (_urn, _type, inputs) => ({ ...inputs, stdout: UNKNOWN, stderr: UNKNOWN }),
        async create(_type, inputs) {
            const script = inputs.create;
            const output = typeof script === "string" ? await run(script, inputs) : { stdout: "", stderr: "" };
            return { id: `command-${randomUUID()}`, outputs: { ...inputs, ...output } };
        },
        read: (_type, id, outputs, inputs) => ({ id, outputs: outputs ?? {}, inputs: inputs ?? {} }),
        async update(_type, _id, old, inputs) {
            const script = inputs.update ?? inputs.create;
            const output = typeof script === "string" ? await run(script, inputs, old) : {};
            return { ...inputs, ...output };
        },
        async delete(_type, _id, outputs) {
            if (typeof outputs.delete === "string") await run(outputs.delete, outputs, outputs);
        },
    };
}

function unknownType(type: string): string {
    return `the sandbox has no ${type}; of the command provider it has ${commandType}`;
}

function checkInputs(inputs: Props): { property: string; reason: string }[] {
    const failures: { property: string; reason: string }[] = [];
    for (const [property, value] of Object.entries(inputs)) {
        if (value === UNKNOWN) continue;
        if (!known.has(property)) failures.push({ property, reason: "unknown property" });
        else if ((unsupported as readonly string[]).includes(property)) {
            failures.push({ property, reason: "the sandbox's command provider does not collect assets" });
        } else if ((textInputs as readonly string[]).includes(property) && typeof value !== "string") {
            failures.push({ property, reason: `must be a string, is ${JSON.stringify(value)}` });
        }
    }
    return failures;
}

/** Changed triggers replace, as in the real provider; everything else updates in place. */
function diffInputs(old: Props, inputs: Props): Difference {
    const names = [...new Set([...Object.keys(old), ...Object.keys(inputs)])].filter((name) => !name.startsWith("__"));
    const changed = names.filter((name) => !isDeepStrictEqual(old[name], inputs[name]));
    const replaced = changed.filter((name): boolean => name === "triggers");
    return {
        changed: changed.length > 0,
        changedProperties: changed,
        replaceProperties: replaced,
        replace: replaced.length > 0,
        deleteBeforeReplace: false,
        detailed: Object.fromEntries(
            changed.map((name) => {
                const kind = !(name in old) ? "add" : !(name in inputs) ? "delete" : "update";
                return [
                    name,
                    replaced.includes(name) ? (`${kind}-replace` as const) : (kind as "add" | "delete" | "update"),
                ];
            }),
        ),
    };
}

function runScript(
    script: string,
    inputs: Props,
    folder: string,
    environment: Record<string, string>,
    previous?: Props,
): Promise<{ stdout: string; stderr: string }> {
    const interpreter = Array.isArray(inputs.interpreter) ? inputs.interpreter.map(String) : ["/bin/sh", "-c"];
    const [program = "/bin/sh", ...args] = interpreter;
    const given = Object.entries((inputs.environment ?? {}) as Record<string, unknown>).map(([k, v]) => [k, String(v)]);
    const last = inputs.addPreviousOutputInEnv === false || previous === undefined ? {} : lastOutput(previous);
    return new Promise((resolve, reject) => {
        const child = spawn(program, [...args, script], {
            cwd: typeof inputs.dir === "string" ? inputs.dir : folder,
            env: { ...process.env, ...environment, ...last, ...Object.fromEntries(given) },
            stdio: ["pipe", "pipe", "pipe"],
        });
        let stdout = "";
        let stderr = "";
        child.stdout.setEncoding("utf8").on("data", (text: string) => {
            stdout += text;
        });
        child.stderr.setEncoding("utf8").on("data", (text: string) => {
            stderr += text;
        });
        child.once("error", reject);
        child.once("close", (code, signal) => {
            if (code === 0) resolve({ stdout: trimEnd(stdout), stderr: trimEnd(stderr) });
            else
                reject(
                    new Error(`exit status ${signal ?? code}: running ${JSON.stringify(script)}:\n${stderr || stdout}`),
                );
        });
        child.stdin.on("error", () => {}); // A command that does not read its input may end first.
        child.stdin.end(typeof inputs.stdin === "string" ? inputs.stdin : "");
    });
}

function lastOutput(previous: Props): Record<string, string> {
    return {
        PULUMI_COMMAND_STDOUT: String(previous.stdout ?? ""),
        PULUMI_COMMAND_STDERR: String(previous.stderr ?? ""),
    };
}

function trimEnd(text: string): string {
    return text.replace(/\n$/, "");
}
