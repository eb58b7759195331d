import type { PolicyResource } from "@pulumi/policy";
import { pathsOf, serviceTypes } from "./cloud-run";
import { elementPaths, knownText, readField } from "./field";
import { inputsOf } from "./inputs";
import { follow, placeOf } from "./reference";
import { types } from "./types";

/** Services that a load balancer sends requests to, and the names of those that are not part of the stack. */
export interface ServedServices {
    readonly services: readonly PolicyResource[];
    readonly elsewhere: readonly string[];
    /** Endpoint groups whose service is not known yet. */
    readonly unknown: readonly PolicyResource[];
}

/**
 * A service is behind the load balancer when an endpoint group names it, or when it takes requests from nowhere else.
 */
export function servicesBehindLoadBalancer(stack: readonly PolicyResource[]): ServedServices {
    const services = stack.filter((resource) => serviceTypes.includes(resource.type));
    const found = new Set(services.filter(takesOnlyLoadBalancer));
    const elsewhere: string[] = [];
    const unknown: PolicyResource[] = [];
    for (const group of stack.filter((resource) => resource.type === types.endpointGroup)) {
        const reference = follow(stack, group, ["cloudRun", "service"], serviceTypes);
        if (reference.kind === "resources") {
            for (const service of reference.resources) if (samePlace(service, group)) found.add(service);
        }
        if (reference.kind === "foreign") elsewhere.push(reference.value);
        if (reference.kind === "unknown") unknown.push(group);
        // A mask picks the service from the URL: any of the region may be meant.
        if (knownText(readField(inputsOf(group), "cloudRun", "urlMask")) !== undefined) {
            for (const service of services) if (samePlace(service, group)) found.add(service);
        }
    }
    return { services: [...found], elsewhere, unknown };
}

/** Whether a backend service sends requests to serverless endpoint groups. `undefined` when that is not known yet. */
export function isServerless(stack: readonly PolicyResource[], backendService: PolicyResource): boolean | undefined {
    const props = inputsOf(backendService);
    const backends = readField(props, "backends");
    if (!backends.known) {
        const groups = (backendService.propertyDependencies.backends ?? []).filter(isEndpointGroup);
        return groups.length > 0 ? groups.some(isServerlessGroup) : undefined;
    }
    const answers = elementPaths(props, "backends").map((backend) => {
        const reference = follow(stack, backendService, [...backend, "group"], [types.endpointGroup]);
        if (reference.kind === "resources") return reference.resources.some(isServerlessGroup);
        // Zonal groups are of virtual machines; a regional one that this stack does not hold is most likely serverless.
        if (reference.kind === "foreign") return /\/regions\/[^/]+\/networkEndpointGroups\//.test(reference.value);
        return reference.kind === "unknown" && !dependsOnInstanceGroup(backendService) ? undefined : false;
    });
    if (answers.includes(true)) return true;
    return answers.includes(undefined) ? undefined : false;
}

function takesOnlyLoadBalancer(service: PolicyResource): boolean {
    const ingress = knownText(readField(inputsOf(service), ...pathsOf(service).ingress));
    return ingress === "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER" || ingress === "internal-and-cloud-load-balancing";
}

function samePlace(a: PolicyResource, b: PolicyResource): boolean {
    const [placeOfA, placeOfB] = [placeOf(a), placeOf(b)];
    return placeOfA === undefined || placeOfB === undefined || placeOfA === placeOfB;
}

function isEndpointGroup(resource: PolicyResource): boolean {
    return resource.type === types.endpointGroup;
}

function isServerlessGroup(group: PolicyResource): boolean {
    const kind = knownText(readField(inputsOf(group), "networkEndpointType"));
    return kind === undefined || kind === "SERVERLESS";
}

function dependsOnInstanceGroup(backendService: PolicyResource): boolean {
    return (backendService.propertyDependencies.backends ?? []).some((resource) =>
        /instanceGroup|NetworkEndpointGroup/i.test(resource.type),
    );
}
