import { type Autoname, type AutonamingRequest, autoname } from "./autoname";
import type { Behavior } from "./behavior";
import { type Field, type Fields, isCollection, isSingle } from "./schema";
import { asList, asObject, DEFAULTS, isAbsent, isObject, isZero, type Props } from "./values";

const NAME: Autoname = { property: "name", maxLength: 255 };

/** Pulumi names every resource that has an input `name`, except where the provider asks the user for it. */
export function autonameOf(properties: Fields, behavior: Behavior): Autoname | undefined {
    if (behavior.autoname === false) return undefined;
    if (behavior.autoname) return behavior.autoname;
    const { name } = properties;
    return name?.type === "string" && !name.outputOnly && (name.named || !name.required) ? NAME : undefined;
}

/** A list, when the defaults of the inputs before are tracked; without tracking any old value may be reused. */
function oldDefault(olds: Props | undefined, name: string): unknown {
    if (!olds || isAbsent(olds[name])) return undefined;
    const tracked = olds[DEFAULTS];
    return !Array.isArray(tracked) || tracked.includes(name) ? olds[name] : undefined;
}

/** A default must not be what makes an input conflict with another. */
function excluded(fields: Fields, props: Props, name: string): boolean {
    const isSet = (other: string): boolean => other !== name && !isAbsent(props[other]);
    const rules = (field?: Field): string[] => [...(field?.conflictsWith ?? []), ...(field?.exactlyOneOf ?? [])];
    if (rules(fields[name]).some(isSet)) return true;
    return Object.keys(fields).some((other) => isSet(other) && rules(fields[other]).includes(name));
}

export interface Naming {
    name: string;
    randomSeed?: Uint8Array;
    autonaming?: AutonamingRequest;
}

/** Pulumi's own defaults come before validation: the name, and the few that pulumi-gcp adds. */
export function applyPulumiDefaults(
    fields: Fields,
    behavior: Behavior,
    props: Props,
    olds: Props | undefined,
    naming: Naming,
): string[] {
    const filled: string[] = [];
    const fill = (name: string, value: unknown): void => {
        if (isAbsent(value)) return;
        props[name] = value;
        filled.push(name);
    };
    const named = autonameOf(fields, behavior);
    if (named && isAbsent(props[named.property]) && !excluded(fields, props, named.property)) {
        const kept = oldDefault(olds, named.property);
        fill(named.property, kept ?? autoname(named, naming.name, naming.randomSeed, naming.autonaming));
    }
    for (const [name, value] of Object.entries(behavior.defaults ?? {})) {
        if (isAbsent(props[name])) fill(name, oldDefault(olds, name) ?? value);
    }
    return filled;
}

/**
 * The provider's defaults come after validation, at every level. Those that are empty are left out: the provider could not tell
 * them from values that the program gave. `__defaults` says at each level which keys were filled.
 */
export function applyProviderDefaults(
    fields: Fields,
    props: Props,
    olds: Props | undefined,
    filled: string[] = [],
): Props {
    const result: Props = {};
    for (const [name, value] of Object.entries(props)) {
        const field = fields[name];
        result[name] = field ? inBlocks(field, value, olds?.[name]) : value;
    }
    const names = [...filled];
    for (const [name, field] of Object.entries(fields)) {
        if (!isAbsent(props[name]) || isZero(field.default) || excluded(fields, props, name)) continue;
        result[name] = oldDefault(olds, name) ?? field.default;
        names.push(name);
    }
    result[DEFAULTS] = names.sort();
    return result;
}

function inBlocks(field: Field, value: unknown, old: unknown): unknown {
    const inner = field.fields;
    if (!inner || !isCollection(field)) return value;
    const inBlock = (each: unknown, before: unknown): unknown =>
        isObject(each) ? applyProviderDefaults(inner, each, isObject(before) ? asObject(before) : undefined) : each;
    if (isSingle(field)) return inBlock(value, old);
    return Array.isArray(value) ? value.map((each, index) => inBlock(each, asList(old)[index])) : value;
}
