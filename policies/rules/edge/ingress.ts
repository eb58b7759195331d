import type { PolicyResource } from "@pulumi/policy";
import { labelOf, pathsOf } from "../../lib/cloud-run";
import { readField } from "../../lib/field";
import type { Finding } from "../../lib/finding";
import { inputsOf } from "../../lib/inputs";
import { servicesBehindLoadBalancer } from "../../lib/load-balancer";
import { unknownAtPreview } from "../../lib/report";
import { types } from "../../lib/types";

/** A service that is open to all can be reached past the load balancer: past its certificate, its logs and its rules. */
export function ingressViolations(stack: readonly PolicyResource[]): {
    readonly violations: readonly Finding[];
    readonly unknown: readonly PolicyResource[];
} {
    const { services, unknown } = servicesBehindLoadBalancer(stack);
    const violations = services.flatMap((service): Finding[] => {
        const { ingress: path } = pathsOf(service);
        const found = readField(inputsOf(service), ...path);
        const first = service.type === types.serviceV1;
        const fix = `Set it to "${first ? "internal-and-cloud-load-balancing" : "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"}".`;
        const label = labelOf(service);
        const field = path.join(".");
        const { urn } = service;
        if (!found.known) {
            return [{ message: `${label}: ${unknownAtPreview(field)}, too late for the pull request. ${fix}`, urn }];
        }
        if (found.value !== undefined && found.value !== "all" && found.value !== "INGRESS_TRAFFIC_ALL") return [];
        const value = found.value === undefined ? "is missing, which means open to all" : `is "${found.value}"`;
        return [
            { message: `${label}: ${field} ${value}: the service can be reached past the load balancer. ${fix}`, urn },
        ];
    });
    return { violations, unknown };
}
