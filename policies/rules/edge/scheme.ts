import { knownText, type Props, readField } from "../../lib/field";
import { unknownAtPreview } from "../../lib/report";
import { types } from "../../lib/types";

const balanced: readonly string[] = [types.backendService, types.forwardingRule];
/** Forwarding rules to Google's own APIs are private endpoints, and have no scheme. */
const privateTargets: readonly string[] = ["all-apis", "vpc-sc"];

/** The provider's default, EXTERNAL, is the classic load balancer; to leave it later is a migration, which no preview shows. */
export function schemeViolations(type: string, props: Props): string[] {
    if (!balanced.includes(type)) return [];
    const scheme = readField(props, "loadBalancingScheme");
    if (!scheme.known) {
        return [
            `${unknownAtPreview("loadBalancingScheme")}, too late for the pull request. Set it to EXTERNAL_MANAGED.`,
        ];
    }
    // Other schemes are no external load balancer.
    if (scheme.value !== undefined && scheme.value !== "EXTERNAL") return [];
    if (scheme.value === undefined && privateTargets.includes(String(knownText(readField(props, "target"))))) return [];
    const found = scheme.value === undefined ? "is missing, which means EXTERNAL" : `is "${knownText(scheme)}"`;
    return [`loadBalancingScheme ${found}: the classic load balancer. Set it to EXTERNAL_MANAGED.`];
}
