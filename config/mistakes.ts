import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { describeProblem, type Problem } from "../capacity";

export type Values = Record<string, unknown>;

export const namespace = "netra:";
const redacted = "[secret]";

export class Mistakes {
    private readonly problems: Problem[] = [];

    constructor(private readonly isSecret: (key: string) => boolean) {}

    add(field: string, value: unknown, bound: string, fix: string): void {
        const key = field.split(".")[0] ?? field;
        // A bound may repeat, in brackets, another value of the same section.
        const problem =
            this.isSecret(key) && value !== undefined
                ? { value: redacted, bound: bound.replace(/ ?\([^)]*\)/g, "") }
                : { value, bound };
        this.problems.push({ field, ...problem, fix });
    }

    /** Adds what a function of `capacity` found in the section `field`. */
    addProblems(field: string, problems: readonly Problem[], rename: (field: string) => string = (name) => name): void {
        for (const problem of problems) {
            this.add(`${field}.${rename(problem.field)}`, problem.value, problem.bound, problem.fix);
        }
    }

    /** Adds what the schema found. */
    addIssues(issues: readonly z.core.$ZodIssue[], values: unknown, prefix: readonly PropertyKey[] = []): void {
        for (const issue of issues) {
            const path = [...prefix, ...issue.path];
            const at = (more: readonly PropertyKey[]) =>
                [namespace + path.map(String).join("."), ...more.map(String)].join(path.length > 0 ? "." : "");
            const found = issue.path.reduce<unknown>((value, key) => asObject(value)[String(key)], values);
            if (issue.code === "unrecognized_keys") {
                for (const key of issue.keys) {
                    this.add(at([key]), asObject(found)[key], issue.message, "Remove it, or correct its spelling.");
                }
            } else {
                const { bound = issue.message, fix = "Set it as the other settings show." } =
                    (issue.code === "custom" ? issue.params : {}) ?? {};
                this.add(at([]), found, bound, fix);
            }
        }
    }

    /** A value to repeat in a message about another section. */
    show(section: string, value: unknown): string {
        return this.isSecret(namespace + section) ? redacted : String(value);
    }

    throwIfAny(stack: string): void {
        if (this.problems.length === 0) return;
        const count = this.problems.length === 1 ? "1 mistake" : `${this.problems.length} mistakes`;
        const lines = this.problems.map((problem) => `  - ${describeProblem(problem)}`);
        throw new pulumi.RunError([`The configuration of stack "${stack}" has ${count}:`, ...lines].join("\n"));
    }
}

export function isObject(value: unknown): value is Values {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function asObject(value: unknown): Values {
    return isObject(value) ? value : {};
}
