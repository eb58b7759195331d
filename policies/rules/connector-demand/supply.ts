import type { PolicyResource } from "@pulumi/policy";
import {
    burstMbps,
    type ConnectorSize,
    formatMbps,
    formatSize,
    isWholeNumber,
    machineTypeNames,
    requiredMbps,
    sizeProblems,
    type Workload,
} from "../../../capacity";
import { adviseSize } from "../../lib/advice";
import { knownValue, readField } from "../../lib/field";
import type { Finding, Findings } from "../../lib/finding";
import { inputsOf } from "../../lib/inputs";
import { unknownAtPreview } from "../../lib/report";
import type { User } from "./users";

/** Connectors outside the stack: full id, and the Mbps that each carries. */
export type OutsideConnectors = Readonly<Record<string, number>>;

/** Sets what the services and jobs on each connector demand against what it carries. */
export function supplies(users: readonly User[], workload: Workload, outside: OutsideConnectors): Findings {
    const violations: Finding[] = [];
    const notes: Finding[] = [];
    for (const connector of new Set(users.flatMap((user) => user.connectors))) {
        const { urn } = connector;
        const label = `Connector ${connector.name}`;
        const size = readSize(connector);
        if (size === "unknown") {
            notes.push({ message: `${label}: ${unknownAtPreview("its size")} whether it carries its services.`, urn });
            continue;
        }
        if (size === undefined) {
            violations.push({
                message: `${label}: it has no valid size, so nothing can be said to fit it. Set machineType, minInstances and maxInstances.`,
                urn,
            });
            continue;
        }
        const own = users.filter((user) => user.connectors.includes(connector));
        const message = overload(own, workload, burstMbps(size), `${label} (${formatSize(size)})`);
        if (message !== undefined) violations.push({ message, urn });
    }
    for (const [id, mbps] of Object.entries(outside)) {
        const own = users.filter((user) => user.outside === id);
        const message = own.length > 0 ? overload(own, workload, mbps, `Connector ${id}`) : undefined;
        if (message !== undefined) violations.push({ message, urn: "" });
    }
    return { violations, notes };
}

function overload(users: readonly User[], workload: Workload, carried: number, label: string): string | undefined {
    const instances = users.reduce((sum, user) => sum + user.instances, 0);
    const required = requiredMbps({ ...workload, instances });
    if (required <= carried) return undefined;
    const each = requiredMbps({ ...workload, instances: 1 });
    const fits = Math.floor(carried / each + 1e-9);
    const parts = users.map((user) => `${user.label} ${user.instances}`).join(", ");
    return (
        `${label} carries ${formatMbps(carried)} when a burst begins, ${fits} instances. At their maximums ${instances} may start ` +
        `at once (${parts}): with ${formatMbps(each)} each, headroom included, they need ${formatMbps(required)}, ` +
        `${formatMbps(required - carried)} short. ${adviseSize(required, machineTypeNames)} ` +
        `Or lower the maximums to ${fits} in all, or move services to another connector.`
    );
}

function readSize(connector: PolicyResource): ConnectorSize | "unknown" | undefined {
    const props = inputsOf(connector);
    const fields = (["machineType", "minInstances", "maxInstances"] as const).map(
        (name) => [name, readField(props, name)] as const,
    );
    if (fields.some(([, field]) => !field.known)) return "unknown";
    const size = Object.fromEntries(fields.map(([name, field]) => [name, knownValue(field)]));
    const sound = sizeProblems(size).length === 0 && isWholeNumber(size.minInstances);
    return sound ? (size as unknown as ConnectorSize) : undefined;
}
