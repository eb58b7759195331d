import { createHash } from "node:crypto";
import { badRequest, ProviderError } from "../api-error";
import type { Behavior } from "../behavior";
import { asList, asObject, asText, isAbsent, isZero, type Props, valuesAt } from "../values";
import type { World } from "../world";
import { NETWORK, SUBNETWORK } from "./compute-network";
import { CLOUD_RUN_JOB, CLOUD_RUN_SERVICE } from "./iam";
import { seconds } from "./rules";
import { CONNECTOR } from "./vpcaccess";

const API = "run.googleapis.com";
const NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const LONGEST_NAME = 49;
const LONGEST_REQUEST_SECONDS = 3600;
const LONGEST_TASK_SECONDS = 7 * 24 * 3600;
const LONGEST_STARTUP_SECONDS = 240;
const MOST_CONCURRENT_REQUESTS = 1000;
const DEFAULT_MOST_INSTANCES = 100;

const violation = (kind: string, field: string, text: string) => badRequest(`Violation in ${kind}.${field}: ${text}`);

const located =
    (collection: string): Behavior["id"] =>
    (resource, world) =>
        `projects/${world.projectOf(resource)}/locations/${world.locationOf(resource)}/${collection}/${asText(resource.name)}`;

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
        const subnet = asText(subnetwork);
        const inRegion = subnet.includes("/") ? subnet : `regions/${location}/subnetworks/${subnet}`;
        const isAutomatic = world
            .list(NETWORK)
            .some(({ outputs }) => outputs.autoCreateSubnetworks === true && outputs.name === subnet);
        if (subnet !== "" && !isAutomatic && !world.find(SUBNETWORK, inRegion)) {
            throw violation(
                kind,
                `${path}.network_interfaces[0].subnetwork`,
                `The subnetwork ${subnet} was not found in ${location}`,
            );
        }
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

function refuseService(service: Props, world: World, old?: Props): void {
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

function refuseJob(job: Props, world: World, old?: Props): void {
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

/** The provider's own guard looks at the state: the new value must have been applied before. */
function refuseProtected(what: string): NonNullable<Behavior["refuseDelete"]> {
    return ({ deletionProtection }) => {
        if (deletionProtection === true) {
            throw new ProviderError(
                `cannot destroy ${what} without setting deletion_protection=false and running \`pulumi up\``,
            );
        }
    };
}

const setIfZero = (target: Props, values: Props): void => {
    for (const [name, value] of Object.entries(values)) if (isZero(target[name])) target[name] = value;
};

const condition = (type: string): Props => ({
    executionReason: "",
    lastTransitionTime: "",
    message: "",
    reason: "",
    revisionReason: "",
    severity: "",
    state: "CONDITION_SUCCEEDED",
    type,
});

function fillCommon(resource: Props, world: World, old?: Props): void {
    const generation = String(Number(old?.generation ?? 0) + 1);
    resource.location = world.locationOf(resource);
    Object.assign(resource, {
        generation,
        observedGeneration: generation,
        reconciling: false,
        updateTime: world.now(),
    });
    resource.etag = `"${createHash("sha256")
        .update(`${asText(resource.id)} ${generation}`)
        .digest("base64")
        .slice(0, 16)}"`;
    setIfZero(resource, {
        createTime: world.now(),
        uid: createHash("sha256")
            .update(`${asText(resource.id)} ${world.serial()}`)
            .digest("hex")
            .slice(0, 32),
        launchStage: "GA",
        terminalConditions: [condition("Ready")],
        effectiveAnnotations: asObject(resource.annotations),
    });
}

function fillContainer(container: Props, isService: boolean): void {
    // Without a resources block the CPU is throttled between requests; with one, only where it says so.
    if (isAbsent(container.resources)) {
        container.resources = isService ? { cpuIdle: true, startupCpuBoost: false } : {};
    }
    setIfZero(asObject(container.resources), { limits: { cpu: "1000m", memory: "512Mi" } });
    if (!isService) return;
    setIfZero(container, { ports: { containerPort: 8080, name: "http1" } });
    if (isAbsent(container.startupProbe)) {
        const { containerPort } = asObject(container.ports);
        container.startupProbe = {
            failureThreshold: 1,
            grpc: null,
            httpGet: null,
            initialDelaySeconds: 0,
            periodSeconds: 240,
            tcpSocket: { port: containerPort ?? 8080 },
            timeoutSeconds: 240,
        };
    }
}

function fillService(service: Props, world: World, old?: Props): void {
    fillCommon(service, world, old);
    const template = asObject(service.template);
    setIfZero(service, { ingress: "INGRESS_TRAFFIC_ALL" });
    const serviceAccount = `${world.projectNumber}-compute@developer.gserviceaccount.com`;
    setIfZero(template, { timeout: "300s", maxInstanceRequestConcurrency: 80, serviceAccount });
    for (const container of asList(template.containers)) fillContainer(asObject(container), true);
    if (isAbsent(template.scaling)) template.scaling = { minInstanceCount: 0 };
    setIfZero(asObject(template.scaling), { maxInstanceCount: DEFAULT_MOST_INSTANCES });
    if (!isZero(template.vpcAccess)) setIfZero(asObject(template.vpcAccess), { egress: "PRIVATE_RANGES_ONLY" });
    const latest = { percent: 100, revision: "", tag: "", type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST" };
    setIfZero(service, { traffics: [latest] });

    const suffix = createHash("sha256").update(asText(service.etag)).digest("hex").replace(/\d/g, "").slice(0, 3);
    const revision = `${asText(service.name)}-${asText(service.generation).padStart(5, "0")}-${suffix}`;
    service.latestCreatedRevision = `${asText(service.id)}/revisions/${revision}`;
    service.latestReadyRevision = service.latestCreatedRevision;
    service.uri = `https://${asText(service.name)}-${world.projectNumber}.${asText(service.location)}.run.app`;
    service.urls = [service.uri];
    service.trafficStatuses = valuesAt(service, "traffics").map((each) => ({ ...asObject(each), uri: "" }));
    service.conditions = [condition("RoutesReady"), condition("ConfigurationsReady")];
}

function fillJob(job: Props, world: World, old?: Props): void {
    fillCommon(job, world, old);
    const execution = asObject(job.template);
    const task = asObject(execution.template);
    setIfZero(execution, { taskCount: 1 });
    const serviceAccount = `${world.projectNumber}-compute@developer.gserviceaccount.com`;
    setIfZero(task, { timeout: "600s", serviceAccount, executionEnvironment: "EXECUTION_ENVIRONMENT_GEN2" });
    for (const container of asList(task.containers)) fillContainer(asObject(container), false);
    if (!isZero(task.vpcAccess)) setIfZero(asObject(task.vpcAccess), { egress: "PRIVATE_RANGES_ONLY" });
}

export const run: Record<string, Behavior> = {
    [CLOUD_RUN_SERVICE]: {
        autoname: { property: "name", maxLength: 50, lowerCase: true },
        validate: { "template.timeout": seconds },
        api: API,
        kind: "service",
        id: located("services"),
        references: [
            { path: "template.vpcAccess.connector", to: CONNECTOR, unchecked: true },
            { path: "template.vpcAccess.networkInterfaces.network", to: NETWORK, unchecked: true },
            { path: "template.vpcAccess.networkInterfaces.subnetwork", to: SUBNETWORK, unchecked: true },
        ],
        refuse: refuseService,
        refuseDelete: refuseProtected("service"),
        fill: fillService,
    },
    [CLOUD_RUN_JOB]: {
        validate: { "template.template.timeout": seconds },
        api: API,
        kind: "job",
        id: located("jobs"),
        references: [
            { path: "template.template.vpcAccess.connector", to: CONNECTOR, unchecked: true },
            { path: "template.template.vpcAccess.networkInterfaces.network", to: NETWORK, unchecked: true },
            { path: "template.template.vpcAccess.networkInterfaces.subnetwork", to: SUBNETWORK, unchecked: true },
        ],
        refuse: refuseJob,
        refuseDelete: refuseProtected("job"),
        fill: fillJob,
    },
};
