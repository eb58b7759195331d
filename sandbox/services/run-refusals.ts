// What Cloud Run answers to services and jobs that it cannot run.
import { badRequest } from "../api-error";
import { asList, asObject, asText, isZero, type Props } from "../values";
import type { World } from "../world";
import { parseRange } from "./addresses";
import { NETWORK, SUBNETWORK } from "./compute-network";
import { CONNECTOR } from "./vpcaccess";

const NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const LONGEST_NAME = 49;
const LONGEST_REQUEST_SECONDS = 3600;
const LONGEST_TASK_SECONDS = 7 * 24 * 3600;
const LONGEST_STARTUP_SECONDS = 240;
const SMALLEST_EGRESS_PREFIX = 26;
const MOST_CONCURRENT_REQUESTS = 1000;

const violation = (kind: string, field: string, text: string) => badRequest(`Violation in ${kind}.${field}: ${text}`);

function refuseName(kind: string, { name }: Props): void {
    if (NAME.test(asText(name)) && asText(name).length <= LONGEST_NAME) return;
    throw violation(
        kind,
        "name",
        `${asText(name)} must begin with a letter, use only lower-case letters, digits and hyphens, and have at most ${LONGEST_NAME} characters`,
    );
}

function refuseTimeout(kind: string, field: string, timeout: unknown, longest: number): void {
    if (isZero(timeout)) return;
    const length = Number(asText(timeout).replace(/s$/, ""));
    if (!(length > 0 && length <= longest))
        throw violation(kind, field, `${asText(timeout)} must be more than 0s and at most ${longest}s`);
}

function refuseConnector(kind: string, field: string, reference: string, location: string, world: World): void {
    const match = reference.match(/^projects\/[^/]+\/locations\/([^/]+)\/connectors\/[^/]+$/);
    if (!match) {
        throw violation(
            kind,
            field,
            `${reference} must have the format projects/{project}/locations/{location}/connectors/{connector}`,
        );
    }
    if (match[1] !== location)
        throw violation(
            kind,
            field,
            `The connector ${reference} must be in the same region as the service, ${location}`,
        );
    if (!world.get(CONNECTOR, reference)) {
        throw badRequest(`VPC connector ${reference} does not exist, or Cloud Run does not have permission to use it.`);
    }
}

/** The subnetworks of an automatic network are not in the estate one by one: each has its network's name. */
function refuseSubnetwork(kind: string, field: string, reference: string, location: string, world: World): void {
    const isAutomatic = ({ autoCreateSubnetworks, name }: Props): boolean =>
        autoCreateSubnetworks === true && name === reference;
    if (reference === "" || world.list(NETWORK).some(({ outputs }) => isAutomatic(outputs))) return;
    const subnet = world.find(
        SUBNETWORK,
        reference.includes("/") ? reference : `regions/${location}/subnetworks/${reference}`,
    );
    if (!subnet) throw violation(kind, field, `The subnetwork ${reference} was not found in ${location}`);
    if ((parseRange(subnet.outputs.ipCidrRange)?.prefix ?? 0) > SMALLEST_EGRESS_PREFIX) {
        throw violation(
            kind,
            field,
            `${reference} is too small for Direct VPC egress: it must be /${SMALLEST_EGRESS_PREFIX} or larger`,
        );
    }
}

function refuseVpcAccess(kind: string, path: string, access: Props, location: string, world: World): void {
    const interfaces = asList(access.networkInterfaces).map(asObject);
    if (!isZero(access.connector)) {
        if (interfaces.length > 0) throw violation(kind, path, "connector and network_interfaces cannot both be set");
        refuseConnector(kind, `${path}.connector`, asText(access.connector), location, world);
    }
    if (interfaces.length > 1)
        throw violation(kind, `${path}.network_interfaces`, "at most one network interface is supported");
    for (const { network, subnetwork } of interfaces) {
        if (isZero(network) && isZero(subnetwork)) {
            throw violation(
                kind,
                `${path}.network_interfaces[0]`,
                "at least one of network or subnetwork must be specified",
            );
        }
        if (!isZero(network) && !world.find(NETWORK, network)) {
            throw violation(
                kind,
                `${path}.network_interfaces[0].network`,
                `The network ${asText(network)} was not found`,
            );
        }
        refuseSubnetwork(kind, `${path}.network_interfaces[0].subnetwork`, asText(subnetwork), location, world);
    }
}

function refuseScaling(kind: string, path: string, { minInstanceCount, maxInstanceCount }: Props): void {
    const [min, max] = [Number(minInstanceCount ?? 0), Number(maxInstanceCount ?? 0)];
    if (min < 0 || max < 0) throw violation(kind, path, "instance counts must not be negative");
    if (max > 0 && min > max)
        throw violation(kind, path, `min_instance_count ${min} must not be greater than max_instance_count ${max}`);
}

function refuseProbe(kind: string, path: string, probe: Props, longest: number): void {
    const { periodSeconds = 10, timeoutSeconds = 1, initialDelaySeconds = 0 } = probe;
    if (Number(timeoutSeconds) > Number(periodSeconds))
        throw violation(kind, path, "timeout_seconds must not be greater than period_seconds");
    if (Number(periodSeconds) < 1 || Number(periodSeconds) > longest)
        throw violation(kind, `${path}.period_seconds`, `must be between 1 and ${longest}`);
    if (Number(initialDelaySeconds) > longest)
        throw violation(kind, `${path}.initial_delay_seconds`, `must be between 0 and ${longest}`);
}

function refuseContainers(kind: string, path: string, containers: unknown): void {
    const all = asList(containers).map(asObject);
    if (all.length === 0) throw violation(kind, path, "at least one container is required");
    for (const [index, { startupProbe, livenessProbe }] of all.entries()) {
        if (!isZero(startupProbe))
            refuseProbe(kind, `${path}[${index}].startup_probe`, asObject(startupProbe), LONGEST_STARTUP_SECONDS);
        if (!isZero(livenessProbe))
            refuseProbe(kind, `${path}[${index}].liveness_probe`, asObject(livenessProbe), 3600);
    }
}

export function refuseService(service: Props, world: World, old?: Props): void {
    const kind = old ? "UpdateServiceRequest.service" : "CreateServiceRequest.service";
    const template = asObject(service.template);
    refuseName(kind, service);
    refuseTimeout(kind, "template.timeout", template.timeout, LONGEST_REQUEST_SECONDS);
    refuseContainers(kind, "template.containers", template.containers);
    refuseScaling(kind, "template.scaling", asObject(template.scaling));
    refuseScaling(kind, "scaling", asObject(service.scaling));
    const concurrency = Number(template.maxInstanceRequestConcurrency ?? 0);
    if (concurrency < 0 || concurrency > MOST_CONCURRENT_REQUESTS) {
        throw violation(
            kind,
            "template.max_instance_request_concurrency",
            `must be between 1 and ${MOST_CONCURRENT_REQUESTS}`,
        );
    }
    refuseVpcAccess(kind, "template.vpc_access", asObject(template.vpcAccess), world.locationOf(service), world);
}

export function refuseJob(job: Props, world: World, old?: Props): void {
    const kind = old ? "UpdateJobRequest.job" : "CreateJobRequest.job";
    const execution = asObject(job.template);
    const task = asObject(execution.template);
    refuseName(kind, job);
    refuseTimeout(kind, "template.template.timeout", task.timeout, LONGEST_TASK_SECONDS);
    refuseContainers(kind, "template.template.containers", task.containers);
    refuseVpcAccess(kind, "template.template.vpc_access", asObject(task.vpcAccess), world.locationOf(job), world);
    const [parallelism, tasks] = [Number(execution.parallelism ?? 0), Number(execution.taskCount ?? 0)];
    if (tasks > 10000) throw violation(kind, "template.task_count", "must be at most 10000");
    if (tasks > 0 && parallelism > tasks)
        throw violation(kind, "template.parallelism", "must not be greater than task_count");
}
