import type { Rule } from "../../../policies/lib/rule";
import { runRules, type TestResource } from "./run";

/** What one rule says: each finding's level and message, without the rule's description, which the runner puts first. */
export async function messagesOf(
    rule: Rule,
    resources: readonly TestResource[],
    config: Record<string, unknown> = {},
): Promise<string[]> {
    const findings = await runRules([rule], resources, { [rule.name]: config });
    return findings.map(({ level, message }) => `${level}: ${message.replace(`${rule.description}\n`, "")}`);
}
