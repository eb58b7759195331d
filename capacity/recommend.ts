import { type MachineType, machineTypes } from "./catalogue";
import { burstMbps, type ConnectorSize, sizeLimits, usdPerHour } from "./size";
import { requiredMbps, type Workload } from "./workload";

/** The cheapest size that carries a workload with its headroom, or the reason that there is none. */
export type Recommendation =
    | { readonly kind: "connector"; readonly size: ConnectorSize; readonly requiredMbps: number }
    | { readonly kind: "none"; readonly requiredMbps: number; readonly mostMbps: number; readonly reason: string };

/** The largest burst that any connector carries, in Mbps. */
export const mostBurstMbps = Math.max(
    ...machineTypes.map((type) => type.mbpsPerInstance * sizeLimits.minInstances.most),
);

export function recommend(workload: Workload): Recommendation {
    const required = requiredMbps(workload);
    const sizes = machineTypes
        .filter((type) => type.plannable)
        .map((type) => smallestSize(type, required))
        .filter((size) => size !== undefined)
        .sort((a, b) => usdPerHour(a) - usdPerHour(b) || burstMbps(b) - burstMbps(a));
    const cheapest = sizes[0];
    if (cheapest !== undefined) return { kind: "connector", size: cheapest, requiredMbps: required };
    return {
        kind: "none",
        requiredMbps: required,
        mostMbps: mostBurstMbps,
        reason:
            `No connector carries ${formatMbps(required)}: the largest carries ${formatMbps(mostBurstMbps)} when a burst begins. ` +
            "Use Direct VPC egress, start fewer instances at once, or divide the services among several connectors.",
    };
}

/** Instances of a machine type that carry a throughput when a burst begins; may be more than a connector can have. */
export function instancesFor(type: MachineType, mbps: number): number {
    return Math.max(sizeLimits.minInstances.least, Math.ceil(mbps / type.mbpsPerInstance));
}

export function formatMbps(mbps: number): string {
    return `${Number(mbps.toFixed(1))} Mbps`;
}

function smallestSize(type: MachineType, mbps: number): ConnectorSize | undefined {
    const minInstances = instancesFor(type, mbps);
    if (minInstances > sizeLimits.minInstances.most) return undefined;
    // Room to double for load that lasts. More would be spent without notice: a connector that grew never shrinks.
    const maxInstances = Math.min(sizeLimits.maxInstances.most, minInstances * 2);
    return { machineType: type.name, minInstances, maxInstances };
}
