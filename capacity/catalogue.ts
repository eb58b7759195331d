/** A machine type that a Serverless VPC Access connector can run on. */
export interface MachineType {
    /** The name that the API takes. */
    readonly name: MachineTypeName;
    /** Throughput of one connector instance, in megabits a second. */
    readonly mbpsPerInstance: number;
    /** List price of one connector instance, in US dollars an hour. */
    readonly usdPerInstanceHour: number;
    /** Whether a plan may choose it. f1-micro is half an e2-micro for nine tenths of the price, so a plan never does. */
    readonly plannable: boolean;
}

export type MachineTypeName = "f1-micro" | "e2-micro" | "e2-standard-4";

/**
 * Where the figures come from. Throughput: Google's table of connector sizes gives 2 to 10 instances as 100 to 500,
 * 200 to 1000 and 3200 to 16000 Mbps, which divides evenly by the instance count. Price: a connector is billed as the
 * virtual machines it runs on, at the on-demand list price of Compute Engine in us-central1.
 */
export const catalogueSource = {
    throughput: "https://cloud.google.com/vpc/docs/serverless-vpc-access (read 2026-10-09)",
    price: "https://cloud.google.com/compute/vm-instance-pricing, us-central1, on demand",
    priceAsOf: "2025-06-30",
} as const;

export const machineTypes: readonly MachineType[] = [
    { name: "f1-micro", mbpsPerInstance: 50, usdPerInstanceHour: 0.0076, plannable: false },
    { name: "e2-micro", mbpsPerInstance: 100, usdPerInstanceHour: 0.008376, plannable: true },
    { name: "e2-standard-4", mbpsPerInstance: 1600, usdPerInstanceHour: 0.134012, plannable: true },
];

export const machineTypeNames: readonly MachineTypeName[] = machineTypes.map((type) => type.name);

/** Looks a machine type up by name; `undefined` when a connector cannot run on it. */
export function findMachineType(name: string): MachineType | undefined {
    return machineTypes.find((type) => type.name === name);
}
