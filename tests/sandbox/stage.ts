import { ApiError, Cloud, check, diff, Estate, type Props } from "../../sandbox";

export const PROJECT = "netra-staging";
export const REGION = "us-central1";
export const CONNECTOR_ID = `projects/${PROJECT}/locations/${REGION}/connectors/staging-connector`;

export const types = {
    api: "gcp:projects/service:Service",
    connector: "gcp:vpcaccess/connector:Connector",
    service: "gcp:cloudrunv2/service:Service",
    job: "gcp:cloudrunv2/job:Job",
    serviceMember: "gcp:cloudrunv2/serviceIamMember:ServiceIamMember",
    network: "gcp:compute/network:Network",
    subnetwork: "gcp:compute/subnetwork:Subnetwork",
    address: "gcp:compute/globalAddress:GlobalAddress",
    endpointGroup: "gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup",
    backendService: "gcp:compute/backendService:BackendService",
    healthCheck: "gcp:compute/healthCheck:HealthCheck",
    urlMap: "gcp:compute/uRLMap:URLMap",
    httpProxy: "gcp:compute/targetHttpProxy:TargetHttpProxy",
    httpsProxy: "gcp:compute/targetHttpsProxy:TargetHttpsProxy",
    rule: "gcp:compute/globalForwardingRule:GlobalForwardingRule",
    sslPolicy: "gcp:compute/sSLPolicy:SSLPolicy",
    classicCertificate: "gcp:compute/managedSslCertificate:ManagedSslCertificate",
    certificate: "gcp:certificatemanager/certificate:Certificate",
    certificateMap: "gcp:certificatemanager/certificateMap:CertificateMap",
    mapEntry: "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry",
    authorization: "gcp:certificatemanager/dnsAuthorization:DnsAuthorization",
    zone: "gcp:dns/managedZone:ManagedZone",
    record: "gcp:dns/recordSet:RecordSet",
    alert: "gcp:monitoring/alertPolicy:AlertPolicy",
    channel: "gcp:monitoring/notificationChannel:NotificationChannel",
    dashboard: "gcp:monitoring/dashboard:Dashboard",
    uptime: "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig",
    account: "gcp:serviceaccount/account:Account",
    projectMember: "gcp:projects/iAMMember:IAMMember",
    secret: "gcp:secretmanager/secret:Secret",
} as const;

export interface Made {
    type: string;
    id: string;
    inputs: Props;
    outputs: Props;
}

const SEED = Buffer.from("the same for every test");

/** A cloud as a test meets it: a resource is checked like the engine checks it, then made. */
export class Stage {
    readonly estate = Estate.incident();
    readonly cloud = new Cloud(this.estate, { project: PROJECT, region: REGION, now: () => new Date(0) });

    /** The estate of the incident with every API of the stack enabled. */
    static enabled(): Stage {
        const stage = new Stage();
        for (const name of ["certificatemanager", "dns", "monitoring", "iam", "secretmanager"]) {
            stage.make(types.api, { service: `${name}.googleapis.com` });
        }
        return stage;
    }

    checked(type: string, inputs: Props, name = "x", oldInputs?: Props): Props {
        const result = check({ type, name, inputs, oldInputs, randomSeed: SEED });
        if (result.failures.length > 0) throw new Error(`check of ${type} failed: ${JSON.stringify(result.failures)}`);
        return result.inputs;
    }

    make(type: string, inputs: Props, name = "x"): Made {
        const checked = this.checked(type, inputs, name);
        return { type, inputs: checked, ...this.cloud.create(type, checked) };
    }

    change({ type, id, inputs: before, outputs }: Made, inputs: Props): Made {
        const checked = this.checked(type, inputs, "x", before);
        return { type, id, inputs: checked, ...this.cloud.update(type, id, outputs, checked) };
    }

    remove({ type, id, outputs }: Made): void {
        this.cloud.delete(type, id, outputs);
    }

    read({ type, id }: { type: string; id: string }): Props {
        const found = this.cloud.read(type, id);
        if (!found) throw new Error(`${type} ${id} is gone`);
        return found.outputs;
    }

    /** What a program that says `changes` otherwise would do. What was filled in before is left to be filled in again. */
    plan({ type, id, inputs: oldInputs, outputs: oldOutputs }: Made, changes: Props = {}, ignoreChanges?: string[]) {
        const filled = oldInputs.__defaults as string[];
        const program = Object.fromEntries(Object.entries(oldInputs).filter(([key]) => !filled.includes(key)));
        const inputs = this.checked(type, { ...program, ...changes }, "x", oldInputs);
        return diff({ type, id, oldInputs, oldOutputs, inputs, ignoreChanges });
    }
}

export const connector = (overrides: Props = {}): Props => ({
    name: "bigger-connector",
    network: "default",
    ipCidrRange: "10.8.0.16/28",
    minInstances: 4,
    maxInstances: 10,
    machineType: "e2-standard-4",
    ...overrides,
});

export const service = (template: Props = {}, overrides: Props = {}): Props => ({
    name: "chat-staging",
    location: REGION,
    deletionProtection: false,
    template: { containers: [{ image: "us-docker.pkg.dev/netra-staging/netra/chat:1" }], ...template },
    ...overrides,
});

/** Every link of the path from port 443 to the backend service on Cloud Run. */
export function loadBalancer(stage: Stage) {
    const { make } = { make: stage.make.bind(stage) };
    const group = make(types.endpointGroup, { region: REGION, cloudRun: { service: "backend-staging" } }, "backend");
    const backend = make(
        types.backendService,
        {
            loadBalancingScheme: "EXTERNAL_MANAGED",
            protocol: "HTTPS",
            backends: [{ group: group.id }],
            logConfig: { enable: true },
        },
        "backend",
    );
    const map = make(types.urlMap, { defaultService: backend.id }, "netra");
    const authorization = make(types.authorization, { domain: "netrasystems.ai", type: "PER_PROJECT_RECORD" }, "apex");
    const certificate = make(
        types.certificate,
        { managed: { domains: ["netrasystems.ai", "*.netrasystems.ai"], dnsAuthorizations: [authorization.id] } },
        "wildcard",
    );
    const certificateMap = make(types.certificateMap, {}, "netra");
    const certificateMapName = String(certificateMap.outputs.name);
    const entry = make(
        types.mapEntry,
        { map: certificateMapName, hostname: "*.netrasystems.ai", certificates: [certificate.id] },
        "wildcard",
    );
    const policy = make(types.sslPolicy, { minTlsVersion: "TLS_1_2", profile: "MODERN" }, "modern");
    const proxy = make(
        types.httpsProxy,
        {
            urlMap: map.id,
            sslPolicy: policy.id,
            certificateMap: `//certificatemanager.googleapis.com/${certificateMap.id}`,
        },
        "netra",
    );
    const address = make(types.address, {}, "netra");
    const rule = make(
        types.rule,
        { target: proxy.id, ipAddress: address.id, portRange: "443", loadBalancingScheme: "EXTERNAL_MANAGED" },
        "netra",
    );
    return { group, backend, map, authorization, certificate, certificateMap, entry, policy, proxy, address, rule };
}

/** What the API answered instead of doing it. */
export const refusal = (act: () => unknown): ApiError => {
    try {
        act();
    } catch (error) {
        if (error instanceof ApiError) return error;
        throw error;
    }
    throw new Error("it was not refused");
};
