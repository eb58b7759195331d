import type { Fields } from "./schema";
import { isZero, type Props } from "./values";

export type Kind = "add" | "delete" | "update";
export type Path = (string | number)[];

export interface Change {
    path: Path;
    kind: Kind;
    replace: boolean;
}

/** As Pulumi writes property paths: `template.containers[0].image`, `labels["a-b"]`. */
export function showPath(path: Path): string {
    return path.reduce<string>((text, part) => {
        if (typeof part === "number") return `${text}[${part}]`;
        if (!/^[A-Za-z_$][\w$]*$/.test(part)) return `${text}["${part}"]`;
        return text === "" ? part : `${text}.${part}`;
    }, "");
}

export function parsePath(text: string): Path {
    const parts = [...text.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.[\]]+)/g)];
    return parts.map(
        ([, quoted, index, name]) => quoted ?? (index === "*" ? "*" : index ? Number(index) : (name ?? "")),
    );
}

/** True when `ignored` is the changed path or something above it. */
export const covers = (ignored: Path, path: Path): boolean =>
    ignored.length <= path.length && ignored.every((part, index) => part === "*" || part === path[index]);

/** A block that comes or goes replaces the resource when one of its own values would. */
export function holdsReplacement(fields: Fields | undefined, block: Props): boolean {
    return Object.entries(fields ?? {}).some(([name, field]) => {
        const value = block[name] ?? field.default;
        if (field.outputOnly || isZero(value)) return false;
        if (field.replaceOnChange) return true;
        const inner = Array.isArray(value) ? value : [value];
        return field.fields !== undefined && inner.some((each) => holdsReplacement(field.fields, each as Props));
    });
}
