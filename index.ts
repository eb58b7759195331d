import * as pulumi from "@pulumi/pulumi";
import {
    CloudRunService,
    type ConnectorEgress,
    ConnectorMonitoring,
    type DirectEgress,
    HttpsLoadBalancer,
    RequiredApis,
    VpcConnector,
    WildcardCertificate,
} from "./components";
import { type ManagedService, readConfig } from "./config";

const config = readConfig();
const { region, workload } = config;
const stack = pulumi.getStack();

const apis = new RequiredApis("project", {
    apis: [
        "certificatemanager.googleapis.com",
        "compute.googleapis.com",
        "dns.googleapis.com",
        "iam.googleapis.com",
        "monitoring.googleapis.com",
        "run.googleapis.com",
        "secretmanager.googleapis.com",
        "vpcaccess.googleapis.com",
    ],
});
const options = { dependsOn: apis };

const vpc = config.connector && new VpcConnector(stack, { ...config.connector, region, workload }, options);
if (vpc !== undefined) {
    const { connectorName, size } = vpc;
    const { notificationEmail } = config;
    new ConnectorMonitoring(stack, { connectorName, size, workload, notificationEmail }, options);
}

const certificate = new WildcardCertificate("domain", { domain: config.domain, ...config.certificate }, options);

const hosts = Object.fromEntries(
    Object.entries(config.services).map(([key, service]) => [
        key,
        { host: service.host, service: service.existing ? { ...service, region } : deploy(key, service) },
    ]),
);

const loadBalancer = new HttpsLoadBalancer(
    `${stack}-edge`,
    {
        certificateMap: certificate.certificateMap,
        hosts,
        defaultHost: config.loadBalancer.defaultService,
        securityPolicy: config.loadBalancer.securityPolicy,
    },
    options,
);

function deploy(key: string, service: ManagedService): CloudRunService {
    // A load balancer cannot authenticate its users: the services do so themselves, and take requests from nowhere else.
    const invokers = { public: "allUsers" };
    return new CloudRunService(key, { ...service, region, egress: egress(service), invokers }, options);
}

/** The configuration has made sure that what a service's egress needs is there. */
function egress(service: ManagedService): ConnectorEgress | DirectEgress {
    if (service.egress === "direct") return { kind: "direct", ...(config.direct as NonNullable<typeof config.direct>) };
    return { kind: "connector", connector: (vpc as VpcConnector).id };
}

/** The address to point the hosts' DNS records at. */
export const loadBalancerAddress = loadBalancer.address;

/** The records that prove control of the domain. They must exist for as long as the certificate is to be renewed. */
export const dnsRecords = certificate.dnsRecords;

/** The connector, and what it carries: burst and required throughput in Mbps, instances that may start at once. */
export const connector = vpc && {
    id: vpc.id,
    name: vpc.connectorName,
    ...vpc.size,
    burstMbps: vpc.burstMbps,
    requiredMbps: vpc.requiredMbps,
    carriesInstances: vpc.carriesInstances,
};

/** Where clients reach each service: through the load balancer. */
export const serviceUrls = Object.fromEntries(Object.entries(hosts).map(([key, { host }]) => [key, `https://${host}`]));

export const certificateMap = certificate.certificateMap;
