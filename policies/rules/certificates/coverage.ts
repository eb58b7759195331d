import type { PolicyResource } from "@pulumi/policy";
import { covers } from "../../lib/domain";
import { elementPaths, knownText, readField } from "../../lib/field";
import type { Finding, Findings } from "../../lib/finding";
import { inputsOf } from "../../lib/inputs";
import { follow } from "../../lib/reference";
import { unknownAtPreview } from "../../lib/report";
import { types } from "../../lib/types";
import { hostPaths } from "./domains";

/** Holds each proxy's certificate map against the hosts of its URL map, and each entry against its certificates. */
export function coverageFindings(stack: readonly PolicyResource[]): Findings {
    const violations: Finding[] = [];
    const notes: Finding[] = [];
    const entries = stack.filter(({ type }) => type === types.certificateMapEntry);
    for (const proxy of stack.filter(({ type }) => type === types.httpsProxy)) {
        const maps = follow(stack, proxy, ["certificateMap"], [types.certificateMap]);
        const urlMaps = follow(stack, proxy, ["urlMap"], [types.urlMap]);
        if (maps.kind === "none") continue;
        const label = `TargetHttpsProxy ${proxy.name}`;
        if (maps.kind !== "resources" || urlMaps.kind !== "resources") {
            notes.push({
                message: `${label}: its certificate map or its URL map is not in this stack, or not known yet; whether the map covers every host cannot be checked here.`,
                urn: proxy.urn,
            });
            continue;
        }
        const own = entries.filter((entry) => {
            const map = follow(stack, entry, ["map"], [types.certificateMap]);
            return map.kind === "resources" && map.resources.some((resource) => maps.resources.includes(resource));
        });
        const names = own.map((entry) => readField(inputsOf(entry), "hostname"));
        const known = names.map(knownText).filter((name) => name !== undefined);
        const uncovered = urlMaps.resources
            .flatMap(hostsOf)
            .filter((host) => !known.some((name) => covers(name, host)));
        if (uncovered.length === 0) continue;
        const hosts = [...new Set(uncovered)].join(", ");
        if (names.some((name) => !name.known)) {
            notes.push({
                message: `${label}: ${unknownAtPreview("a hostname of its certificate map")} whether ${hosts} is covered.`,
                urn: proxy.urn,
            });
        } else {
            violations.push({
                message: `${label}: its certificate map has no entry for ${hosts}. Add one; a wildcard stands for one label, and not for its apex.`,
                urn: proxy.urn,
            });
        }
    }
    for (const entry of entries) violations.push(...entryViolations(stack, entry));
    return { violations, notes };
}

/** An entry whose certificates do not cover its name is served all the same, and refused by every browser. */
function entryViolations(stack: readonly PolicyResource[], entry: PolicyResource): Finding[] {
    const hostname = knownText(readField(inputsOf(entry), "hostname"));
    if (hostname === undefined) return [];
    const found = certificatesOf(stack, entry);
    const domains = found.flatMap((certificate) => {
        const props = inputsOf(certificate);
        if (!readField(props, "managed", "domains").known) return [hostname];
        const paths = elementPaths(props, "managed", "domains");
        // A certificate that was uploaded does not say its domains here, nor does one whose domains are not known yet.
        if (paths.length === 0) return [hostname];
        return paths.map((path) => {
            const field = readField(props, ...path);
            return field.known ? String(field.value) : hostname;
        });
    });
    if (found.length === 0 || domains.some((domain) => covers(domain, hostname))) return [];
    return [
        {
            message: `CertificateMapEntry ${entry.name}: none of its certificates covers ${hostname}. Add it to managed.domains, or use another certificate.`,
            urn: entry.urn,
        },
    ];
}

function certificatesOf(stack: readonly PolicyResource[], entry: PolicyResource): PolicyResource[] {
    const props = inputsOf(entry);
    if (!readField(props, "certificates").known) {
        return (entry.propertyDependencies.certificates ?? []).filter(({ type }) => type === types.certificate);
    }
    return elementPaths(props, "certificates").flatMap((path) => {
        const reference = follow(stack, entry, path, [types.certificate]);
        return reference.kind === "resources" ? [...reference.resources] : [];
    });
}

function hostsOf(urlMap: PolicyResource): string[] {
    const props = inputsOf(urlMap);
    return hostPaths(props)
        .map((path) => knownText(readField(props, ...path))?.replace(/:\d+$/, ""))
        .filter((host) => host !== undefined)
        .filter((host) => host !== "*");
}
