import {
    connectorNameProblems,
    connectorRangeProblems,
    isWholeNumber,
    recommend,
    sizeProblems,
    type Workload,
    workloadProblems,
} from "../capacity";
import { asObject, isObject, type Mistakes, namespace, type Values } from "./mistakes";
import { domainPattern, existingService, label, type ManagedService, managedService } from "./schema";

export function parseServices(
    given: Values,
    stack: string,
    mistakes: Mistakes,
): Record<string, Partial<ManagedService>> {
    const services: Record<string, Partial<ManagedService>> = {};
    for (const [key, value] of Object.entries(given)) {
        const existing = asObject(value).existing === true;
        const parsed = (existing ? existingService : managedService).safeParse(value);
        mistakes.addIssues(parsed.error?.issues ?? [], value, ["services", key]);
        // With mistakes in it, what was given is still checked against the rest.
        const service = (parsed.data ?? { egress: "connector", ...asObject(value) }) as Partial<ManagedService>;
        services[key] = { ...service, name: service.name ?? `${key}-${stack}` };
        const field = `${namespace}services.${key}`;
        if (!/^[a-z]([-a-z0-9]{0,18}[a-z0-9])?$/.test(key)) {
            mistakes.add(
                field,
                key,
                "a key of 1 to 20 lower-case letters, digits or hyphens, a letter first",
                "Names of resources are built from it.",
            );
        }
        const [pattern, bound] = existing
            ? [/^[a-z]([-a-z0-9]{0,47}[a-z0-9])?$/, "1 to 49"]
            : [/^[a-z][-a-z0-9]{4,28}[a-z0-9]$/, "6 to 30"];
        if (!pattern.test(String(services[key].name))) {
            mistakes.add(
                `${field}.name`,
                services[key].name,
                `${bound} lower-case letters, digits or hyphens, a letter first, no hyphen at the end`,
                "Name it explicitly; a service deployed here shares the name with its service account.",
            );
        }
    }
    return services;
}

export function checkCapacity({ workload: given, connector }: Values, workload: Workload, mistakes: Mistakes): void {
    const problems = isObject(given) ? workloadProblems({ ...workload }) : [];
    mistakes.addProblems(`${namespace}workload`, problems);
    if (!isObject(connector)) return;
    const { name, machineType, minInstances, maxInstances } = connector;
    mistakes.addProblems(`${namespace}connector`, connectorNameProblems(name));
    const size = { machineType, minInstances, maxInstances };
    if (isGiven(size)) {
        mistakes.addProblems(`${namespace}connector`, sizeProblems(size));
    } else if (isObject(given) && problems.length === 0) {
        const recommendation = recommend(workload);
        if (recommendation.kind === "none") {
            mistakes.add(
                `${namespace}workload`,
                given,
                `one that a connector carries (at most ${recommendation.mostMbps} Mbps)`,
                recommendation.reason,
            );
        }
    }
}

export function checkNetwork({ network: given, connector, services }: Values, mistakes: Mistakes): void {
    if (!isObject(given)) return;
    const { name, connectorRange, connectorSubnet, directSubnetwork, hostProject } = given;
    const field = `${namespace}network`;
    const direct = Object.values(asObject(services)).some((service) => asObject(service).egress === "direct");
    if (connectorRange !== undefined) {
        mistakes.addProblems(field, connectorRangeProblems(connectorRange), () => "connectorRange");
    }
    if (connector !== undefined && (connectorRange === undefined) === (connectorSubnet === undefined)) {
        mistakes.add(
            `${field}.connectorRange`,
            connectorRange,
            'given when "connectorSubnet" is not, and only then',
            "Give the connector a free /28 range of the network, or an existing /28 subnet.",
        );
    }
    if (name === undefined && (connectorRange !== undefined || direct)) {
        mistakes.add(
            `${field}.name`,
            name,
            "given with connectorRange, and where a service has direct egress",
            "Name the VPC network.",
        );
    }
    if (direct && directSubnetwork === undefined) {
        mistakes.add(
            `${field}.directSubnetwork`,
            directSubnetwork,
            "given where a service has direct egress",
            "Name a subnet of size /26 or larger.",
        );
    }
    if (hostProject !== undefined && connectorRange !== undefined) {
        mistakes.add(
            `${field}.hostProject`,
            hostProject,
            "given without connectorRange",
            "In a shared VPC, give the connector an existing subnet of the host project with connectorSubnet.",
        );
    }
}

export function checkServices(
    values: Values,
    workload: Workload,
    services: Record<string, Partial<ManagedService>>,
    mistakes: Mistakes,
): void {
    const hosts = new Map<string, string>();
    const names = new Map<string, string>();
    let leastTogether = 0;
    for (const [key, service] of Object.entries(services)) {
        const field = `${namespace}services.${key}`;
        checkHost(`${field}.host`, service.host, values.domain, mistakes);
        checkUnique(`${field}.host`, service.host, key, hosts, mistakes);
        checkUnique(`${field}.name`, service.name, key, names, mistakes);
        if ((service.existing as boolean | undefined) === true) continue;
        const { minInstances: least, maxInstances: most } = service;
        if (isWholeNumber(least) && isWholeNumber(most) && least > most) {
            mistakes.add(
                `${field}.maxInstances`,
                most,
                `minInstances (${least}) or more`,
                "Raise maxInstances, or lower minInstances.",
            );
        }
        if (service.egress !== "connector") continue;
        if (values.connector === undefined) {
            mistakes.add(
                `${field}.egress`,
                service.egress,
                `"direct", where ${namespace}connector is left out`,
                `Set ${namespace}connector, or let the service use Direct VPC egress.`,
            );
        }
        if (isWholeNumber(least)) leastTogether += least;
        if (isWholeNumber(most) && most > workload.instances) {
            mistakes.add(
                `${field}.maxInstances`,
                most,
                `${namespace}workload.instances (${mistakes.show("workload", workload.instances)}) or less`,
                "Raise workload.instances, so that the connector is sized for such a start, or lower maxInstances.",
            );
        }
    }
    if (leastTogether > workload.instances) {
        mistakes.add(
            `${namespace}workload.instances`,
            workload.instances,
            `the sum of minInstances of the services on the connector (${mistakes.show("services", leastTogether)}) or more`,
            "They all start at once when the services are deployed together.",
        );
    }
    if (Object.keys(services).length === 0 && isObject(values.services)) {
        mistakes.add(
            `${namespace}services`,
            values.services,
            "at least one service",
            "State what the load balancer serves.",
        );
    }
    const { defaultService = "frontend" } = asObject(values.loadBalancer);
    if (typeof defaultService === "string" && isObject(values.services) && !(defaultService in services)) {
        mistakes.add(
            `${namespace}loadBalancer.defaultService`,
            defaultService,
            `a key of services (${mistakes.show("services", Object.keys(services).join(", "))})`,
            "Name the service that answers for hosts not listed.",
        );
    }
}

function checkHost(field: string, host: unknown, domain: unknown, mistakes: Mistakes): void {
    if (typeof host !== "string" || typeof domain !== "string" || !domainPattern.test(domain)) return;
    const under = new RegExp(`^${label}\\.${domain.replaceAll(".", "\\.")}$`);
    if (!under.test(host)) {
        mistakes.add(
            field,
            host,
            `one label in lower case under ${mistakes.show("domain", domain)}`,
            "The certificate's wildcard covers exactly one label.",
        );
    }
}

function checkUnique(field: string, value: unknown, key: string, seen: Map<string, string>, mistakes: Mistakes): void {
    if (typeof value !== "string") return;
    const other = seen.get(value);
    if (other !== undefined) {
        mistakes.add(field, value, `unlike that of services.${other}`, "Each service has its own.");
    }
    seen.set(value, other ?? key);
}

export function checkProvider(
    raw: Readonly<Record<string, string>>,
    name: string,
    pattern: RegExp,
    example: string,
    mistakes: Mistakes,
): string {
    const value = raw[`gcp:${name}`];
    if (value === undefined || !pattern.test(value)) {
        mistakes.add(
            `gcp:${name}`,
            value,
            `a ${name} of Google Cloud, such as ${example}`,
            `Run: pulumi config set gcp:${name} <${name}>`,
        );
    }
    return value ?? "";
}

export function isGiven(size: object): boolean {
    return Object.values(size).some((value) => value !== undefined);
}
