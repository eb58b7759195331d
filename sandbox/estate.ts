import {
    closeSync,
    existsSync,
    fsyncSync,
    mkdirSync,
    openSync,
    readFileSync,
    renameSync,
    rmSync,
    writeSync,
} from "node:fs";
import { dirname } from "node:path";
import incident from "./fixtures/incident-1278.json";
import { asText, copy, isObject, type Props } from "./values";

export interface Stored {
    type: string;
    id: string;
    outputs: Props;
}

interface EstateFile {
    version: 1;
    /** Grows with every save, so that two writers cannot overwrite each other unseen. */
    revision: number;
    project: string;
    region: string;
    projectNumber: string;
    /** The last number given to a resource. */
    serial: number;
    resources: Stored[];
}

export class EstateError extends Error {}

function parse(file: string, text: string): EstateFile {
    const broken = (why: string): EstateError =>
        new EstateError(
            `The sandbox's estate ${file} ${why}. Start again from the incident's estate with: netra sandbox reset`,
        );
    let content: unknown;
    try {
        content = JSON.parse(text);
    } catch {
        throw broken("is not valid JSON");
    }
    if (!isObject(content) || content.version !== 1) throw broken("is not an estate file of version 1");
    const { resources } = content;
    const isStored = (each: unknown): boolean =>
        isObject(each) && typeof each.type === "string" && typeof each.id === "string" && isObject(each.outputs);
    if (!Array.isArray(resources) || !resources.every(isStored)) throw broken("has a broken list of resources");
    if (typeof content.serial !== "number" || typeof content.revision !== "number")
        throw broken("has lost its counters");
    if (!["project", "region", "projectNumber"].every((key) => asText(content[key]) !== ""))
        throw broken("names no project");
    return content as unknown as EstateFile;
}

/** The store behind the sandbox: every resource that exists, by type and id, in one JSON file. */
export class Estate {
    private readonly resources = new Map<string, Stored>();

    private constructor(
        private readonly content: EstateFile,
        readonly file?: string,
    ) {
        for (const each of content.resources) this.resources.set(`${each.type} ${each.id}`, copy(each));
    }

    /** The estate as incident 1278 found it. Without a file it lives in memory only. */
    static incident(file?: string): Estate {
        return new Estate(copy(incident) as unknown as EstateFile, file);
    }

    /** Reads the file; where there is none, starts from the incident's estate. */
    static load(file: string): Estate {
        if (!existsSync(file)) return Estate.incident(file);
        return new Estate(parse(file, readFileSync(file, "utf8")), file);
    }

    get project(): string {
        return this.content.project;
    }

    get region(): string {
        return this.content.region;
    }

    get projectNumber(): string {
        return this.content.projectNumber;
    }

    serial(): number {
        this.content.serial += 1;
        return this.content.serial;
    }

    get(type: string, id: string): Stored | undefined {
        const found = this.resources.get(`${type} ${id}`);
        return found && copy(found);
    }

    put(type: string, id: string, outputs: Props): void {
        this.resources.set(`${type} ${id}`, copy({ type, id, outputs }));
    }

    delete(type: string, id: string): boolean {
        return this.resources.delete(`${type} ${id}`);
    }

    list(type?: string): Stored[] {
        return [...this.resources.values()].filter((each) => type === undefined || each.type === type).map(copy);
    }

    /**
     * Writes the whole estate beside the file and then renames it into place: a reader sees the old estate or the new one. Refuses
     * where another process has saved since this estate was loaded, for its changes would be lost.
     */
    save(): void {
        if (this.file === undefined) return;
        const onDisk = existsSync(this.file) ? parse(this.file, readFileSync(this.file, "utf8")).revision : undefined;
        if (onDisk !== undefined && onDisk !== this.content.revision) {
            throw new EstateError(
                `The sandbox's estate ${this.file} was changed by another process meanwhile. Run the command again`,
            );
        }
        const resources = [...this.resources.values()].sort((one, other) => {
            const [first, second] = [`${one.type} ${one.id}`, `${other.type} ${other.id}`];
            return first < second ? -1 : first > second ? 1 : 0;
        });
        const next = { ...this.content, revision: this.content.revision + 1, resources };
        mkdirSync(dirname(this.file), { recursive: true });
        const temporary = `${this.file}.${process.pid}.tmp`;
        try {
            const handle = openSync(temporary, "w");
            try {
                writeSync(handle, `${JSON.stringify(next, null, 2)}\n`);
                fsyncSync(handle);
            } finally {
                closeSync(handle);
            }
            renameSync(temporary, this.file);
        } catch (error) {
            rmSync(temporary, { force: true });
            throw error;
        }
        this.content.revision = next.revision;
    }
}
