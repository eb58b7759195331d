import type { PolicyConfigSchema, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";

/** A rule: one policy, with what the generated page and the check of the configuration need to know about it. */
export type Rule = (ResourceValidationPolicy | StackValidationPolicy) & {
    readonly displayName: string;
    readonly enforcementLevel: "mandatory" | "advisory";
    /** How to mend a violation, in one or two sentences. */
    readonly remediationSteps: string;
    readonly configSchema?: PolicyConfigSchema;
    /** What is wrong with a configuration whose keys are each valid. */
    readonly conflicts?: (properties: Readonly<Record<string, unknown>>) => string[];
};
