import * as pulumi from "@pulumi/pulumi";
import { type ConnectorSize, defaultHeadroom, type Workload } from "./capacity";
import { checkCapacity, checkNetwork, checkProvider, checkServices, isGiven, parseServices } from "./config/checks";
import { asObject, Mistakes, namespace, type Values } from "./config/mistakes";
import {
    type EnvironmentValue,
    type ExistingService,
    type ManagedService,
    type Settings,
    schema,
} from "./config/schema";

export type { ExistingService, ManagedService } from "./config/schema";

/** What `Pulumi.<stack>.yaml` says, checked as a whole. */
export interface Configuration extends Omit<Settings, "workload" | "network" | "connector" | "services"> {
    readonly project: string;
    readonly region: string;
    readonly workload: Workload;
    /** Absent where no service goes through a connector. */
    readonly connector?: ConnectorSettings;
    /** Where services with direct egress enter the VPC; absent where there is none. */
    readonly direct?: { readonly network: string; readonly subnetwork: string };
    readonly services: Readonly<Record<string, ManagedService | ExistingService>>;
}

/** A connector with its place: either a range of its own on a network, or an existing subnet. */
export interface ConnectorSettings {
    readonly name: string;
    /** Absent where the size follows from the workload. */
    readonly size?: ConnectorSize;
    readonly network?: { readonly name: string; readonly ipCidrRange: string };
    readonly subnet?: { readonly name: string; readonly hostProject?: string };
}

/** Reads the configuration of the stack that is being deployed. */
export function readConfig(): Configuration {
    return parseConfig(pulumi.runtime.allConfig(), pulumi.getStack(), isConfigSecret);
}

/**
 * Turns configuration as the engine hands it out (every value a string, objects as JSON) into a typed whole, or throws one
 * error that lists every mistake. Pulumi's host prints a RunError without a stack trace. Only `gcp:project`, `gcp:region` and
 * the namespace `netra` are read; values of keys that `isSecret` names are never repeated in a message.
 */
export function parseConfig(
    raw: Readonly<Record<string, string>>,
    stack: string,
    isSecret: (key: string) => boolean = () => false,
): Configuration {
    const mistakes = new Mistakes(isSecret);
    const values = decode(raw);
    const parsed = schema.safeParse(values);
    mistakes.addIssues(parsed.error?.issues ?? [], values);
    const services = parseServices(asObject(values.services), stack, mistakes);
    const workload = { headroom: defaultHeadroom, ...asObject(values.workload) } as unknown as Workload;
    checkCapacity(values, workload, mistakes);
    checkNetwork(values, mistakes);
    checkServices(values, workload, services, mistakes);
    const project = checkProvider(raw, "project", /^[a-z][-a-z0-9]{4,28}[a-z0-9]$/, "netra-staging", mistakes);
    const region = checkProvider(raw, "region", /^[a-z]+-[a-z]+[0-9]+$/, "us-central1", mistakes);
    mistakes.throwIfAny(stack);

    const { connector, network, ...rest } = parsed.data as Settings;
    const parsedServices = services as Configuration["services"];
    return {
        ...rest,
        project,
        region,
        workload,
        connector: connector && connectorSettings(connector, network),
        direct: directNetwork(network, region),
        services: isSecret(`${namespace}services`) ? withSecretEnvironment(parsedServices) : parsedServices,
    };
}

function connectorSettings(
    { name, ...size }: NonNullable<Settings["connector"]>,
    { name: network, connectorRange, connectorSubnet, hostProject }: Settings["network"],
): ConnectorSettings {
    return {
        name: name as string,
        ...(isGiven(size) ? { size: size as ConnectorSize } : {}),
        ...(connectorSubnet === undefined
            ? { network: { name: network as string, ipCidrRange: connectorRange as string } }
            : { subnet: { name: connectorSubnet, hostProject } }),
    };
}

/** Short names mean the service's own project; a shared VPC is named by its full path. */
function directNetwork({ name, directSubnetwork, hostProject }: Settings["network"], region: string) {
    if (name === undefined || directSubnetwork === undefined) return undefined;
    if (hostProject === undefined) return { network: name, subnetwork: directSubnetwork };
    return {
        network: `projects/${hostProject}/global/networks/${name}`,
        subnetwork: `projects/${hostProject}/regions/${region}/subnetworks/${directSubnetwork}`,
    };
}

/** Services given as a secret may hold one in their environment: it stays a secret in the state. */
function withSecretEnvironment(services: Configuration["services"]): Configuration["services"] {
    const secretValue = (value: EnvironmentValue) => (typeof value === "string" ? pulumi.secret(value) : value);
    return Object.fromEntries(
        Object.entries(services).map(([key, service]) => {
            if (service.existing || service.env === undefined) return [key, service];
            const env = Object.entries(service.env).map(([name, value]) => [name, secretValue(value)]);
            return [key, { ...service, env: Object.fromEntries(env) }];
        }),
    );
}

/** Strings stay as they are; of an object that is not valid JSON the rest is checked nevertheless. */
function decode(raw: Readonly<Record<string, string>>): Values {
    const values: Values = {};
    for (const [key, value] of Object.entries(raw).filter(([key]) => key.startsWith(namespace))) {
        const name = key.slice(namespace.length);
        values[name] = value;
        if (name === "domain" || name === "notificationEmail" || !(name in schema.shape)) continue;
        try {
            values[name] = JSON.parse(value);
        } catch {
            // The schema reports it: a string is no object.
        }
    }
    return values;
}

/** Pulumi knows which keys are secret, but its types leave the function out; if it should go, every key counts as one. */
function isConfigSecret(key: string): boolean {
    const { isConfigSecret: known } = pulumi.runtime as { isConfigSecret?: (key: string) => boolean };
    return known?.(key) ?? true;
}
