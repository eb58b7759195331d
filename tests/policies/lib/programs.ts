import type { TestResource } from "./run";

/** Resources of a sound staging edge, as the provider's Check leaves them: with its defaults filled in. */

type Props = Record<string, unknown>;
type Options = TestResource["opts"];

const project = "netra-staging";
const region = "us-central1";

export const connectorId = `projects/${project}/locations/${region}/connectors/staging-connector`;
export const mapId = `projects/${project}/locations/global/certificateMaps/edge-map`;

/** Takes properties away, where a default of these helpers would be in the way. */
export function without(resource: TestResource, ...names: string[]): TestResource {
    const props = Object.fromEntries(Object.entries(resource.props).filter(([name]) => !names.includes(name)));
    return { ...resource, props };
}

export function connector(props: Props = {}, opts?: Options, name = "staging-connector"): TestResource {
    return {
        type: "gcp:vpcaccess/connector:Connector",
        name,
        props: {
            name,
            region,
            network: "default",
            ipCidrRange: "10.8.0.0/28",
            machineType: "e2-standard-4",
            minInstances: 2,
            maxInstances: 4,
            ...props,
        },
        opts: { protect: true, ...opts },
    };
}

export function service(name = "backend", props: Props = {}, template: Props = {}, opts?: Options): TestResource {
    return {
        type: "gcp:cloudrunv2/service:Service",
        name,
        props: {
            name,
            location: region,
            deletionProtection: false,
            ingress: "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
            template: {
                timeout: "600s",
                scaling: { minInstanceCount: 0, maxInstanceCount: 12 },
                vpcAccess: { connector: connectorId, egress: "PRIVATE_RANGES_ONLY" },
                containers: [{ image: "us-docker.pkg.dev/netra/backend:1" }],
                ...template,
            },
            ...props,
        },
        opts,
    };
}

export function serviceV1(name = "legacy", annotations: Props = {}, spec: Props = {}, outer: Props = {}): TestResource {
    return {
        type: "gcp:cloudrun/service:Service",
        name,
        props: {
            name,
            location: region,
            metadata: { annotations: { "run.googleapis.com/ingress": "internal-and-cloud-load-balancing", ...outer } },
            template: {
                metadata: {
                    annotations: {
                        "run.googleapis.com/vpc-access-connector": "staging-connector",
                        "autoscaling.knative.dev/maxScale": "12",
                        ...annotations,
                    },
                },
                spec: { timeoutSeconds: 600, containers: [{ image: "us-docker.pkg.dev/netra/legacy:1" }], ...spec },
            },
        },
    };
}

export function job(name = "probe", template: Props = {}, inner: Props = {}): TestResource {
    return {
        type: "gcp:cloudrunv2/job:Job",
        name,
        props: {
            name,
            location: region,
            template: {
                taskCount: 15,
                ...template,
                template: { vpcAccess: { connector: connectorId }, containers: [{ image: "probe" }], ...inner },
            },
        },
    };
}

export function endpointGroup(name = "backend", props: Props = {}): TestResource {
    return {
        type: "gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup",
        name: `${name}-neg`,
        props: {
            name: `${name}-neg`,
            region,
            networkEndpointType: "SERVERLESS",
            cloudRun: { service: name },
            ...props,
        },
    };
}

export function backendService(name = "backend", props: Props = {}, opts?: Options): TestResource {
    return {
        type: "gcp:compute/backendService:BackendService",
        name: `${name}-backend`,
        props: {
            name: `${name}-backend`,
            loadBalancingScheme: "EXTERNAL_MANAGED",
            connectionDrainingTimeoutSec: 300,
            protocol: "HTTPS",
            backends: [
                { group: `projects/${project}/regions/${region}/networkEndpointGroups/${name}-neg`, capacityScaler: 1 },
            ],
            logConfig: { enable: true, sampleRate: 1 },
            ...props,
        },
        opts,
    };
}

/** A backend service whose group is of virtual machines. */
export function groupBackend(props: Props = {}, opts?: Options): TestResource {
    return backendService(
        "vms",
        {
            timeoutSec: 600,
            backends: [{ group: `projects/${project}/zones/${region}-a/instanceGroups/vms` }],
            ...props,
        },
        opts,
    );
}

export function urlMap(props: Props = {}, name = "edge"): TestResource {
    return {
        type: "gcp:compute/uRLMap:URLMap",
        name,
        props: {
            name,
            defaultService: `projects/${project}/global/backendServices/backend-backend`,
            hostRules: [{ hosts: ["api.netrasystems.ai", "netrasystems.ai"], pathMatcher: "api" }],
            pathMatchers: [
                { name: "api", defaultService: `projects/${project}/global/backendServices/backend-backend` },
            ],
            ...props,
        },
    };
}

export function redirectMap(redirect: Props = {}, props: Props = {}): TestResource {
    return {
        type: "gcp:compute/uRLMap:URLMap",
        name: "redirect",
        props: {
            name: "redirect",
            defaultUrlRedirect: {
                httpsRedirect: true,
                stripQuery: false,
                redirectResponseCode: "PERMANENT_REDIRECT",
                ...redirect,
            },
            ...props,
        },
    };
}

export function httpProxy(props: Props = {}): TestResource {
    return {
        type: "gcp:compute/targetHttpProxy:TargetHttpProxy",
        name: "http",
        props: { name: "http", urlMap: `projects/${project}/global/urlMaps/redirect`, ...props },
    };
}

export function httpsProxy(props: Props = {}): TestResource {
    return {
        type: "gcp:compute/targetHttpsProxy:TargetHttpsProxy",
        name: "https",
        props: {
            name: "https",
            urlMap: `projects/${project}/global/urlMaps/edge`,
            certificateMap: `//certificatemanager.googleapis.com/${mapId}`,
            sslPolicy: `projects/${project}/global/sslPolicies/tls`,
            quicOverride: "NONE",
            ...props,
        },
    };
}

export function forwardingRule(port: 80 | 443 | number, props: Props = {}): TestResource {
    return {
        type: "gcp:compute/globalForwardingRule:GlobalForwardingRule",
        name: `rule-${port}`,
        props: {
            name: `rule-${port}`,
            loadBalancingScheme: "EXTERNAL_MANAGED",
            portRange: String(port),
            ipAddress: `projects/${project}/global/addresses/edge-address`,
            target: `projects/${project}/global/${port === 443 ? "targetHttpsProxies/https" : "targetHttpProxies/http"}`,
            ...props,
        },
    };
}

export function tlsPolicy(props: Props = {}): TestResource {
    return {
        type: "gcp:compute/sSLPolicy:SSLPolicy",
        name: "tls",
        props: { name: "tls", minTlsVersion: "TLS_1_2", profile: "MODERN", ...props },
    };
}

export function address(opts: Options = { protect: true }, props: Props = {}): TestResource {
    return {
        type: "gcp:compute/globalAddress:GlobalAddress",
        name: "edge-address",
        props: { name: "edge-address", addressType: "EXTERNAL", ...props },
        opts,
    };
}

export function dnsAuthorization(props: Props = {}, opts: Options = { protect: true }): TestResource {
    return {
        type: "gcp:certificatemanager/dnsAuthorization:DnsAuthorization",
        name: "apex",
        props: { name: "apex", domain: "netrasystems.ai", location: "global", type: "PER_PROJECT_RECORD", ...props },
        opts,
    };
}

export function certificate(managed: Props = {}, props: Props = {}): TestResource {
    return {
        type: "gcp:certificatemanager/certificate:Certificate",
        name: "wildcard",
        props: {
            name: "wildcard",
            location: "global",
            scope: "DEFAULT",
            managed: {
                domains: ["netrasystems.ai", "*.netrasystems.ai"],
                dnsAuthorizations: [`projects/${project}/locations/global/dnsAuthorizations/apex`],
                ...managed,
            },
            ...props,
        },
    };
}

export function certificateMap(opts: Options = { protect: true }): TestResource {
    return {
        type: "gcp:certificatemanager/certificateMap:CertificateMap",
        name: "edge-map",
        props: { name: "edge-map" },
        opts,
    };
}

export function mapEntry(hostname: unknown, name = `entry-${hostname}`, props: Props = {}): TestResource {
    return {
        type: "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry",
        name,
        props: {
            name,
            map: "edge-map",
            hostname,
            certificates: [`projects/${project}/locations/global/certificates/wildcard`],
            ...props,
        },
    };
}

export function alertPolicy(props: Props = {}, filter: unknown = defaultFilter, name = "saturation"): TestResource {
    return {
        type: "gcp:monitoring/alertPolicy:AlertPolicy",
        name,
        props: {
            displayName: "connector",
            combiner: "OR",
            enabled: true,
            conditions: [
                {
                    displayName: "sent",
                    conditionThreshold: { filter, comparison: "COMPARISON_GT", duration: "300s" },
                },
            ],
            ...props,
        },
    };
}

export const defaultFilter =
    'resource.type = "vpc_access_connector" AND resource.label.connector_name = "staging-connector" AND ' +
    'metric.type = "vpcaccess.googleapis.com/connector/sent_bytes_count"';

export function stackResource(): TestResource {
    return { type: "pulumi:pulumi:Stack", name: "netra-staging", props: {} };
}

/** A sound edge, whole: every rule has something to judge, and nothing to say. */
export function soundStack(): TestResource[] {
    return [
        stackResource(),
        connector(),
        alertPolicy(),
        ...["frontend", "backend", "auth"].flatMap((name) => [
            service(name),
            endpointGroup(name),
            backendService(name),
        ]),
        address(),
        dnsAuthorization(),
        certificate(),
        certificateMap(),
        mapEntry("netrasystems.ai"),
        mapEntry("*.netrasystems.ai"),
        tlsPolicy(),
        urlMap(),
        httpsProxy(),
        forwardingRule(443),
        redirectMap(),
        httpProxy(),
        forwardingRule(80),
    ];
}

/** The sound edge with some of its resources replaced, by name, and others added. */
export function soundStackWith(...changed: TestResource[]): TestResource[] {
    const stack = soundStack();
    for (const resource of changed) {
        const index = stack.findIndex(({ type, name }) => type === resource.type && name === resource.name);
        if (index < 0) stack.push(resource);
        else stack[index] = resource;
    }
    return stack;
}

export function soundStackWithout(...names: string[]): TestResource[] {
    return soundStack().filter(({ name }) => !names.includes(name));
}
