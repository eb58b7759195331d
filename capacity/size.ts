import { findMachineType, type MachineTypeName, machineTypeNames } from "./catalogue";
import { isWholeNumber, type Problem } from "./problem";

/** The size of a connector. */
export interface ConnectorSize {
    /** What each connector instance runs on. */
    readonly machineType: MachineTypeName;
    /** Instances that always run: what is there when a burst begins. 2 to 9, below `maxInstances`. */
    readonly minInstances: number;
    /** Instances that the connector may grow to; it never shrinks again. 3 to 10, above `minInstances`. */
    readonly maxInstances: number;
}

/** Bounds that the API enforces, and a preview does not. Source: gcloud's command definitions for connectors. */
export const sizeLimits = {
    minInstances: { least: 2, most: 9 },
    maxInstances: { least: 3, most: 10 },
} as const;

/** Throughput at the start of a burst, in Mbps: the instances that always run. */
export function burstMbps(size: ConnectorSize): number {
    return size.minInstances * mbpsPerInstance(size);
}

/** Throughput once the connector has grown to its maximum, in Mbps. It arrives too late for a simultaneous start. */
export function peakMbps(size: ConnectorSize): number {
    return size.maxInstances * mbpsPerInstance(size);
}

/** List price of the instances that always run, in US dollars an hour. */
export function usdPerHour(size: ConnectorSize): number {
    return size.minInstances * (findMachineType(size.machineType)?.usdPerInstanceHour ?? Number.NaN);
}

export function formatSize(size: ConnectorSize): string {
    return `${size.minInstances} to ${size.maxInstances} x ${size.machineType}`;
}

/** Everything about a size that the API would refuse; empty when it is sound. Takes what a program or a policy holds. */
export function sizeProblems(size: Partial<Record<keyof ConnectorSize, unknown>>): Problem[] {
    const problems: Problem[] = [];
    if (typeof size.machineType !== "string" || findMachineType(size.machineType) === undefined) {
        problems.push({
            field: "machineType",
            value: size.machineType,
            bound: `one of ${machineTypeNames.join(", ")}`,
            fix: "A connector runs on no other machine type.",
        });
    }
    for (const field of ["minInstances", "maxInstances"] as const) {
        const { least, most } = sizeLimits[field];
        const value = size[field];
        if (!isWholeNumber(value) || value < least || value > most) {
            problems.push({
                field,
                value,
                bound: `a whole number, ${least} to ${most}`,
                fix: `Set ${field} to a number of connector instances, not of Cloud Run instances.`,
            });
        }
    }
    const { minInstances: min, maxInstances: max } = size;
    if (isWholeNumber(min) && isWholeNumber(max) && min >= max) {
        problems.push({
            field: "maxInstances",
            value: max,
            bound: `above minInstances (${min})`,
            fix: `Set maxInstances to ${min + 1} or more.`,
        });
    }
    return problems;
}

function mbpsPerInstance(size: ConnectorSize): number {
    return findMachineType(size.machineType)?.mbpsPerInstance ?? Number.NaN;
}
