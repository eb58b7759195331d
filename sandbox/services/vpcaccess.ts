import { ApiError, badRequest } from "../api-error";
import type { Behavior } from "../behavior";
import { asList, asObject, asText, isAbsent, isUnknown, isZero, type Props } from "../values";
import { refersTo, type World } from "../world";
import { overlap, parseRange } from "./addresses";
import { between, sameName } from "./rules";

export const CONNECTOR = "gcp:vpcaccess/connector:Connector";
const NETWORK = "gcp:compute/network:Network";
const SUBNETWORK = "gcp:compute/subnetwork:Subnetwork";

const MACHINE_TYPES = ["e2-micro", "f1-micro", "e2-standard-4"];
const NAME = /^[a-z][-a-z0-9]{0,23}[a-z0-9]$/;
/** The API shows throughput as for e2-micro, whatever the machine type. */
const MBPS_PER_INSTANCE = 100;

/** A size that is not known yet counts as none: the provider then plans the replacement too. */
const shrinks = (old: unknown, next: unknown): boolean =>
    !isZero(old) && !isAbsent(next) && (isUnknown(next) || Number(next) < Number(old));

function scaling(connector: Props): { min: number; max: number } {
    const from = (instances: unknown, throughput: unknown): number =>
        isZero(instances) ? Number(throughput ?? 0) / MBPS_PER_INSTANCE : Number(instances);
    return {
        min: from(connector.minInstances, connector.minThroughput),
        max: from(connector.maxInstances, connector.maxThroughput),
    };
}

function refuseScaling(connector: Props, old?: Props): void {
    const { min, max } = scaling(connector);
    if (max === 0) throw badRequest("A Connector must specify either max_throughput or max_instances.");
    if (min < 2)
        throw badRequest("The minimum amount of instances underlying the connector must be greater than or equal to 2");
    if (min > 9)
        throw badRequest("The minimum amount of instances underlying the connector must be less than or equal to 9");
    if (max < 3)
        throw badRequest("The maximum amount of instances underlying the connector must be greater than or equal to 3");
    if (max > 10)
        throw badRequest("The maximum amount of instances underlying the connector must be less than or equal to 10");
    if (min >= max)
        throw badRequest("The minimum amount of instances must be less than the maximum amount of instances");
    if (!old) return;
    const before = scaling(old);
    if (min < before.min || max < before.max) {
        throw badRequest("Decreasing the number of instances for existing connectors is not supported.");
    }
}

function refuseRange(connector: Props, world: World): void {
    const range = parseRange(connector.ipCidrRange);
    if (range?.prefix !== 28) {
        throw badRequest(
            `The IP range ${asText(connector.ipCidrRange)} is not valid: a connector needs an unused /28 range`,
        );
    }
    const isTaken = (other: unknown): boolean => {
        const taken = parseRange(other);
        return taken !== undefined && overlap(range, taken);
    };
    for (const { id, outputs } of world.list(CONNECTOR)) {
        if (id !== connector.id && isTaken(outputs.ipCidrRange)) {
            throw badRequest(`The IP range ${asText(connector.ipCidrRange)} overlaps with the range of ${id}`);
        }
    }
    const network = world.find(NETWORK, connector.network)?.id ?? "";
    for (const { id, outputs } of world.list(SUBNETWORK)) {
        if (refersTo(outputs.network, network) && isTaken(outputs.ipCidrRange)) {
            throw badRequest(`The IP range ${asText(connector.ipCidrRange)} overlaps with the range of ${id}`);
        }
    }
}

function refuseSubnet(connector: Props, world: World): void {
    const { name, projectId } = asObject(connector.subnet);
    // A subnet of a Shared VPC host project is not in this estate.
    if (!isZero(projectId) && projectId !== world.projectOf(connector)) return;
    const subnet = world.find(SUBNETWORK, `regions/${world.regionOf(connector)}/subnetworks/${asText(name)}`);
    if (!subnet) {
        throw badRequest(
            `The subnet ${asText(name)} does not exist in region ${world.regionOf(connector)}. Give its short name`,
        );
    }
    if (parseRange(subnet.outputs.ipCidrRange)?.prefix !== 28) {
        throw badRequest(
            `The subnet ${asText(name)} has the range ${asText(subnet.outputs.ipCidrRange)}: a connector needs a /28 subnet`,
        );
    }
    const region = world.regionOf(connector);
    const other = world.list(CONNECTOR).find(({ id, outputs }) => {
        const isHere = asObject(outputs.subnet).name === name && world.regionOf(outputs) === region;
        return isHere && id !== connector.id;
    });
    if (other) throw badRequest(`The subnet ${asText(name)} is already used by ${other.id}`);
}

export const vpcaccess: Record<string, Behavior> = {
    [CONNECTOR]: {
        validate: { minThroughput: between(200, 1000), maxThroughput: between(200, 1000) },
        requiredWith: { ipCidrRange: ["network"] },
        suppress: { network: sameName },
        replaces: (old, next) =>
            shrinks(old.minInstances, next.minInstances) || shrinks(old.maxInstances, next.maxInstances),
        api: "vpcaccess.googleapis.com",
        kind: "connector",
        id: (connector, world) =>
            `projects/${world.projectOf(connector)}/locations/${world.regionOf(connector)}/connectors/${asText(connector.name)}`,
        references: [
            {
                path: "network",
                to: NETWORK,
                missing: (network) => new ApiError(404, "notFound", `The VPC network ${network} was not found`),
            },
            { path: "subnet.name", to: SUBNETWORK, unchecked: true },
        ],
        refuse: (connector, world, old) => {
            if (!NAME.test(asText(connector.name)))
                throw badRequest(`Connector ID must follow the pattern ${NAME.source}`);
            if (!MACHINE_TYPES.includes(asText(connector.machineType))) {
                throw badRequest(
                    `Invalid machine type ${asText(connector.machineType)}. The supported machine types are ${MACHINE_TYPES.join(", ")}`,
                );
            }
            refuseScaling(connector, old);
            if (old) return;
            if (isZero(connector.subnet)) refuseRange(connector, world);
            else refuseSubnet(connector, world);
        },
        fill: (connector, world) => {
            const { min, max } = scaling(connector);
            connector.region = world.regionOf(connector);
            connector.selfLink = connector.id;
            connector.state = "READY";
            connector.connectedProjects = asList(connector.connectedProjects)
                .concat(world.projectOf(connector))
                .slice(0, 1);
            Object.assign(connector, { minInstances: min, maxInstances: max });
            connector.minThroughput = min * MBPS_PER_INSTANCE;
            connector.maxThroughput = max * MBPS_PER_INSTANCE;
        },
    },
};
