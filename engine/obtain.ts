import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { type Engine, findEngine } from "./find";
import { cachedBinary, cachedRoot, engineVersion } from "./release";

/** Longest wait for Pulumi's own download to answer: networks that drop packets in silence would hang it for minutes. */
const downloadSeconds = 120;
const reachSeconds = 5;

/** Thrown when no engine can be found, downloaded or built; the text says what was tried and what to install. */
export class NoEngineError extends Error {}

/** Finds Pulumi's engine, or obtains it: Pulumi's own download first, a build from the Go module proxy else. */
export async function obtainEngine(buildFolder: string, log: (line: string) => void): Promise<Engine> {
    const found = await findEngine(log);
    if (found !== undefined) return found;
    log(`engine: Pulumi ${engineVersion} is not on this machine`);
    const tried: string[] = [];
    for (const [name, obtain] of [
        ["download", () => download(log)],
        ["build", () => build(buildFolder, log)],
    ] as const) {
        try {
            await obtain();
            return { root: cachedRoot(), version: engineVersion, origin: `${name}, kept in ${cachedRoot()}` };
        } catch (error) {
            const reason = error instanceof Error ? error.message : String(error);
            log(`engine: no ${name}: ${reason}`);
            tried.push(`  - ${name}: ${reason}`);
        }
    }
    throw new NoEngineError(
        [
            `Pulumi's engine ${engineVersion} could not be obtained:`,
            ...tried,
            `Install the Pulumi CLI ${engineVersion} or a newer 3.x so that \`pulumi\` is on PATH, or install Go 1.26 or newer and let this command build it.`,
        ].join("\n"),
    );
}

async function download(log: (line: string) => void): Promise<void> {
    const host = "get.pulumi.com";
    try {
        await fetch(`https://${host}/`, { method: "HEAD", signal: AbortSignal.timeout(reachSeconds * 1000) });
    } catch {
        throw new Error(`${host} cannot be reached from here`);
    }
    log(`engine: downloading Pulumi ${engineVersion} from ${host}`);
    const late = new Promise<never>((_, reject) => {
        setTimeout(() => reject(new Error(`no end after ${downloadSeconds} s`)), downloadSeconds * 1000).unref();
    });
    await Promise.race([PulumiCommand.install({ root: cachedRoot() }), late]);
}

async function build(folder: string, log: (line: string) => void): Promise<void> {
    log(`engine: building Pulumi ${engineVersion} from the Go module proxy; this takes some minutes, once`);
    const binary = cachedBinary();
    // A name of its own, then a rename: an interrupted build, or two at once, never leave half a binary.
    const draft = `${binary}.${process.pid}`;
    fs.mkdirSync(path.dirname(binary), { recursive: true });
    const versionFlag = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${engineVersion}`;
    try {
        await run(
            "go",
            // -v names each package as it is compiled: that is the progress.
            ["build", "-v", "-trimpath", "-buildvcs=false", "-ldflags", `-s -w ${versionFlag}`, "-o", draft].concat(
                "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
            ),
            folder,
            log,
        );
        fs.renameSync(draft, binary);
    } finally {
        fs.rmSync(draft, { force: true });
    }
    log(`engine: built, and kept in ${cachedRoot()}`);
}

/** Runs a build command; every few seconds says how far it is. */
async function run(command: string, args: string[], cwd: string, log: (line: string) => void): Promise<void> {
    const started = Date.now();
    const child = spawn(command, args, {
        cwd,
        env: { ...process.env, GOFLAGS: "", GOWORK: "off" },
        stdio: ["ignore", "ignore", "pipe"],
    });
    let compiled = 0;
    let downloaded = 0;
    let tail: string[] = [];
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
        const lines = text.split("\n").filter((line) => line !== "");
        downloaded += lines.filter((line) => line.startsWith("go: downloading")).length;
        compiled += lines.filter((line) => /^[\w.-]+(\/\S+)*$/.test(line)).length;
        tail = [...tail, ...lines].slice(-6);
    });
    const ticker = setInterval(() => {
        const seconds = Math.round((Date.now() - started) / 1000);
        log(`engine: ${seconds} s, ${downloaded} modules downloaded, ${compiled} packages compiled`);
    }, 10_000);
    try {
        await ended(child, command, () => tail);
    } finally {
        clearInterval(ticker);
    }
}

function ended(child: ChildProcess, command: string, tail: () => string[]): Promise<void> {
    return new Promise((resolve, reject) => {
        child.once("error", (error: NodeJS.ErrnoException) => {
            reject(error.code === "ENOENT" ? new Error(`\`${command}\` is not installed`) : error);
        });
        child.once("exit", (code, signal) => {
            if (code === 0) resolve();
            else reject(new Error(`${command} ended with ${signal ?? code}: ${tail().join(" | ")}`));
        });
    });
}
