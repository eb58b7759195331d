import type { AutonamingRequest } from "./autoname";
import { applyProviderDefaults, applyPulumiDefaults } from "./check-defaults";
import { type Failure, Validation } from "./check-validate";
import { schemaOf } from "./schema";
import { behaviorOf } from "./services";
import { copy, DEFAULTS, isAbsent, isObject, type Props } from "./values";

export interface CheckRequest {
    type: string;
    name: string;
    oldInputs?: Props;
    inputs: Props;
    randomSeed?: Uint8Array;
    project?: string;
    region?: string;
    autonaming?: AutonamingRequest;
}

export interface CheckResult {
    inputs: Props;
    failures: Failure[];
}

/** The bridge drops what is null or its own, at every level, before it looks at anything. */
function program(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(program);
    if (!isObject(value)) return value;
    const kept = Object.entries(value).filter(([key, each]) => key !== DEFAULTS && !isAbsent(each));
    return Object.fromEntries(kept.map(([key, each]) => [key, program(each)]));
}

/** The provider's Check: names, validates and fills in defaults. It does not ask the cloud. */
export function check({ type, name, oldInputs, inputs, randomSeed, autonaming }: CheckRequest): CheckResult {
    const { properties } = schemaOf(type);
    const behavior = behaviorOf(type);
    const props = program(copy(inputs)) as Props;
    let filled: string[];
    try {
        filled = applyPulumiDefaults(properties, behavior, props, oldInputs, { name, randomSeed, autonaming });
    } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        return { inputs, failures: [{ property: "name", reason: error.message }] };
    }
    const validation = new Validation(props, behavior);
    const typed = validation.block(properties, props);
    if (validation.failures.length > 0) return { inputs, failures: validation.failures };
    return { inputs: applyProviderDefaults(properties, typed, oldInputs, filled), failures: [] };
}
