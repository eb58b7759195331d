import * as fs from "node:fs";
import * as path from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import { type Configuration, parseConfig } from "../config";
import { Analyzer, installAnalyzer, loadProgram, obtainEngine, openStack, runnerEnvironment } from "../engine";
import { openSandbox, type Sandbox } from "../sandbox/sandbox";
import type { Console } from "./console";
import { releaseEngineLock } from "./engine-lock";
import { type Options, UsageError } from "./options";
import { Outcome } from "./outcome";
import { project } from "./project";

export interface RunOptions {
    /** URNs to leave everything else out of. */
    readonly target?: string[];
    /** Keeps the engine's own output back. */
    readonly quiet?: boolean;
    /** Whether the policy packs take part; they do unless told otherwise. */
    readonly policies?: boolean;
    /** Told of every resource that the engine meets, with its parent's URN. */
    readonly onResource?: (urn: string, parent: string) => void;
}

export type Operation = "preview" | "up" | "refresh" | "destroy";

/** One command's hold on the sandbox: its lock, its providers, the engine's stack. Closed whatever happens. */
export class Session {
    private program: () => Record<string, unknown> = () => this.load();

    private constructor(
        readonly options: Options,
        readonly console: Console,
        readonly sandbox: Sandbox,
        readonly configuration: Configuration,
        private readonly packs: Packs,
        private readonly programFile: string,
    ) {}

    private stack!: Stack;

    static async open(root: string, options: Options, console: Console, operation: Operation): Promise<Session> {
        const packs = findPacks(root, options);
        const sandbox = await openSandbox({
            project: root,
            stack: options.stack,
            changes: options.config,
            log: (line) => console.note(line),
        });
        let analyzer: Analyzer | undefined;
        try {
            const configuration = parseConfig(sandbox.settings.config, options.stack);
            installAnalyzer(sandbox.home.pulumiHome);
            const [first] = packs.folders;
            if (first !== undefined && (operation === "preview" || operation === "up")) {
                analyzer = new Analyzer(
                    {
                        pack: first,
                        project,
                        stack: options.stack,
                        preview: operation === "preview",
                        config: sandbox.settings.config,
                    },
                    sandbox.home.pulumiHome,
                    path.join(root, ".build", "pack-runner.js"),
                );
                sandbox.onClose(() => analyzer?.close());
            }
            const engine = await obtainEngine(path.join(root, "engine", "build"), (line) => console.note(line));
            const session = new Session(
                options,
                console,
                sandbox,
                configuration,
                packs,
                path.join(root, ".build", "program.js"),
            );
            await releaseEngineLock(sandbox.home, options.stack, console);
            session.stack = await openStack(
                {
                    engine,
                    project,
                    stack: options.stack,
                    workFolder: sandbox.home.workspace(options.stack),
                    stateFolder: sandbox.home.state,
                    pulumiHome: sandbox.home.pulumiHome,
                    providers: sandbox.providers,
                    environment: { ...runnerEnvironment, ...analyzer?.environment },
                },
                async () => session.program(),
            );
            return session;
        } catch (error) {
            await sandbox.close();
            throw error;
        }
    }

    /** Runs the engine once. What fails is in the outcome, not thrown. */
    async run(operation: Operation, how: RunOptions = {}): Promise<Outcome> {
        const outcome = new Outcome(how.onResource);
        this.sandbox.gcp.adoptable.clear();
        const interrupt = new AbortController();
        const release = this.onInterrupt(interrupt);
        const common = {
            ...(how.target === undefined ? {} : { target: how.target }),
            color: (process.stdout.isTTY && !this.console.json ? "always" : "never") as "always" | "never",
            onEvent: outcome.record,
            onOutput: (text: string) => {
                if (!how.quiet) this.console.print(text);
            },
            signal: interrupt.signal,
        };
        const policies =
            how.policies === false ? {} : { policyPacks: this.packs.folders, policyPackConfigs: this.packs.configs };
        try {
            if (operation === "preview") await this.stack.preview({ ...common, ...policies });
            else if (operation === "up") await this.stack.up({ ...common, ...policies });
            else if (operation === "refresh") await this.stack.refresh({ ...common, clearPendingCreates: true });
            else await this.stack.destroy(common);
        } catch (error) {
            outcome.fail(error instanceof Error ? error.message : String(error));
        } finally {
            release();
            outcome.interrupted ||= interrupt.signal.aborted;
            this.sandbox.save();
        }
        return outcome;
    }

    /** Runs with another program in the place of the stack's, which that one may load. */
    async withProgram<Result>(program: (load: () => void) => void, work: () => Promise<Result>): Promise<Result> {
        this.program = () => {
            program(() => this.load());
            return {};
        };
        try {
            return await work();
        } finally {
            this.program = () => this.load();
        }
    }

    private load(): Record<string, unknown> {
        return loadProgram(this.programFile);
    }

    exportState() {
        return this.stack.exportStack();
    }

    importState(state: Awaited<ReturnType<Stack["exportStack"]>>) {
        return this.stack.importStack(state);
    }

    close(): Promise<void> {
        return this.sandbox.close();
    }

    /**
     * At the first interrupt the engine ends the operations in flight and writes its state. At a terminal it has got
     * the signal itself, and a second one would end it at once; without one it has to be told.
     */
    private onInterrupt(controller: AbortController): () => void {
        const terminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
        const handle = (signal: NodeJS.Signals) => {
            this.console.error("netra: interrupted; waiting for the operations in flight to end");
            if (signal !== "SIGINT" || !terminal) controller.abort();
            else Object.defineProperty(controller.signal, "aborted", { value: true });
        };
        process.on("SIGINT", handle);
        process.on("SIGTERM", handle);
        return () => {
            process.off("SIGINT", handle);
            process.off("SIGTERM", handle);
        };
    }
}

interface Packs {
    readonly folders: string[];
    readonly configs: string[];
}

function findPacks(root: string, options: Options): Packs {
    const folders =
        options.policyPack.length > 0
            ? options.policyPack.map((folder) => path.resolve(folder))
            : [path.join(root, "policies")];
    for (const folder of folders) {
        if (!fs.existsSync(path.join(folder, "PulumiPolicy.yaml"))) {
            throw new UsageError(
                `--policy-pack ${folder}: there is no PulumiPolicy.yaml in it. Name the folder of a policy pack.`,
            );
        }
    }
    const configs = folders.map((folder) => path.join(folder, "config", `${options.stack}.json`));
    // Pulumi pairs packs with configurations by position: one without a file stops the list.
    return { folders, configs: configs.every((file) => fs.existsSync(file)) ? configs : [] };
}
