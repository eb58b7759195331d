import { UnknownValueError } from "@pulumi/policy";

export type Props = Record<string, unknown>;
export type Path = readonly (string | number)[];

/** What a policy can tell about one property. A preview may not know its value yet. */
export type Field = { readonly known: true; readonly value: unknown } | { readonly known: false };

/**
 * Reads one property, by its path. The runner hands properties over in a proxy that throws on an unknown value; were the
 * error to leave the rule, the runner would turn it into an advisory note and drop everything that the rule found. So each
 * property is read by itself, and the rule decides what not knowing it means.
 */
export function readField(props: Props | undefined, ...path: Path): Field {
    try {
        let value: unknown = props;
        for (const step of path) {
            if (typeof value !== "object" || value === null) return missing;
            value = (value as Record<string | number, unknown>)[step];
        }
        // JSON has no `undefined`: a null is how a program leaves a property out, and an empty text is how the provider's
        // state says that it was left out.
        return { known: true, value: value === "" ? undefined : (value ?? undefined) };
    } catch (error) {
        if (error instanceof UnknownValueError) return { known: false };
        throw error;
    }
}

const missing: Field = { known: true, value: undefined };

/** The value of a field, or `undefined` when it is missing or not known. */
export function knownValue(field: Field): unknown {
    return field.known ? field.value : undefined;
}

/** The value of a field when it is text; `undefined` otherwise. */
export function knownText(field: Field): string | undefined {
    const value = knownValue(field);
    return typeof value === "string" ? value : undefined;
}

/**
 * The paths to the elements of a list; empty when it is missing or is not a list. Of a list that is not known, no element
 * is. The elements themselves may be unknown.
 */
export function elementPaths(props: Props, ...path: Path): Path[] {
    const list = knownValue(readField(props, ...path));
    // An array in the runner's proxy is still an array, and its length is known even where its elements are not.
    return Array.isArray(list) ? Array.from({ length: list.length }, (_, index) => [...path, index]) : [];
}
