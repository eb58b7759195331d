/** Stands for a value that is not known until `up`. It may be anywhere in a preview's inputs. */
export const UNKNOWN: unique symbol = Symbol.for("netra.sandbox.unknown");

export type Props = Record<string, unknown>;

export const isUnknown = (value: unknown): value is typeof UNKNOWN => value === UNKNOWN;

export const isAbsent = (value: unknown): value is null | undefined => value === null || value === undefined;

export const isObject = (value: unknown): value is Props =>
    typeof value === "object" && value !== null && !Array.isArray(value);

export const asObject = (value: unknown): Props => (isObject(value) ? value : {});

export const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : isAbsent(value) ? [] : [value]);

/** Plain values as text; nothing else has one. */
export const asText = (value: unknown): string =>
    typeof value === "string" ? value : typeof value === "number" || typeof value === "boolean" ? String(value) : "";

export function holdsUnknown(value: unknown): boolean {
    if (Array.isArray(value)) return value.some(holdsUnknown);
    return isObject(value) ? Object.values(value).some(holdsUnknown) : isUnknown(value);
}

/** Terraform cannot tell these from "left out". */
export function isZero(value: unknown): boolean {
    if (isAbsent(value) || value === "" || value === 0 || value === false) return true;
    if (Array.isArray(value)) return value.length === 0;
    return isObject(value) && Object.keys(value).length === 0;
}

/** True where nothing that a user could have meant is in it: an empty block, a block of empty values. */
export function isBlank(value: unknown): boolean {
    if (Array.isArray(value)) return value.every(isBlank);
    if (isObject(value)) return Object.values(value).every(isBlank);
    return isZero(value);
}

/** Keeps UNKNOWN, which neither JSON nor structuredClone does. */
export function copy<T>(value: T): T {
    if (Array.isArray(value)) return value.map(copy) as T;
    if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copy(each)])) as T;
    return value;
}

export function isSame(one: unknown, other: unknown): boolean {
    if (Array.isArray(one) && Array.isArray(other)) {
        return one.length === other.length && one.every((each, index) => isSame(each, other[index]));
    }
    if (isObject(one) && isObject(other)) {
        const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
        return [...keys].every((key) => isSame(one[key] ?? null, other[key] ?? null));
    }
    return one === other;
}

/** Every value at a dotted path; a list stands for each of its elements. */
export function valuesAt(value: unknown, path: string): unknown[] {
    const [name, ...rest] = path.split(".");
    if (name === undefined || name === "") return asList(value);
    const next = asList(value).flatMap((each) => (isObject(each) ? asList(each[name]) : isUnknown(each) ? [each] : []));
    return rest.length === 0 ? next : valuesAt(next, rest.join("."));
}

export const valueAt = (value: unknown, path: string): unknown => valuesAt(value, path)[0];

export const DEFAULTS = "__defaults";

/** Removes what the bridge leaves in inputs for its own use. */
export function withoutDefaults<T>(value: T): T {
    if (Array.isArray(value)) return value.map(withoutDefaults) as T;
    if (!isObject(value)) return value;
    const kept = Object.entries(value).filter(([key]) => key !== DEFAULTS);
    return Object.fromEntries(kept.map(([key, each]) => [key, withoutDefaults(each)])) as T;
}
