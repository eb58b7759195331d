import type { PolicyResource } from "@pulumi/policy";
import { labelOf, pathsOf } from "../../lib/cloud-run";
import { readField } from "../../lib/field";
import { entriesThatIgnore } from "../../lib/ignore-changes";
import { inputsOf } from "../../lib/inputs";
import { unknownAtPreview } from "../../lib/report";
import { types } from "../../lib/types";
import type { TimeoutLimits } from ".";

/** For a service, its own timeout is the limit that counts: the load balancer allows an hour. */
export function serviceViolations(service: PolicyResource, { least, most }: TimeoutLimits): string[] {
    const label = labelOf(service);
    const { timeout: path } = pathsOf(service);
    const field = path.join(".");
    const example = service.type === types.serviceV1 ? String(least) : `"${least}s"`;
    const ignored = entriesThatIgnore(path, service.opts.ignoreChanges).map(
        (entry) =>
            `${label}: ignoreChanges holds "${entry}", so ${field} stays as it is whatever is planned. Remove the entry.`,
    );
    const found = readField(inputsOf(service), ...path);
    if (!found.known) {
        return [
            ...ignored,
            `${label}: ${unknownAtPreview(field)}, too late for the pull request. Set it to ${example}.`,
        ];
    }
    const seconds = secondsOf(found.value);
    if (seconds >= least && seconds <= most) return ignored;
    const value = found.value === undefined ? "is missing, which means 300 s" : `is ${JSON.stringify(found.value)}`;
    return [...ignored, `${label}: ${field} ${value}: it must be ${least} to ${most} s. Set it to ${example}.`];
}

/** The first generation takes a number of seconds, the second a text such as "600s". Anything else is NaN, and within no limits. */
function secondsOf(value: unknown): number {
    return typeof value === "number" ? value : Number(/^(\d+(?:\.\d{1,9})?)s$/.exec(String(value))?.[1]);
}
