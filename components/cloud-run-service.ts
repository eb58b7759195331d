import * as cloudrunv2 from "@pulumi/gcp/cloudrunv2";
import * as secretmanager from "@pulumi/gcp/secretmanager";
import * as serviceaccount from "@pulumi/gcp/serviceaccount";
import * as pulumi from "@pulumi/pulumi";
import { checkCloudRunService } from "./cloud-run-service-checks";

export interface CloudRunServiceArgs {
    /** The service's name, and its service account's: 6 to 30 characters. Changing it replaces both, deleted first. */
    readonly name: string;
    /** Region; the same as that of its connector and its load balancer's endpoint group. Changing it replaces the service. */
    readonly region: pulumi.Input<string>;
    /** Container image. Like every field below, a change makes a new revision in place. */
    readonly image: pulumi.Input<string>;
    /** How the instances reach the VPC. */
    readonly egress: ConnectorEgress | DirectEgress;
    /**
     * Who may call the service, by a role of your choice: `{ public: "allUsers" }`. A load balancer cannot authenticate its
     * users, so a public service needs `allUsers`. Changing a member replaces its grant alone.
     */
    readonly invokers: Readonly<Record<string, pulumi.Input<string>>>;
    /** Instances that always run. 0 to `maxInstances`. */
    readonly minInstances: number;
    /** Instances it may grow to. 1 to 1000. */
    readonly maxInstances: number;
    /** Seconds that a request may take. 1 to 3600; default 600. */
    readonly timeoutSeconds?: number;
    /** Requests that one instance serves at a time. 1 to 1000; default 80. */
    readonly concurrency?: number;
    /** CPUs of an instance: 1, 2, 4, 6 or 8; default 1. Less than one would force a concurrency of 1. */
    readonly cpu?: number;
    /** Memory of an instance, such as `512Mi` (the default) or `2Gi`; its bounds depend on the CPUs. */
    readonly memory?: string;
    /** Port that the container listens on. 1 to 65535; default 8080. */
    readonly port?: number;
    /**
     * Path that answers 200 once the service is ready, its database included. Without it, an instance counts as started as
     * soon as it listens on its port, which says nothing of its way into the VPC.
     */
    readonly healthPath?: string;
    /** Environment variables: plain values, or references to secrets, which the service's account may then read. */
    readonly env?: Readonly<Record<string, pulumi.Input<string> | SecretReference>>;
    /** Where requests may come from. Default: the load balancer and the VPC. */
    readonly ingress?: Ingress;
    /** Whether Pulumi refuses to delete or replace the service. Default false: it holds no state. */
    readonly deletionProtection?: boolean;
}

export interface ConnectorEgress {
    readonly kind: "connector";
    /** Full id, `projects/P/locations/L/connectors/C`. */
    readonly connector: pulumi.Input<string>;
    /** What goes through the VPC. Default `PRIVATE_RANGES_ONLY`: all traffic would spend the connector on the internet. */
    readonly traffic?: EgressTraffic;
}

export interface DirectEgress {
    readonly kind: "direct";
    readonly network: pulumi.Input<string>;
    /** A /26 or larger: every instance takes two addresses, more while revisions change. */
    readonly subnetwork: pulumi.Input<string>;
    /** Network tags, for firewall rules. */
    readonly tags?: readonly string[];
    /** What goes through the VPC. Default `PRIVATE_RANGES_ONLY`. */
    readonly traffic?: EgressTraffic;
}

export type EgressTraffic = "PRIVATE_RANGES_ONLY" | "ALL_TRAFFIC";
export type Ingress =
    | "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
    | "INGRESS_TRAFFIC_INTERNAL_ONLY"
    | "INGRESS_TRAFFIC_ALL";

export interface SecretReference {
    /** Short name or id of the secret in Secret Manager; plain, for the service's grant on it is named after it. */
    readonly secret: string;
    /** Version; default `latest`, read when an instance starts. */
    readonly version?: pulumi.Input<string>;
}

/** What is taken for fields left out. */
export const cloudRunDefaults = {
    timeoutSeconds: 600,
    concurrency: 80,
    cpu: 1,
    memory: "512Mi",
    port: 8080,
    ingress: "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
    deletionProtection: false,
} as const;

/**
 * A new instance's way to the VPC may take a minute or more to warm up, so the probe tolerates two; it asks often, since the
 * default of every 10 s would by itself be longer than the start-up deadline of 8 s.
 */
const startupProbe = { periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 60, initialDelaySeconds: 0 };

/** A Cloud Run service of its own service account, behind a load balancer, with one way into the VPC. */
export class CloudRunService extends pulumi.ComponentResource {
    readonly name: pulumi.Output<string>;
    /** The `run.app` address; not reachable from the internet with the default ingress. */
    readonly uri: pulumi.Output<string>;
    readonly region: pulumi.Output<string>;
    /** Plain, so that a load balancer can hold it to its contract at preview. */
    readonly timeoutSeconds: number;
    /** For granting the service access to what it uses. */
    readonly serviceAccountEmail: pulumi.Output<string>;

    constructor(name: string, args: CloudRunServiceArgs, opts?: pulumi.ComponentResourceOptions) {
        const settings = { ...cloudRunDefaults, ...withoutUndefined(args) };
        checkCloudRunService(`CloudRunService "${name}"`, settings);
        // No inputs: the environment's values would be stored a second time, with the component.
        super("netra:run:CloudRunService", name, {}, opts);

        const account = new serviceaccount.Account(
            `${name}-account`,
            { accountId: args.name, displayName: `Cloud Run service ${args.name}` },
            { parent: this },
        );
        const grants = this.secretGrants(name, args, account);

        const service = new cloudrunv2.Service(
            `${name}-service`,
            {
                name: args.name,
                location: args.region,
                ingress: settings.ingress,
                // Explicit either way: the provider's default refuses a destroy, and a replacement as well.
                deletionProtection: settings.deletionProtection,
                template: {
                    serviceAccount: account.email,
                    timeout: `${settings.timeoutSeconds}s`,
                    maxInstanceRequestConcurrency: settings.concurrency,
                    scaling: { minInstanceCount: args.minInstances, maxInstanceCount: args.maxInstances },
                    vpcAccess: vpcAccess(args.egress),
                    containers: [
                        {
                            image: args.image,
                            ports: { containerPort: settings.port },
                            envs: environment(args.env),
                            resources: {
                                limits: { cpu: String(settings.cpu), memory: settings.memory },
                                startupCpuBoost: true,
                                // Giving `resources` at all flips it to false: CPU always allocated, and billed.
                                cpuIdle: true,
                            },
                            startupProbe: {
                                ...startupProbe,
                                ...(args.healthPath === undefined
                                    ? { tcpSocket: { port: settings.port } }
                                    : { httpGet: { path: args.healthPath, port: settings.port } }),
                            },
                        },
                    ],
                },
            },
            { parent: this, dependsOn: grants },
        );

        for (const [role, member] of Object.entries(args.invokers)) {
            new cloudrunv2.ServiceIamMember(
                `${name}-invoker-${role}`,
                { name: service.name, location: service.location, role: "roles/run.invoker", member },
                { parent: this },
            );
        }

        this.name = service.name;
        this.uri = service.uri;
        this.region = service.location;
        this.timeoutSeconds = settings.timeoutSeconds;
        this.serviceAccountEmail = account.email;
        this.registerOutputs({
            name: this.name,
            uri: this.uri,
            region: this.region,
            timeoutSeconds: this.timeoutSeconds,
            serviceAccountEmail: this.serviceAccountEmail,
        });
    }

    /** A revision is refused when its account cannot read a secret that it refers to. One grant for each secret. */
    private secretGrants(name: string, { env = {} }: CloudRunServiceArgs, account: serviceaccount.Account) {
        const secrets = new Set(
            Object.values(env).flatMap((value) => (isSecretReference(value) ? [value.secret] : [])),
        );
        return [...secrets].map(
            (secret) =>
                new secretmanager.SecretIamMember(
                    `${name}-secret-${secret.replaceAll("/", "-")}`,
                    { secretId: secret, role: "roles/secretmanager.secretAccessor", member: account.member },
                    { parent: this },
                ),
        );
    }
}

function vpcAccess(egress: ConnectorEgress | DirectEgress) {
    const traffic = egress.traffic ?? "PRIVATE_RANGES_ONLY";
    if (egress.kind === "connector") return { connector: egress.connector, egress: traffic };
    const { network, subnetwork, tags } = egress;
    return { egress: traffic, networkInterfaces: [{ network, subnetwork, tags: tags && [...tags] }] };
}

function environment(env: CloudRunServiceArgs["env"] = {}) {
    return Object.entries(env).map(([name, value]) =>
        isSecretReference(value)
            ? { name, valueSource: { secretKeyRef: { secret: value.secret, version: value.version ?? "latest" } } }
            : { name, value },
    );
}

function isSecretReference(value: pulumi.Input<string> | SecretReference): value is SecretReference {
    return typeof value === "object" && !pulumi.Output.isInstance(value) && "secret" in value;
}

/** A field that is given as `undefined` is a field left out. */
function withoutUndefined<T extends object>(args: T): T {
    return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined)) as T;
}
