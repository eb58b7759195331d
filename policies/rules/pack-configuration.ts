import type { ReportViolation } from "@pulumi/policy";
import { configurationProblems, loweredRules } from "../lib/configuration";
import { wasJudged } from "../lib/judged";
import { receivedConfiguration } from "../lib/receive-configuration";
import { note } from "../lib/report";
import type { Rule } from "../lib/rule";
import { types } from "../lib/types";

const rootStack = "pulumi:pulumi:Stack";

/**
 * Watches over the pack itself. It comes last: by then, every other rule that is switched on has seen the resource.
 */
export function packConfiguration(others: readonly Rule[]): Rule {
    const report = (violation: ReportViolation) => {
        const configuration = receivedConfiguration() ?? new Map();
        for (const problem of configurationProblems(configuration, [...others, rule])) violation(problem);
        const lowered = loweredRules(configuration, others);
        if (lowered.length > 0)
            note(violation, `Advisory in this stack, so what they find stops nothing: ${lowered.join(", ")}.`);
    };
    const rule: Rule = {
        name: "pack-configuration",
        displayName: "Configuration of the pack",
        description: "The configuration of the policy pack is valid and switches no rule off.",
        enforcementLevel: "mandatory",
        severity: "high",
        remediationSteps:
            "Correct the key that the message names in policies/config. A rule may be advisory, and not disabled.",
        validateResource: (args, violation) => {
            // The stack is its own first resource: a mistake stops an `up` before anything is created.
            if (args.type === rootStack) report(violation);
            // Should the configuration not be readable, a capacity rule that was switched off shows in what it left unjudged.
            if (args.type === types.connector && !wasJudged(args.urn) && receivedConfiguration() === undefined) {
                violation(
                    `Connector ${args.name} was not judged: connector-capacity is disabled. Set it to advisory at most.`,
                );
            }
        },
        validateStack: ({ resources }, violation) => {
            if (!resources.some(({ type }) => type === rootStack)) report(violation);
        },
    };
    return rule;
}
