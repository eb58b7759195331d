import { createInterface } from "node:readline/promises";
import { type Options, UsageError } from "./options";

/** A command that changes things asks first; where nobody can be asked it needs `--yes`. */
export function requireConsent(options: Pick<Options, "yes" | "json">, command: string): void {
    if (options.yes) return;
    if (options.json || !process.stdin.isTTY) {
        throw new UsageError(`${command} changes the sandbox and cannot ask here: pass --yes.`);
    }
}

export async function confirm(question: string): Promise<boolean> {
    const prompt = createInterface({ input: process.stdin, output: process.stderr });
    try {
        return /^y(es)?$/i.test((await prompt.question(`${question} [y/N] `)).trim());
    } finally {
        prompt.close();
    }
}
