import type { PolicyResource } from "@pulumi/policy";
import { type Field, knownValue, type Path, readField } from "./field";
import { inputsOf } from "./inputs";
import { nameOf } from "./reference";
import { types } from "./types";

/** Where the two generations of Cloud Run keep what the rules judge. */
export interface CloudRunPaths {
    readonly timeout: Path;
    readonly connector: Path;
    readonly interfaces: Path;
    readonly ingress: Path;
}

const annotations: Path = ["template", "metadata", "annotations"];

const v2: CloudRunPaths = {
    timeout: ["template", "timeout"],
    connector: ["template", "vpcAccess", "connector"],
    interfaces: ["template", "vpcAccess", "networkInterfaces"],
    ingress: ["ingress"],
};

const v1: CloudRunPaths = {
    timeout: ["template", "spec", "timeoutSeconds"],
    connector: [...annotations, "run.googleapis.com/vpc-access-connector"],
    interfaces: [...annotations, "run.googleapis.com/network-interfaces"],
    ingress: ["metadata", "annotations", "run.googleapis.com/ingress"],
};

const job: CloudRunPaths = { ...v2, connector: ["template", "template", "vpcAccess", "connector"] };

export const serviceTypes: readonly string[] = [types.service, types.serviceV1];
export const runTypes: readonly string[] = [...serviceTypes, types.job];

export function pathsOf(resource: Pick<PolicyResource, "type">): CloudRunPaths {
    if (resource.type === types.serviceV1) return v1;
    return resource.type === types.job ? job : v2;
}

/** What a message calls a service or a job: by the name that the cloud knows, else by its name in the program. */
export function labelOf(resource: PolicyResource): string {
    return `${resource.type === types.job ? "Job" : "Service"} ${nameOf(resource) ?? resource.name}`;
}

/** The most instances that a service or a job may run at once, and the field that says so. */
export interface MostInstances {
    /** The field to set, as its user writes it. */
    readonly field: string;
    readonly path: Path;
    readonly found: Field;
}

export function mostInstances(resource: PolicyResource): MostInstances {
    const props = inputsOf(resource);
    const at = (...path: Path): MostInstances => ({ field: path.join("."), path, found: readField(props, ...path) });
    if (resource.type === types.serviceV1) {
        const scale = at(...annotations, "autoscaling.knative.dev/maxScale");
        const value = knownValue(scale.found);
        // An annotation is text.
        const isNumeral = typeof value === "string" && /^\d+$/.test(value);
        return isNumeral ? { ...scale, found: { known: true, value: Number(value) } } : scale;
    }
    if (resource.type === types.job) {
        const tasks = at("template", "taskCount");
        const parallelism = at("template", "parallelism");
        // Without a parallelism, or with 0, all tasks run at once; without a number of tasks there is one.
        if (!isMissing(parallelism) && !isZero(parallelism)) return parallelism;
        return isMissing(tasks) ? { ...tasks, found: { known: true, value: 1 } } : tasks;
    }
    const manual = at("scaling", "manualInstanceCount");
    const ofService = at("scaling", "maxInstanceCount");
    const ofRevision = at("template", "scaling", "maxInstanceCount");
    if (!isMissing(manual)) return manual;
    if (isMissing(ofService) || isZero(ofService)) return ofRevision;
    if (isMissing(ofRevision) || isZero(ofRevision)) return ofService;
    // The service's own limit covers all its revisions together: the smaller of the two holds.
    const [a, b] = [ofService.found, ofRevision.found];
    if (!a.known) return ofService;
    if (!b.known) return ofRevision;
    return Number(a.value) < Number(b.value) ? ofService : ofRevision;
}

function isMissing({ found }: MostInstances): boolean {
    return found.known && found.value === undefined;
}

function isZero({ found }: MostInstances): boolean {
    return found.known && found.value === 0;
}
