import {
    burstMbps,
    type ConnectorSize,
    formatMbps,
    formatSize,
    type Judgement,
    judge,
    sizeProblems,
    type Workload,
} from "../capacity";
import type { Outcome, Step } from "./outcome";

const connectorType = "gcp:vpcaccess/connector:Connector";

/** Types that requests pass through: to replace or delete one is an outage. */
const carriesTraffic = new Set([
    connectorType,
    "gcp:cloudrunv2/service:Service",
    "gcp:compute/backendService:BackendService",
    "gcp:compute/globalAddress:GlobalAddress",
    "gcp:compute/globalForwardingRule:GlobalForwardingRule",
    "gcp:compute/targetHttpsProxy:TargetHttpsProxy",
    "gcp:compute/targetHttpProxy:TargetHttpProxy",
    "gcp:compute/uRLMap:URLMap",
    "gcp:certificatemanager/certificateMap:CertificateMap",
    "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry",
]);

const verbs = [
    ["create", "create"],
    ["import", "adopt"],
    ["update", "change in place"],
    ["replace", "replace"],
    ["delete", "delete"],
] as const;

/** A short account of a plan or an update, after the engine's own output. */
export function summarize(outcome: Outcome, workload: Workload, heading: string): string {
    const lines = [`${heading} (sandbox; no Google Cloud account was used)`];
    for (const step of outcome.steps.filter(isOf(connectorType))) lines.push(...describeConnector(step, workload));
    for (const [op, verb] of verbs) {
        const steps = outcome.steps.filter((step) => step.op === op && step.type.startsWith("gcp:"));
        if (steps.length > 0) lines.push(`  ${verb}: ${steps.length}`, ...byService(steps));
    }
    if (outcome.steps.length === 0 && !outcome.failed) lines.push("  no change");
    lines.push(...outages(outcome.steps));
    for (const { policy, enforcementLevel, message } of outcome.policyViolations) {
        lines.push(`  ${enforcementLevel} policy ${policy}: ${message.split("\n").join("\n    ")}`);
    }
    if (outcome.blocked)
        lines.push(
            "  BLOCKED by policy: nothing was changed that the policy forbids. Mend what it names, then try again.",
        );
    return lines.join("\n");
}

/** `compute  BackendService edge-auth-backend, ...`: one line for each of Google's services. */
function byService(steps: readonly Step[]): string[] {
    const services = new Map<string, string[]>();
    for (const step of steps) {
        const service = step.type.split(/[:/]/)[1] ?? "";
        services.set(service, [...(services.get(service) ?? []), shortName(step)]);
    }
    return [...services]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([service, names]) => `    ${service}  ${names.sort().join(", ")}`);
}

/** One loud line for what is replaced, and one for what is deleted, of what requests pass through. */
function outages(steps: readonly Step[]): string[] {
    return (["replace", "delete"] as const).flatMap((op) => {
        const lost = steps.filter((step) => carriesTraffic.has(step.type) && step.op === op);
        return lost.length === 0
            ? []
            : [`  !! OUTAGE: this ${op}s what carries traffic: ${lost.map(describeLoss).join(", ")}`];
    });
}

function describeLoss(step: Step): string {
    const causes = [...step.replaceKeys, ...step.changed].filter((key) => key !== "__meta");
    return step.op === "replace" && causes.length > 0
        ? `${shortName(step)} (because of ${[...new Set(causes)].join(", ")})`
        : shortName(step);
}

function describeConnector(step: Step, workload: Workload): string[] {
    const before = sizeOf(step.before);
    const after = step.op === "delete" ? undefined : sizeOf(step.after);
    const name = step.after?.name ?? step.before?.name ?? step.name;
    const lines = [`  connector ${name}: ${connectorVerb(step.op)}`];
    if (before !== undefined) lines.push(`    before  ${describeSize(before, workload)}`);
    if (after !== undefined) lines.push(`    after   ${describeSize(after, workload)}`);
    return lines;
}

function connectorVerb(op: string): string {
    return op === "update" ? "changed in place" : (verbs.find(([known]) => known === op)?.[1] ?? op);
}

function describeSize(size: ConnectorSize, workload: Workload): string {
    if (sizeProblems({ ...size }).length > 0) return `${formatSize(size)}, which the API refuses`;
    const judgement: Judgement = judge(size, workload);
    const verdict =
        judgement.verdict === "sufficient" ? "sufficient" : `UNDERSIZED, ${formatMbps(judgement.shortfallMbps)} short`;
    return (
        `${formatSize(size)}, burst ${formatMbps(burstMbps(size))}: carries ${judgement.carriesInstances} instances ` +
        `starting at once, ${workload.instances} are expected (${verdict})`
    );
}

function sizeOf(properties: Record<string, unknown> | undefined): ConnectorSize | undefined {
    if (properties === undefined) return undefined;
    const { machineType, minInstances, maxInstances } = properties as unknown as ConnectorSize;
    return { machineType, minInstances, maxInstances };
}

function isOf(type: string): (step: Step) => boolean {
    return (step) => step.type === type && ["create", "update", "replace", "delete", "import"].includes(step.op);
}

function shortName(step: Step): string {
    return `${step.type.slice(step.type.lastIndexOf(":") + 1)} ${step.name}`;
}
