import type { PolicyResource } from "@pulumi/policy";
import { isWholeNumber } from "../../../capacity";
import { labelOf, mostInstances, pathsOf, runTypes, serviceTypes } from "../../lib/cloud-run";
import { knownValue, readField } from "../../lib/field";
import type { Finding, Findings } from "../../lib/finding";
import { entriesThatIgnore } from "../../lib/ignore-changes";
import { inputsOf } from "../../lib/inputs";
import { follow, nameOf, placeOf } from "../../lib/reference";
import { unknownAtPreview } from "../../lib/report";
import { types } from "../../lib/types";

/** A service or a job on a connector. */
export interface User {
    readonly label: string;
    readonly instances: number;
    readonly connectors: readonly PolicyResource[];
    /** Id of a connector outside the stack. */
    readonly outside?: string;
}

export function isConnectorId(value: string): boolean {
    return /^projects\/[^/]+\/locations\/[^/]+\/connectors\/[^/]+$/.test(value);
}

/** Finds who uses a connector, and what keeps that from being known. */
export function usersOf(
    stack: readonly PolicyResource[],
    outside: readonly string[],
    withoutEgress: readonly string[],
): Findings & { readonly users: readonly User[] } {
    const users: User[] = [];
    const violations: Finding[] = [];
    const notes: Finding[] = [];
    for (const resource of stack.filter(({ type }) => runTypes.includes(type))) {
        const { urn } = resource;
        const label = labelOf(resource);
        const violation = (message: string) => violations.push({ message: `${label}: ${message}`, urn });
        const { connector, interfaces } = pathsOf(resource);
        const reference = follow(stack, resource, connector, [types.connector]);

        if (reference.kind === "none") {
            const direct = readField(inputsOf(resource), ...interfaces);
            const names = [nameOf(resource), resource.name];
            const exempt = withoutEgress.some((name) => names.includes(name));
            if (serviceTypes.includes(resource.type) && isNothing(direct.known ? direct.value : "unknown") && !exempt) {
                violation(
                    `it has no egress setting, so it cannot reach the VPC. Set ${connector.join(".")} to a connector's id, ` +
                        `or ${interfaces.join(".")}; or name it in withoutEgress.`,
                );
            }
            continue;
        }
        if (reference.kind === "unknown") {
            notes.push({ message: `${label}: ${unknownAtPreview(connector.join("."))}.`, urn });
            continue;
        }
        if (reference.kind === "foreign" && !outside.includes(reference.value)) {
            const form = isConnectorId(reference.value)
                ? ""
                : " It must be the full id, projects/P/locations/L/connectors/C.";
            violation(
                `it uses connector "${reference.value}", which is not in this stack.${form} ` +
                    "Use the id of a connector of this stack, or name the connector and what it carries in connectors.",
            );
            continue;
        }
        if (reference.kind === "resources") violations.push(...misplaced(resource, label, reference.resources));
        const written = knownValue(readField(inputsOf(resource), ...connector));
        if (typeof written === "string" && !isConnectorId(written) && resource.type !== types.serviceV1) {
            violation(
                `connector is "${written}": it must be the full id, projects/P/locations/L/connectors/C. Pass the connector's id.`,
            );
        }

        const most = mostInstances(resource);
        for (const entry of entriesThatIgnore(most.path, resource.opts.ignoreChanges)) {
            violation(
                `ignoreChanges holds "${entry}", so ${most.field} stays as it is whatever is planned. Remove the entry.`,
            );
        }
        if (!most.found.known) {
            // A violation and not a note, as for the connector's own size: a plain number costs nothing.
            violation(`${unknownAtPreview(most.field)}, too late for the pull request. Give it as a plain number.`);
            continue;
        }
        const instances = most.found.value;
        if (!isWholeNumber(instances) || instances < 1) {
            const found = instances === undefined ? "is missing" : `is ${JSON.stringify(instances)}`;
            violation(
                `${most.field} ${found}: it must be a whole number, 1 or more. Set it, or the service may start ` +
                    "100 instances or more, which no one has sized for.",
            );
            continue;
        }
        users.push({
            label,
            instances,
            connectors: reference.kind === "resources" ? reference.resources : [],
            ...(reference.kind === "foreign" ? { outside: reference.value } : {}),
        });
    }
    return { users, violations, notes };
}

/** A service reaches a connector of its own region only. */
function misplaced(service: PolicyResource, label: string, connectors: readonly PolicyResource[]): Finding[] {
    const own = placeOf(service);
    return connectors.flatMap((connector) => {
        const place = placeOf(connector);
        if (own === undefined || place === undefined || own === place) return [];
        return [
            {
                message: `${label}: it runs in ${own}, and its connector ${connector.name} in ${place}. Use a connector in ${own}.`,
                urn: service.urn,
            },
        ];
    });
}

function isNothing(value: unknown): boolean {
    return value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}
