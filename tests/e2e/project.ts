import { execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const root = path.resolve(__dirname, "../..");

export interface Result {
    readonly code: number | null;
    readonly stdout: string;
    readonly stderr: string;
}

/** A copy of the project with a sandbox of its own. Its folder's name has a space: a user's may, too. */
export class Project {
    readonly folder: string;

    constructor() {
        const parent = fs.mkdtempSync(path.join(os.tmpdir(), "netra-test-"));
        this.folder = path.join(parent, "the project");
        const list = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], {
            cwd: root,
            encoding: "utf8",
        });
        for (const file of list.split("\0").filter((name) => name !== "" && fs.existsSync(path.join(root, name)))) {
            const target = path.join(this.folder, file);
            fs.mkdirSync(path.dirname(target), { recursive: true });
            fs.copyFileSync(path.join(root, file), target);
        }
        // The packages are the project's own, installed already: `make` must find nothing newer than them to install.
        fs.utimesSync(path.join(this.folder, "package-lock.json"), 0, 0);
        fs.symlinkSync(path.join(root, "node_modules"), path.join(this.folder, "node_modules"));
    }

    /** Runs `bin/netra`. */
    netra(...args: string[]): Promise<Result> {
        return this.start(...args).ended;
    }

    /** Runs a command line as a shell would, in the project's folder. */
    shell(commandLine: string): Promise<Result> {
        return this.spawn("/bin/sh", ["-c", commandLine]).ended;
    }

    start(...args: string[]) {
        return this.spawn(path.join(this.folder, "bin", "netra"), args);
    }

    private spawn(command: string, args: string[]) {
        const child = spawn(command, args, {
            cwd: this.folder,
            stdio: ["ignore", "pipe", "pipe"],
        });
        let stdout = "";
        let stderr = "";
        child.stdout.setEncoding("utf8").on("data", (text: string) => {
            stdout += text;
        });
        child.stderr.setEncoding("utf8").on("data", (text: string) => {
            stderr += text;
        });
        const ended = new Promise<Result>((resolve, reject) => {
            child.once("error", reject);
            child.once("close", (code) => resolve({ code, stdout, stderr }));
        });
        return { child, ended, output: () => stdout + stderr };
    }

    /** Runs `bin/netra ... --json` and reads its document. */
    async json(...args: string[]): Promise<{ code: number | null; document: Document; stderr: string }> {
        const { code, stdout, stderr } = await this.netra(...args, "--json");
        return { code, document: JSON.parse(stdout) as Document, stderr };
    }

    read(file: string): string {
        return fs.readFileSync(path.join(this.folder, file), "utf8");
    }

    write(file: string, text: string): void {
        fs.writeFileSync(path.join(this.folder, file), text);
    }

    /** The estate's resources of a type, by id. */
    estate(type: string): Record<string, Record<string, unknown>> {
        const { resources } = JSON.parse(this.read(".sandbox/estate.json")) as {
            resources: { type: string; id: string; outputs: Record<string, unknown> }[];
        };
        return Object.fromEntries(
            resources.filter((each) => each.type === type).map(({ id, outputs }) => [id, outputs]),
        );
    }

    remove(): void {
        fs.rmSync(path.dirname(this.folder), { recursive: true, force: true });
    }
}

/** What `--json` prints. */
export interface Document {
    readonly result: string;
    readonly changes: Record<string, number>;
    readonly steps: { op: string; type: string; name: string; urn: string; replaceKeys: string[] }[];
    readonly policyViolations: { policy: string; enforcementLevel: string; urn: string; message: string }[];
    readonly outputs: Record<string, unknown>;
    readonly errors?: string[];
    readonly sandbox: boolean;
}
