import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

/** What Pulumi hands a policy pack through the environment. Source: `constructEnv` in the engine's analyzer_plugin.go. */
export interface AnalyzerSettings {
    readonly pack: string;
    readonly project: string;
    readonly stack: string;
    readonly preview: boolean;
    readonly config: Readonly<Record<string, string>>;
}

/** Pulumi's own way to run a pack, whatever language it is written in. */
const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack/index.js");

/**
 * Puts the executable that starts a policy pack into a Pulumi home. The engine that is built from the module proxy has
 * no Node language host, and starts packs through this, its other documented way. A pack that was started ahead
 * (below) is handed over by its port; the executable then lives as long as the engine that called it.
 */
export function installAnalyzer(pulumiHome: string): void {
    const folder = path.join(pulumiHome, "plugins", "analyzer-policy-nodejs-v1.0.0");
    const file = path.join(folder, "pulumi-analyzer-policy-nodejs");
    const script = [
        "#!/bin/sh",
        'if [ -n "$NETRA_ANALYZER_PORT_FILE" ] && [ "$(pwd -P)" = "$NETRA_ANALYZER_PACK" ]; then',
        '    while [ ! -s "$NETRA_ANALYZER_PORT_FILE" ] && kill -0 "$NETRA_ANALYZER_PID" 2>/dev/null; do sleep 0.02; done',
        '    if [ -s "$NETRA_ANALYZER_PORT_FILE" ]; then',
        '        cat "$NETRA_ANALYZER_PORT_FILE"',
        '        while kill -0 "$PPID" 2>/dev/null && kill -0 "$NETRA_ANALYZER_PID" 2>/dev/null; do sleep 1; done',
        "        exit 0",
        "    fi",
        "fi",
        `exec "\${NETRA_NODE:-node}" "$NETRA_PACK_RUNNER" "$@"`,
        "",
    ].join("\n");
    if (fs.existsSync(file) && fs.readFileSync(file, "utf8") === script) return;
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(file, script, { mode: 0o755 });
}

/** A policy pack that starts beside the engine instead of after it: in a row they cost the most time of a preview. */
export class Analyzer {
    private readonly child: ChildProcess;
    private readonly portFile: string;

    /** `packRunner` is the compiled `pack-runner.ts`. */
    constructor(
        private readonly settings: AnalyzerSettings,
        pulumiHome: string,
        packRunner: string,
    ) {
        this.portFile = path.join(pulumiHome, `analyzer-${process.pid}.port`);
        fs.rmSync(this.portFile, { force: true });
        this.child = spawn(process.execPath, [packRunner, settings.pack], {
            cwd: settings.pack,
            env: { ...process.env, ...packEnvironment(settings) },
            stdio: ["pipe", "pipe", "ignore"],
        });
        this.child.once("error", () => {}); // The engine then starts the pack itself, and reports what is wrong.
        let text = "";
        this.child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
            text += chunk;
            const port = /^(\d+)\n/.exec(text)?.[1];
            if (port !== undefined && !fs.existsSync(this.portFile)) {
                fs.writeFileSync(`${this.portFile}.draft`, `${port}\n`);
                fs.renameSync(`${this.portFile}.draft`, this.portFile);
            }
        });
    }

    /** Environment by which the engine's executable finds this pack. */
    get environment(): Record<string, string> {
        return {
            NETRA_ANALYZER_PORT_FILE: this.portFile,
            NETRA_ANALYZER_PACK: fs.realpathSync(this.settings.pack),
            NETRA_ANALYZER_PID: String(this.child.pid ?? 0),
        };
    }

    close(): void {
        this.child.kill();
        fs.rmSync(this.portFile, { force: true });
    }
}

/** Environment with which the executable starts any other pack itself. */
export const runnerEnvironment: Record<string, string> = { NETRA_PACK_RUNNER: runner, NETRA_NODE: process.execPath };

function packEnvironment({ project, stack, preview, config }: AnalyzerSettings): Record<string, string> {
    return {
        PULUMI_CONFIG: JSON.stringify(config),
        PULUMI_NODEJS_ORGANIZATION: "organization",
        PULUMI_NODEJS_PROJECT: project,
        PULUMI_NODEJS_STACK: stack,
        PULUMI_NODEJS_DRY_RUN: String(preview),
        PULUMI_ORGANIZATION: "organization",
        PULUMI_PROJECT: project,
        PULUMI_STACK: stack,
        PULUMI_DRY_RUN: String(preview),
    };
}
