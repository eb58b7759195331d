/** Where a command speaks: people read standard output as it streams; with `--json` it holds one document and nothing else. */
export class Console {
    constructor(readonly json: boolean) {}

    /** The product of a command. */
    print(text: string): void {
        if (!this.json) process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
    }

    /** What a command is doing. */
    note(text: string): void {
        if (!this.json) process.stderr.write(`${text}\n`);
    }

    document(value: unknown): void {
        process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    }

    error(text: string): void {
        process.stderr.write(`${text}\n`);
    }
}
