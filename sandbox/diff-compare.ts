import type { Behavior } from "./behavior";
import { coerce } from "./check-types";
import { type Change, holdsReplacement, type Kind, type Path } from "./diff-changes";
import { elementOf, type Field, type Fields, isCollection, isSingle, isWriteOnly } from "./schema";
import {
    asList,
    asObject,
    asText,
    DEFAULTS,
    isAbsent,
    isBlank,
    isObject,
    isUnknown,
    isZero,
    type Props,
} from "./values";

/** Compares a state with what the program now says, as Terraform's SDK plans it. */
export class Comparison {
    readonly changes: Change[] = [];

    constructor(
        private readonly behavior: Behavior,
        private readonly old: Props,
        private readonly next: Props,
    ) {}

    fields(fields: Fields, old: Props, next: Props, path: Path = [], rule = ""): void {
        for (const [name, field] of Object.entries(fields)) {
            if (field.outputOnly || isWriteOnly(name)) continue;
            this.field(field, old[name], next[name], [...path, name], rule ? `${rule}.${name}` : name);
        }
    }

    private record(path: Path, kind: Kind, replace: boolean): void {
        this.changes.push({ path, kind, replace });
    }

    private field(field: Field, old: unknown, next: unknown, path: Path, rule: string): void {
        const isLeftOut = isAbsent(next) || (field.fields !== undefined && Array.isArray(next) && next.length === 0);
        if (isUnknown(next)) {
            this.record(path, isAbsent(old) ? "add" : "update", field.replaceOnChange === true);
        } else if (isLeftOut && field.computed) {
            // The cloud's value stays. Only the deletion policy goes back to its default when the program stops setting it.
            const isPolicy = rule === "deletionPolicy";
            if (isPolicy && !isZero(old) && old !== "DELETE") this.record(path, "update", false);
        } else if (field.type === "map") {
            this.map(field, asObject(old), asObject(next), path, rule);
        } else if (isCollection(field) && field.fields) {
            this.blocks(field, old, isLeftOut ? undefined : next, path, rule);
        } else if (isCollection(field) && !isSingle(field)) {
            this.list(field, asList(old), asList(next), path, rule);
        } else {
            const [before] = isSingle(field) ? asList(old) : [old];
            const [after] = isSingle(field) ? asList(next) : [isAbsent(next) ? field.default : next];
            const plain = isSingle(field) ? { ...elementOf(field), replaceOnChange: field.replaceOnChange } : field;
            this.plain(plain, before, after, path, rule);
        }
    }

    private isSameValue(field: Field, old: unknown, next: unknown, rule: string): boolean {
        if (isUnknown(next)) return false;
        if (isZero(old) && isZero(next)) return true;
        const typed = (value: unknown): unknown => {
            const coerced = coerce(field.type, value);
            return "value" in coerced ? coerced.value : value;
        };
        if (!isAbsent(old) && !isAbsent(next) && typed(old) === typed(next)) return true;
        return this.isSuppressed(old, next, rule);
    }

    private isSuppressed(old: unknown, next: unknown, rule: string): boolean {
        const suppress = this.behavior.suppress?.[rule];
        return suppress?.(asText(old), asText(next), { old: this.old, next: this.next }) ?? false;
    }

    private plain(field: Field, old: unknown, next: unknown, path: Path, rule: string): void {
        if (this.isSameValue(field, old, next, rule)) return;
        const kind = isAbsent(old) ? "add" : isAbsent(next) ? "delete" : "update";
        this.record(path, kind, field.replaceOnChange === true);
    }

    private map(field: Field, old: Props, next: Props, path: Path, rule: string): void {
        for (const key of new Set([...Object.keys(old), ...Object.keys(next)])) {
            if (key === DEFAULTS) continue;
            const isThere = !isAbsent(old[key]) && !isAbsent(next[key]);
            if (isThere && this.isSameValue(elementOf(field), old[key], next[key], rule)) continue;
            if (isAbsent(old[key]) && isAbsent(next[key])) continue;
            if (this.isSuppressed(old[key], next[key], `${rule}.${key}`)) continue;
            const kind = isAbsent(old[key]) ? "add" : isAbsent(next[key]) ? "delete" : "update";
            this.record([...path, key], kind, field.replaceOnChange === true);
        }
    }

    private list(field: Field, old: unknown[], next: unknown[], path: Path, rule: string): void {
        const replace = field.replaceOnChange === true;
        const element = elementOf(field);
        if (field.type === "set" || this.behavior.compareAsSet?.includes(rule)) {
            const left = [...old];
            const added = next.flatMap((each, index) => {
                const found = left.findIndex((before) => this.isSameValue(element, before, each, rule));
                if (found >= 0) left.splice(found, 1);
                return found >= 0 ? [] : [index];
            });
            for (const index of added) this.record([...path, index], "add", replace);
            for (const each of left) {
                if (this.isSuppressed(each, undefined, rule)) continue;
                this.record([...path, old.indexOf(each)], "delete", replace);
            }
            return;
        }
        for (let index = 0; index < Math.max(old.length, next.length); index++) {
            const at = [...path, index];
            if (index >= next.length) this.record(at, "delete", replace);
            else if (index >= old.length) this.record(at, "add", replace);
            else this.plain({ ...element, replaceOnChange: replace }, old[index], next[index], at, rule);
        }
    }

    private blocks(field: Field, old: unknown, next: unknown, path: Path, rule: string): void {
        const before = asList(old);
        const after = asList(next);
        if (after.length === 0 && this.behavior.suppressEmptyBlocks?.includes(rule) && before.every(isBlank)) return;
        const at = (index: number): Path => (isSingle(field) ? path : [...path, index]);
        const countReplaces = field.replaceOnChange === true && before.length !== after.length;
        const whole = (kind: Kind, block: unknown, index: number): void =>
            this.record(at(index), kind, countReplaces || (isObject(block) && holdsReplacement(field.fields, block)));

        const isSet = field.type === "set" || this.behavior.compareAsSet?.includes(rule);
        if (isSet && !isSingle(field)) {
            this.setOfBlocks(field, before, after, path, rule, whole);
            return;
        }
        for (let index = 0; index < Math.max(before.length, after.length); index++) {
            if (index >= after.length) whole("delete", before[index], index);
            else if (index >= before.length) whole("add", after[index], index);
            else this.pair(field, before[index], after[index], at(index), rule);
        }
    }

    private pair(field: Field, old: unknown, next: unknown, path: Path, rule: string): void {
        if (isUnknown(next)) this.record(path, "update", field.replaceOnChange === true);
        else this.fields(field.fields ?? {}, asObject(old), asObject(next), path, rule);
    }

    private changesBetween(field: Field, old: unknown, next: unknown, path: Path, rule: string): Change[] {
        const trial = new Comparison(this.behavior, this.old, this.next);
        trial.pair(field, old, next, path, rule);
        return trial.changes;
    }

    /** The order of a set means nothing: elements that differ in nothing belong together, what is left came or went. */
    private setOfBlocks(
        field: Field,
        before: unknown[],
        after: unknown[],
        path: Path,
        rule: string,
        whole: (kind: Kind, block: unknown, index: number) => void,
    ): void {
        const gone = [...before];
        const came: { block: unknown; index: number }[] = [];
        for (const [index, block] of after.entries()) {
            const twin = gone.findIndex((each) => this.changesBetween(field, each, block, path, rule).length === 0);
            if (twin >= 0) gone.splice(twin, 1);
            else came.push({ block, index });
        }
        for (const { block, index } of came) {
            const old = gone.shift();
            if (old === undefined) {
                whole("add", block, index);
                continue;
            }
            // To Terraform one element went and another came: a value that replaces does so even where it is the same in both.
            const replace = [old, block].some((each) => isObject(each) && holdsReplacement(field.fields, each));
            for (const change of this.changesBetween(field, old, block, [...path, index], rule)) {
                this.record(change.path, change.kind, change.replace || replace);
            }
        }
        for (const block of gone) whole("delete", block, before.indexOf(block));
    }
}
