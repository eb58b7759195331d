import { isWholeNumber } from "../capacity";
import { Checks, keyBound, keyPattern, mayMatch } from "./check";
import type { CloudRunServiceArgs, cloudRunDefaults } from "./cloud-run-service";

/** Bounds that the API enforces, and a preview does not. Source: Cloud Run's documentation of service settings. */
export const cloudRunLimits = {
    timeoutSeconds: { least: 1, most: 3600 },
    concurrency: { least: 1, most: 1000 },
    minInstances: { least: 0, most: 1000 },
    maxInstances: { least: 1, most: 1000 },
    port: { least: 1, most: 65_535 },
} as const;

/** Memory that an instance may have, in MiB, by its CPUs. */
const memoryLimits: Readonly<Record<number, { readonly least: number; readonly most: number }>> = {
    1: { least: 128, most: 4096 },
    2: { least: 128, most: 8192 },
    4: { least: 2048, most: 16_384 },
    6: { least: 4096, most: 24_576 },
    8: { least: 4096, most: 32_768 },
};

const memberPattern =
    /^(allUsers|allAuthenticatedUsers|(user|group|serviceAccount|domain|principal|principalSet):\S+)$/;

type Settings = CloudRunServiceArgs &
    Required<Pick<CloudRunServiceArgs, Exclude<keyof typeof cloudRunDefaults, "ingress">>>;

/** Throws one error for everything about a service that the API would refuse, as far as values are known. */
export function checkCloudRunService(subject: string, args: Settings): void {
    const checks = new Checks(subject);
    checks.require(
        /^[a-z][-a-z0-9]{4,28}[a-z0-9]$/.test(args.name),
        "name",
        args.name,
        "6 to 30 lower-case letters, digits or hyphens, a letter first, no hyphen at the end",
        "Its service account carries the same name, and these are the bounds of an account's.",
    );
    checkNumbers(checks, args);
    checkContainer(checks, args);
    checkEgress(checks, args.egress);
    for (const [role, member] of Object.entries(args.invokers)) {
        checks.require(keyPattern.test(role), `invokers.${role}`, role, keyBound, "Name the role in short.");
        checks.require(
            mayMatch(member, memberPattern),
            `invokers.${role}`,
            member,
            "a member of an IAM policy, such as allUsers or serviceAccount:NAME@PROJECT.iam.gserviceaccount.com",
            "Write the kind of member before its address.",
        );
    }
    checks.throwIfAny();
}

function checkNumbers(checks: Checks, args: Settings): void {
    for (const field of Object.keys(cloudRunLimits) as (keyof typeof cloudRunLimits)[]) {
        const { least, most } = cloudRunLimits[field];
        const value = args[field];
        checks.require(
            isWholeNumber(value) && value >= least && value <= most,
            field,
            value,
            `a whole number, ${least} to ${most}`,
            "The API refuses any other.",
        );
    }
    checks.require(
        !(args.minInstances > args.maxInstances),
        "maxInstances",
        args.maxInstances,
        `minInstances (${args.minInstances}) or more`,
        "Raise maxInstances, or lower minInstances.",
    );
}

function checkContainer(checks: Checks, { cpu, memory, healthPath, image, env = {} }: Settings): void {
    const limits = memoryLimits[cpu];
    checks.require(
        limits !== undefined,
        "cpu",
        cpu,
        `one of ${Object.keys(memoryLimits).join(", ")}`,
        "Give whole CPUs: with less than one, an instance serves one request at a time, and more instances start at once.",
    );
    const mebibytes = parseMemory(memory);
    const { least, most } = limits ?? { least: 128, most: 32_768 };
    checks.require(
        mebibytes !== undefined && mebibytes >= least && mebibytes <= most,
        "memory",
        memory,
        `a size such as 512Mi or 2Gi, ${least}Mi to ${most}Mi with ${cpu} CPU`,
        "Change the memory, or the number of CPUs.",
    );
    checks.require(
        healthPath === undefined || /^\/\S*$/.test(healthPath),
        "healthPath",
        healthPath,
        'a path that begins with "/"',
        "Name a path of the service that answers 200 once it is ready.",
    );
    checks.require(mayMatch(image, /^\S+$/), "image", image, "the name of a container image", "Name the image.");
    for (const variable of Object.keys(env)) {
        checks.require(
            /^[A-Za-z_][A-Za-z0-9_]*$/.test(variable) &&
                !["PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION"].includes(variable),
            `env.${variable}`,
            variable,
            "letters, digits and underscores, no digit first, and none that Cloud Run sets itself (PORT, K_SERVICE, ...)",
            "Rename the variable; set the port with the field of that name.",
        );
    }
}

function checkEgress(checks: Checks, egress: CloudRunServiceArgs["egress"]): void {
    if (egress.kind !== "connector") return;
    checks.require(
        mayMatch(egress.connector, /^projects\/[^/]+\/locations\/[^/]+\/connectors\/[^/]+$/),
        "egress.connector",
        egress.connector,
        "the full id of a connector, projects/P/locations/L/connectors/C",
        "Pass the connector's id, not its name.",
    );
}

function parseMemory(memory: string): number | undefined {
    const match = /^([1-9]\d*)(Mi|Gi)$/.exec(memory);
    return match === null ? undefined : Number(match[1]) * (match[2] === "Gi" ? 1024 : 1);
}
