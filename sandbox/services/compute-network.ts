// Networks and what lives in them.
import { ApiError, invalidField } from "../api-error";
import type { Behavior, Validator } from "../behavior";
import { asText, isZero, type Props } from "../values";
import { lastPart, refersTo, type World } from "../world";
import { contains, isAddress, overlap, parseRange, showAddress } from "./addresses";
import { computeType, globalId, lowerCaseName, regionalId } from "./compute";
import { both, computeName, emptyOr, matches, sameIgnoringCase, sameLinkOrName } from "./rules";

export const NETWORK = "gcp:compute/network:Network";
export const SUBNETWORK = "gcp:compute/subnetwork:Subnetwork";
export const ADDRESS = "gcp:compute/address:Address";
export const GLOBAL_ADDRESS = "gcp:compute/globalAddress:GlobalAddress";
const ROUTER = "gcp:compute/router:Router";
const FIREWALL = "gcp:compute/firewall:Firewall";
const CONNECTOR = "gcp:vpcaccess/connector:Connector";
const GLOBAL_RULE = "gcp:compute/globalForwardingRule:GlobalForwardingRule";

const inNetwork = { path: "network", to: NETWORK };
const networkAndRegion = { network: sameLinkOrName, region: sameLinkOrName };

const cidrRange: Validator = (value) => {
    const text = String(value);
    const isIPv6 = /^[0-9a-fA-F:]+\/\d{1,3}$/.test(text) && text.includes(":");
    return isIPv6 || parseRange(text) ? undefined : `"${text}" is not a valid IP CIDR range`;
};

const isShrunk = (old: unknown, next: unknown): boolean => {
    const [before, after] = [parseRange(old), parseRange(next)];
    return before !== undefined && after !== undefined && !contains(after, before);
};

function refuseSubnetwork(subnet: Props, world: World, old?: Props): void {
    if (isZero(subnet.ipCidrRange) && isZero(subnet.reservedInternalRange)) {
        throw invalidField("ipCidrRange", "", "A subnetwork needs ipCidrRange or reservedInternalRange");
    }
    const range = parseRange(subnet.ipCidrRange);
    if (isZero(subnet.ipCidrRange)) return;
    if (!range) throw invalidField("ipCidrRange", subnet.ipCidrRange, "Must be an address range in CIDR notation");
    if (range.prefix < 8 || range.prefix > 29) {
        throw invalidField("ipCidrRange", subnet.ipCidrRange, "The prefix length must be between 8 and 29");
    }
    if (isShrunk(old?.ipCidrRange, subnet.ipCidrRange)) {
        throw invalidField("ipCidrRange", subnet.ipCidrRange, "The range of a subnetwork can only be expanded");
    }
    const network = world.find(NETWORK, subnet.network)?.id ?? "";
    for (const { id, outputs } of [...world.list(SUBNETWORK), ...world.list(CONNECTOR)]) {
        const taken = parseRange(outputs.ipCidrRange);
        if (id === subnet.id || !taken || !refersTo(outputs.network, network) || !overlap(range, taken)) continue;
        throw new ApiError(
            400,
            "invalidIPCidrRange",
            `Invalid IPCidrRange: ${asText(subnet.ipCidrRange)} conflicts with existing subnetwork '${lastPart(id)}' in region '${world.regionOf(outputs)}'.`,
        );
    }
}

/** The first address of 203.0.113.0/24, the range for documentation, that nothing in the estate has. */
export function freeAddress(world: World): string {
    const taken = new Set(
        [...world.list(ADDRESS), ...world.list(GLOBAL_ADDRESS), ...world.list(GLOBAL_RULE)].map(({ outputs }) =>
            asText(outputs.address ?? outputs.ipAddress),
        ),
    );
    for (let last = 10; last < 255; last++) {
        if (!taken.has(`203.0.113.${last}`)) return `203.0.113.${last}`;
    }
    throw new ApiError(403, "quotaExceeded", "Quota 'STATIC_ADDRESSES' exceeded. Limit: 245.0 globally.");
}

function refuseAddress(address: Props): void {
    if (!isZero(address.address) && !isAddress(address.address) && !asText(address.address).includes(":")) {
        throw invalidField("address", address.address, "Must be an IP address");
    }
}

/** Whether a rule sits on the address: by link, by name or by the number itself. */
export const usesAddress = (rule: Props, address: Props): boolean =>
    refersTo(rule.ipAddress, asText(address.id)) || (!isZero(rule.ipAddress) && rule.ipAddress === address.address);

function refuseAddressDelete(address: Props, world: World): void {
    const rule = world.list(GLOBAL_RULE).find(({ outputs }) => usesAddress(outputs, address));
    if (!rule) return;
    throw new ApiError(
        400,
        "resourceInUseByAnotherResource",
        `The address resource '${asText(address.id)}' is already being used by '${rule.id}'`,
    );
}

const fillAddress = (address: Props, world: World): void => {
    if (isZero(address.address) && address.addressType !== "INTERNAL") address.address = freeAddress(world);
    if (isZero(address.addressType)) address.addressType = "EXTERNAL";
};

const asn: Validator = (value) => {
    const number = Number(value);
    const isPrivate = (number >= 64512 && number <= 65534) || (number >= 4200000000 && number <= 4294967294);
    return isPrivate || number === 16550 ? undefined : `expected a private ASN (RFC 6996) or 16550, got ${number}`;
};

export const computeNetwork: Record<string, Behavior> = {
    [NETWORK]: computeType("network", globalId("networks"), undefined, {
        autoname: lowerCaseName,
        validate: { name: computeName },
        fill: (network, world) => {
            if (isZero(network.numericId)) network.numericId = String(world.serial());
            network.networkId = network.numericId;
            if (isZero(network.mtu)) network.mtu = 1460;
            if (isZero(network.routingMode)) network.routingMode = "REGIONAL";
            if (isZero(network.bgpBestPathSelectionMode)) network.bgpBestPathSelectionMode = "LEGACY";
        },
    }),
    [SUBNETWORK]: computeType("subnetwork", regionalId("subnetworks"), "subnetworkId", {
        autoname: lowerCaseName,
        validate: {
            name: computeName,
            ipCidrRange: cidrRange,
            internalIpv6Prefix: cidrRange,
            "secondaryIpRanges.ipCidrRange": cidrRange,
        },
        atLeastOneOf: [
            ["aggregationInterval", "filterExpr", "flowSampling", "metadata"].map((name) => `logConfig.${name}`),
        ],
        compareAsSet: ["secondaryIpRanges"],
        suppress: networkAndRegion,
        replaces: (old, next) => isShrunk(old.ipCidrRange, next.ipCidrRange),
        references: [inNetwork],
        refuse: refuseSubnetwork,
        fill: (subnet, world) => {
            const range = parseRange(subnet.ipCidrRange);
            if (range) subnet.gatewayAddress = showAddress(range.first + 1);
            subnet.network = world.find(NETWORK, subnet.network)?.id ?? subnet.network;
            subnet.region = world.regionOf(subnet);
            if (isZero(subnet.purpose)) subnet.purpose = "PRIVATE";
            if (isZero(subnet.stackType)) subnet.stackType = "IPV4_ONLY";
            if (isZero(subnet.privateIpv6GoogleAccess)) subnet.privateIpv6GoogleAccess = "DISABLE_GOOGLE_ACCESS";
        },
    }),
    [ADDRESS]: computeType("address", regionalId("addresses"), "addressId", {
        validate: { name: computeName },
        suppress: { ...networkAndRegion, subnetwork: sameLinkOrName, ipVersion: emptyOr("IPV4") },
        references: [inNetwork, { path: "subnetwork", to: SUBNETWORK }],
        refuse: refuseAddress,
        refuseDelete: refuseAddressDelete,
        fill: (address, world) => {
            address.region = world.regionOf(address);
            fillAddress(address, world);
            if (isZero(address.networkTier)) address.networkTier = "PREMIUM";
        },
    }),
    [GLOBAL_ADDRESS]: computeType("address", globalId("addresses"), undefined, {
        suppress: { addressType: emptyOr("EXTERNAL"), ipVersion: emptyOr("IPV4"), network: sameLinkOrName },
        references: [inNetwork],
        refuse: refuseAddress,
        refuseDelete: refuseAddressDelete,
        fill: fillAddress,
    }),
    [FIREWALL]: computeType("firewall", globalId("firewalls"), undefined, {
        validate: { name: computeName },
        suppress: {
            network: sameLinkOrName,
            "allows.protocol": sameIgnoringCase,
            "denies.protocol": sameIgnoringCase,
            sourceRanges: (old, next) => next === "" && old === "0.0.0.0/0",
        },
        references: [inNetwork],
        fill: (firewall) => {
            if (isZero(firewall.direction)) firewall.direction = "INGRESS";
        },
    }),
    [ROUTER]: computeType("router", regionalId("routers"), undefined, {
        autoname: lowerCaseName,
        validate: { name: computeName, "bgp.asn": asn },
        suppress: networkAndRegion,
        references: [inNetwork],
        fill: (router, world) => {
            router.region = world.regionOf(router);
        },
    }),
    "gcp:compute/routerNat:RouterNat": {
        autoname: lowerCaseName,
        validate: {
            name: both(matches(/^[a-z]([-a-z0-9]*[a-z0-9])?$/), (value) =>
                String(value).length >= 2 && String(value).length <= 63
                    ? undefined
                    : "expected a length in the range (2 - 63)",
            ),
        },
        suppress: {
            router: sameLinkOrName,
            region: sameLinkOrName,
            "subnetworks.name": sameLinkOrName,
            natIps: sameLinkOrName,
            drainNatIps: sameLinkOrName,
        },
        api: "compute.googleapis.com",
        kind: "router_nat",
        id: (nat, world) =>
            `${world.projectOf(nat)}/${world.regionOf(nat)}/${lastPart(asText(nat.router))}/${asText(nat.name)}`,
        references: [{ path: "router", to: ROUTER }],
        fill: (nat, world) => {
            nat.region = world.regionOf(nat);
        },
    },
    "gcp:compute/instanceGroup:InstanceGroup": computeType(
        "instance_group",
        (group, world) =>
            `projects/${world.projectOf(group)}/zones/${asText(group.zone) || `${world.region}-a`}/instanceGroups/${asText(group.name)}`,
        undefined,
        { validate: { name: computeName }, suppress: { network: sameLinkOrName }, references: [inNetwork] },
    ),
    "gcp:compute/securityPolicy:SecurityPolicy": computeType(
        "security_policy",
        globalId("securityPolicies"),
        undefined,
        {
            validate: {
                name: computeName,
                type: matches(/^CLOUD_ARMOR(_EDGE|_INTERNAL_SERVICE)?$/),
                "rules.rateLimitOptions.conformAction": matches(/^allow$/),
                "rules.rateLimitOptions.exceedAction": matches(/^(redirect|deny\((403|404|429|502)\))$/),
                "adaptiveProtectionConfig.layer7DdosDefenseConfig.ruleVisibility": matches(/^(STANDARD|PREMIUM)$/),
                "advancedOptionsConfig.jsonParsing": matches(/^(DISABLED|STANDARD|STANDARD_WITH_GRAPHQL)$/),
                "advancedOptionsConfig.logLevel": matches(/^(NORMAL|VERBOSE)$/),
                "rules.redirectOptions.type": matches(/^(EXTERNAL_302|GOOGLE_RECAPTCHA)$/),
                "rules.rateLimitOptions.exceedRedirectOptions.type": matches(/^(EXTERNAL_302|GOOGLE_RECAPTCHA)$/),
            },
            fill: (policy) => {
                if (isZero(policy.type)) policy.type = "CLOUD_ARMOR";
            },
        },
    ),
};
