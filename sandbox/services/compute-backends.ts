// Where a load balancer sends requests: endpoint groups, backend services and buckets, health checks.
import { invalidField } from "../api-error";
import type { Behavior, Suppressor } from "../behavior";
import { asObject, asText, isZero, type Props, valuesAt } from "../values";
import type { World } from "../world";
import { computeType, globalId, lowerCaseName, regionalId } from "./compute";
import { computeName, sameLinkOrName, sameRelativePath } from "./rules";

export const ENDPOINT_GROUP = "gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup";
export const BACKEND_SERVICE = "gcp:compute/backendService:BackendService";
export const BACKEND_BUCKET = "gcp:compute/backendBucket:BackendBucket";
export const HEALTH_CHECK = "gcp:compute/healthCheck:HealthCheck";
const INSTANCE_GROUP = "gcp:compute/instanceGroup:InstanceGroup";
const SECURITY_POLICY = "gcp:compute/securityPolicy:SecurityPolicy";

/** The only timeout that the API takes with serverless backends, and what it answers when none is given. */
const API_TIMEOUT_SEC = 30;

const SERVERLESS_TARGETS = ["cloudRun", "cloudFunction", "appEngine", "serverlessDeployment"];

function serverlessGroups(service: Props, world: World): { id: string; region: string }[] {
    return valuesAt(service, "backends.group").flatMap((reference) => {
        const group = world.find(ENDPOINT_GROUP, reference);
        const isServerless = group?.outputs.networkEndpointType === "SERVERLESS";
        return group && isServerless ? [{ id: group.id, region: world.regionOf(group.outputs) }] : [];
    });
}

function refuseServerless(service: Props, world: World): void {
    const groups = serverlessGroups(service, world);
    if (groups.length === 0) return;
    const unsupported = (field: string, text: string): Error =>
        invalidField(
            field,
            service[field],
            `${text} not supported for a backend service with Serverless network endpoint groups.`,
        );
    if (!isZero(service.timeoutSec) && service.timeoutSec !== API_TIMEOUT_SEC)
        throw unsupported("timeoutSec", "Timeout sec is");
    if (!isZero(service.healthChecks)) throw unsupported("healthChecks", "Health checks are");
    if (!isZero(service.portName)) throw unsupported("portName", "Port name is");
    const second = groups.find(({ region }, index) => groups.findIndex((each) => each.region === region) < index);
    if (second) {
        throw invalidField(
            "backends",
            second.id,
            `A backend service can have only one serverless network endpoint group in region ${second.region}.`,
        );
    }
}

/** Moving between the classic and the global external load balancer goes through the states of a migration. */
function refuseScheme(service: Props, old?: Props): void {
    const [before, after] = [old?.loadBalancingScheme, service.loadBalancingScheme];
    if (!old || before === after || isZero(before)) return;
    const isReady =
        (before === "EXTERNAL" &&
            after === "EXTERNAL_MANAGED" &&
            old.externalManagedMigrationState === "TEST_ALL_TRAFFIC") ||
        (before === "EXTERNAL_MANAGED" &&
            after === "EXTERNAL" &&
            service.externalManagedMigrationState === "TEST_ALL_TRAFFIC");
    if (isReady) return;
    throw invalidField(
        "loadBalancingScheme",
        after,
        `Load balancing scheme cannot be changed from ${asText(before)} to ${asText(after)} unless externalManagedMigrationState is TEST_ALL_TRAFFIC.`,
    );
}

/** A health check's block must say something, be it its default. */
const CHECK_FIELDS: Record<string, string[]> = {
    grpcHealthCheck: ["grpcServiceName", "port", "portName", "portSpecification"],
    grpcTlsHealthCheck: ["grpcServiceName", "port", "portSpecification"],
    http2HealthCheck: ["host", "port", "portName", "portSpecification", "proxyHeader", "requestPath", "response"],
    httpHealthCheck: ["host", "port", "portName", "portSpecification", "proxyHeader", "requestPath", "response"],
    httpsHealthCheck: ["host", "port", "portName", "portSpecification", "proxyHeader", "requestPath", "response"],
    sslHealthCheck: ["port", "portName", "portSpecification", "proxyHeader", "request", "response"],
    tcpHealthCheck: ["port", "portName", "portSpecification", "proxyHeader", "request", "response"],
};

const USUAL_PORTS: Record<string, string> = {
    httpHealthCheck: "80",
    httpsHealthCheck: "443",
    http2HealthCheck: "443",
    tcpHealthCheck: "80",
    sslHealthCheck: "443",
};

/** The API answers the protocol's own port where the program gives none. */
const usualPorts = Object.fromEntries(
    Object.entries(USUAL_PORTS).map(([block, port]): [string, Suppressor] => [
        `${block}.port`,
        (old, next, { next: program }) => {
            const { portSpecification } = asObject(program[block]);
            const isFixed = isZero(portSpecification) || portSpecification === "USE_FIXED_PORT";
            return old === port && (next === "" || next === "0") && isFixed;
        },
    ]),
);

export const computeBackends: Record<string, Behavior> = {
    [ENDPOINT_GROUP]: computeType("network_endpoint_group", regionalId("networkEndpointGroups"), undefined, {
        validate: { name: computeName },
        suppress: {
            network: sameLinkOrName,
            subnetwork: sameLinkOrName,
            region: sameLinkOrName,
            pscTargetService: sameLinkOrName,
        },
        refuse: (group) => {
            const targets = SERVERLESS_TARGETS.filter((each) => !isZero(group[each]));
            if (group.networkEndpointType === "SERVERLESS" && targets.length !== 1) {
                throw invalidField(
                    "networkEndpointType",
                    "SERVERLESS",
                    `One of ${SERVERLESS_TARGETS.join(", ")} must be set`,
                );
            }
        },
    }),
    [BACKEND_SERVICE]: computeType("backend_service", globalId("backendServices"), "generatedId", {
        autoname: lowerCaseName,
        atLeastOneOf: [
            [
                "outlierDetection.baseEjectionTime",
                "outlierDetection.consecutiveErrors",
                "outlierDetection.consecutiveGatewayFailure",
                "outlierDetection.enforcingConsecutiveErrors",
                "outlierDetection.enforcingConsecutiveGatewayFailure",
                "outlierDetection.enforcingSuccessRate",
                "outlierDetection.interval",
                "outlierDetection.maxEjectionPercent",
                "outlierDetection.successRateMinimumHosts",
                "outlierDetection.successRateRequestVolume",
                "outlierDetection.successRateStdevFactor",
            ],
            [
                "circuitBreakers.connectTimeout",
                "circuitBreakers.maxConnections",
                "circuitBreakers.maxPendingRequests",
                "circuitBreakers.maxRequests",
                "circuitBreakers.maxRequestsPerConnection",
                "circuitBreakers.maxRetries",
            ],
            ["cdnPolicy.cacheKeyPolicy", "cdnPolicy.signedUrlCacheMaxAgeSec"],
            [
                "cdnPolicy.cacheKeyPolicy.includeHost",
                "cdnPolicy.cacheKeyPolicy.includeHttpHeaders",
                "cdnPolicy.cacheKeyPolicy.includeNamedCookies",
                "cdnPolicy.cacheKeyPolicy.includeProtocol",
                "cdnPolicy.cacheKeyPolicy.includeQueryString",
                "cdnPolicy.cacheKeyPolicy.queryStringBlacklists",
                "cdnPolicy.cacheKeyPolicy.queryStringWhitelists",
            ],
            ["consistentHash.httpCookie", "consistentHash.httpHeaderName", "consistentHash.minimumRingSize"],
            ["consistentHash.httpCookie.name", "consistentHash.httpCookie.path", "consistentHash.httpCookie.ttl"],
        ],
        suppress: {
            "backends.group": sameRelativePath,
            healthChecks: sameRelativePath,
            securityPolicy: sameLinkOrName,
            edgeSecurityPolicy: sameLinkOrName,
            "securitySettings.clientTlsPolicy": sameLinkOrName,
        },
        references: [
            { path: "healthChecks", to: HEALTH_CHECK },
            { path: "securityPolicy", to: SECURITY_POLICY },
            { path: "edgeSecurityPolicy", to: SECURITY_POLICY },
            { path: "backends.group", to: ENDPOINT_GROUP, unchecked: true },
            { path: "backends.group", to: INSTANCE_GROUP, unchecked: true },
        ],
        refuse: (service, world, old) => {
            for (const group of valuesAt(service, "backends.group")) {
                if (!world.find(ENDPOINT_GROUP, group) && !world.find(INSTANCE_GROUP, group)) {
                    throw invalidField(
                        "backends[0].group",
                        group,
                        "The referenced network endpoint group or instance group was not found.",
                    );
                }
            }
            refuseServerless(service, world);
            refuseScheme(service, old);
        },
        fill: (service) => {
            if (isZero(service.timeoutSec)) service.timeoutSec = API_TIMEOUT_SEC;
            if (isZero(service.protocol)) service.protocol = "HTTP";
            if (isZero(service.sessionAffinity)) service.sessionAffinity = "NONE";
        },
    }),
    [BACKEND_BUCKET]: computeType("backend_bucket", globalId("backendBuckets"), undefined, {
        validate: { name: computeName },
        suppress: { edgeSecurityPolicy: sameLinkOrName },
    }),
    [HEALTH_CHECK]: computeType("health_check", globalId("healthChecks"), undefined, {
        atLeastOneOf: Object.entries(CHECK_FIELDS).map(([block, names]) => names.map((name) => `${block}.${name}`)),
        suppress: usualPorts,
        refuse: (check) => {
            if (Number(check.timeoutSec) > Number(check.checkIntervalSec)) {
                throw invalidField("timeoutSec", check.timeoutSec, "Must be less than or equal to checkIntervalSec");
            }
        },
        fill: (check) => {
            const block = Object.keys(check).find((name) => name.endsWith("HealthCheck") && !isZero(check[name]));
            check.type = (block ?? "").replace("HealthCheck", "").toUpperCase();
        },
    }),
};
