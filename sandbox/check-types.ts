import type { Field } from "./schema";
import { isUnknown } from "./values";

const TRUE = ["1", "t", "T", "TRUE", "true", "True"];
const FALSE = ["0", "f", "F", "FALSE", "false", "False", ""];

export type Coerced = { value: unknown } | { reason: string };

const kindOf = (value: unknown): string =>
    Array.isArray(value) ? "list" : value === null ? "null" : typeof value === "object" ? "object" : typeof value;

const wrong = (type: string, value: unknown): Coerced => ({
    reason: `expected type '${type}', got unconvertible type '${kindOf(value)}', value: '${JSON.stringify(value)}'`,
});

/** The conversions that the bridge and Terraform make between plain values, and no others. */
export function coerce(type: Field["type"], value: unknown): Coerced {
    if (isUnknown(value)) return { value };
    switch (type) {
        case "string":
            return typeof value === "string"
                ? { value }
                : typeof value === "number" || typeof value === "boolean"
                  ? { value: String(value) }
                  : wrong("string", value);
        case "boolean":
            if (typeof value === "boolean") return { value };
            if (typeof value === "number") return { value: value !== 0 };
            if (typeof value === "string" && TRUE.includes(value)) return { value: true };
            if (typeof value === "string" && FALSE.includes(value)) return { value: false };
            return wrong("bool", value);
        case "integer":
            if (typeof value === "number") return { value: Math.trunc(value) };
            if (typeof value === "string" && /^[+-]?\d+$/.test(value)) return { value: Number(value) };
            return wrong("int", value);
        case "number":
            if (typeof value === "number") return { value };
            if (typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value))) {
                return { value: Number(value) };
            }
            return wrong("float64", value);
        default:
            return { value };
    }
}
