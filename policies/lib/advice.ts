import {
    type ConnectorSize,
    formatMbps,
    instancesFor,
    machineTypes,
    recommend,
    sizeLimits,
    usdPerHour,
} from "../../capacity";

/** Says which size to set, so that a connector carries a throughput on one of the allowed machine types. */
export function adviseSize(mbps: number, allowed: readonly string[]): string {
    const size = cheapestSize(mbps, allowed);
    if (size !== undefined) {
        return `Set machineType ${size.machineType}, minInstances ${size.minInstances}, maxInstances ${size.maxInstances}.`;
    }
    const recommendation = recommend({ instances: 1, startupMegabytes: mbps / 8, startupSeconds: 1, headroom: 0 });
    return recommendation.kind === "none"
        ? recommendation.reason
        : `No connector on ${allowed.join(" or ")} carries ${formatMbps(mbps)}: allow a larger machine type.`;
}

function cheapestSize(mbps: number, allowed: readonly string[]): ConnectorSize | undefined {
    return machineTypes
        .filter((type) => allowed.includes(type.name))
        .map((type): ConnectorSize => {
            const minInstances = instancesFor(type, mbps);
            const maxInstances = Math.min(sizeLimits.maxInstances.most, minInstances * 2);
            return { machineType: type.name, minInstances, maxInstances };
        })
        .filter((size) => size.minInstances <= sizeLimits.minInstances.most)
        .sort((a, b) => usdPerHour(a) - usdPerHour(b))[0];
}
