import type { EnforcementLevel } from "@pulumi/policy";
import type { Rule } from "./rule";

/** What the engine hands the pack for each rule when it starts: levels, and the configuration of the rules. */
export type Configuration = ReadonlyMap<string, RuleConfiguration>;

export interface RuleConfiguration {
    readonly level: EnforcementLevel;
    readonly properties: Readonly<Record<string, unknown>>;
}

/** Mistakes in a configuration that the engine lets through. It checks the values of the keys that it knows, and no more. */
export function configurationProblems(configuration: Configuration, rules: readonly Rule[]): string[] {
    const names = rules.map((rule) => rule.name);
    const allDisabled = configuration.get("all")?.level === "disabled";
    // The engine sends the rules in no order.
    const sorted = [...configuration].sort(([a], [b]) => a.localeCompare(b));
    return sorted.flatMap(([name, { level, properties }]) => {
        if (name === "all") {
            return level === "disabled"
                ? ['"all" is disabled: no rule may be switched off. Set it to advisory at most.']
                : [];
        }
        const rule = rules.find((candidate) => candidate.name === name);
        if (rule === undefined) return [`"${name}" is not a rule. The rules are ${names.join(", ")}.`];
        const keys = Object.keys(rule.configSchema?.properties ?? {});
        const strangers = Object.keys(properties).filter((key) => !keys.includes(key));
        return [
            ...(level === "disabled" && !allDisabled
                ? [`${name} is disabled: no rule may be switched off. Set it to advisory at most.`]
                : []),
            ...strangers.map(
                (key) =>
                    `${name}: "${key}" is not a key. ${keys.length > 0 ? `The keys are ${keys.join(", ")}.` : "It has none."}`,
            ),
            ...(rule.conflicts?.(properties) ?? []).map((conflict) => `${name}: ${conflict}`),
        ];
    });
}

/** Rules that stop nothing, though they would by default. */
export function loweredRules(configuration: Configuration, rules: readonly Rule[]): string[] {
    return rules
        .filter((rule) => rule.enforcementLevel === "mandatory" && configuration.get(rule.name)?.level === "advisory")
        .map((rule) => rule.name);
}
