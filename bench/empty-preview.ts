import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { obtainEngine, openStack } from "../engine";

/** Previews an empty program as `netra` previews its own: same engine, same Automation API, a state of its own. */
async function main(): Promise<void> {
    const folder = path.join(os.tmpdir(), `netra-empty-${process.argv[2] ?? "bench"}`);
    for (const part of ["work", "state", "home"]) fs.mkdirSync(path.join(folder, part), { recursive: true });
    fs.writeFileSync(path.join(folder, "work", "Pulumi.yaml"), "name: empty\nruntime: nodejs\n");
    const engine = await obtainEngine(path.resolve(__dirname, "..", "engine", "build"), (line) => console.error(line));
    const stack = await openStack(
        {
            engine,
            project: "empty",
            stack: "bench",
            workFolder: path.join(folder, "work"),
            stateFolder: path.join(folder, "state"),
            pulumiHome: path.join(folder, "home"),
            providers: {},
        },
        async () => ({}),
    );
    await stack.preview({ onOutput: (text) => process.stdout.write(text), onEvent: () => {}, color: "never" });
}

void main();
