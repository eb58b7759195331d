import type { EngineEvent } from "@pulumi/pulumi/automation";
import { exitCodes } from "./options";

type StepMetadata = NonNullable<EngineEvent["resourcePreEvent"]>["metadata"];

/** One step of a plan or an update. */
export interface Step {
    readonly op: string;
    readonly type: string;
    readonly name: string;
    readonly urn: string;
    /** Properties that make it a replacement. */
    readonly replaceKeys: string[];
    /** Properties that change. */
    readonly changed: string[];
    readonly before?: Record<string, unknown>;
    readonly after?: Record<string, unknown>;
}

export interface PolicyViolation {
    readonly policy: string;
    readonly enforcementLevel: string;
    readonly urn: string;
    readonly message: string;
}

/** What one run of the engine did, gathered from its events. */
export class Outcome {
    readonly steps: Step[] = [];
    readonly policyViolations: PolicyViolation[] = [];
    readonly errors: string[] = [];
    changes: Record<string, number> = {};
    failed = false;
    /** Whether it was ended from outside, by a signal to this command or to the engine. */
    interrupted = false;
    /** What went wrong, where the engine's own output does not say. */
    failure: string | undefined;
    /** The stack's outputs; a value that only \`up\` will know is null. */
    outputs: Record<string, unknown> = {};

    constructor(private readonly onResource: (urn: string, parent: string) => void = () => {}) {}

    readonly record = (event: EngineEvent): void => {
        if (event.resourcePreEvent !== undefined) this.recordStep(event.resourcePreEvent.metadata);
        if (event.resOutputsEvent !== undefined) this.recordOutputs(event.resOutputsEvent.metadata);
        if (event.summaryEvent !== undefined) this.changes = { ...event.summaryEvent.resourceChanges };
        if (event.policyEvent !== undefined) {
            const { policyName, enforcementLevel, resourceUrn, message } = event.policyEvent;
            const text = plainText(message);
            const violation = { policy: policyName, enforcementLevel, urn: resourceUrn ?? "", message: text };
            if (!this.policyViolations.some((known) => JSON.stringify(known) === JSON.stringify(violation))) {
                this.policyViolations.push(violation);
            }
        }
        if (event.diagnosticEvent?.severity === "error") this.errors.push(plainText(event.diagnosticEvent.message));
    };

    /** Takes note of how the engine ended; the text is that of the Automation API's error. */
    fail(message: string): void {
        this.failed = true;
        const signal = /was killed with (SIG[A-Z]+)/.exec(message)?.[1];
        if (signal !== undefined) {
            this.interrupted = true;
            this.failure = `the engine was killed (${signal}); the next command takes up from here`;
        } else if (this.errors.length === 0 && !this.blocked) {
            this.failure = message.split("\n").slice(0, 12).join("\n");
        }
        if (this.failure !== undefined) this.errors.push(this.failure);
    }

    get blocked(): boolean {
        return this.policyViolations.some((violation) => violation.enforcementLevel === "mandatory");
    }

    get result(): "succeeded" | "failed" | "blocked" {
        if (this.blocked) return "blocked";
        return this.failed ? "failed" : "succeeded";
    }

    get exitCode(): number {
        return { succeeded: exitCodes.done, failed: exitCodes.failed, blocked: exitCodes.blocked }[this.result];
    }

    private recordOutputs(metadata: StepMetadata): void {
        if (metadata.type !== "pulumi:pulumi:Stack") return;
        this.outputs = knownOnly(metadata.new?.outputs ?? {}) as Record<string, unknown>;
    }

    private recordStep(metadata: StepMetadata): void {
        this.onResource(metadata.urn, metadata.new?.parent ?? "");
        if (metadata.op === "same" || metadata.op === "read") return;
        const before = metadata.old?.outputs ?? metadata.old?.inputs;
        this.steps.push({
            op: metadata.op,
            type: metadata.type,
            name: metadata.urn.slice(metadata.urn.lastIndexOf("::") + 2),
            urn: metadata.urn,
            replaceKeys: metadata.keys ?? [],
            changed: metadata.diffs ?? [],
            ...(before === undefined ? {} : { before }),
            ...(metadata.new?.inputs === undefined ? {} : { after: metadata.new.inputs }),
        });
    }
}

/** How the engine writes a value that a preview does not know yet. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function knownOnly(value: unknown): unknown {
    if (value === unknown) return null;
    if (Array.isArray(value)) return value.map(knownOnly);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, knownOnly(item)]));
}

function plainText(message: string): string {
    return message.replace(/<\{%[^%]*%\}>/g, "").trim();
}
