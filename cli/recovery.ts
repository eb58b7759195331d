import * as fs from "node:fs";
import { project } from "./project";
import type { Session } from "./session";

/** Brings state and estate together after a killed run, and says what was pending. */
export async function recover(session: Session): Promise<void> {
    const { sandbox, console } = session;
    const pending = pendingOperations(sandbox.home.checkpoint(project, session.options.stack));
    const { interrupted } = sandbox;
    if (interrupted === undefined && pending.length === 0) return;
    if (interrupted !== undefined) {
        console.note(`sandbox: \`netra ${interrupted.command}\`, begun ${interrupted.startedAt}, was interrupted`);
    }
    for (const { type, urn } of pending) console.note(`sandbox: pending when it was: ${type} ${urn}`);
    const known = await knownToState(session);
    for (const { type, id } of interrupted?.created ?? []) {
        if (known.has(`${type} ${id}`) || !sandbox.gcp.forget(type, id)) continue;
        console.note(`sandbox: taken back, since the state never came to know of it: ${type} ${id}`);
    }
    sandbox.save();
    const refresh = await session.run("refresh", { quiet: true });
    if (refresh.failed) throw new Error(`the state could not be refreshed:\n${refresh.errors.join("\n")}`);
    sandbox.journal.end();
    console.note("sandbox: state and estate agree again");
}

interface PendingOperation {
    readonly type: string;
    readonly urn: string;
}

function pendingOperations(checkpoint: string): PendingOperation[] {
    if (!fs.existsSync(checkpoint)) return [];
    const state = JSON.parse(fs.readFileSync(checkpoint, "utf8")) as {
        checkpoint?: { latest?: { pending_operations?: { type: string; resource: { urn: string } }[] } };
    };
    return (state.checkpoint?.latest?.pending_operations ?? []).map(({ type, resource }) => ({
        type,
        urn: resource.urn,
    }));
}

async function knownToState(session: Session): Promise<Set<string>> {
    const state = await session.exportState();
    const resources = ((state.deployment as { resources?: { type: string; id?: string }[] }).resources ?? []) as {
        type: string;
        id?: string;
    }[];
    return new Set(resources.map(({ type, id }) => `${type} ${id}`));
}
