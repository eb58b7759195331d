import { serviceTypes } from "../../lib/cloud-run";
import { remember } from "../../lib/inputs";
import { note, unknownAtPreview } from "../../lib/report";
import type { Rule } from "../../lib/rule";
import { types } from "../../lib/types";
import { ingressViolations } from "./ingress";
import { loggingViolations } from "./logging";
import { redirectFindings } from "./redirect";
import { schemeViolations } from "./scheme";
import { proxyPolicyFindings, tlsPolicyViolations } from "./tls";

interface Config {
    readonly tlsPolicies?: readonly string[];
}

/** Fields of these that are left out are filled in by the cloud. */
const recorded: readonly string[] = [...serviceTypes, types.forwardingRule];

export const edge: Rule = {
    name: "edge",
    displayName: "Edge",
    description: "The way in is the load balancer, over TLS 1.2 or better, and it is logged.",
    enforcementLevel: "mandatory",
    severity: "high",
    remediationSteps:
        "Set loadBalancingScheme to EXTERNAL_MANAGED, redirect all of port 80, set an SSL policy with TLS_1_2 and MODERN or RESTRICTED, " +
        "turn logging on, and let services take requests from the load balancer only.",
    configSchema: {
        properties: {
            tlsPolicies: {
                type: "array",
                items: { type: "string" },
                uniqueItems: true,
                description: "Names of SSL policies outside this stack that its proxies may use; default: none.",
            },
        },
    },
    validateResource: (args, report) => {
        if (recorded.includes(args.type)) remember(args);
        const label = `${args.type.split(":").at(-1)} ${args.name}`;
        const violations = [
            ...schemeViolations(args.type, args.props),
            ...loggingViolations(args.type, args.props),
            ...tlsPolicyViolations(args.type, args.props),
        ];
        for (const violation of violations) report(`${label}: ${violation}`);
    },
    validateStack: ({ resources, getConfig }, report) => {
        const { tlsPolicies = [] } = getConfig<Config>();
        for (const { violations, notes } of [
            redirectFindings(resources),
            proxyPolicyFindings(resources, tlsPolicies),
        ]) {
            for (const { message, urn } of violations) report(message, urn);
            for (const { message, urn } of notes) note(report, message, urn);
        }
        const ingress = ingressViolations(resources);
        for (const { message, urn } of ingress.violations) report(message, urn);
        for (const group of ingress.unknown) {
            note(report, `Endpoint group ${group.name}: ${unknownAtPreview("cloudRun.service")}.`, group.urn);
        }
    },
};
