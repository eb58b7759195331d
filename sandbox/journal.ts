import * as fs from "node:fs";
import type { SandboxHome } from "./home";

/** What an interrupted command had begun. */
export interface Interrupted {
    readonly command: string;
    readonly startedAt: string;
    /** Resources that it had created in the estate, whether or not Pulumi's state came to know of them. */
    readonly created: readonly { type: string; id: string }[];
}

/** Written ahead of the estate, so that what a killed command created can be told from what its state knows. */
export class Journal {
    constructor(private readonly home: SandboxHome) {}

    begin(command: string): void {
        fs.writeFileSync(this.home.journal, `${JSON.stringify({ command, startedAt: new Date().toISOString() })}\n`);
    }

    created(type: string, id: string): void {
        if (fs.existsSync(this.home.journal)) fs.appendFileSync(this.home.journal, `${JSON.stringify({ type, id })}\n`);
    }

    end(): void {
        fs.rmSync(this.home.journal, { force: true });
    }

    /** What the last command left unfinished, if anything. A last line cut short by the kill is left out. */
    interrupted(): Interrupted | undefined {
        if (!fs.existsSync(this.home.journal)) return undefined;
        const lines = fs
            .readFileSync(this.home.journal, "utf8")
            .split("\n")
            .filter((line) => line !== "")
            .flatMap((line) => {
                try {
                    return [JSON.parse(line) as Record<string, string>];
                } catch {
                    return [];
                }
            });
        const [head, ...created] = lines;
        return {
            command: head?.command ?? "command",
            startedAt: head?.startedAt ?? "at an unknown time",
            created: created.map(({ type = "", id = "" }) => ({ type, id })),
        };
    }
}
