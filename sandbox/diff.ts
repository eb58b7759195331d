import { autonameOf } from "./check-defaults";
import { covers, parsePath, showPath } from "./diff-changes";
import { Comparison } from "./diff-compare";
import { schemaOf } from "./schema";
import { behaviorOf } from "./services";
import { DEFAULTS, isAbsent, type Props, withoutDefaults } from "./values";

export type DetailedKind = "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";

export interface DiffRequest {
    type: string;
    id: string;
    oldInputs: Props;
    oldOutputs: Props;
    inputs: Props;
    ignoreChanges?: string[];
}

export interface DiffResult {
    changed: boolean;
    changedProperties: string[];
    replaceProperties: string[];
    /** Can be true with no property in `replaceProperties`: then a rule in the provider's code asks for it. */
    replace: boolean;
    deleteBeforeReplace: boolean;
    detailed: Record<string, DetailedKind>;
}

/** Two resources cannot have one name at a time: a name that the program chose means that the old one goes first. */
function nameIsExplicit(type: string, inputs: Props): boolean {
    const named = autonameOf(schemaOf(type).properties, behaviorOf(type));
    const defaults = inputs[DEFAULTS];
    if (!named || !Array.isArray(defaults)) return false;
    return !isAbsent(inputs[named.property]) && !defaults.includes(named.property);
}

const topLevel = (paths: { path: (string | number)[] }[]): string[] =>
    [...new Set(paths.map(({ path }) => String(path[0])))].sort();

/** The provider's Diff: the state against the program's checked inputs. It does not ask the cloud. */
export function diff({ type, oldOutputs, inputs, ignoreChanges = [] }: DiffRequest): DiffResult {
    const { properties } = schemaOf(type);
    const behavior = behaviorOf(type);
    const ignored = ignoreChanges.map(parsePath);
    const next: Props = withoutDefaults(inputs);
    for (const path of ignored) {
        const [name] = path;
        if (path.length === 1 && typeof name === "string" && name in properties) next[name] = oldOutputs[name];
    }

    const comparison = new Comparison(behavior, oldOutputs, next);
    comparison.fields(properties, oldOutputs, next);
    const changes = comparison.changes.filter(({ path }) => !ignored.some((each) => covers(each, path)));

    const replacing = changes.filter((change) => change.replace);
    const replace = replacing.length > 0 || (changes.length > 0 && (behavior.replaces?.(oldOutputs, next) ?? false));
    return {
        changed: changes.length > 0,
        changedProperties: topLevel(changes),
        replaceProperties: topLevel(replacing),
        replace,
        deleteBeforeReplace: replace && (behavior.deleteBeforeReplace === true || nameIsExplicit(type, inputs)),
        detailed: Object.fromEntries(
            changes.map((change): [string, DetailedKind] => [
                showPath(change.path),
                change.replace ? `${change.kind}-replace` : change.kind,
            ]),
        ),
    };
}
