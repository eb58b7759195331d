import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { obtainEngine } from "../../engine";
import { commandProvider } from "../../sandbox/command-provider";
import { GcpProvider } from "../../sandbox/gcp-provider";
import { SandboxHome } from "../../sandbox/home";
import { Journal } from "../../sandbox/journal";
import { serveProvider } from "../../sandbox/provider-server";

const root = path.resolve(__dirname, "../..");

/**
 * Pulumi's own CLI as the infrastructure team has it, on a project: its command line, its Node runner, a state and a home
 * of its own. The sandbox's providers stand in for the real ones, which only their release carries.
 */
export class PulumiCli {
    private readonly home = fs.mkdtempSync(path.join(os.tmpdir(), "netra-pulumi-"));
    private environment: Record<string, string> = {};
    private readonly closing: (() => void)[] = [];

    constructor(private readonly project: string) {}

    async start(): Promise<void> {
        const engine = await obtainEngine(path.join(root, "engine", "build"), () => {});
        const bin = path.join(this.home, "bin");
        fs.mkdirSync(path.join(this.home, "state"), { recursive: true });
        fs.mkdirSync(bin);
        const host = path.join(__dirname, "language-host.js");
        const script = `#!/bin/sh\nexec "${process.execPath}" "${host}" "$@"\n`;
        fs.writeFileSync(path.join(bin, "pulumi-language-nodejs"), script, { mode: 0o755 });
        const place = { project: "netra-staging", region: "us-central1" };
        const gcp = await serveProvider(
            new GcpProvider(path.join(this.home, "estate.json"), place, new Journal(new SandboxHome(this.home))),
        );
        const command = await serveProvider(commandProvider(this.project, {}));
        this.closing.push(gcp.close, command.close);
        this.environment = {
            PATH: [bin, path.join(engine.root, "bin"), process.env.PATH].join(path.delimiter),
            HOME: this.home,
            PULUMI_HOME: path.join(this.home, "pulumi"),
            PULUMI_BACKEND_URL: `file://${path.join(this.home, "state")}`,
            PULUMI_CONFIG_PASSPHRASE: "test",
            PULUMI_SKIP_UPDATE_CHECK: "true",
            PULUMI_DEBUG_PROVIDERS: `gcp:${gcp.port},command:${command.port}`,
        };
    }

    /** Runs a command line as a shell would, in the project's folder. */
    run(commandLine: string): Promise<{ code: number | null; output: string }> {
        return new Promise((resolve, reject) => {
            const child = spawn("/bin/sh", ["-c", commandLine], {
                cwd: this.project,
                env: this.environment,
                stdio: ["ignore", "pipe", "pipe"],
            });
            let output = "";
            for (const stream of [child.stdout, child.stderr]) {
                stream.setEncoding("utf8").on("data", (text: string) => {
                    output += text;
                });
            }
            child.once("error", reject);
            child.once("close", (code) => resolve({ code, output }));
        });
    }

    stop(): void {
        for (const close of this.closing) close();
        fs.rmSync(this.home, { recursive: true, force: true });
    }
}
