import { type Field, type Fields, isCollection, isSingle, isWriteOnly } from "./schema";
import { asList, asObject, copy, DEFAULTS, isAbsent, isObject, isUnknown, isZero, type Props, UNKNOWN } from "./values";

/** What the provider's read puts where the API answers nothing. */
function emptyValue(field: Field): unknown {
    switch (field.type) {
        case "string":
            return "";
        case "boolean":
            return false;
        case "integer":
        case "number":
            return 0;
        case "map":
            return field.computed ? {} : null;
        default:
            if (isSingle(field)) return null;
            return field.fields || field.computed ? [] : null;
    }
}

const isLeftOut = (field: Field, value: unknown): boolean =>
    isAbsent(value) || (field.fields !== undefined && Array.isArray(value) && value.length === 0);

/** Applies `each` to the block or to every block of a list; blocks of a list belong to old ones by their place. */
function blocks(
    field: Field,
    value: unknown,
    old: unknown,
    each: (block: Props, old: Props | undefined) => unknown,
): unknown {
    const before = field.type === "set" && !isSingle(field) ? [] : asList(old);
    const one = (block: unknown, index: number): unknown =>
        isObject(block) ? each(block, isObject(before[index]) ? asObject(before[index]) : undefined) : block;
    return Array.isArray(value) ? value.map(one) : one(value, 0);
}

/**
 * The resource as the provider sends it: the inputs, what the cloud decided before where the inputs are silent, and empty values for
 * the rest. Write-only values are never kept.
 */
export function materialize(fields: Fields, inputs: Props, old?: Props): Props {
    const result: Props = {};
    for (const [name, field] of Object.entries(fields)) {
        const value = inputs[name];
        if (isWriteOnly(name)) result[name] = null;
        else if (field.outputOnly || (isLeftOut(field, value) && field.computed && !isAbsent(old?.[name]))) {
            result[name] = copy(old?.[name] ?? emptyValue(field));
        } else if (isLeftOut(field, value)) result[name] = copy(field.default ?? emptyValue(field));
        else if (field.fields && isCollection(field)) {
            const inner = field.fields;
            result[name] = blocks(field, value, old?.[name], (block, before) => materialize(inner, block, before));
        } else if (field.type === "map") {
            result[name] = Object.fromEntries(Object.entries(asObject(value)).filter(([key]) => key !== DEFAULTS));
        } else result[name] = copy(value);
    }
    return result;
}

/** What a preview knows of the resource: its inputs, old values of what the cloud decides, and UNKNOWN for the rest. */
export function foresee(fields: Fields, inputs: Props, old?: Props): Props {
    const result: Props = {};
    for (const [name, field] of Object.entries(fields)) {
        const value = inputs[name];
        if (!isLeftOut(field, value) && field.fields && isCollection(field) && !isUnknown(value)) {
            const inner = field.fields;
            result[name] = blocks(field, value, old?.[name], (block, before) => foresee(inner, block, before));
        } else if (!isLeftOut(field, value)) result[name] = copy(value);
        else if (field.computed) result[name] = old && !isAbsent(old[name]) ? copy(old[name]) : UNKNOWN;
        else if (!isZero(field.default)) result[name] = field.default;
    }
    return result;
}

/** Of properties that exclude each other an import keeps the first. */
function conflictsWithKept(field: Field, name: string, kept: Props): boolean {
    const rivals = [...(field.conflictsWith ?? []), ...(field.exactlyOneOf ?? [])];
    return rivals.some((rival) => rival !== name && !isAbsent(kept[rival.split(".")[0] ?? rival]));
}

/** The inputs that a program would need to describe the resource: what an import starts from. */
export function importInputs(fields: Fields, outputs: Props): Props {
    const result: Props = {};
    for (const [name, field] of Object.entries(fields)) {
        const value = outputs[name];
        const usual = name === "deletionPolicy" ? "DELETE" : field.default;
        if (field.outputOnly || isAbsent(value) || conflictsWithKept(field, name, result)) continue;
        // An empty value says something only against a default that is not empty.
        if (!field.required && (value === usual || (isZero(value) && isZero(field.default)))) continue;
        if (field.fields && isCollection(field)) {
            const inner = field.fields;
            result[name] = blocks(field, value, undefined, (block) => importInputs(inner, block));
        } else result[name] = copy(value);
    }
    result[DEFAULTS] = [];
    return result;
}

/** A refresh brings the inputs that are there up to date and adds none. */
export function refreshInputs(inputs: unknown, outputs: unknown): unknown {
    if (isUnknown(inputs) || isAbsent(outputs)) return inputs;
    if (Array.isArray(inputs) && Array.isArray(outputs)) {
        return outputs.map((each, index) => (index < inputs.length ? refreshInputs(inputs[index], each) : each));
    }
    if (isObject(inputs) && isObject(outputs)) {
        return Object.fromEntries(
            Object.entries(inputs).map(([key, each]) => [
                key,
                key === DEFAULTS ? each : refreshInputs(each, outputs[key]),
            ]),
        );
    }
    return isObject(inputs) || Array.isArray(inputs) ? inputs : copy(outputs);
}
