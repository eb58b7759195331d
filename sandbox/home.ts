import * as fs from "node:fs";
import * as path from "node:path";

/** Everything that a sandbox keeps on disk, below `.sandbox/` of the project. Nothing is kept anywhere else. */
export class SandboxHome {
    readonly folder: string;

    constructor(readonly project: string) {
        this.folder = path.join(project, ".sandbox");
    }

    /** The stored estate: what exists in the local cloud. */
    get estate(): string {
        return path.join(this.folder, "estate.json");
    }

    /** What a command that changes things has begun and created; there only while one runs, or after one was killed. */
    get journal(): string {
        return path.join(this.folder, "journal.jsonl");
    }

    /** Pulumi's state backend. */
    get state(): string {
        return path.join(this.folder, "state");
    }

    /** A Pulumi home of the sandbox's own, so that its plugins never mix with the user's. */
    get pulumiHome(): string {
        return path.join(this.folder, "pulumi-home");
    }

    /** Pulumi's working folder for a stack: the project file and the stack file with one run's changes. */
    workspace(stack: string): string {
        return path.join(this.folder, "work", stack);
    }

    /** Pulumi's checkpoint of a stack. */
    checkpoint(project: string, stack: string): string {
        return path.join(this.state, ".pulumi", "stacks", project, `${stack}.json`);
    }

    /** Pulumi's own locks on a stack. */
    locks(project: string, stack: string): string {
        return path.join(this.state, ".pulumi", "locks", "organization", project, stack);
    }

    create(): void {
        for (const folder of [this.folder, this.state, this.pulumiHome]) fs.mkdirSync(folder, { recursive: true });
    }

    /** Forgets the estate and the state of every stack. The lock and the analyzer plugin stay. */
    reset(): void {
        for (const part of [this.estate, this.journal, this.state, path.join(this.folder, "work")]) {
            fs.rmSync(part, { recursive: true, force: true });
        }
    }
}
