import type { Behavior } from "./behavior";
import { coerce } from "./check-types";
import { elementOf, type Field, type Fields, isCollection, isSingle } from "./schema";
import { DEFAULTS, isAbsent, isObject, isUnknown, type Props } from "./values";

export interface Failure {
    property: string;
    reason: string;
}

/** Set, left out, or decided by a value that is not known yet. Of a list the rules of the schema mean the first element. */
export function presence(root: Props, path: string): "set" | "unknown" | "absent" {
    let value: unknown = root;
    for (const name of path.split(".")) {
        if (Array.isArray(value)) value = value[0];
        if (isUnknown(value)) return "unknown";
        value = isObject(value) ? value[name] : undefined;
    }
    return isAbsent(value) ? "absent" : isUnknown(value) ? "unknown" : "set";
}

const listed = (paths: string[]): string => `\`${[...paths].sort().join(",")}\``;

/** Judges the inputs as Terraform's schema validation does and returns them with plain values converted. */
export class Validation {
    readonly failures: Failure[] = [];

    constructor(
        private readonly root: Props,
        private readonly behavior: Behavior,
    ) {}

    private fail(property: string, reason: string): void {
        const isNew = !this.failures.some((each) => each.property === property && each.reason === reason);
        if (isNew) this.failures.push({ property, reason });
    }

    /** `path` is for the reader and has indexes, `rule` is without. */
    block(fields: Fields, props: Props, path = "", rule = ""): Props {
        const result: Props = {};
        const within = (name: string): [string, string] => [
            path ? `${path}.${name}` : name,
            rule ? `${rule}.${name}` : name,
        ];
        for (const [name, value] of Object.entries(props)) {
            if (name === DEFAULTS || isAbsent(value)) continue;
            const field = fields[name];
            const [at, key] = within(name);
            if (!field) {
                this.fail(
                    at,
                    `Invalid or unknown key. Check that ${name} is spelled as in the documentation of the resource`,
                );
            } else if (field.outputOnly) {
                this.fail(at, "Value for unconfigurable attribute. Its value is decided by the provider");
            } else {
                result[name] = this.field(field, value, at, key);
            }
        }
        for (const [name, field] of Object.entries(fields)) {
            const [at, key] = within(name);
            const isSet = !isAbsent(props[name]);
            if (field.required && !isSet)
                this.fail(at, `Missing required argument. The argument "${name}" is required`);
            this.exactlyOne(field, at);
            if (isSet) this.conflicts(field, at, key);
            if (isSet) this.requiredWith(at, key);
        }
        this.atLeastOne(path, rule);
        return result;
    }

    private exactlyOne(field: Field, at: string): void {
        const paths = field.exactlyOneOf;
        if (!paths || paths.length === 0) return;
        const found = paths.map((path) => presence(this.root, path));
        const count = found.filter((each) => each === "set").length;
        if (count > 1) this.fail(at, `Invalid combination of arguments. Only one of ${listed(paths)} can be specified`);
        if (count === 0 && !found.includes("unknown")) {
            this.fail(at, `Invalid combination of arguments. One of ${listed(paths)} must be specified`);
        }
    }

    private conflicts(field: Field, at: string, key: string): void {
        if (presence(this.root, key) === "unknown") return;
        for (const other of field.conflictsWith ?? []) {
            if (presence(this.root, other) === "set")
                this.fail(at, `Conflicting configuration arguments. It conflicts with ${other}`);
        }
    }

    private requiredWith(at: string, key: string): void {
        const others = this.behavior.requiredWith?.[key] ?? [];
        const missing = others.filter((other) => presence(this.root, other) === "absent");
        if (missing.length > 0)
            this.fail(at, `Missing required argument. All of ${listed([key, ...others])} must be specified`);
    }

    private atLeastOne(path: string, rule: string): void {
        for (const group of this.behavior.atLeastOneOf ?? []) {
            const holder = group[0]?.split(".").slice(0, -1).join(".");
            if (holder !== rule || group.some((each) => presence(this.root, each) !== "absent")) continue;
            this.fail(path, `Missing required argument. One of ${listed(group)} must be specified`);
        }
    }

    private field(field: Field, value: unknown, path: string, rule: string): unknown {
        if (isUnknown(value)) return value;
        if (field.type === "map") return this.map(field, value, path, rule);
        if (!isCollection(field)) return this.plain(field, value, path, rule);
        if (isSingle(field)) return this.single(field, value, path, rule);
        if (!Array.isArray(value)) {
            this.fail(path, "Attribute must be a list");
            return value;
        }
        const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = field;
        if (value.length > maxItems) {
            this.fail(
                path,
                `Too many list items. It supports ${maxItems} item maximum, but config has ${value.length} declared`,
            );
        }
        if (value.length < minItems) {
            this.fail(
                path,
                `Not enough list items. It requires ${minItems} item minimum, but config has only ${value.length} declared`,
            );
        }
        return value.map((each, index) => this.element(field, each, `${path}[${index}]`, rule));
    }

    private single(field: Field, value: unknown, path: string, rule: string): unknown {
        // A list of one plain value is taken too: that is how the property looked before the bridge flattened it.
        if (Array.isArray(value) && !field.fields) {
            if (value.length > 1) this.fail(path, "Too many list items. It supports 1 item maximum");
            return value.map((each, index) => this.element(field, each, `${path}[${index}]`, rule));
        }
        return this.element(field, value, path, rule);
    }

    private element(field: Field, value: unknown, path: string, rule: string): unknown {
        if (isUnknown(value)) return value;
        if (isAbsent(value)) {
            this.fail(path, "Null value found in list");
            return value;
        }
        if (!field.fields) return this.plain(elementOf(field), value, path, rule);
        if (!isObject(value)) {
            this.fail(path, `Expected an object, got ${Array.isArray(value) ? "a list" : `a ${typeof value}`}`);
            return value;
        }
        return this.block(field.fields, value, path, rule);
    }

    private map(field: Field, value: unknown, path: string, rule: string): unknown {
        if (!isObject(value)) {
            this.fail(path, "Attribute must be a map");
            return value;
        }
        const entries = Object.entries(value).filter(([key, each]) => key !== DEFAULTS && !isAbsent(each));
        const map = Object.fromEntries(
            entries.map(([key, each]) => [key, this.typed(elementOf(field), each, `${path}.${key}`)]),
        );
        this.custom(map, path, rule);
        return map;
    }

    private typed(field: Field, value: unknown, path: string): unknown {
        const coerced = coerce(field.type, value);
        if ("value" in coerced) return coerced.value;
        this.fail(path, coerced.reason);
        return undefined;
    }

    private plain(field: Field, value: unknown, path: string, rule: string): unknown {
        const typed = this.typed(field, value, path);
        if (typed === undefined || isUnknown(typed)) return typed ?? value;
        const { values } = field;
        const isEmptyOption = typed === "" && !field.required;
        if (values && !isEmptyOption && !values.includes(String(typed))) {
            this.fail(path, `expected ${path} to be one of ${JSON.stringify(values)}, got ${String(typed)}`);
        }
        this.custom(typed, path, rule);
        return typed;
    }

    private custom(value: unknown, path: string, rule: string): void {
        const reason = this.behavior.validate?.[rule]?.(value);
        if (reason) this.fail(path, reason);
    }
}
