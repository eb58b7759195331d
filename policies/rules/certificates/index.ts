import { note, unknownAtPreview } from "../../lib/report";
import type { Rule } from "../../lib/rule";
import { types } from "../../lib/types";
import { coverageFindings } from "./coverage";
import { domainViolations, staleDomains, unknownDomains } from "./domains";
import { proxyFindings } from "./proxies";
import { wildcardViolations } from "./wildcards";

interface Config {
    readonly suffixes?: readonly string[];
    readonly stale?: readonly string[];
}

const suffixesByDefault = ["netrasystems.ai"];

export const certificates: Rule = {
    name: "certificates",
    displayName: "Certificates",
    description: "Every host is ours and has a certificate that the API will issue.",
    enforcementLevel: "mandatory",
    severity: "high",
    remediationSteps:
        "Use domains under the allowed suffix. Take wildcards from Certificate Manager with DNS authorization, give the certificate map " +
        "an entry for each host, and pass the map as //certificatemanager.googleapis.com/ and its id.",
    configSchema: {
        properties: {
            suffixes: {
                type: "array",
                items: { type: "string", pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])$" },
                minItems: 1,
                uniqueItems: true,
                description: `Domains under which every host must be; default: ${suffixesByDefault.join(", ")}.`,
            },
            stale: {
                type: "array",
                items: { type: "string", pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])$" },
                uniqueItems: true,
                description:
                    "Domains that were given up, and may not appear in any property of any resource; default: none.",
            },
        },
    },
    validateResource: (args, report) => {
        const { suffixes = suffixesByDefault, stale = [] } = args.getConfig<Config>();
        const { notes, violations } = args.type === types.httpsProxy ? proxyFindings(args.props) : none;
        const found = [
            ...domainViolations(args.type, args.props, suffixes),
            ...staleDomains(args.props, stale),
            ...wildcardViolations(args.type, args.props),
            ...violations,
        ];
        const label = `${args.type.split(":").at(-1)} ${args.name}`;
        for (const violation of found) report(`${label}: ${violation}`);
        for (const field of [...unknownDomains(args.type, args.props), ...notes]) {
            note(report, `${label}: ${unknownAtPreview(field)}.`);
        }
    },
    validateStack: ({ resources }, report) => {
        const { violations, notes } = coverageFindings(resources);
        for (const { message, urn } of violations) report(message, urn);
        for (const { message, urn } of notes) note(report, message, urn);
    },
};

const none = { violations: [], notes: [] };
