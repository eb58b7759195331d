import { ApiError } from "../api-error";
import type { Behavior, Validator } from "../behavior";
import { asText, type Props } from "../values";
import type { World } from "../world";

export const SERVICE = "gcp:projects/service:Service";

const TITLES: Record<string, string> = {
    "artifactregistry.googleapis.com": "Artifact Registry API",
    "certificatemanager.googleapis.com": "Certificate Manager API",
    "compute.googleapis.com": "Compute Engine API",
    "dns.googleapis.com": "Cloud DNS API",
    "iam.googleapis.com": "Identity and Access Management (IAM) API",
    "monitoring.googleapis.com": "Cloud Monitoring API",
    "redis.googleapis.com": "Google Cloud Memorystore for Redis API",
    "run.googleapis.com": "Cloud Run Admin API",
    "secretmanager.googleapis.com": "Secret Manager API",
    "sqladmin.googleapis.com": "Cloud SQL Admin API",
    "vpcaccess.googleapis.com": "Serverless VPC Access API",
};

/** Services that the provider refuses to manage: Google enables them with others. */
const UNMANAGED = [
    "bigquery-json.googleapis.com",
    "dataproc-control.googleapis.com",
    "source.googleapis.com",
    "stackdriverprovisioning.googleapis.com",
];

const service: Validator = (value) => {
    const name = String(value);
    if (UNMANAGED.includes(name)) return `${name} is not a service that can be managed`;
    return name.includes(".")
        ? undefined
        : `expected the full name of a service, such as run.googleapis.com, got ${name}`;
};

const idOf = (project: string, name: string): string => `${project}/${name}`;

export function refuseDisabledApi(api: string, resource: Props, world: World): void {
    const project = world.projectOf(resource);
    if (world.get(SERVICE, idOf(project, api))) return;
    const page = `https://console.developers.google.com/apis/api/${api}/overview?project=${project}`;
    throw new ApiError(
        403,
        "accessNotConfigured",
        `${TITLES[api] ?? api} has not been used in project ${project} before or it is disabled. Enable it by visiting ${page} then retry. ` +
            "If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.",
    );
}

export const serviceusage: Record<string, Behavior> = {
    [SERVICE]: {
        validate: { service },
        kind: "service",
        idempotent: true,
        id: (enabled, world) => idOf(world.projectOf(enabled), asText(enabled.service)),
        refuse: ({ service: name }) => {
            if (!/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/.test(asText(name))) {
                throw new ApiError(404, "notFound", `Service ${asText(name)} was not found`);
            }
        },
        // Without disableOnDestroy the program only forgets the API, the project keeps it.
        survivesDelete: ({ disableOnDestroy }) => disableOnDestroy !== true,
    },
};
