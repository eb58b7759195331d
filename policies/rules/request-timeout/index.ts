import { serviceTypes } from "../../lib/cloud-run";
import type { Findings } from "../../lib/finding";
import { remember } from "../../lib/inputs";
import { servicesBehindLoadBalancer } from "../../lib/load-balancer";
import { note, unknownAtPreview } from "../../lib/report";
import type { Rule } from "../../lib/rule";
import { types } from "../../lib/types";
import { backendFindings, backendTypes } from "./backends";
import { routeViolations, unknownRoutes } from "./routes";
import { serviceViolations } from "./services";

export interface TimeoutLimits {
    readonly least: number;
    readonly most: number;
}

interface Config {
    readonly minSeconds?: number;
}

/** Cloud Run ends every request after an hour at the latest. */
const mostSeconds = 3600;
const leastByDefault = 600;

/** Fields of these that are left out are filled in by the cloud. */
const recorded: readonly string[] = [...serviceTypes, ...backendTypes];
const routed: readonly string[] = [types.urlMap, types.regionUrlMap];

export const requestTimeout: Rule = {
    name: "request-timeout",
    displayName: "600 s contract",
    description: "A request through the load balancer may run for 600 s.",
    enforcementLevel: "mandatory",
    severity: "high",
    remediationSteps:
        'Set template.timeout to "600s" on each Cloud Run service behind the load balancer. Leave timeoutSec out on a backend service ' +
        "with serverless backends, and set it to 600 or more on others.",
    configSchema: {
        properties: {
            minSeconds: {
                type: "integer",
                minimum: 1,
                maximum: mostSeconds,
                description: `Seconds that a request must be allowed to run; default: ${leastByDefault}.`,
            },
        },
    },
    validateResource: (args, report) => {
        if (recorded.includes(args.type)) remember(args);
        if (!routed.includes(args.type)) return;
        for (const violation of routeViolations(args.props, limitsOf(args.getConfig<Config>()))) {
            report(`URL map ${args.name}: ${violation}`);
        }
        for (const path of unknownRoutes(args.props)) note(report, `URL map ${args.name}: ${unknownAtPreview(path)}.`);
    },
    validateStack: ({ resources, getConfig }, report) => {
        const limits = limitsOf(getConfig<Config>());
        const { services, elsewhere, unknown } = servicesBehindLoadBalancer(resources);
        const backends: Findings = backendFindings(resources, limits);
        for (const service of services) {
            for (const violation of serviceViolations(service, limits)) report(violation, service.urn);
        }
        for (const { message, urn } of backends.violations) report(message, urn);
        for (const { message, urn } of backends.notes) note(report, message, urn);
        for (const name of elsewhere) {
            note(
                report,
                `Service ${name} is behind the load balancer and not in this stack: its timeout cannot be checked here.`,
            );
        }
        for (const group of unknown) {
            note(report, `Endpoint group ${group.name}: ${unknownAtPreview("cloudRun.service")}.`, group.urn);
        }
    },
};

function limitsOf(config: Config): TimeoutLimits {
    return { least: config.minSeconds ?? leastByDefault, most: mostSeconds };
}
