import { isUnder } from "../../lib/domain";
import { elementPaths, knownText, type Path, type Props, readField } from "../../lib/field";
import { types } from "../../lib/types";

/** Where resources hold domains: single fields, and lists of them. */
const single: Readonly<Record<string, readonly Path[]>> = {
    [types.dnsAuthorization]: [["domain"]],
    [types.certificateMapEntry]: [["hostname"]],
    [types.domainMapping]: [["name"]],
    [types.uptimeCheck]: [["monitoredResource", "labels", "host"]],
};
const lists: Readonly<Record<string, readonly Path[]>> = {
    [types.classicCertificate]: [["managed", "domains"]],
    [types.certificate]: [["managed", "domains"]],
};

/** Names the domains of a resource that are not ours. */
export function domainViolations(type: string, props: Props, suffixes: readonly string[]): string[] {
    return domainPaths(type, props).flatMap((path) => {
        // A host of a URL map may name a port.
        const domain = knownText(readField(props, ...path))?.replace(/:\d+$/, "");
        // The host "*" of a URL map is every host, and no domain.
        if (domain === undefined || domain === "" || domain === "*" || isUnder(domain, suffixes)) return [];
        return [
            `${path.join(".")} is "${domain}": it must be ${suffixes.join(" or ")}, or a name beneath. Use a domain that is ours.`,
        ];
    });
}

/** Domains that a preview does not know. */
export function unknownDomains(type: string, props: Props): string[] {
    const whole = [...(lists[type] ?? []), ...(type === types.urlMap ? [["hostRules"]] : [])];
    return [...whole, ...domainPaths(type, props)]
        .filter((path) => !readField(props, ...path).known)
        .map((path) => path.join("."));
}

/**
 * Names domains that were given up, wherever they appear. It tells where and which, and never the value around it: that
 * may be a secret.
 */
export function staleDomains(props: Props, stale: readonly string[]): string[] {
    if (stale.length === 0) return [];
    const found: string[] = [];
    search(props, [], (path, text) => {
        for (const domain of stale) {
            if (mentions(text, domain))
                found.push(`${path.join(".")} mentions ${domain}, which was given up. Use its successor.`);
        }
    });
    return found;
}

function domainPaths(type: string, props: Props): Path[] {
    const listed = (lists[type] ?? []).flatMap((path) => elementPaths(props, ...path));
    const routed = type === types.urlMap ? hostPaths(props) : [];
    return [...(single[type] ?? []), ...listed, ...routed];
}

/** The hosts that a URL map routes. */
export function hostPaths(props: Props): Path[] {
    return elementPaths(props, "hostRules").flatMap((rule) => elementPaths(props, ...rule, "hosts"));
}

function mentions(text: string, domain: string): boolean {
    const escaped = domain.replaceAll(".", "\\.");
    return new RegExp(`(^|[^-a-z0-9])${escaped}($|[^-a-z0-9.]|\\.($|[^a-z0-9]))`, "i").test(text);
}

function search(props: Props, path: Path, visit: (path: Path, text: string) => void): void {
    const node = readField(props, ...path);
    if (!node.known) return;
    if (typeof node.value === "string") visit(path, node.value);
    if (typeof node.value !== "object" || node.value === null) return;
    for (const key of Object.keys(node.value)) if (key !== "__defaults") search(props, [...path, key], visit);
}
