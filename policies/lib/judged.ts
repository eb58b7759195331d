const judged = new Set<string>();

/** Remembers that the capacity of a connector was judged, for the rule that watches over the pack itself. */
export function markJudged(urn: string): void {
    judged.add(urn);
}

export function wasJudged(urn: string): boolean {
    return judged.delete(urn);
}
