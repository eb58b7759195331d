// Compares the sandbox with cases recorded from the real provider: npm run conformance -- FILE
import { readFileSync } from "node:fs";
import { check } from "./check";
import { autonameOf } from "./check-defaults";
import { diff } from "./diff";
import { knownType, schemaOf } from "./schema";
import { behaviorOf } from "./services";
import { DEFAULTS, isAbsent, isObject, isSame, type Props, UNKNOWN, withoutDefaults } from "./values";

export interface CheckCase {
    kind: "check";
    type: string;
    name: string;
    note?: string;
    inputs: Props;
    passes: boolean;
    checked?: Props;
}

export interface DiffCase {
    kind: "diff";
    type: string;
    name: string;
    note?: string;
    id: string;
    old: { inputs: Props; outputs: Props };
    new: Props;
    changed?: boolean;
    changedProperties: string[];
    replace: boolean;
    replaceProperties: string[];
    deleteBeforeReplace: boolean;
}

export type Case = CheckCase | DiffCase;

export interface Disagreement {
    type: string;
    note: string;
    field: string;
    expected: unknown;
    got: unknown;
}

export class MalformedCases extends Error {}

/** How the engine writes a value that is not known yet where it has only JSON. */
const UNKNOWN_IN_JSON = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const isStrings = (value: unknown): boolean => Array.isArray(value) && value.every((each) => typeof each === "string");

function flaw(value: unknown): string | undefined {
    if (!isObject(value)) return "is not an object";
    if (value.kind !== "check" && value.kind !== "diff") return 'has a kind that is neither "check" nor "diff"';
    if (typeof value.type !== "string") return "has no type";
    if (typeof value.name !== "string") return "has no name";
    if (value.kind === "check") {
        if (!isObject(value.inputs)) return "has no inputs";
        if (typeof value.passes !== "boolean") return "does not say whether it passes";
        if (!isAbsent(value.checked) && !isObject(value.checked)) return "has a checked that is not an object";
        return undefined;
    }
    if (!isObject(value.old) || !isObject(value.old.inputs) || !isObject(value.old.outputs))
        return "has no old inputs and outputs";
    if (!isObject(value.new)) return "has no new inputs";
    if (!isStrings(value.changedProperties) || !isStrings(value.replaceProperties))
        return "does not list what changed and what replaces";
    if (typeof value.replace !== "boolean" || typeof value.deleteBeforeReplace !== "boolean")
        return "does not say whether it replaces";
    return undefined;
}

export function readCases(file: string): Case[] {
    let text: string;
    try {
        text = readFileSync(file, "utf8");
    } catch {
        throw new MalformedCases(`${file} cannot be read`);
    }
    let cases: unknown;
    try {
        cases = JSON.parse(text, (_key, value) => (value === UNKNOWN_IN_JSON ? UNKNOWN : value));
    } catch {
        throw new MalformedCases(`${file} is not JSON`);
    }
    if (!Array.isArray(cases)) throw new MalformedCases(`${file} is not a list of cases`);
    cases.forEach((each, index) => {
        const found = flaw(each);
        if (found) throw new MalformedCases(`${file}: case ${index + 1} ${found}`);
    });
    return cases as Case[];
}

const sorted = (names: string[]): string[] => [...names].sort();

/** A name that the new inputs leave out and the old ones had was filled by auto-naming, and is kept. */
function namedBefore({ type, old, new: inputs }: DiffCase): Props | undefined {
    const property = autonameOf(schemaOf(type).properties, behaviorOf(type))?.property;
    if (!property || !isAbsent(inputs[property]) || isAbsent(old.inputs[property])) return undefined;
    return { [property]: old.inputs[property], [DEFAULTS]: [property] };
}

/** What the sandbox says otherwise than the recording. */
export function judge(each: Case): Disagreement[] {
    const { type, name } = each;
    const found: Disagreement[] = [];
    const compare = (field: string, expected: unknown, got: unknown): void => {
        if (!isSame(expected, got)) found.push({ type, note: each.note ?? "", field, expected, got });
    };
    if (!knownType(type)) {
        compare("type", type, "a type the sandbox has not");
        return found;
    }
    if (each.kind === "check") {
        const { inputs, failures } = check({ type, name, inputs: each.inputs });
        const reasons = failures.map(({ property, reason }) => `${property}: ${reason}`);
        if (each.passes !== (failures.length === 0))
            compare("passes", each.passes, reasons.length > 0 ? reasons : true);
        else if (each.checked) compare("checked", each.checked, withoutDefaults(inputs));
        return found;
    }
    const { inputs, failures } = check({ type, name, inputs: each.new, oldInputs: namedBefore(each) });
    if (failures.length > 0) compare("check of new", [], failures);
    const result = diff({ type, id: each.id, oldInputs: each.old.inputs, oldOutputs: each.old.outputs, inputs });
    if (each.changed !== undefined) compare("changed", each.changed, result.changed);
    compare("changedProperties", sorted(each.changedProperties), result.changedProperties);
    compare("replace", each.replace, result.replace);
    compare("replaceProperties", sorted(each.replaceProperties), result.replaceProperties);
    compare("deleteBeforeReplace", each.deleteBeforeReplace, result.deleteBeforeReplace);
    return found;
}

const show = (value: unknown): string =>
    JSON.stringify(value, (_key, each) => (each === UNKNOWN ? "<unknown>" : each)) ?? "nothing";

export function main(args: string[], print: (line: string) => void): number {
    const [file] = args;
    if (!file || args.length > 1) {
        print("usage: npm run conformance -- FILE (a JSON list of cases recorded from the provider)");
        return 2;
    }
    let cases: Case[];
    try {
        cases = readCases(file);
    } catch (error) {
        if (!(error instanceof MalformedCases)) throw error;
        print(error.message);
        return 2;
    }
    let agreed = 0;
    for (const each of cases) {
        const disagreements = judge(each);
        if (disagreements.length === 0) agreed++;
        for (const { type, note, field, expected, got } of disagreements) {
            print(`${type} (${note}): ${field}: expected ${show(expected)}, got ${show(got)}`);
        }
    }
    print(`${agreed} of ${cases.length} agree`);
    return agreed === cases.length ? 0 : 1;
}
