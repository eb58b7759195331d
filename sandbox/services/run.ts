import { createHash } from "node:crypto";
import { ProviderError } from "../api-error";
import type { Behavior } from "../behavior";
import { asList, asObject, asText, isAbsent, isZero, type Props, valuesAt } from "../values";
import type { World } from "../world";
import { NETWORK, SUBNETWORK } from "./compute-network";
import { CLOUD_RUN_JOB, CLOUD_RUN_SERVICE } from "./iam";
import { seconds } from "./rules";
import { refuseJob, refuseService } from "./run-refusals";
import { CONNECTOR } from "./vpcaccess";

const API = "run.googleapis.com";
const DEFAULT_MOST_INSTANCES = 100;

const located =
    (collection: string): Behavior["id"] =>
    (resource, world) =>
        `projects/${world.projectOf(resource)}/locations/${world.locationOf(resource)}/${collection}/${asText(resource.name)}`;

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
            // Google deletes a connector from under its services: an outage, and no refusal.
            { path: "template.vpcAccess.connector", to: CONNECTOR, unchecked: true, weak: true },
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
            { path: "template.template.vpcAccess.connector", to: CONNECTOR, unchecked: true, weak: true },
            { path: "template.template.vpcAccess.networkInterfaces.network", to: NETWORK, unchecked: true },
            { path: "template.template.vpcAccess.networkInterfaces.subnetwork", to: SUBNETWORK, unchecked: true },
        ],
        refuse: refuseJob,
        refuseDelete: refuseProtected("job"),
        fill: fillJob,
    },
};
