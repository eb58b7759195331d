import type { PolicyResource } from "@pulumi/policy";
import { knownText, readField } from "../../lib/field";
import type { Finding, Findings } from "../../lib/finding";
import { entriesThatIgnore } from "../../lib/ignore-changes";
import { inputsOf } from "../../lib/inputs";
import { isServerless } from "../../lib/load-balancer";
import { unknownAtPreview } from "../../lib/report";
import { types } from "../../lib/types";
import type { TimeoutLimits } from ".";

export const backendTypes: readonly string[] = [types.backendService, types.regionBackendService];

/** The API's own default, and the only value besides none that it takes where the backends are serverless. */
const apiDefaultSeconds = 30;

export function backendFindings(stack: readonly PolicyResource[], limits: TimeoutLimits): Findings {
    const violations: Finding[] = [];
    const notes: Finding[] = [];
    for (const backend of stack.filter(({ type }) => backendTypes.includes(type)).filter(isExternal)) {
        const { urn } = backend;
        const label = `Backend service ${backend.name}`;
        const serverless = isServerless(stack, backend);
        if (serverless === undefined) {
            notes.push({
                message: `${label}: ${unknownAtPreview("what its backends are")} which timeoutSec it takes.`,
                urn,
            });
            continue;
        }
        const problems = serverless ? serverlessProblems(backend) : otherProblems(backend, limits);
        violations.push(...problems.map((problem) => ({ message: `${label}: ${problem}`, urn })));
    }
    return { violations, notes };
}

function serverlessProblems(backend: PolicyResource): string[] {
    const found = readField(inputsOf(backend), "timeoutSec");
    if (found.known && (found.value === undefined || found.value === apiDefaultSeconds)) return [];
    const value = found.known ? `is ${JSON.stringify(found.value)}` : "is set";
    return [
        `timeoutSec ${value}: the API refuses it where the backends are serverless. Set it to ${apiDefaultSeconds}, or leave it out if it ` +
            "was never set; the timeout of the Cloud Run service is what counts.",
    ];
}

function otherProblems(backend: PolicyResource, { least }: TimeoutLimits): string[] {
    const ignored = entriesThatIgnore(["timeoutSec"], backend.opts.ignoreChanges).map(
        (entry) =>
            `ignoreChanges holds "${entry}", so timeoutSec stays as it is whatever is planned. Remove the entry.`,
    );
    const found = readField(inputsOf(backend), "timeoutSec");
    if (!found.known) {
        return [
            ...ignored,
            `${unknownAtPreview("timeoutSec")}, too late for the pull request. Set it to ${least} or more.`,
        ];
    }
    if (typeof found.value === "number" && found.value >= least) return ignored;
    const value =
        found.value === undefined
            ? `is missing, which means ${apiDefaultSeconds} s`
            : `is ${JSON.stringify(found.value)}`;
    return [...ignored, `timeoutSec ${value}: it must be ${least} or more. Set it to ${least}.`];
}

/** Internal load balancers are no part of the path that the contract is about. */
function isExternal(backend: PolicyResource): boolean {
    const scheme = knownText(readField(inputsOf(backend), "loadBalancingScheme"));
    return scheme === undefined || scheme.startsWith("EXTERNAL");
}
