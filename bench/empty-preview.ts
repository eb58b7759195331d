import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation";
import { obtainEngine } from "../engine";

/** Previews an empty program through the Automation API as its documentation shows it, on the engine that `netra` uses. */
async function main(): Promise<void> {
    const folder = path.join(os.tmpdir(), "netra-bench-empty");
    for (const part of ["work", "state", "home"]) fs.mkdirSync(path.join(folder, part), { recursive: true });
    const engine = await obtainEngine(path.resolve(__dirname, "..", "engine", "build"), (line) => console.error(line));
    const stack = await LocalWorkspace.createOrSelectStack(
        { projectName: "empty", stackName: "bench", program: async () => ({}) },
        {
            workDir: path.join(folder, "work"),
            pulumiCommand: await PulumiCommand.get({ root: engine.root }),
            envVars: {
                PULUMI_HOME: path.join(folder, "home"),
                PULUMI_BACKEND_URL: `file://${path.join(folder, "state")}`,
                PULUMI_CONFIG_PASSPHRASE: "",
                PULUMI_SKIP_UPDATE_CHECK: "true",
            },
        },
    );
    await stack.preview({ onOutput: (text) => process.stdout.write(text), onEvent: () => {} });
}

void main();
