import type { Outcome } from "./outcome";

/** The one document that `--json` prints. */
export function documentOf(outcome: Outcome): unknown {
    return {
        result: outcome.result,
        changes: outcome.changes,
        steps: outcome.steps.map(({ op, type, name, urn, replaceKeys }) => ({ op, type, name, urn, replaceKeys })),
        policyViolations: outcome.policyViolations,
        outputs: outcome.outputs,
        ...(outcome.errors.length > 0 ? { errors: outcome.errors } : {}),
        sandbox: true,
    };
}

/** The same document where a command failed before the engine ran. */
export function failureDocument(message: string): unknown {
    return {
        result: "failed",
        changes: {},
        steps: [],
        policyViolations: [],
        outputs: {},
        errors: [message],
        sandbox: true,
    };
}
