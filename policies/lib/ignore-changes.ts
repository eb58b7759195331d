import type { Path } from "./field";

/**
 * The entries of `ignoreChanges` that cover a property: the property itself, anything above it or beneath it, and
 * wildcards, which the engine takes as names and as indices. An entry may quote a name, as in `["minInstances"]`.
 */
export function entriesThatIgnore(property: Path, ignoreChanges: readonly string[]): string[] {
    return ignoreChanges.filter((entry) => {
        const segments = parse(entry);
        const shared = Math.min(segments.length, property.length);
        return (
            shared > 0 &&
            segments.slice(0, shared).every((segment, i) => segment === "*" || segment === String(property[i]))
        );
    });
}

function parse(entry: string): string[] {
    const segment = /\["((?:[^"\\]|\\.)*)"\]|\[([^\]"]*)\]|([^.[\]]+)/g;
    return [...entry.matchAll(segment)].map(([, quoted, index, name]) => quoted ?? index ?? name ?? "");
}
