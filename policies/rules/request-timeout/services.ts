import type { PolicyResource } from "@pulumi/policy";
import { pathsOf } from "../../lib/cloud-run";
import { readField } from "../../lib/field";
import { entriesThatIgnore } from "../../lib/ignore-changes";
import { inputsOf } from "../../lib/inputs";
import { nameOf } from "../../lib/reference";
import { unknownAtPreview } from "../../lib/report";
import { types } from "../../lib/types";
import type { TimeoutLimits } from ".";

/** For a service, its own timeout is the limit that counts: the load balancer allows an hour. */
export function serviceViolations(service: PolicyResource, { least, most }: TimeoutLimits): string[] {
    const label = `Service ${nameOf(service) ?? service.name}`;
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
    if (seconds !== undefined && seconds >= least && seconds <= most) return ignored;
    const value = found.value === undefined ? "is missing, which means 300 s" : `is ${JSON.stringify(found.value)}`;
    return [...ignored, `${label}: ${field} ${value}: it must be ${least} to ${most} s. Set it to ${example}.`];
}

/** The first generation takes a number of seconds, the second a text such as "600s". */
function secondsOf(value: unknown): number | undefined {
    if (typeof value === "number") return value;
    const text = typeof value === "string" ? /^(\d+(?:\.\d{1,9})?)s$/.exec(value)?.[1] : undefined;
    return text === undefined ? undefined : Number(text);
}
