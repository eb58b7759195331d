import * as pulumi from "@pulumi/pulumi";
import type { Adoptable } from "../sandbox/gcp-provider";
import type { Outcome } from "./outcome";
import type { Session } from "./session";

/** What adoption took over. */
export interface Adopted {
    readonly type: string;
    readonly name: string;
    readonly id: string;
}

/**
 * Takes into the state what the program declares and the estate already has, under the URN that the program gives it.
 * A preview finds it; an update of these resources alone then imports them as they are, so that the next plan shows
 * what the program changes on them, in place, and no create meets a name that exists.
 *
 * `pulumi import` cannot do it here: it insists on a language host, and knows nothing of the components around.
 */
export async function adopt(session: Session): Promise<Adopted[]> {
    const parents = new Map<string, string>();
    const plan = await session.run("preview", {
        quiet: true,
        policies: false,
        onResource: (urn, parent) => parents.set(urn, parent),
    });
    if (plan.failed) throw new Error(`the program cannot be planned:\n${plan.errors.join("\n")}`);
    const found = adoptable(session, plan);
    if (found.length === 0) return [];
    const targets = new Set(found.flatMap(({ urn }) => [urn, ...ancestors(urn, parents)]));
    const update = await session.withProgram(
        (load) => {
            importing(found, targets);
            // Its outputs are left out: most are of resources that do not exist yet.
            load();
        },
        () => session.run("up", { quiet: true, policies: false, target: [...targets] }),
    );
    if (update.failed) throw new Error(`adoption failed:\n${update.errors.join("\n")}`);
    return found.map(({ type, urn, id }) => ({ type, name: nameOf(urn), id }));
}

/** What a plan would create although the estate has it. What it replaces is not among them: the state knows that. */
export function adoptable(session: Session, plan: Outcome): (Adoptable & { urn: string })[] {
    const creates = new Set(plan.steps.filter(({ op }) => op === "create").map(({ urn }) => urn));
    return [...session.sandbox.gcp.adoptable]
        .filter(([urn]) => creates.has(urn))
        .map(([urn, resource]) => ({ urn, ...resource }));
}

/** Makes the program that runs next import what was found. */
function importing(found: readonly (Adoptable & { urn: string })[], targets: ReadonlySet<string>): void {
    const pending = new Map(found.map((resource) => [key(resource.type, nameOf(resource.urn)), resource]));
    const targeted = new Set([...targets].map((urn) => key(typeOf(urn), nameOf(urn))));
    // A transformation of the SDK's and not one of the engine's: the engine takes over another `dependsOn` only from
    // transforms of the resource itself (pkg/v3 3.259, `source_eval.go`).
    pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) => {
        if (!targeted.has(key(type, name))) return undefined;
        const resource = pending.get(key(type, name));
        // With no dependency on what does not exist yet; and what is imported, as it stands.
        const independent = { ...opts, dependsOn: [] };
        if (resource === undefined) return { props, opts: independent };
        return { props: resource.inputs, opts: { ...independent, import: resource.id } };
    });
}

export function describeAdopted(adopted: readonly Adopted[]): string {
    if (adopted.length === 0)
        return "Nothing to adopt: what the program declares is either new or in the state already.";
    return [
        `Adopted ${adopted.length} resources that the estate has and no Pulumi state had:`,
        ...adopted.map(({ type, id }) => `  = ${type} ${id}`),
    ].join("\n");
}

function ancestors(urn: string, parents: ReadonlyMap<string, string>): string[] {
    const parent = parents.get(urn);
    return parent === undefined || parent === "" ? [] : [parent, ...ancestors(parent, parents)];
}

function nameOf(urn: string): string {
    return urn.slice(urn.lastIndexOf("::") + 2);
}

function typeOf(urn: string): string {
    return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

function key(type: string, name: string): string {
    return `${type} ${name}`;
}
