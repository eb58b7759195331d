import { findMachineType } from "./catalogue";
import { InvalidValueError } from "./problem";
import { formatMbps, instancesFor, mostBurstMbps, type Recommendation, recommend } from "./recommend";
import { burstMbps, type ConnectorSize, formatSize, peakMbps, sizeLimits, sizeProblems } from "./size";
import { demandMbps, requiredMbps, type Workload } from "./workload";

/** What stands in the way of a size that is too small. */
export type Limit = "minInstances" | "machineType" | "connector";

/** How a size stands against a workload. Throughputs are in Mbps. */
export interface Judgement {
    readonly verdict: "sufficient" | "undersized";
    readonly size: ConnectorSize;
    readonly workload: Workload;
    readonly burstMbps: number;
    readonly peakMbps: number;
    readonly demandMbps: number;
    readonly requiredMbps: number;
    /** Throughput that is missing; 0 when the size is sufficient. */
    readonly shortfallMbps: number;
    /** What to change first: more instances, a larger machine type, or no connector at all. */
    readonly limitedBy?: Limit;
    /** Instances of this workload that the size carries at once, with headroom. */
    readonly carriesInstances: number;
    /** Seconds that the workload's start-up traffic takes through this size. */
    readonly transferSeconds: number;
    readonly recommendation: Recommendation;
}

/** Judges any size against any workload. Throws `InvalidValueError` for a size that the API would refuse. */
export function judge(size: ConnectorSize, workload: Workload): Judgement {
    const problems = sizeProblems({ ...size });
    if (problems.length > 0) throw new InvalidValueError(`connector size ${formatSize(size)}`, problems);
    const burst = burstMbps(size);
    const required = requiredMbps(workload);
    const demand = demandMbps(workload);
    const sufficient = burst >= required;
    return {
        verdict: sufficient ? "sufficient" : "undersized",
        size,
        workload,
        burstMbps: burst,
        peakMbps: peakMbps(size),
        demandMbps: demand,
        requiredMbps: required,
        shortfallMbps: sufficient ? 0 : required - burst,
        ...(sufficient ? {} : { limitedBy: limitOf(size, required) }),
        carriesInstances: Math.floor((burst * workload.instances) / required + 1e-9),
        transferSeconds: (demand * workload.startupSeconds) / burst,
        recommendation: recommend(workload),
    };
}

/**
 * Sustained throughput from which a simultaneous start no longer fits beside the traffic that is there, in Mbps.
 * The alert on saturation uses it. Never below a tenth of the burst throughput, for a size that is too small anyway.
 */
export function saturationMbps(size: ConnectorSize, workload: Workload): number {
    const burst = burstMbps(size);
    return Math.max(burst - demandMbps(workload), burst / 10);
}

/** Says in words and numbers what a judgement found and what to do. */
export function explain(judgement: Judgement): string {
    const { size, workload } = judgement;
    const need =
        `${workload.instances} instances that each move ${workload.startupMegabytes} MB within ${workload.startupSeconds} s ` +
        `demand ${formatMbps(judgement.demandMbps)}, ${formatMbps(judgement.requiredMbps)} with ${Math.round(workload.headroom * 100)} % headroom`;
    const have = `${formatSize(size)} carries ${formatMbps(judgement.burstMbps)} when a burst begins (${size.minInstances} instances x ${formatMbps(
        judgement.burstMbps / size.minInstances,
    )})`;
    if (judgement.verdict === "sufficient") {
        return `${have}; ${need}. It carries ${judgement.carriesInstances} such instances at once.`;
    }
    return (
        `${have}; ${need}: ${formatMbps(judgement.shortfallMbps)} short. It carries ${judgement.carriesInstances} such instances at once, ` +
        `and their start-up traffic takes ${judgement.transferSeconds.toFixed(1)} s. ${advice(judgement)}`
    );
}

function advice({ recommendation, limitedBy }: Judgement): string {
    if (recommendation.kind === "none") return recommendation.reason;
    const { size } = recommendation;
    const target = `machineType ${size.machineType}, minInstances ${size.minInstances}, maxInstances ${size.maxInstances}`;
    return limitedBy === "machineType"
        ? `More instances of this machine type are not enough. Set ${target}.`
        : `maxInstances does not help a simultaneous start. Set ${target}.`;
}

function limitOf(size: ConnectorSize, required: number): Limit {
    if (required > mostBurstMbps) return "connector";
    const type = findMachineType(size.machineType);
    const enough = type !== undefined && instancesFor(type, required) <= sizeLimits.minInstances.most;
    return enough ? "minInstances" : "machineType";
}
