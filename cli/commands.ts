import { adopt, adoptable, describeAdopted } from "./adoption";
import { confirm, requireConsent } from "./consent";
import { Console } from "./console";
import { documentOf, failureDocument } from "./document";
import { exitCodeOf, exitCodes, messageOf, type Options } from "./options";
import type { Outcome } from "./outcome";
import { recover } from "./recovery";
import { type Operation, Session } from "./session";
import { summarize } from "./summary";

/** Opens the sandbox for one command, brings it in order, and closes it whatever happens. */
async function withSession(
    root: string,
    options: Options,
    operation: Operation,
    work: (session: Session) => Promise<number>,
): Promise<number> {
    const console = new Console(options.json);
    try {
        const session = await Session.open(root, options, console, operation);
        try {
            await recover(session);
            return await work(session);
        } finally {
            await session.close();
        }
    } catch (error) {
        console.error(`netra: ${messageOf(error)}`);
        if (options.json) console.document(failureDocument(messageOf(error)));
        return exitCodeOf(error);
    }
}

export function preview(root: string, options: Options): Promise<number> {
    return withSession(root, options, "preview", async (session) => {
        await adoptIntoNewState(session);
        return report(session, await session.run("preview"), "Plan");
    });
}

export function up(root: string, options: Options): Promise<number> {
    requireConsent(options, "up");
    return withSession(root, options, "up", async (session) => {
        await adoptIntoNewState(session);
        if (!options.yes) {
            const plan = await session.run("preview");
            if (plan.failed) return report(session, plan, "Plan");
            session.console.print(summarize(plan, session.configuration.workload, "Plan"));
            if (!(await confirm("Carry this out?"))) return exitCodes.failed;
        }
        return report(session, await journaled(session, "up", () => session.run("up")), "Update");
    });
}

export function refresh(root: string, options: Options): Promise<number> {
    return withSession(root, options, "refresh", async (session) =>
        report(session, await journaled(session, "refresh", () => session.run("refresh")), "Refresh"),
    );
}

export function destroy(root: string, options: Options & { unprotect: boolean }): Promise<number> {
    requireConsent(options, "destroy");
    return withSession(root, options, "destroy", async (session) => {
        const guarded = await protectedResources(session);
        if (guarded.length > 0 && !options.unprotect) {
            throw new Error(
                `nothing was deleted: these resources are protected. Pass --unprotect to delete them with the rest.\n${guarded.map((urn) => `  ${urn}`).join("\n")}`,
            );
        }
        if (!options.yes && !(await confirm(`Delete everything in stack ${options.stack} of the sandbox?`)))
            return exitCodes.failed;
        if (options.unprotect) await unprotect(session);
        return report(session, await journaled(session, "destroy", () => session.run("destroy")), "Destroy");
    });
}

export function adoptCommand(root: string, options: Options): Promise<number> {
    return withSession(root, options, "preview", async (session) => {
        const adopted = await journaledAdoption(session);
        if (options.json) session.console.document({ result: "succeeded", adopted, sandbox: true });
        else session.console.print(describeAdopted(adopted));
        return exitCodes.done;
    });
}

/** A state that knows nothing yet meets an estate that stands: without adoption its creates would end in 409. */
async function adoptIntoNewState(session: Session): Promise<void> {
    if (!session.sandbox.needsAdoption) return;
    session.console.note("sandbox: new state; looking for what the estate already has");
    session.console.print(describeAdopted(await journaledAdoption(session)));
}

function journaledAdoption(session: Session) {
    return journaled(session, "adopt", () => adopt(session));
}

/** Marks a command that changes things, so that the next one knows if this one was killed. */
async function journaled<Result>(session: Session, command: string, work: () => Promise<Result>): Promise<Result> {
    session.sandbox.journal.begin(command);
    const result = await work();
    const interrupted = (result as Partial<Outcome>).interrupted === true;
    if (!interrupted) session.sandbox.journal.end();
    return result;
}

async function protectedResources(session: Session): Promise<string[]> {
    const { resources = [] } = (await session.exportState()).deployment as {
        resources?: { urn: string; protect?: boolean }[];
    };
    return resources
        .filter((resource) => resource.protect)
        .map((resource) => resource.urn)
        .sort();
}

async function unprotect(session: Session): Promise<void> {
    const state = await session.exportState();
    const deployment = state.deployment as { resources?: { protect?: boolean }[] };
    for (const resource of deployment.resources ?? []) delete resource.protect;
    await session.importState(state);
}

function report(session: Session, outcome: Outcome, heading: string): number {
    const { console, options, configuration } = session;
    if (options.json) console.document(documentOf(outcome));
    else console.print(`\n${summarize(outcome, configuration.workload, heading)}`);
    if (outcome.failure !== undefined) console.error(`netra: ${outcome.failure}`);
    const existing = adoptable(session, outcome);
    if (existing.length > 0) {
        const ids = existing.map(({ id }) => id).join(", ");
        console.note(
            `sandbox: in the estate already, so \`up\` would end in 409; run \`bin/netra adopt\` first: ${ids}`,
        );
    }
    return outcome.interrupted ? exitCodes.failed : outcome.exitCode;
}
