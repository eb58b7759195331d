import * as compute from "@pulumi/gcp/compute";
import * as pulumi from "@pulumi/pulumi";
import { checkHttpsLoadBalancer, defaultTimeoutSeconds } from "./https-load-balancer-checks";

export interface HttpsLoadBalancerArgs {
    /** `//certificatemanager.googleapis.com/projects/P/locations/global/certificateMaps/M`. An in-place update. */
    readonly certificateMap: pulumi.Input<string>;
    /**
     * What is served, by a key of your choice that becomes part of the resources' names. Adding or removing one is an
     * in-place update of the URL map; another service behind a key replaces its endpoint group, created first.
     */
    readonly hosts: Readonly<Record<string, ServerlessHost | GroupHost>>;
    /** Key of the host that also answers for hosts not listed. An in-place update. */
    readonly defaultHost: string;
    /** Seconds that a request must be allowed to run, on every host. 1 to 3600; default 600. An in-place update. */
    readonly requestTimeoutSeconds?: number;
    /** Fraction of requests that are logged. Above 0, up to 1; default 1. An in-place update. */
    readonly logSampleRate?: number;
    /** Id of a Cloud Armor policy for every host. Default none. An in-place update. */
    readonly securityPolicy?: pulumi.Input<string>;
}

/** A host that a Cloud Run service answers. */
export interface ServerlessHost {
    readonly host: string;
    readonly service: ServerlessService;
}

/** A service to put a load balancer in front of: a `CloudRunService`, or one that someone else deploys. */
export interface ServerlessService {
    /** Name of the service; not its id or address. */
    readonly name: pulumi.Input<string>;
    readonly region: pulumi.Input<string>;
    /** Seconds that the service lets a request run. Of a service deployed elsewhere, its owner states it. */
    readonly timeoutSeconds: number;
}

/** A host that a group of virtual machines answers, on the group's port named `http`. */
export interface GroupHost {
    readonly host: string;
    /** Id of the instance group. */
    readonly group: pulumi.Input<string>;
    /** Id of the health check. */
    readonly healthCheck: pulumi.Input<string>;
    /** Protocol towards the group; default `HTTP`. */
    readonly protocol?: "HTTP" | "HTTPS" | "HTTP2";
}

/** The provider's default is the classic load balancer, from which the way back is a migration. */
const loadBalancingScheme = "EXTERNAL_MANAGED";

/**
 * A global external HTTPS load balancer. Its contract: every request may run for `requestTimeoutSeconds`. For a serverless
 * backend no field of the load balancer says so (the API refuses one); the service's own timeout does, and is checked here.
 */
export class HttpsLoadBalancer extends pulumi.ComponentResource {
    /** The IPv4 address to point DNS at. */
    readonly address: pulumi.Output<string>;

    constructor(name: string, args: HttpsLoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
        checkHttpsLoadBalancer(name, args);
        // No inputs: the services among them are resources of their own.
        super("netra:loadbalancer:HttpsLoadBalancer", name, {}, opts);

        const address = new compute.GlobalAddress(
            `${name}-address`,
            // The one explicit name: nothing replaces an address, and DNS points at it.
            { name: `${name}-address`, addressType: "EXTERNAL" },
            { parent: this, protect: opts?.protect ?? true },
        );
        this.serveHttps(name, args, address);
        this.redirectHttp(name, address);

        this.address = address.address;
        this.registerOutputs({ address: this.address });
    }

    private serveHttps(name: string, args: HttpsLoadBalancerArgs, address: compute.GlobalAddress): void {
        // In a fixed order: path matchers are a list, and another order would be a change.
        const backends = Object.entries(args.hosts)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, host]) => ({ key, host: host.host, service: this.backend(name, key, host, args) }));

        const urlMap = new compute.URLMap(
            `${name}-urls`,
            {
                defaultService: backends.find(({ key }) => key === args.defaultHost)?.service.id,
                hostRules: backends.map(({ key, host }) => ({ hosts: [host], pathMatcher: key })),
                pathMatchers: backends.map(({ key, service }) => ({ name: key, defaultService: service.id })),
            },
            { parent: this },
        );
        const sslPolicy = new compute.SSLPolicy(
            `${name}-tls`,
            { minTlsVersion: "TLS_1_2", profile: "MODERN" },
            { parent: this },
        );
        const proxy = new compute.TargetHttpsProxy(
            `${name}-https-proxy`,
            { urlMap: urlMap.id, certificateMap: args.certificateMap, sslPolicy: sslPolicy.id },
            { parent: this },
        );
        this.forwardingRule(`${name}-https-rule`, address, "443", proxy.id);
    }

    private redirectHttp(name: string, address: compute.GlobalAddress): void {
        const urlMap = new compute.URLMap(
            `${name}-redirect`,
            {
                defaultUrlRedirect: {
                    httpsRedirect: true,
                    stripQuery: false,
                    // 308: a POST stays a POST.
                    redirectResponseCode: "PERMANENT_REDIRECT",
                },
            },
            { parent: this },
        );
        const proxy = new compute.TargetHttpProxy(`${name}-http-proxy`, { urlMap: urlMap.id }, { parent: this });
        this.forwardingRule(`${name}-http-rule`, address, "80", proxy.id);
    }

    private forwardingRule(
        name: string,
        address: compute.GlobalAddress,
        portRange: string,
        target: pulumi.Input<string>,
    ): void {
        new compute.GlobalForwardingRule(
            name,
            { ipAddress: address.address, ipProtocol: "TCP", portRange, target, loadBalancingScheme },
            { parent: this },
        );
    }

    private backend(
        name: string,
        key: string,
        host: ServerlessHost | GroupHost,
        args: HttpsLoadBalancerArgs,
    ): compute.BackendService {
        const common = {
            loadBalancingScheme,
            logConfig: { enable: true, sampleRate: args.logSampleRate ?? 1 },
            securityPolicy: args.securityPolicy,
        };
        if ("group" in host) {
            const timeoutSec = args.requestTimeoutSeconds ?? defaultTimeoutSeconds;
            return new compute.BackendService(
                `${name}-${key}-backend`,
                {
                    ...common,
                    protocol: host.protocol ?? "HTTP",
                    backends: [{ group: host.group }],
                    healthChecks: host.healthCheck,
                    timeoutSec,
                    // A machine that leaves the group finishes its requests, also the longest.
                    connectionDrainingTimeoutSec: timeoutSec,
                },
                { parent: this },
            );
        }
        const endpoints = new compute.RegionNetworkEndpointGroup(
            `${name}-${key}-neg`,
            {
                region: host.service.region,
                networkEndpointType: "SERVERLESS",
                cloudRun: { service: host.service.name },
            },
            // Auto-named: every change replaces it, and one that is in use cannot be deleted first.
            { parent: this },
        );
        // Neither timeoutSec nor health checks, a port name or outlier detection: with serverless endpoints the API refuses
        // the first three, and for a single region the last has nowhere to send the traffic instead.
        return new compute.BackendService(
            `${name}-${key}-backend`,
            { ...common, backends: [{ group: endpoints.id }] },
            { parent: this },
        );
    }
}
