import * as fs from "node:fs";
import * as path from "node:path";
import type { SandboxHome } from "../sandbox/home";
import type { Console } from "./console";
import { project } from "./project";

const waitSeconds = 60;

/**
 * Makes Pulumi's state free again after a killed run. Pulumi's own lock outlives a killed engine, and an engine whose
 * parent was killed goes on for a moment: one that lives is waited for, the lock of a dead one is taken away.
 */
export async function releaseEngineLock(home: SandboxHome, stack: string, console: Console): Promise<void> {
    const folder = home.locks(project, stack);
    const deadline = Date.now() + waitSeconds * 1000;
    for (const name of fs.existsSync(folder) ? fs.readdirSync(folder) : []) {
        const file = path.join(folder, name);
        const holder = readHolder(file);
        if (holder !== undefined && isAlive(holder)) {
            console.note(
                `sandbox: Pulumi's engine (process ${holder}) is still at work on ${stack}; waiting for it to end`,
            );
            while (isAlive(holder)) {
                if (Date.now() > deadline)
                    throw new Error(`process ${holder} has not ended within ${waitSeconds} s. End it, then try again.`);
                await new Promise((resolve) => setTimeout(resolve, 200));
            }
        }
        fs.rmSync(file, { force: true });
    }
}

function readHolder(file: string): number | undefined {
    try {
        const { pid } = JSON.parse(fs.readFileSync(file, "utf8")) as { pid?: number };
        return pid;
    } catch {
        return undefined;
    }
}

function isAlive(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EPERM";
    }
}
