import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import * as semver from "semver";
import { cachedRoot, engineVersion } from "./release";

/** A Pulumi CLI on this machine. */
export interface Engine {
    /** Folder that holds `bin/pulumi`. */
    readonly root: string;
    /** Its release, such as `3.259.0`. */
    readonly version: string;
    /** Where it came from, in words. */
    readonly origin: string;
}

/** Looks for an engine without obtaining one: on PATH first, then the one cached under the user's Pulumi home. */
export async function findEngine(log: (line: string) => void): Promise<Engine | undefined> {
    return (await findOnPath(log)) ?? findCached();
}

function findCached(): Engine | undefined {
    const root = cachedRoot();
    return isExecutable(path.join(root, "bin", "pulumi"))
        ? { root, version: engineVersion, origin: `cached in ${root}` }
        : undefined;
}

async function findOnPath(log: (line: string) => void): Promise<Engine | undefined> {
    for (const folder of (process.env.PATH ?? "").split(path.delimiter)) {
        const binary = path.join(folder, "pulumi");
        // The Automation API takes the folder above `bin`; a `pulumi` outside a `bin` folder cannot be named to it.
        if (folder === "" || path.basename(folder) !== "bin" || !isExecutable(binary)) continue;
        const found = await versionOf(binary);
        const range = `^${engineVersion}`;
        if (found !== undefined && semver.satisfies(found, range)) {
            return { root: path.dirname(folder), version: found, origin: `${found} on PATH (${binary})` };
        }
        log(`engine: ${binary} is ${found ?? "of an unknown version"}; ${range} is needed, so it is passed over`);
    }
    return undefined;
}

async function versionOf(binary: string): Promise<string | undefined> {
    try {
        const { stdout } = await promisify(execFile)(binary, ["version"], {
            env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
            timeout: 20_000,
        });
        return semver.valid(stdout.trim()) ?? undefined;
    } catch {
        return undefined;
    }
}

export function isExecutable(file: string): boolean {
    try {
        fs.accessSync(file, fs.constants.X_OK);
        return fs.statSync(file).isFile();
    } catch {
        return false;
    }
}
