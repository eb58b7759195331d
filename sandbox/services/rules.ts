// What the provider's validators and diff suppressors have in common.
import type { Suppressor, Validator } from "../behavior";
import type { Fields } from "../schema";

export const matches =
    (pattern: RegExp): Validator =>
    (value) =>
        pattern.test(String(value)) ? undefined : `"${String(value)}" doesn't match regexp "${pattern.source}"`;

export const between =
    (least: number, most: number): Validator =>
    (value) =>
        Number(value) >= least && Number(value) <= most
            ? undefined
            : `expected a value in the range (${least} - ${most}), got ${String(value)}`;

export const oneOf =
    (...values: string[]): Validator =>
    (value) =>
        values.includes(String(value)) ? undefined : `expected one of ${JSON.stringify(values)}, got ${String(value)}`;

export const lengthBetween =
    (least: number, most: number): Validator =>
    (value) =>
        String(value).length >= least && String(value).length <= most
            ? undefined
            : `expected a length in the range (${least} - ${most}), got ${String(value)}`;

export const both =
    (...rules: Validator[]): Validator =>
    (value) =>
        rules.map((rule) => rule(value)).find(Boolean);

export const json: Validator = (value) => {
    try {
        JSON.parse(String(value));
        return undefined;
    } catch (error) {
        return `contains an invalid JSON: ${(error as Error).message}`;
    }
};

/** The names of Compute Engine, where the provider checks them itself. */
export const computeName = matches(/^(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)$/);

export const seconds = matches(/^[0-9]+(?:\.[0-9]{1,9})?s$/);

const ofProject = (reference: string): string => {
    const at = reference.indexOf("projects/");
    return at < 0 ? "" : reference.slice(at);
};

const name = (reference: string): string => reference.split("/").at(-1) ?? "";

export const sameRelativePath: Suppressor = (old, next) => ofProject(old) !== "" && ofProject(old) === ofProject(next);

/** A bare name in the program against the state's link, or two links. */
export const sameLinkOrName: Suppressor = (old, next, resource) =>
    next !== "" && !next.includes("/") ? name(old) === next : sameRelativePath(old, next, resource);

export const sameName: Suppressor = (old, next) => old !== "" && name(old) === name(next);

export const sameIgnoringCase: Suppressor = (old, next) => old.toLowerCase() === next.toLowerCase();

export const emptyOr =
    (usual: string): Suppressor =>
    (old, next) =>
        (old === "" && next === usual) || (next === "" && old === usual);

/** The API answers with the project's number where the program gave its id. */
export const sameButForProjectNumber: Suppressor = (old, next) =>
    old.replace(/projects\/\d+/, "projects/equal") === next.replace(/projects\/[^/]+/, "projects/equal");

/** The rule for every property that has one of the names, however deep. */
export function everywhere<T>(fields: Fields, names: string[], rule: T, prefix = ""): Record<string, T> {
    const found: Record<string, T> = {};
    for (const [each, field] of Object.entries(fields)) {
        if (names.includes(each) && !field.fields) found[prefix + each] = rule;
        if (field.fields) Object.assign(found, everywhere(field.fields, names, rule, `${prefix}${each}.`));
    }
    return found;
}
