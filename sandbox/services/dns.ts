import { ApiError } from "../api-error";
import type { Behavior, Suppressor, Validator } from "../behavior";
import { asList, asText, isZero, type Props } from "../values";
import { lastPart, type World } from "../world";
import { oneOf, sameLinkOrName } from "./rules";

export const ZONE = "gcp:dns/managedZone:ManagedZone";
export const RECORD = "gcp:dns/recordSet:RecordSet";

const API = "dns.googleapis.com";

const trailingDot: Validator = (value) =>
    String(value).endsWith(".") ? undefined : `record name "${String(value)}" must end with a trailing dot`;

/** Two spellings of one IPv6 address: lower case, no leading zeros, every group written out. */
function expandedIPv6(text: string): string {
    const [head = "", tail] = text.toLowerCase().split("::");
    const groups = (part: string): string[] =>
        part === "" ? [] : part.split(":").map((each) => each.replace(/^0+(?=.)/, ""));
    const [before, after] = [groups(head), groups(tail ?? "")];
    const gap = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
    return [...before, ...Array<string>(gap).fill("0"), ...after].join(":");
}

function canonical(type: unknown, record: string): string {
    if (type === "AAAA") return expandedIPv6(record);
    if (type === "MX" || type === "DS") return record.toLowerCase();
    if (type === "TXT") return record.toLowerCase().replace(/^"+|"+$/g, "");
    return record;
}

const sameRecord: Suppressor = (old, next, { next: { type } }) => canonical(type, old) === canonical(type, next);

const noSuch = (entity: string, name: string): ApiError =>
    new ApiError(404, "notFound", `The 'parameters.${entity}' resource named '${name}' does not exist.`);

function zoneOf(record: Props, world: World): Props {
    const name = lastPart(asText(record.managedZone));
    const zone = world.get(ZONE, `projects/${world.projectOf(record)}/managedZones/${name}`);
    if (!zone) throw noSuch("managedZone", name);
    return zone.outputs;
}

function refuseRecord(record: Props, world: World): void {
    const zone = zoneOf(record, world);
    const name = asText(record.name);
    const domain = asText(zone.dnsName);
    if (name !== domain && !name.endsWith(`.${domain}`)) {
        throw new ApiError(400, "invalid", `Invalid value for 'entity.change.additions[0].name': '${name}'`);
    }
    const besides = world.list(RECORD).filter(({ id, outputs }) => {
        const isHere = lastPart(asText(outputs.managedZone)) === zone.name && outputs.name === name;
        return isHere && id !== record.id && outputs.type !== record.type;
    });
    if (besides.some(({ outputs }) => outputs.type === "CNAME" || record.type === "CNAME")) {
        throw new ApiError(
            400,
            "cnameResourceRecordSetConflict",
            `The resource record set 'entity.change.additions[0]' is invalid because the DNS name '${name}' may have either one CNAME resource record set or resource record sets of other types, but not both.`,
        );
    }
    if (record.type === "CNAME" && asList(record.rrdatas).length > 1) {
        throw new ApiError(
            400,
            "invalid",
            "Invalid value for 'entity.change.additions[0].rrdata': a CNAME record set holds one record",
        );
    }
}

const recordsIn = (zone: Props, world: World) =>
    world.list(RECORD).filter(({ id }) => id.startsWith(`${asText(zone.id)}/rrsets/`));

const balancer = (path: string): Record<string, Validator> => ({
    [`${path}.ipProtocol`]: oneOf("tcp", "udp"),
    [`${path}.loadBalancerType`]: oneOf("regionalL4ilb", "regionalL7ilb", "globalL7ilb"),
});

export const dns: Record<string, Behavior> = {
    [ZONE]: {
        defaults: { description: "Managed by Pulumi" },
        suppress: {
            "peeringConfig.targetNetwork.networkUrl": sameLinkOrName,
            "privateVisibilityConfig.networks.networkUrl": sameLinkOrName,
        },
        atLeastOneOf: [["privateVisibilityConfig.gkeClusters", "privateVisibilityConfig.networks"]],
        suppressEmptyBlocks: ["privateVisibilityConfig"],
        api: API,
        kind: "managedZone",
        id: (zone, world) => `projects/${world.projectOf(zone)}/managedZones/${asText(zone.name)}`,
        refuse: (zone) => {
            if (!/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.test(asText(zone.name))) {
                throw new ApiError(
                    400,
                    "invalid",
                    `Invalid value for 'entity.managedZone.name': '${asText(zone.name)}'`,
                );
            }
            if (!asText(zone.dnsName).endsWith(".")) {
                throw new ApiError(
                    400,
                    "invalid",
                    `Invalid value for 'entity.managedZone.dnsName': '${asText(zone.dnsName)}'`,
                );
            }
        },
        refuseDelete: (zone, world) => {
            const records = recordsIn(zone, world);
            if (records.length === 0) return;
            if (zone.forceDestroy !== true) {
                throw new ApiError(
                    400,
                    "containerNotEmpty",
                    `The resource named '${asText(zone.name)}' cannot be deleted because it contains one or more 'resource records'.`,
                );
            }
            for (const { type, id } of records) world.estate.delete(type, id);
        },
        fill: (zone, world) => {
            if (isZero(zone.creationTime)) zone.creationTime = world.now();
            if (isZero(zone.managedZoneId)) zone.managedZoneId = world.serial();
            zone.nameServers = [1, 2, 3, 4].map((number) => `ns-cloud-a${number}.googledomains.com.`);
        },
    },
    [RECORD]: {
        autoname: false,
        validate: {
            name: trailingDot,
            ...balancer("routingPolicy.wrrs.healthCheckedTargets.internalLoadBalancers"),
            ...balancer("routingPolicy.geos.healthCheckedTargets.internalLoadBalancers"),
            ...balancer("routingPolicy.primaryBackup.primary.internalLoadBalancers"),
            ...balancer("routingPolicy.primaryBackup.backupGeos.healthCheckedTargets.internalLoadBalancers"),
        },
        suppress: { managedZone: sameLinkOrName, rrdatas: sameRecord },
        compareAsSet: ["rrdatas"],
        // The provider deletes a record of the same name and type in the change that adds its own.
        idempotent: true,
        api: API,
        kind: "resourceRecordSet",
        id: (record, world) => {
            const zone = `projects/${world.projectOf(record)}/managedZones/${lastPart(asText(record.managedZone))}`;
            return `${zone}/rrsets/${asText(record.name)}/${asText(record.type)}`;
        },
        refuse: refuseRecord,
        fill: (record) => {
            record.managedZone = lastPart(asText(record.managedZone));
        },
    },
};
