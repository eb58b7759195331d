import type {
    EnforcementLevel,
    PolicyProviderResource,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    StackValidationArgs,
} from "@pulumi/policy";
import { UnknownValueError, unknownCheckingProxy } from "@pulumi/policy";
import { setReceivedConfiguration } from "../../../policies/lib/receive-configuration";
import type { Rule } from "../../../policies/lib/rule";

/** One resource of a program, as a test states it. */
export interface TestResource {
    readonly type: string;
    readonly name: string;
    readonly props: Record<string, unknown>;
    readonly opts?: Partial<ResourceValidationArgs["opts"]>;
    /** Names of the resources that each property depends on. */
    readonly dependsOn?: Record<string, readonly string[]>;
    /** Read and not registered, as `Connector.get` does: only the rules for the whole stack see it. */
    readonly read?: boolean;
    /** Of a provider that the engine does not name. */
    readonly withoutProvider?: boolean;
    /** What the cloud or the provider fills in: what a stack rule sees besides the inputs. */
    readonly outputs?: Record<string, unknown>;
}

export interface Finding {
    readonly rule: string;
    readonly level: string;
    readonly message: string;
    readonly urn?: string;
}

/** A value that a program wraps in `pulumi.secret`. */
export interface Secret {
    readonly secret: unknown;
}

export function secret(value: unknown): Secret {
    return { secret: value };
}

/** What the engine sends for a value that a preview does not know. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The default provider of the program. */
const provider: PolicyProviderResource = {
    type: "pulumi:providers:gcp",
    name: "default",
    urn: "urn:pulumi:staging::netra::pulumi:providers:gcp::default",
    props: { project: "netra-staging" },
};

export type Config = Record<string, Record<string, unknown> | string>;

/**
 * Runs rules over a program in the way of the runner of @pulumi/policy 1.21: properties in its proxy, each resource first
 * and the whole stack at the end, levels from the configuration, an unknown value that escapes a rule made advisory.
 */
export async function runRules(
    rules: readonly Rule[],
    resources: readonly TestResource[],
    config: Config = {},
): Promise<Finding[]> {
    const findings: Finding[] = [];
    configure(rules, config);
    for (const resource of resources.filter(({ read }) => !read)) {
        for (const rule of rules) {
            if (!("validateResource" in rule) || rule.validateResource === undefined) continue;
            const level = levelOf(rule, config);
            if (level === "disabled") continue;
            const validations = [rule.validateResource].flat();
            for (const validate of validations) {
                const args = resourceArgs(rule, resource, config);
                await runOne(rule, level, findings, (report) => validate(args, report), args.urn);
            }
        }
    }
    const stack = stackResources(resources);
    for (const rule of rules) {
        if (!("validateStack" in rule)) continue;
        const level = levelOf(rule, config);
        if (level === "disabled") continue;
        const args: StackValidationArgs = {
            resources: stack,
            getConfig: () => configOf(rule, config),
            stackTags: new Map(),
            notApplicable,
        };
        await runOne(rule, level, findings, (report) => rule.validateStack(args, report));
    }
    return findings;
}

/** What the engine sends when the pack starts: every rule with its level, and what else the configuration names. */
function configure(rules: readonly Rule[], config: Config): void {
    const names = new Set([...rules.map((rule) => rule.name), ...Object.keys(config)]);
    setReceivedConfiguration(
        new Map(
            [...names].map((name) => {
                const rule = rules.find((candidate) => candidate.name === name);
                const given = config[name];
                const { enforcementLevel, ...properties } =
                    typeof given === "object" ? given : { enforcementLevel: given };
                const level = enforcementLevel ?? config.all ?? rule?.enforcementLevel;
                return [name, { level: level as EnforcementLevel, properties }];
            }),
        ),
    );
}

export function urnOf({ type, name }: Pick<TestResource, "type" | "name">): string {
    return `urn:pulumi:staging::netra::${type}::${name}`;
}

function levelOf(rule: Rule, config: Config): string {
    // The pack keeps this one mandatory, see receiveConfiguration.
    if (rule.name === "pack-configuration") return "mandatory";
    const own = config[rule.name];
    const level = typeof own === "string" ? own : own?.enforcementLevel;
    return String(level ?? config.all ?? rule.enforcementLevel);
}

function configOf<T extends object>(rule: Rule, config: Config): T {
    const own = config[rule.name];
    const { enforcementLevel: _, ...properties } = typeof own === "object" ? own : {};
    return properties as T;
}

function resourceArgs(rule: Rule, resource: TestResource, config: Config): ResourceValidationArgs {
    // The runner deserializes the properties again for each rule.
    const props = unknownCheckingProxy(copy(resource.props));
    return {
        type: resource.type,
        name: resource.name,
        urn: urnOf(resource),
        props,
        provider,
        opts: optionsOf(resource),
        stackTags: new Map(),
        isType: (resourceClass) => isTypeOf(resource.type, resourceClass),
        asType: (resourceClass) => (isTypeOf(resource.type, resourceClass) ? (props as never) : undefined),
        getConfig: () => configOf(rule, config),
        notApplicable,
    };
}

function stackResources(resources: readonly TestResource[]): PolicyResource[] {
    const stack = resources.map((resource): PolicyResource => {
        const props = unknownCheckingProxy(copy(outputsOf(resource)));
        return {
            type: resource.type,
            name: resource.name,
            urn: urnOf(resource),
            props,
            opts: optionsOf(resource),
            provider: resource.withoutProvider ? undefined : provider,
            dependencies: [],
            propertyDependencies: {},
            isType: (resourceClass) => isTypeOf(resource.type, resourceClass),
            asType: (resourceClass) => (isTypeOf(resource.type, resourceClass) ? (props as never) : undefined),
        };
    });
    resources.forEach((resource, index) => {
        const target = stack[index];
        if (target === undefined) return;
        for (const [property, names] of Object.entries(resource.dependsOn ?? {})) {
            const found = stack.filter((other) => names.includes(other.name));
            target.propertyDependencies[property] = found;
            target.dependencies.push(...found);
        }
    });
    return stack;
}

/**
 * As the wire and the provider's Check do it: what is undefined is left out, a secret arrives in clear, and Check leaves a
 * list of the defaults it took. (structuredClone makes objects that jest's realm does not know.)
 */
function copy(props: Record<string, unknown>): Record<string, unknown> {
    return JSON.parse(
        JSON.stringify({ __defaults: [], ...props }, (_, value) => (isSecret(value) ? value.secret : value)),
    );
}

function isSecret(value: unknown): value is Secret {
    return typeof value === "object" && value !== null && Object.keys(value).join() === "secret";
}

/** Fields that the cloud fills in when a program leaves them out: a preview then shows them as unknown outputs. */
const computed: Readonly<Record<string, Record<string, unknown>>> = {
    "gcp:vpcaccess/connector:Connector": { minInstances: unknown, maxInstances: unknown, maxThroughput: unknown },
    "gcp:cloudrunv2/service:Service": {
        ingress: unknown,
        template: { timeout: unknown, scaling: unknown, vpcAccess: unknown },
    },
    "gcp:cloudrun/service:Service": {
        metadata: unknown,
        template: { metadata: unknown, spec: { timeoutSeconds: unknown } },
    },
    "gcp:cloudrunv2/job:Job": { template: { taskCount: unknown, parallelism: unknown } },
    "gcp:compute/backendService:BackendService": { timeoutSec: unknown, logConfig: unknown },
    "gcp:compute/globalForwardingRule:GlobalForwardingRule": { ipAddress: unknown },
};

/** What a rule for the whole stack is handed: outputs, and not what the program asked for. */
export function outputsOf({ type, props, outputs, read }: TestResource): Record<string, unknown> {
    return { ...(read ? props : fillIn(props, computed[type] ?? {})), ...outputs };
}

function fillIn(props: Record<string, unknown>, defaults: Record<string, unknown>): Record<string, unknown> {
    const filled = { ...props };
    for (const [name, value] of Object.entries(defaults)) {
        const own = filled[name];
        const isPair = typeof own === "object" && own !== null && typeof value === "object" && value !== null;
        if (isPair) filled[name] = fillIn(own as Record<string, unknown>, value as Record<string, unknown>);
        else filled[name] ??= value;
    }
    return filled;
}

function optionsOf({ opts }: TestResource): ResourceValidationArgs["opts"] {
    return {
        protect: false,
        ignoreChanges: [],
        aliases: [],
        customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
        additionalSecretOutputs: [],
        ...opts,
    };
}

function isTypeOf(type: string, resourceClass: unknown): boolean {
    return (resourceClass as { __pulumiType?: string }).__pulumiType === type;
}

async function runOne(
    rule: Rule,
    level: string,
    findings: Finding[],
    run: (report: ReportViolation) => void | Promise<void>,
    ownUrn?: string,
): Promise<void> {
    const report = (message: string | { message: string; urn?: string; enforcementLevel?: string }, urn?: string) => {
        if (typeof message === "object") {
            findings.push({
                rule: rule.name,
                level: message.enforcementLevel ?? level,
                message: message.message,
                urn: ownUrn ?? message.urn,
            });
        } else {
            findings.push({ rule: rule.name, level, message: `${rule.description}\n${message}`, urn: ownUrn ?? urn });
        }
    };
    try {
        await run(report);
    } catch (error) {
        if (error instanceof NotApplicable) return;
        if (!(error instanceof UnknownValueError)) throw error;
        const { message } = error as Error;
        findings.push({
            rule: rule.name,
            level: "advisory",
            message: `can't run policy during preview: ${message}`,
            urn: ownUrn,
        });
    }
}

class NotApplicable extends Error {}

function notApplicable(reason?: string): never {
    throw new NotApplicable(reason);
}
