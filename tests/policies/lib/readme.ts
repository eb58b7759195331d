import type { Rule } from "../../../policies/lib/rule";
import { rules } from "../../../policies/rules";
import { stopped } from "../matrix";
import { runRules } from "./run";

/** The part of the pack's page that is generated: a table of the rules, and a section for each. */
export async function renderRules(): Promise<string> {
    const sections: string[] = [];
    for (const rule of rules) sections.push(await section(rule));
    return [table(), ...sections].join("\n\n");
}

/** Aligned, as the formatter wants it. */
function table(): string {
    const rows = [
        ["Rule", "Level", "What holds", "Configuration"],
        ...rules.map((rule) => [
            `[\`${rule.name}\`](#${rule.name})`,
            rule.enforcementLevel,
            rule.description,
            keys(rule)
                .map((key) => `\`${key}\``)
                .join(", ") || "none",
        ]),
    ];
    const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
    const line = (cells: readonly string[]) =>
        `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
    const [head = [], ...body] = rows;
    return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}

async function section(rule: Rule): Promise<string> {
    return [
        `### ${rule.name}`,
        `${rule.description} **To mend:** ${rule.remediationSteps}`,
        ...keys(rule).map((key) => `- \`${key}\`: ${rule.configSchema?.properties[key]?.description ?? ""}`),
        `Example, from ${JSON.stringify((await example(rule)).name)}:`,
        ["```text", (await example(rule)).message, "```"].join("\n"),
    ].join("\n\n");
}

/** What the rule says to the first program of the matrix that it stops. */
async function example(rule: Rule): Promise<{ name: string; message: string }> {
    const program = stopped.find(({ expect }) => typeof expect === "object" && expect.stoppedBy === rule.name);
    if (program === undefined) throw new Error(`no program of the matrix is stopped by ${rule.name}`);
    const findings = await runRules(rules, program.resources, program.config);
    const finding = findings.find((candidate) => candidate.rule === rule.name && candidate.level === "mandatory");
    return { name: program.name, message: finding?.message ?? "" };
}

function keys(rule: Rule): string[] {
    return Object.keys(rule.configSchema?.properties ?? {});
}
