/** What a part of a rule found, before the rule reports it. */
export interface Finding {
    readonly message: string;
    readonly urn: string;
}

export interface Findings {
    /** Reported at the level of the rule. */
    readonly violations: readonly Finding[];
    /** What cannot be decided yet: always advisory. */
    readonly notes: readonly Finding[];
}
