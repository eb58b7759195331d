import type { ReportViolation } from "@pulumi/policy";

/**
 * Reports what the rule cannot decide yet. Always advisory, whatever the level of the rule: nothing is known to be wrong.
 * The runner takes an object for this, which its type does not say.
 */
export function note(report: ReportViolation, message: string, urn?: string): void {
    const diagnostic = { message, urn, enforcementLevel: "advisory" };
    (report as unknown as (diagnostic: object) => void)(diagnostic);
}

/** The words for a property that a preview does not know. */
export function unknownAtPreview(what: string): string {
    return `${what} is not known at preview; \`up\` will decide`;
}
