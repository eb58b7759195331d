import "../engine/lean";
import * as path from "node:path";
import { Command, CommanderError } from "commander";
import { SandboxHome } from "../sandbox/home";
import { lockSandbox } from "../sandbox/lock";
import * as commands from "./commands";
import { confirm, requireConsent } from "./consent";
import { Console } from "./console";
import { exitCodeOf, exitCodes, messageOf, type Options } from "./options";

// The SDK notes where each of its promises was made, for a debugger. Nobody sees the notes here, and they cost a tenth of
// the program's time.
if (!process.env.NETRA_DEBUG) Error.stackTraceLimit = 0;

const root = path.resolve(__dirname, "..");
const collect = (value: string, previous: string[]): string[] => [...previous, value];

function onStack(command: Command, run: (root: string, options: never) => Promise<number>): Command {
    return command
        .option("--stack <name>", "stack whose Pulumi.<name>.yaml to use", "staging")
        .option(
            "--config <key=value>",
            "change a configuration value for this run, such as netra:connector.minInstances=4; may be repeated",
            collect,
            [],
        )
        .option("--policy-pack <folder>", "policy pack to run instead of policies/; may be repeated", collect, [])
        .option("--json", "print one JSON document on standard output and nothing else", false)
        .option("--yes", "do not ask", false)
        .action(async (options) => {
            process.exitCode = await run(root, options as never);
        });
}

function program(): Command {
    const netra = new Command("netra")
        .description(
            "Plans and deploys the staging network edge in a sandbox on this machine: Pulumi's real engine, no Google Cloud account.",
        )
        .addHelpText("after", "\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 blocked by policy.")
        .exitOverride()
        .configureOutput({ writeErr: (text) => process.stderr.write(text) });
    const stackCommand = (name: string, description: string, run: (root: string, options: never) => Promise<number>) =>
        onStack(netra.command(name).description(description), run);
    stackCommand("preview", "show what the program would change in the sandbox", commands.preview);
    stackCommand("up", "carry it out", commands.up);
    stackCommand("refresh", "read the estate into Pulumi's state", commands.refresh);
    stackCommand("destroy", "delete what the stack has", commands.destroy).option(
        "--unprotect",
        "remove the protection of its resources first",
        false,
    );
    stackCommand(
        "adopt",
        "take what the estate already has, and the program declares, into the state",
        commands.adoptCommand,
    );
    netra
        .command("sandbox")
        .description("the sandbox itself")
        .command("reset")
        .description("forget the sandbox's estate and state; the next command starts with the estate of incident 1278")
        .option("--json", "print one JSON document on standard output and nothing else", false)
        .option("--yes", "do not ask", false)
        .action(async (options: Pick<Options, "yes" | "json">) => {
            process.exitCode = await reset(options);
        });
    return netra;
}

async function reset(options: Pick<Options, "yes" | "json">): Promise<number> {
    requireConsent(options, "sandbox reset");
    if (!options.yes && !(await confirm("Forget the sandbox's estate and state?"))) return exitCodes.failed;
    const home = new SandboxHome(root);
    const unlock = await lockSandbox(home, (line) => process.stderr.write(`${line}\n`));
    try {
        home.reset();
    } finally {
        await unlock();
    }
    const output = new Console(options.json);
    if (options.json) output.document({ result: "succeeded", sandbox: true });
    else output.print("The sandbox is as new.");
    return exitCodes.done;
}

async function main(): Promise<void> {
    try {
        await program().parseAsync(process.argv);
    } catch (error) {
        // Commander has said what is wrong with a call; asking for help is no error.
        if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
        else {
            process.exitCode = exitCodeOf(error);
            process.stderr.write(`netra: ${messageOf(error)}\n`);
        }
    }
}

void main();
