import * as pulumi from "@pulumi/pulumi";
import { defaultHeadroom, describeProblem, incidentWorkload, type Workload, workloadProblems } from "../../capacity";

/** The workload that a rule holds a stack to, and where it was stated. */
export interface StatedWorkload {
    readonly workload: Workload;
    readonly source: string;
    /** What is wrong with the statement; the incident's workload then stands in for it. */
    readonly problem?: string;
}

/** The JSON schema of a workload, for the configuration of a rule. */
export const workloadSchema = {
    type: "object" as const,
    description:
        "The workload that the connector must carry; default: the stack's netra:workload, else that of incident 1278.",
    properties: {
        instances: { type: "integer" as const, minimum: 1 },
        startupMegabytes: { type: "number" as const, exclusiveMinimum: 0 },
        startupSeconds: { type: "number" as const, exclusiveMinimum: 0 },
        headroom: { type: "number" as const, minimum: 0 },
    },
    required: ["instances", "startupMegabytes", "startupSeconds"],
    additionalProperties: false,
};

/** The rule's own configuration decides, then the stack's, then the incident's. */
export function statedWorkload(ruleConfig: unknown): StatedWorkload {
    if (ruleConfig !== undefined) return check(ruleConfig, "the policy configuration");
    let stackConfig: unknown;
    try {
        // Read when a rule runs: the engine hands the stack's configuration over when the pack starts.
        stackConfig = new pulumi.Config("netra").getObject("workload");
    } catch {
        return fallBack("netra:workload is not an object.");
    }
    if (stackConfig !== undefined) return check(stackConfig, "netra:workload");
    return { workload: incidentWorkload, source: "the workload of incident 1278, since none is configured" };
}

function check(stated: unknown, source: string): StatedWorkload {
    if (typeof stated !== "object" || stated === null || Array.isArray(stated)) {
        return fallBack(`The workload in ${source} is not an object.`);
    }
    const workload = { headroom: defaultHeadroom, ...stated } as Workload;
    const strangers = Object.keys(stated).filter((key) => !(key in workloadSchema.properties));
    const problems = [
        ...strangers.map((key) => `${key} is not part of a workload`),
        ...workloadProblems(workload).map(describeProblem),
    ];
    if (problems.length > 0) return fallBack(`The workload in ${source} is not valid: ${problems.join("; ")}.`);
    return { workload, source };
}

function fallBack(problem: string): StatedWorkload {
    return { workload: incidentWorkload, source: "the workload of incident 1278", problem };
}
