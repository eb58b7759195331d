import {
    address,
    alertPolicy,
    backendService,
    certificate,
    certificateMap,
    connector,
    connectorId,
    defaultFilter,
    dnsAuthorization,
    endpointGroup,
    forwardingRule,
    groupBackend,
    httpProxy,
    httpsProxy,
    job,
    redirectMap,
    service,
    serviceV1,
    soundStack,
    soundStackWith,
    soundStackWithout,
    tlsPolicy,
    urlMap,
    without,
} from "./lib/programs";
import { type Config, secret, type TestResource, unknown } from "./lib/run";

/**
 * Programs, and what the pack says to them. Plain data: the same cases run against the rules in process, and as Pulumi
 * programs through the real engine. `unknown` stands for an output that a preview does not know, `secret` for
 * `pulumi.secret`; `dependsOn` says from which resources an unknown value comes.
 */
export interface Case {
    readonly name: string;
    readonly resources: readonly TestResource[];
    /** Configuration of the pack, as `--policy-pack-config` takes it. */
    readonly config?: Config;
    /** Configuration of the stack. */
    readonly stackConfig?: Record<string, string>;
    /** The rule that stops it; "silent": no word at all; "passes": notes only. */
    readonly expect: { readonly stoppedBy: string } | "silent" | "passes";
}

const capacity = { stoppedBy: "connector-capacity" };
const demand = { stoppedBy: "connector-demand" };
const timeout = { stoppedBy: "request-timeout" };
const tls = { stoppedBy: "certificates" };
const edge = { stoppedBy: "edge" };
const protection = { stoppedBy: "protection" };
const alert = { stoppedBy: "connector-alert" };
const pack = { stoppedBy: "pack-configuration" };

const micro = { machineType: "e2-micro", minInstances: 9, maxInstances: 10 };
const small = { machineType: "e2-micro", minInstances: 2, maxInstances: 3 };
const template = (...args: [Record<string, unknown>]) => service("backend", {}, ...args);
const second = (props: Record<string, unknown>) =>
    connector({ ipCidrRange: "10.8.0.16/28", ...props }, {}, "second-connector");
const secondId = connectorId.replace("staging-connector", "second-connector");
const secondAlert = alertPolicy({}, defaultFilter.replace("staging-connector", "second-connector"), "second");

export const stopped: readonly Case[] = [
    // Capacity: each field alone.
    { name: "the connector of incident 1278", resources: soundStackWith(connector(small)), expect: capacity },
    {
        name: "the machine type alone too small",
        resources: soundStackWith(connector({ machineType: "e2-micro" })),
        expect: capacity,
    },
    { name: "one instance of the small type too few", resources: soundStackWith(connector(micro)), expect: capacity },
    { name: "f1-micro", resources: soundStackWith(connector({ machineType: "f1-micro" })), expect: capacity },
    {
        name: "a machine type of Compute Engine",
        resources: soundStackWith(connector({ machineType: "n2-standard-8" })),
        expect: capacity,
    },
    { name: "minInstances below 2", resources: soundStackWith(connector({ minInstances: 1 })), expect: capacity },
    {
        name: "minInstances above 9",
        resources: soundStackWith(connector({ minInstances: 10, maxInstances: 10 })),
        expect: capacity,
    },
    {
        name: "12 instances, counted in Cloud Run's",
        resources: soundStackWith(connector({ minInstances: 12, maxInstances: 12 })),
        expect: capacity,
    },
    { name: "maxInstances above 10", resources: soundStackWith(connector({ maxInstances: 11 })), expect: capacity },
    {
        name: "maxInstances equal to minInstances",
        resources: soundStackWith(connector({ minInstances: 4, maxInstances: 4 })),
        expect: capacity,
    },
    {
        name: "a fraction of an instance",
        resources: soundStackWith(connector({ minInstances: 2.5 })),
        expect: capacity,
    },
    { name: "minInstances missing", resources: soundStackWith(without(connector(), "minInstances")), expect: capacity },
    { name: "maxInstances missing", resources: soundStackWith(without(connector(), "maxInstances")), expect: capacity },
    {
        name: "no size at all",
        resources: soundStackWith(without(connector({ machineType: "e2-micro" }), "minInstances", "maxInstances")),
        expect: capacity,
    },
    {
        name: "a large maximum for a small minimum",
        resources: soundStackWith(connector({ ...small, maxInstances: 10 })),
        expect: capacity,
    },
    // Capacity: unknown and secret.
    { name: "minInstances unknown", resources: soundStackWith(connector({ minInstances: unknown })), expect: capacity },
    { name: "maxInstances unknown", resources: soundStackWith(connector({ maxInstances: unknown })), expect: capacity },
    { name: "machineType unknown", resources: soundStackWith(connector({ machineType: unknown })), expect: capacity },
    {
        name: "minInstances a secret",
        resources: soundStackWith(connector({ ...small, minInstances: secret(2) })),
        expect: capacity,
    },
    {
        name: "machineType a secret",
        resources: soundStackWith(connector({ machineType: secret("e2-micro") })),
        expect: capacity,
    },
    {
        name: "everything a secret",
        resources: soundStackWith(
            connector({ machineType: secret("e2-micro"), minInstances: secret(2), maxInstances: secret(3) }),
        ),
        expect: capacity,
    },
    // Capacity: sized by throughput.
    {
        name: "sized by throughput",
        resources: soundStackWith(
            without(
                connector({ machineType: "e2-micro", minThroughput: 200, maxThroughput: 300 }),
                "minInstances",
                "maxInstances",
            ),
        ),
        expect: capacity,
    },
    { name: "a stray maxThroughput", resources: soundStackWith(connector({ maxThroughput: 1000 })), expect: capacity },
    {
        name: "an unknown minThroughput",
        resources: soundStackWith(connector({ minThroughput: unknown })),
        expect: capacity,
    },
    {
        name: "the most throughput there is",
        resources: soundStackWith(
            without(connector({ minThroughput: 900, maxThroughput: 1000 }), "minInstances", "maxInstances"),
        ),
        expect: capacity,
    },
    // Capacity: ignored.
    {
        name: "ignoreChanges on minInstances",
        resources: soundStackWith(connector({}, { ignoreChanges: ["minInstances"] })),
        expect: capacity,
    },
    {
        name: "ignoreChanges on machineType",
        resources: soundStackWith(connector({}, { ignoreChanges: ["machineType"] })),
        expect: capacity,
    },
    {
        name: "ignoreChanges on maxInstances, quoted",
        resources: soundStackWith(connector({}, { ignoreChanges: ['["maxInstances"]'] })),
        expect: capacity,
    },
    {
        name: "ignoreChanges on everything",
        resources: soundStackWith(connector({}, { ignoreChanges: ["*"] })),
        expect: capacity,
    },
    // Capacity: somewhere else.
    { name: "another resource name", resources: [connector(small, {}, "other")], expect: capacity },
    {
        name: "a second connector that is small",
        resources: soundStackWith(second(small), secondAlert),
        expect: capacity,
    },
    {
        name: "below a component of someone else",
        resources: [connector(small, { parent: "urn:pulumi:staging::netra::their:own:Network::net" })],
        expect: capacity,
    },
    // Capacity: what only the API refuses.
    {
        name: "a range that is no /28",
        resources: soundStackWith(connector({ ipCidrRange: "10.8.0.0/20" })),
        expect: capacity,
    },
    {
        name: "a name too long",
        resources: soundStackWith(connector({ name: "staging-vpc-connector-us-central1-production" })),
        expect: capacity,
    },
    { name: "no name", resources: soundStackWith(without(connector(), "name")), expect: capacity },
    // Capacity: what the configuration says.
    {
        name: "below a floor in Mbps",
        resources: soundStack(),
        config: { "connector-capacity": { floorMbps: 3201 } },
        expect: capacity,
    },
    {
        name: "below a workload of the policy",
        resources: soundStack(),
        config: { "connector-capacity": { workload: { instances: 52, startupMegabytes: 25, startupSeconds: 4 } } },
        expect: capacity,
    },
    {
        name: "below the stack's own workload",
        resources: soundStack(),
        stackConfig: { "netra:workload": '{"instances":52,"startupMegabytes":25,"startupSeconds":4}' },
        expect: capacity,
    },
    {
        name: "a machine type that the policy does not allow",
        resources: soundStack(),
        config: { "connector-capacity": { machineTypes: ["e2-micro"] } },
        expect: capacity,
    },
    {
        name: "the rule switched off",
        resources: soundStackWith(connector(small)),
        config: { "connector-capacity": "disabled" },
        expect: pack,
    },
    {
        name: "another rule switched off",
        resources: soundStack(),
        config: { edge: { enforcementLevel: "disabled" } },
        expect: pack,
    },
    {
        name: "all rules switched off",
        resources: soundStackWith(connector(small)),
        config: { all: "disabled" },
        expect: pack,
    },
    {
        name: "the watch over the pack switched off",
        resources: soundStack(),
        config: { "pack-configuration": "disabled" },
        expect: pack,
    },
    {
        name: "a misspelt rule",
        resources: soundStack(),
        config: { "connector-capcity": { enforcementLevel: "mandatory", floorMbps: 9000 } },
        expect: pack,
    },
    {
        name: "a misspelt key",
        resources: soundStack(),
        config: { "connector-capacity": { floorMpbs: 9000 } },
        expect: pack,
    },
    {
        name: "two floors at once",
        resources: soundStack(),
        config: {
            "connector-capacity": { floorMbps: 1, workload: { instances: 1, startupMegabytes: 1, startupSeconds: 1 } },
        },
        expect: pack,
    },

    // Demand.
    {
        name: "more instances than the connector carries",
        resources: soundStackWith(template({ scaling: { maxInstanceCount: 28 } })),
        expect: demand,
    },
    {
        name: "one service too many",
        resources: soundStackWith(service("chat", {}, { scaling: { maxInstanceCount: 16 } })),
        expect: demand,
    },
    { name: "no maximum of instances", resources: soundStackWith(template({ scaling: {} })), expect: demand },
    {
        name: "an unknown maximum of instances",
        resources: soundStackWith(template({ scaling: { maxInstanceCount: unknown } })),
        expect: demand,
    },
    {
        name: "a maximum that is ignored",
        resources: soundStackWith(service("backend", {}, {}, { ignoreChanges: ["template.scaling"] })),
        expect: demand,
    },
    { name: "a job of too many tasks", resources: soundStackWith(job("probe", { taskCount: 16 })), expect: demand },
    {
        name: "a job whose parallelism is 0, all tasks",
        resources: soundStackWith(job("probe", { taskCount: 100, parallelism: 0 })),
        expect: demand,
    },
    {
        name: "a manual number of instances",
        resources: soundStackWith(service("backend", { scaling: { manualInstanceCount: 80 } })),
        expect: demand,
    },
    {
        name: "the first generation, too large",
        resources: soundStackWith(serviceV1("legacy", { "autoscaling.knative.dev/maxScale": "60" })),
        expect: demand,
    },
    {
        name: "the first generation without a maximum",
        resources: soundStackWith(serviceV1("legacy", { "autoscaling.knative.dev/maxScale": undefined })),
        expect: demand,
    },
    { name: "a service without egress", resources: soundStackWith(template({ vpcAccess: undefined })), expect: demand },
    {
        name: "the first generation without egress",
        resources: soundStackWith(serviceV1("legacy", { "run.googleapis.com/vpc-access-connector": undefined })),
        expect: demand,
    },
    {
        name: "a service on a connector elsewhere",
        resources: soundStackWith(
            template({ vpcAccess: { connector: connectorId.replace("netra-staging", "netra-other") } }),
        ),
        expect: demand,
    },
    {
        name: "a service on a connector of another region",
        resources: soundStackWith(service("backend", { location: "europe-west1" })),
        expect: demand,
    },
    {
        name: "a connector by its short name",
        resources: soundStackWith(template({ vpcAccess: { connector: "staging-connector" } })),
        expect: demand,
    },
    {
        name: "a service on a second connector that is too small for it",
        resources: soundStackWith(
            second({ ...micro }),
            secondAlert,
            template({ vpcAccess: { connector: secondId }, scaling: { maxInstanceCount: 15 } }),
        ),
        config: { "connector-capacity": { floorMbps: 900 } },
        expect: demand,
    },
    {
        name: "services on a connector that is not known by name yet",
        resources: soundStackWith({
            ...service("chat", {}, { vpcAccess: { connector: unknown }, scaling: { maxInstanceCount: 40 } }),
            dependsOn: { template: ["staging-connector"] },
        }),
        expect: demand,
    },
    {
        name: "a connector outside the stack that carries too little",
        resources: soundStackWith(
            template({ vpcAccess: { connector: "projects/hub/locations/us-central1/connectors/hub" } }),
        ),
        config: { "connector-demand": { connectors: { "projects/hub/locations/us-central1/connectors/hub": 700 } } },
        expect: demand,
    },

    // 600 s.
    { name: "no timeout on a service", resources: soundStackWith(template({ timeout: undefined })), expect: timeout },
    { name: "599 s on a service", resources: soundStackWith(template({ timeout: "599s" })), expect: timeout },
    {
        name: "more than the hour that there is",
        resources: soundStackWith(template({ timeout: "3601s" })),
        expect: timeout,
    },
    { name: "an unknown timeout", resources: soundStackWith(template({ timeout: unknown })), expect: timeout },
    {
        name: "a secret timeout that is too short",
        resources: soundStackWith(template({ timeout: secret("300s") })),
        expect: timeout,
    },
    {
        name: "a timeout that is ignored",
        resources: soundStackWith(service("backend", {}, {}, { ignoreChanges: ["template"] })),
        expect: timeout,
    },
    {
        name: "the first generation at 300 s",
        resources: soundStackWith(serviceV1("legacy", {}, { timeoutSeconds: 300 })),
        expect: timeout,
    },
    {
        name: "a service whose endpoint group comes by dependency",
        resources: soundStackWith(
            service(
                "chat",
                { ingress: "INGRESS_TRAFFIC_INTERNAL_ONLY" },
                { timeout: "60s", scaling: { maxInstanceCount: 1 } },
            ),
            { ...endpointGroup("chat", { cloudRun: { service: unknown } }), dependsOn: { cloudRun: ["chat"] } },
        ),
        expect: timeout,
    },
    {
        name: "a service behind a URL mask",
        resources: soundStackWith(
            service(
                "chat",
                { ingress: "INGRESS_TRAFFIC_INTERNAL_ONLY" },
                { timeout: "60s", scaling: { maxInstanceCount: 1 } },
            ),
            endpointGroup("mask", { cloudRun: { urlMask: "<service>.netrasystems.ai" } }),
        ),
        expect: timeout,
    },
    {
        name: "600 s on a serverless backend service",
        resources: soundStackWith(backendService("backend", { timeoutSec: 600 })),
        expect: timeout,
    },
    {
        name: "an unknown timeout on a serverless backend service",
        resources: soundStackWith(backendService("backend", { timeoutSec: unknown })),
        expect: timeout,
    },
    {
        name: "a serverless backend whose group is not known yet",
        resources: soundStackWith({
            ...backendService("backend", { timeoutSec: 600, backends: [{ group: unknown }] }),
            dependsOn: { backends: ["backend-neg"] },
        }),
        expect: timeout,
    },
    { name: "599 s on other backends", resources: soundStackWith(groupBackend({ timeoutSec: 599 })), expect: timeout },
    {
        name: "no timeout on other backends",
        resources: soundStackWith(without(groupBackend(), "timeoutSec")),
        expect: timeout,
    },
    {
        name: "a route of 599 s",
        resources: soundStackWith(urlMap({ defaultRouteAction: { timeout: { seconds: "599" } } })),
        expect: timeout,
    },
    {
        name: "a try of 30 s, deep in a matcher",
        resources: soundStackWith(
            urlMap({
                pathMatchers: [
                    {
                        name: "api",
                        pathRules: [
                            { paths: ["/*"], routeAction: { retryPolicy: { perTryTimeout: { seconds: "30" } } } },
                        ],
                    },
                ],
            }),
        ),
        expect: timeout,
    },

    // Certificates.
    {
        name: "a classic certificate for a wildcard",
        resources: [
            {
                type: "gcp:compute/managedSslCertificate:ManagedSslCertificate",
                name: "classic",
                props: { managed: { domains: ["*.netrasystems.ai"] } },
            },
        ],
        expect: tls,
    },
    {
        name: "a wildcard without DNS authorization",
        resources: soundStackWith(certificate({ dnsAuthorizations: undefined })),
        expect: tls,
    },
    {
        name: "an authorization for a wildcard",
        resources: soundStackWith(dnsAuthorization({ domain: "*.netrasystems.ai" })),
        expect: tls,
    },
    {
        name: "a foreign domain on a certificate",
        resources: soundStackWith(certificate({ domains: ["netrasystems.ai", "*.netrasystems.ai", "*.example.com"] })),
        expect: tls,
    },
    {
        name: "a domain that only ends alike",
        resources: soundStackWith(dnsAuthorization({ domain: "notnetrasystems.ai" })),
        expect: tls,
    },
    {
        name: "a foreign host in the URL map",
        resources: soundStackWith(urlMap({ hostRules: [{ hosts: ["api.example.com"], pathMatcher: "api" }] })),
        expect: tls,
    },
    {
        name: "a host that the map does not cover",
        resources: soundStackWith(urlMap({ hostRules: [{ hosts: ["a.b.netrasystems.ai"], pathMatcher: "api" }] })),
        expect: tls,
    },
    { name: "the apex without an entry", resources: soundStackWithout("entry-netrasystems.ai"), expect: tls },
    {
        name: "an entry whose certificate does not cover it",
        resources: soundStackWith(certificate({ domains: ["netrasystems.ai"] })),
        expect: tls,
    },
    {
        name: "the map by its bare id",
        resources: soundStackWith(
            httpsProxy({ certificateMap: "projects/netra-staging/locations/global/certificateMaps/edge-map" }),
        ),
        expect: tls,
    },
    {
        name: "a proxy without any certificate",
        resources: soundStackWith(without(httpsProxy(), "certificateMap")),
        expect: tls,
    },
    {
        name: "classic certificates beside the map",
        resources: soundStackWith(httpsProxy({ sslCertificates: ["projects/p/global/sslCertificates/c"] })),
        expect: tls,
    },
    {
        name: "a domain that was given up, in an environment variable",
        resources: soundStackWith(
            template({
                containers: [{ image: "i", envs: [{ name: "API", value: secret("https://api.old.example/v1") }] }],
            }),
        ),
        config: { certificates: { stale: ["old.example"] } },
        expect: tls,
    },

    // Edge.
    {
        name: "a classic backend service",
        resources: soundStackWith(backendService("backend", { loadBalancingScheme: "EXTERNAL" })),
        expect: edge,
    },
    {
        name: "a classic forwarding rule",
        resources: soundStackWith(forwardingRule(443, { loadBalancingScheme: "EXTERNAL" })),
        expect: edge,
    },
    {
        name: "an unknown scheme",
        resources: soundStackWith(forwardingRule(443, { loadBalancingScheme: unknown })),
        expect: edge,
    },
    { name: "no rule for port 80", resources: soundStackWithout("rule-80"), expect: edge },
    {
        name: "port 80 on another address",
        resources: soundStackWith(forwardingRule(80, { ipAddress: "203.0.113.7" })),
        expect: edge,
    },
    {
        name: "port 80 that serves",
        resources: soundStackWith(
            redirectMap(
                {},
                {
                    defaultUrlRedirect: undefined,
                    defaultService: "projects/netra-staging/global/backendServices/backend-backend",
                },
            ),
        ),
        expect: edge,
    },
    {
        name: "port 80 that serves one host",
        resources: soundStackWith(
            redirectMap(
                {},
                {
                    hostRules: [{ hosts: ["api.netrasystems.ai"], pathMatcher: "api" }],
                    pathMatchers: [{ name: "api", defaultService: "b" }],
                },
            ),
        ),
        expect: edge,
    },
    {
        name: "a redirect for a while",
        resources: soundStackWith(redirectMap({ redirectResponseCode: "FOUND" })),
        expect: edge,
    },
    {
        name: "a redirect that stays on HTTP",
        resources: soundStackWith(redirectMap({ httpsRedirect: false })),
        expect: edge,
    },
    {
        name: "plain HTTP on port 8080",
        resources: soundStackWith(
            forwardingRule(8080),
            httpProxy({ urlMap: "projects/netra-staging/global/urlMaps/edge" }),
        ),
        expect: edge,
    },
    { name: "TLS 1.1", resources: soundStackWith(tlsPolicy({ minTlsVersion: "TLS_1_1" })), expect: edge },
    { name: "the COMPATIBLE profile", resources: soundStackWith(tlsPolicy({ profile: "COMPATIBLE" })), expect: edge },
    {
        name: "TLS 1.3 with a profile that the API refuses",
        resources: soundStackWith(tlsPolicy({ minTlsVersion: "TLS_1_3" })),
        expect: edge,
    },
    {
        name: "a proxy without a TLS policy",
        resources: soundStackWith(without(httpsProxy(), "sslPolicy")),
        expect: edge,
    },
    {
        name: "a TLS policy of someone else",
        resources: soundStackWith(httpsProxy({ sslPolicy: "projects/other/global/sslPolicies/theirs" })),
        expect: edge,
    },
    { name: "no logging", resources: soundStackWith(without(backendService(), "logConfig")), expect: edge },
    {
        name: "logging of no request",
        resources: soundStackWith(backendService("backend", { logConfig: { enable: true, sampleRate: 0 } })),
        expect: edge,
    },
    {
        name: "a service open to all",
        resources: soundStackWith(service("backend", { ingress: "INGRESS_TRAFFIC_ALL" })),
        expect: edge,
    },
    { name: "a service that does not say", resources: soundStackWith(without(service(), "ingress")), expect: edge },

    // Protection and monitoring.
    {
        name: "a connector unprotected",
        resources: soundStackWith(connector({}, { protect: false })),
        expect: protection,
    },
    { name: "an address unprotected", resources: soundStackWith(address({})), expect: protection },
    { name: "an authorization unprotected", resources: soundStackWith(dnsAuthorization({}, {})), expect: protection },
    { name: "a certificate map unprotected", resources: soundStackWith(certificateMap({})), expect: protection },
    {
        name: "a connector whose deletion is abandoned",
        resources: soundStackWith(connector({ deletionPolicy: "ABANDON" }, { protect: false })),
        expect: protection,
    },
    { name: "a connector without an alert", resources: soundStackWithout("saturation"), expect: alert },
    {
        name: "an alert on another connector",
        resources: soundStackWith(alertPolicy({}, defaultFilter.replace("staging-connector", "other"))),
        expect: alert,
    },
    { name: "an alert that is off", resources: soundStackWith(alertPolicy({ enabled: false })), expect: alert },
    {
        name: "an alert on packets",
        resources: soundStackWith(alertPolicy({}, defaultFilter.replace("bytes", "packets"))),
        expect: alert,
    },
    { name: "an alert on one of two connectors", resources: soundStackWith(second({})), expect: alert },
];

export const sound: readonly Case[] = [
    { name: "the whole edge", resources: soundStack(), expect: "silent" },
    { name: "an empty program", resources: [], expect: "silent" },
    {
        name: "a program of other resources",
        resources: [{ type: "gcp:storage/bucket:Bucket", name: "b", props: { location: "US" } }],
        expect: "silent",
    },
    {
        name: "the largest connector",
        resources: soundStackWith(connector({ minInstances: 9, maxInstances: 10 })),
        expect: "silent",
    },
    {
        name: "a floor just met",
        resources: soundStack(),
        config: { "connector-capacity": { floorMbps: 3200 } },
        expect: "silent",
    },
    {
        name: "a small connector for a small workload",
        resources: [connector(small), alertPolicy()],
        config: {
            "connector-capacity": { workload: { instances: 4, startupMegabytes: 25, startupSeconds: 4, headroom: 0 } },
        },
        expect: "silent",
    },
    {
        name: "a small connector for the stack's small workload",
        resources: [connector(small), alertPolicy()],
        stackConfig: { "netra:workload": '{"instances":3,"startupMegabytes":25,"startupSeconds":4}' },
        expect: "silent",
    },
    {
        name: "f1-micro where it is allowed",
        resources: [connector({ ...micro, machineType: "f1-micro" }), alertPolicy()],
        config: { "connector-capacity": { floorMbps: 450, machineTypes: ["f1-micro"] } },
        expect: "silent",
    },
    {
        name: "a connector on an existing subnet",
        resources: soundStackWith(without(connector({ subnet: { name: "connectors" } }), "ipCidrRange", "network")),
        expect: "silent",
    },
    {
        name: "a size that is a secret and large enough",
        resources: soundStackWith(connector({ minInstances: secret(2) })),
        expect: "silent",
    },
    {
        name: "ignoreChanges on what is not judged",
        resources: soundStackWith(connector({}, { ignoreChanges: ["project"] })),
        expect: "silent",
    },
    {
        name: "ignoreChanges on an image",
        resources: soundStackWith(service("backend", {}, {}, { ignoreChanges: ["template.containers[0].image"] })),
        expect: "silent",
    },
    {
        name: "51 instances, all that the connector carries",
        resources: soundStackWith(template({ scaling: { maxInstanceCount: 27 } })),
        expect: "silent",
    },
    { name: "a job beside the services", resources: soundStackWith(job()), expect: "silent" },
    {
        name: "a job of many tasks, few at a time",
        resources: soundStackWith(job("probe", { taskCount: 1000, parallelism: 5 })),
        expect: "silent",
    },
    {
        name: "a job without a connector",
        resources: soundStackWith(job("probe", { taskCount: 100 }, { vpcAccess: undefined })),
        expect: "silent",
    },
    {
        name: "a service on Direct VPC egress",
        resources: soundStackWith(
            template({ vpcAccess: { networkInterfaces: [{ network: "default", subnetwork: "run" }] } }),
        ),
        expect: "silent",
    },
    {
        name: "a service that needs no VPC, and says so",
        resources: soundStackWith(template({ vpcAccess: undefined })),
        config: { "connector-demand": { withoutEgress: ["backend"] } },
        expect: "silent",
    },
    {
        name: "the service's own limit below its revision's",
        resources: soundStackWith(
            service("backend", { scaling: { maxInstanceCount: 10 } }, { scaling: { maxInstanceCount: 1000 } }),
        ),
        expect: "silent",
    },
    {
        name: "two connectors, each for its services",
        resources: soundStackWith(
            second({}),
            secondAlert,
            service("chat", {}, { vpcAccess: { connector: secondId }, scaling: { maxInstanceCount: 40 } }),
        ),
        expect: "silent",
    },
    {
        name: "a connector outside the stack that carries enough",
        resources: soundStackWith(
            template({ vpcAccess: { connector: "projects/hub/locations/us-central1/connectors/hub" } }),
        ),
        config: { "connector-demand": { connectors: { "projects/hub/locations/us-central1/connectors/hub": 750 } } },
        expect: "silent",
    },
    { name: "the first generation, sound", resources: soundStackWith(serviceV1()), expect: "silent" },
    {
        name: "references that come by dependency",
        resources: soundStackWith(
            { ...template({ vpcAccess: { connector: unknown } }), dependsOn: { template: ["staging-connector"] } },
            { ...endpointGroup("backend", { cloudRun: { service: unknown } }), dependsOn: { cloudRun: ["backend"] } },
            {
                ...backendService("backend", { backends: [{ group: unknown }] }),
                dependsOn: { backends: ["backend-neg"] },
            },
        ),
        expect: "silent",
    },
    { name: "an hour, the most there is", resources: soundStackWith(template({ timeout: "3600s" })), expect: "silent" },
    {
        name: "a short timeout on a service that is not behind the load balancer",
        resources: [
            connector(),
            alertPolicy(),
            service("worker", { ingress: "INGRESS_TRAFFIC_INTERNAL_ONLY" }, { timeout: "60s" }),
        ],
        expect: "silent",
    },
    {
        name: "30 s on a serverless backend service",
        resources: soundStackWith(backendService("backend", { timeoutSec: 30 })),
        expect: "silent",
    },
    { name: "machines behind the load balancer at 600 s", resources: soundStackWith(groupBackend()), expect: "silent" },
    {
        name: "an internal load balancer with a short timeout",
        resources: soundStackWith(groupBackend({ timeoutSec: 10, loadBalancingScheme: "INTERNAL_MANAGED" })),
        expect: "silent",
    },
    {
        name: "a route of 600 s",
        resources: soundStackWith(urlMap({ defaultRouteAction: { timeout: { seconds: "600" } } })),
        expect: "silent",
    },
    {
        name: "a classic certificate for one name",
        resources: [
            {
                type: "gcp:compute/managedSslCertificate:ManagedSslCertificate",
                name: "classic",
                props: { managed: { domains: ["api.netrasystems.ai"] } },
            },
        ],
        expect: "silent",
    },
    {
        name: "another suffix that is ours",
        resources: [dnsAuthorization({ domain: "example.org" })],
        config: { certificates: { suffixes: ["netrasystems.ai", "example.org"] } },
        expect: "silent",
    },
    {
        name: "TLS 1.3, restricted",
        resources: soundStackWith(tlsPolicy({ minTlsVersion: "TLS_1_3", profile: "RESTRICTED" })),
        expect: "silent",
    },
    {
        name: "a redirect with 301",
        resources: soundStackWith(redirectMap({ redirectResponseCode: "MOVED_PERMANENTLY_DEFAULT" })),
        expect: "silent",
    },
    {
        name: "a service for its own network only",
        resources: soundStackWith(service("backend", { ingress: "INGRESS_TRAFFIC_INTERNAL_ONLY" })),
        expect: "silent",
    },
    {
        name: "protected by the provider",
        resources: soundStackWith(connector({ deletionPolicy: "PREVENT" }, { protect: false })),
        expect: "silent",
    },
    {
        name: "an alert on all connectors",
        resources: soundStackWith(
            alertPolicy(
                {},
                'resource.type="vpc_access_connector" AND metric.type="vpcaccess.googleapis.com/connector/received_bytes_count"',
            ),
        ),
        expect: "silent",
    },
    {
        name: "an alert whose filter comes by dependency",
        resources: soundStackWith({ ...alertPolicy({}, unknown), dependsOn: { conditions: ["staging-connector"] } }),
        expect: "silent",
    },
    {
        name: "levels that the configuration states",
        resources: soundStack(),
        config: { "connector-capacity": "mandatory", edge: { enforcementLevel: "mandatory" } },
        expect: "silent",
    },
    {
        name: "a certificate map that is not known yet",
        resources: soundStackWith({
            ...httpsProxy({ certificateMap: unknown }),
            dependsOn: { certificateMap: ["edge-map"] },
        }),
        expect: "passes",
    },
    {
        name: "a connector that nothing tells of",
        resources: soundStackWith(template({ vpcAccess: { connector: unknown } })),
        expect: "passes",
    },
    {
        name: "a name that is not known yet",
        resources: soundStackWith(connector({ ipCidrRange: unknown })),
        expect: "passes",
    },
    {
        name: "an advisory rule",
        resources: soundStackWith(connector({ machineType: "e2-micro" })),
        config: { all: "advisory" },
        expect: "passes",
    },
];
