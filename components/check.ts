import * as pulumi from "@pulumi/pulumi";
import { InvalidValueError, type Problem } from "../capacity";

/**
 * Collects what is wrong with a component's arguments, so that its constructor reports everything at once and before any
 * resource is registered. Values that are known only at deployment time are left to the API.
 */
export class Checks {
    private readonly problems: Problem[] = [];

    constructor(private readonly subject: string) {}

    /** Records a problem with `field` unless `ok`. */
    require(ok: boolean, field: string, value: unknown, bound: string, fix: string): void {
        if (!ok) this.problems.push({ field, value, bound, fix });
    }

    /** Records problems that a function of `capacity` found, with the field that holds the value put in front. */
    add(problems: readonly Problem[], field?: string): void {
        for (const problem of problems) {
            this.problems.push(field === undefined ? problem : { ...problem, field: `${field}.${problem.field}` });
        }
    }

    /** Throws one error for all that was recorded. */
    throwIfAny(): void {
        if (this.problems.length > 0) throw new InvalidValueError(this.subject, this.problems);
    }
}

/** Whether a value is here already, or only comes with the deployment. */
export function isPlain<T>(value: pulumi.Input<T> | undefined): value is T | undefined {
    return !pulumi.Output.isInstance(value) && !(value instanceof Promise);
}

/** True for a value that only comes with the deployment, and for a string that matches. */
export function mayMatch(value: pulumi.Input<string> | undefined, pattern: RegExp): boolean {
    return !isPlain(value) || (typeof value === "string" && pattern.test(value));
}

/** What a key of a map may look like when it becomes part of a resource's name: auto-naming keeps its case. */
export const keyPattern = /^[a-z]([-a-z0-9]{0,18}[a-z0-9])?$/;
export const keyBound = "1 to 20 lower-case letters, digits or hyphens, a letter first, no hyphen at the end";

/** A host name of at least two labels, in lower case, without a wildcard or a final dot. */
export const hostPattern = /^(?=.{1,253}$)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]([-a-z0-9]{0,61}[a-z0-9])$/;
