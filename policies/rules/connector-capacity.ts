import {
    burstMbps,
    type ConnectorSize,
    connectorNameProblems,
    connectorRangeProblems,
    describeProblem,
    explain,
    findMachineType,
    formatMbps,
    judge,
    machineTypeNames,
    machineTypes,
    requiredMbps,
    sizeProblems,
    type Workload,
} from "../../capacity";
import { adviseSize } from "../lib/advice";
import { knownValue, type Props, readField } from "../lib/field";
import { entriesThatIgnore } from "../lib/ignore-changes";
import { markJudged } from "../lib/judged";
import { note, unknownAtPreview } from "../lib/report";
import type { Rule } from "../lib/rule";
import { types } from "../lib/types";
import { statedWorkload, workloadSchema } from "../lib/workload";

interface Config {
    readonly floorMbps?: number;
    readonly workload?: unknown;
    readonly machineTypes?: readonly string[];
}

/** What a connector must carry when a burst begins, and which machine types it may run on. */
interface Floor {
    readonly mbps: number;
    readonly source: string;
    /** The workload behind the throughput; none when the throughput was given as a number. */
    readonly workload?: Workload;
    readonly allowed: readonly string[];
}

const sizeFields = ["machineType", "minInstances", "maxInstances"] as const;
const throughputFields = ["minThroughput", "maxThroughput"] as const;
/** f1-micro carries half of what an e2-micro does at nine tenths of the price: nobody who sizes a connector picks it. */
const allowedByDefault = machineTypes.filter((type) => type.plannable).map((type) => type.name);

export const connectorCapacity: Rule = {
    name: "connector-capacity",
    displayName: "Connector capacity",
    description: "A VPC connector carries its workload from the moment that a burst begins.",
    enforcementLevel: "mandatory",
    severity: "critical",
    remediationSteps:
        "Set machineType, minInstances and maxInstances to the size that the message names, as plain numbers. " +
        "What counts is minInstances times the throughput of the machine type.",
    configSchema: {
        properties: {
            floorMbps: {
                type: "number",
                exclusiveMinimum: 0,
                description:
                    "The least that a connector carries when a burst begins, in Mbps. It takes the place of workload.",
            },
            workload: workloadSchema,
            machineTypes: {
                type: "array",
                items: { type: "string", enum: [...machineTypeNames] },
                minItems: 1,
                uniqueItems: true,
                description: `The machine types that a connector may run on; default: ${allowedByDefault.join(", ")}.`,
            },
        },
    },
    conflicts: ({ floorMbps, workload }) =>
        floorMbps !== undefined && workload !== undefined ? ['give "floorMbps" or "workload", not both.'] : [],
    validateResource: (args, report) => {
        if (args.type !== types.connector) return;
        markJudged(args.urn);
        const connector = `Connector ${args.name}`;
        const { floor, problem } = readFloor(args.getConfig<Config>());
        const violations = [
            ...(problem === undefined ? [] : [`${problem} Judged against ${floor.source} meanwhile.`]),
            ...ignoredFields(args.opts.ignoreChanges),
            ...throughputSizing(args.props, floor),
            ...sizeViolations(args.props, floor),
            ...identityViolations(args.props),
        ];
        for (const violation of violations) report(`${connector}: ${violation}`);
        for (const field of unknownIdentity(args.props)) note(report, `${connector}: ${unknownAtPreview(field)}.`);
    },
};

function readFloor(config: Config): { floor: Floor; problem?: string } {
    const allowed = config.machineTypes ?? allowedByDefault;
    if (config.floorMbps !== undefined) {
        return { floor: { mbps: config.floorMbps, source: "the policy configuration", allowed } };
    }
    const { workload, source, problem } = statedWorkload(config.workload);
    return { floor: { mbps: requiredMbps(workload), source, workload, allowed }, problem };
}

/** A field that is ignored keeps its old value in the cloud, whatever the program says. */
function ignoredFields(ignoreChanges: readonly string[]): string[] {
    return [...sizeFields, ...throughputFields].flatMap((field) =>
        entriesThatIgnore([field], ignoreChanges).map(
            (entry) =>
                `ignoreChanges holds "${entry}", so ${field} stays as it is whatever is planned. Remove the entry.`,
        ),
    );
}

function throughputSizing(props: Props, floor: Floor): string[] {
    return throughputFields.flatMap((name) => {
        const field = readField(props, name);
        if (field.known && field.value === undefined) return [];
        const found = field.known ? `is ${JSON.stringify(field.value)}` : "is set";
        return [
            `${name} ${found}: a connector is sized by instances, since a change of throughput replaces it. ` +
                `Remove ${name}. ${adviseSize(floor.mbps, floor.allowed)}`,
        ];
    });
}

function sizeViolations(props: Props, floor: Floor): string[] {
    const fields = {
        machineType: readField(props, "machineType"),
        minInstances: readField(props, "minInstances"),
        maxInstances: readField(props, "maxInstances"),
    };
    const unknown = new Set<string>(sizeFields.filter((name) => !fields[name].known));
    const size = {
        machineType: knownValue(fields.machineType),
        minInstances: knownValue(fields.minInstances),
        maxInstances: knownValue(fields.maxInstances),
    };
    const problems = sizeProblems(size).filter((problem) => !unknown.has(problem.field));
    return [
        // A violation and not a note: our components give plain numbers, so hiding a size from the preview gains nobody
        // anything, and a note would let an undersized connector through the pull request.
        ...[...unknown].map(
            (name) => `${unknownAtPreview(name)}, too late for the pull request. Give ${name} as a plain value.`,
        ),
        ...problems.map(describeProblem),
        ...forbiddenType(size.machineType, floor),
        ...shortfall(size, floor, unknown.size === 0 && problems.length === 0),
    ];
}

function forbiddenType(machineType: unknown, floor: Floor): string[] {
    if (typeof machineType !== "string" || findMachineType(machineType) === undefined) return [];
    if (floor.allowed.includes(machineType)) return [];
    return [
        `machineType is "${machineType}": it must be one of ${floor.allowed.join(", ")}. ` +
            adviseSize(floor.mbps, floor.allowed),
    ];
}

/** Judges what is there when a burst begins. minInstances and machineType are enough for that. */
function shortfall(size: Record<keyof ConnectorSize, unknown>, floor: Floor, sound: boolean): string[] {
    const { machineType: typeName, minInstances } = size;
    const type = findMachineType(String(typeName));
    if (type === undefined || typeof minInstances !== "number") return [];
    const carried = burstMbps({ machineType: type.name, minInstances, maxInstances: minInstances });
    if (carried >= floor.mbps) return [];
    const below = `minInstances ${minInstances} x ${type.name} is below the floor of ${formatMbps(floor.mbps)} (${floor.source}).`;
    const advice = adviseSize(floor.mbps, floor.allowed);
    if (sound && floor.workload !== undefined) {
        const judgement = explain(judge(size as unknown as ConnectorSize, floor.workload));
        // The model does not know which machine types this pack allows.
        return [judgement.includes(advice) ? `${below} ${judgement}` : `${below} ${judgement} Allowed here: ${advice}`];
    }
    return [
        `${below} It carries ${formatMbps(carried)} (${formatMbps(type.mbpsPerInstance)} an instance), ` +
            `${formatMbps(floor.mbps - carried)} short. ${advice}`,
    ];
}

/** What the API refuses at `up` and a preview lets through. */
function identityViolations(props: Props): string[] {
    const name = readField(props, "name");
    const range = readField(props, "ipCidrRange");
    const subnet = readField(props, "subnet");
    return [
        ...(name.known ? connectorNameProblems(name.value) : []),
        // A connector on an existing subnet has no range of its own.
        ...(range.known && subnet.known && !(range.value === undefined && subnet.value !== undefined)
            ? connectorRangeProblems(range.value)
            : []),
    ].map(describeProblem);
}

/** Its name or range may well come from another resource, and the API checks both: not knowing them is no violation. */
function unknownIdentity(props: Props): string[] {
    return ["name", "ipCidrRange"].filter((name) => !readField(props, name).known);
}
