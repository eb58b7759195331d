/** One thing that is wrong with a value, in the four parts that a reader needs to mend it. */
export interface Problem {
    /** The field, as its user writes it. */
    readonly field: string;
    /** The value found; `undefined` when the field is missing. */
    readonly value: unknown;
    /** What the value must satisfy. */
    readonly bound: string;
    /** What to do about it. */
    readonly fix: string;
}

/** Writes a problem as one sentence: field, value, bound, fix. */
export function describeProblem(problem: Problem): string {
    const found = problem.value === undefined ? "is missing" : `is ${JSON.stringify(problem.value)}`;
    return `${problem.field} ${found}: it must be ${problem.bound}. ${problem.fix}`;
}

/** Thrown by constructors: names the resource and lists every problem at once. */
export class InvalidValueError extends Error {
    constructor(
        readonly subject: string,
        readonly problems: readonly Problem[],
    ) {
        super([`${subject} is not valid:`, ...problems.map((p) => `  - ${describeProblem(p)}`)].join("\n"));
        this.name = "InvalidValueError";
    }
}

export function isWholeNumber(value: unknown): value is number {
    return typeof value === "number" && Number.isInteger(value);
}
