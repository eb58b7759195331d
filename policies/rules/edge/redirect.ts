import type { PolicyResource } from "@pulumi/policy";
import { knownText, readField } from "../../lib/field";
import type { Finding, Findings } from "../../lib/finding";
import { inputsOf } from "../../lib/inputs";
import { follow } from "../../lib/reference";
import { unknownAtPreview } from "../../lib/report";
import { types } from "../../lib/types";

/** Clients remember these; a temporary redirect would be asked for again each time. */
const permanent: readonly string[] = ["MOVED_PERMANENTLY_DEFAULT", "PERMANENT_REDIRECT"];
const advice =
    'Point it at a URL map whose only content is defaultUrlRedirect: { httpsRedirect: true, stripQuery: false, redirectResponseCode: "PERMANENT_REDIRECT" }.';

/** Plain HTTP redirects and serves nothing, on whatever port; and every HTTPS rule has a rule beside it that does so. */
export function redirectFindings(stack: readonly PolicyResource[]): Findings {
    const violations: Finding[] = [];
    const notes: Finding[] = [];
    for (const proxy of stack.filter(({ type }) => type === types.httpProxy)) {
        const label = `TargetHttpProxy ${proxy.name}`;
        const { urn } = proxy;
        const urlMap = follow(stack, proxy, ["urlMap"], [types.urlMap]);
        if (urlMap.kind === "unknown") notes.push({ message: `${label}: ${unknownAtPreview("urlMap")}.`, urn });
        if (urlMap.kind === "foreign" || urlMap.kind === "none") {
            violations.push({
                message: `${label}: its URL map is not in this stack, so it may serve plain HTTP. ${advice}`,
                urn,
            });
        }
        if (urlMap.kind !== "resources") continue;
        for (const problem of urlMap.resources.flatMap(servesSomething)) {
            violations.push({ message: `${label}: ${problem} ${advice}`, urn });
        }
    }
    for (const rule of stack.filter((resource) => isForPort(resource, 443))) {
        const beside = stack.filter((resource) => isForPort(resource, 80) && sameAddress(stack, rule, resource));
        if (beside.length > 0) continue;
        violations.push({
            message: `GlobalForwardingRule ${rule.name}: its address has no rule for port 80, so plain http:// links fail. Add one that redirects.`,
            urn: rule.urn,
        });
    }
    return { violations, notes };
}

/** What a URL map does besides redirecting everything to HTTPS for good. */
function servesSomething(urlMap: PolicyResource): string[] {
    const props = inputsOf(urlMap);
    const serving = ["defaultService", "defaultRouteAction", "hostRules", "pathMatchers"].filter((name) => {
        const field = readField(props, name);
        return !field.known || (field.value !== undefined && !(Array.isArray(field.value) && field.value.length === 0));
    });
    if (serving.length > 0) return [`its URL map ${urlMap.name} serves plain HTTP (${serving.join(", ")}).`];
    const redirect = readField(props, "defaultUrlRedirect", "httpsRedirect");
    if (!redirect.known || redirect.value !== true) return [`its URL map ${urlMap.name} does not redirect to HTTPS.`];
    const code = readField(props, "defaultUrlRedirect", "redirectResponseCode");
    if (!code.known || (code.value !== undefined && !permanent.includes(String(code.value)))) {
        return [
            `its URL map ${urlMap.name} redirects for a while only (${knownText(code) ?? "not known at preview"}).`,
        ];
    }
    return [];
}

function isForPort(resource: PolicyResource, port: number): boolean {
    if (resource.type !== types.forwardingRule) return false;
    const range = readField(inputsOf(resource), "portRange");
    return range.known && [`${port}`, `${port}-${port}`].includes(String(range.value));
}

/** Two rules on one address resource, or on one literal address. A rule without an address has one of its own. */
function sameAddress(stack: readonly PolicyResource[], a: PolicyResource, b: PolicyResource): boolean {
    const [ofA, ofB] = [a, b].map((rule) => follow(stack, rule, ["ipAddress"], [types.globalAddress]));
    if (ofA?.kind === "resources" && ofB?.kind === "resources") {
        const { resources } = ofB;
        return ofA.resources.some((address) => resources.includes(address));
    }
    if (ofA?.kind === "foreign" && ofB?.kind === "foreign") return ofA.value === ofB.value;
    // An address known on one side and not on the other cannot be told apart from the right one yet.
    return ofA?.kind === "unknown" || ofB?.kind === "unknown";
}
