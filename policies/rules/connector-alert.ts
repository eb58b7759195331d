import type { PolicyResource } from "@pulumi/policy";
import { elementPaths, knownText, type Path, readField } from "../lib/field";
import { inputsOf } from "../lib/inputs";
import { nameOf } from "../lib/reference";
import { note, unknownAtPreview } from "../lib/report";
import type { Rule } from "../lib/rule";
import { types } from "../lib/types";

/** Metrics that tell of saturation. The number of packets does not: the limit is bytes. */
const metric =
    /vpcaccess\.googleapis\.com\/connector\/(sent_bytes_count|received_bytes_count|cpu\/utilizations|instances)\b/;
/** Where a condition may hold its query. */
const queries: readonly Path[] = [
    ["conditionThreshold", "filter"],
    ["conditionMonitoringQueryLanguage", "query"],
    ["conditionPrometheusQueryLanguage", "query"],
];

export const connectorAlert: Rule = {
    name: "connector-alert",
    displayName: "Connector alert",
    description: "Every VPC connector has an alert on saturation.",
    enforcementLevel: "mandatory",
    severity: "medium",
    remediationSteps:
        "Add an alert policy on vpcaccess.googleapis.com/connector/sent_bytes_count or received_bytes_count that names the connector, " +
        "and leave it enabled.",
    validateStack: ({ resources }, report) => {
        const alerts = resources.filter(({ type }) => type === types.alertPolicy);
        for (const connector of resources.filter(({ type }) => type === types.connector)) {
            const answers = alerts.map((alert) => watches(alert, connector));
            if (answers.includes("yes")) continue;
            const label = `Connector ${connector.name}`;
            if (answers.includes("unknown")) {
                note(
                    report,
                    `${label}: ${unknownAtPreview("what the stack's alerts watch")} whether one watches it.`,
                    connector.urn,
                );
                continue;
            }
            report(
                `${label}: no alert policy watches its throughput. Add one on vpcaccess.googleapis.com/connector/sent_bytes_count and ` +
                    `received_bytes_count with resource.label.connector_name = "${nameOf(connector) ?? connector.name}".`,
                connector.urn,
            );
        }
    },
};

function watches(alert: PolicyResource, connector: PolicyResource): "yes" | "no" | "unknown" {
    const props = inputsOf(alert);
    const enabled = readField(props, "enabled");
    if (!enabled.known) return "unknown";
    if (enabled.value === false) return "no";
    const dependsOnIt = (alert.propertyDependencies.conditions ?? []).includes(connector);
    if (!readField(props, "conditions").known) return dependsOnIt ? "yes" : "unknown";
    const answers = elementPaths(props, "conditions").flatMap((condition) =>
        queries.map((path) => {
            const query = readField(props, ...condition, ...path);
            // A filter that is built from the connector's name is not known before the connector is.
            if (!query.known) return dependsOnIt ? "yes" : "unknown";
            const text = knownText(query);
            return text !== undefined && metric.test(text) && namesIt(text, nameOf(connector)) ? "yes" : "no";
        }),
    );
    if (answers.includes("yes")) return "yes";
    return answers.includes("unknown") ? "unknown" : "no";
}

/** A query that names no connector watches all of them. */
function namesIt(query: string, name: string | undefined): boolean {
    const named = [...query.matchAll(/connector_name"?\s*(?:==|=~|=|:)\s*(?:one_of\()?["']([^"']+)["']/g)].map(
        (match) => match[1],
    );
    return named.length === 0 || name === undefined || named.includes(name);
}
