import { InvalidValueError, isWholeNumber, type Problem } from "./problem";

/** What is expected of the network at the worst moment: instances that start at the same time. */
export interface Workload {
    /** Cloud Run instances that start at once, over all services on the connector. A whole number, 1 or more. */
    readonly instances: number;
    /** Megabytes (10^6 bytes) that each instance moves through the connector while it starts. More than 0. */
    readonly startupMegabytes: number;
    /** Seconds that moving them may take: the network's share of the start-up deadline. More than 0. */
    readonly startupSeconds: number;
    /** Spare throughput on top of the demand, as a fraction of it: 0.25 is a quarter more. 0 or more; default 0.25. */
    readonly headroom: number;
}

export const defaultHeadroom = 0.25;

/** The workload of incident 1278: 15 instances, 25 MB each, in half of the 8 s start-up deadline. */
export const incidentWorkload: Workload = {
    instances: 15,
    startupMegabytes: 25,
    startupSeconds: 4,
    headroom: defaultHeadroom,
};

/** Throughput that the instances demand together, in Mbps, without headroom. */
export function demandMbps(workload: Workload): number {
    assertWorkload(workload);
    return tidy((workload.instances * workload.startupMegabytes * 8) / workload.startupSeconds);
}

/** Throughput that a connector must carry at the moment of the start, in Mbps: the demand with headroom. */
export function requiredMbps(workload: Workload): number {
    return tidy(demandMbps(workload) * (1 + workload.headroom));
}

/** Everything wrong with a workload; empty when it is sound. */
export function workloadProblems(workload: Partial<Record<keyof Workload, unknown>>): Problem[] {
    const problems: Problem[] = [];
    const need = (field: keyof Workload, ok: boolean, bound: string, fix: string) => {
        if (!ok) problems.push({ field, value: workload[field], bound, fix });
    };
    need(
        "instances",
        isWholeNumber(workload.instances) && workload.instances >= 1,
        "a whole number, 1 or more",
        "State how many Cloud Run instances start at once.",
    );
    need(
        "startupMegabytes",
        isPositive(workload.startupMegabytes),
        "a number above 0",
        "State the megabytes that each instance moves while it starts.",
    );
    need(
        "startupSeconds",
        isPositive(workload.startupSeconds),
        "a number above 0",
        "State the seconds that moving them may take.",
    );
    need(
        "headroom",
        isFiniteNumber(workload.headroom) && workload.headroom >= 0,
        "a number, 0 or more",
        `Leave it out for ${defaultHeadroom}.`,
    );
    return problems;
}

function assertWorkload(workload: Workload): void {
    const problems = workloadProblems({ ...workload });
    if (problems.length > 0) throw new InvalidValueError("workload", problems);
}

function isFiniteNumber(value: unknown): value is number {
    return typeof value === "number" && Number.isFinite(value);
}

function isPositive(value: unknown): boolean {
    return isFiniteNumber(value) && value > 0;
}

/** Drops the noise of binary fractions, so that 300.00000000000006 Mbps does not ask for one instance more. */
function tidy(mbps: number): number {
    return Number.isFinite(mbps) && mbps < 1e9 ? Math.round(mbps * 1e6) / 1e6 : mbps;
}
