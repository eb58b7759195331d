import { runTypes } from "../../lib/cloud-run";
import { remember } from "../../lib/inputs";
import { note } from "../../lib/report";
import type { Rule } from "../../lib/rule";
import { types } from "../../lib/types";
import { statedWorkload, workloadSchema } from "../../lib/workload";
import { type OutsideConnectors, supplies } from "./supply";
import { isConnectorId, usersOf } from "./users";

interface Config {
    readonly workload?: unknown;
    readonly withoutEgress?: readonly string[];
    readonly connectors?: OutsideConnectors;
}

export const connectorDemand: Rule = {
    name: "connector-demand",
    displayName: "Demand fits supply",
    description: "A VPC connector carries all services and jobs on it, each at its maximum of instances.",
    enforcementLevel: "mandatory",
    severity: "critical",
    remediationSteps:
        "Give the connector the size that the message names, lower maxInstanceCount, or move services to another connector. " +
        "Give every service one way into the VPC.",
    configSchema: {
        properties: {
            workload: {
                ...workloadSchema,
                description:
                    "What each instance moves while it starts; default: the stack's netra:workload, else that of incident 1278. " +
                    "Its instances are not used: the services' own maximums are.",
            },
            withoutEgress: {
                type: "array",
                items: { type: "string" },
                uniqueItems: true,
                description: "Names of services that need no way into the VPC; default: none.",
            },
            connectors: {
                type: "object",
                additionalProperties: { type: "number", exclusiveMinimum: 0 },
                description:
                    "Connectors outside this stack that its services may use: full id, and the Mbps that each carries.",
            },
        },
    },
    conflicts: ({ connectors = {} }) =>
        Object.keys(connectors as object)
            .filter((id) => !isConnectorId(id))
            .map((id) => `"connectors" holds "${id}", which is not a full id, projects/P/locations/L/connectors/C.`),
    validateResource: (args) => {
        if (runTypes.includes(args.type) || args.type === types.connector) remember(args);
    },
    validateStack: ({ resources, getConfig }, report) => {
        const config = getConfig<Config>();
        const { workload, problem } = statedWorkload(config.workload);
        if (problem !== undefined) report(problem);
        const outside = config.connectors ?? {};
        const { users, violations, notes } = usersOf(resources, Object.keys(outside), config.withoutEgress ?? []);
        const judged = supplies(users, workload, outside);
        for (const { message, urn } of [...violations, ...judged.violations]) report(message, urn);
        for (const { message, urn } of [...notes, ...judged.notes]) note(report, message, urn);
    },
};
