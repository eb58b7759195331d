import type { Problem } from "./problem";

/**
 * Google's API takes 2 to 25 characters of this pattern for a connector's name; its documentation asks for fewer than 21,
 * a hyphen counted twice. We hold the tighter rule, since both are Google's.
 */
const namePattern = /^[a-z][-a-z0-9]{0,23}[a-z0-9]$/;
const mostNameCharacters = 20;

export function connectorNameProblems(name: unknown): Problem[] {
    const problem = (bound: string, fix: string): Problem[] => [{ field: "name", value: name, bound, fix }];
    if (typeof name !== "string" || !namePattern.test(name)) {
        return problem(
            "2 to 25 characters: a lower-case letter, then lower-case letters, digits or hyphens, no hyphen at the end",
            "Set an explicit name; an auto-named connector soon exceeds the limit.",
        );
    }
    const counted = name.length + (name.match(/-/g)?.length ?? 0);
    if (counted > mostNameCharacters) {
        return problem(
            `fewer than 21 characters, hyphens counted twice (this one counts ${counted})`,
            "Choose a shorter name.",
        );
    }
    return [];
}

/** A connector's own range is an IPv4 /28: 16 addresses, aligned. */
export function connectorRangeProblems(range: unknown): Problem[] {
    if (typeof range === "string" && isAlignedRange(range, 28)) return [];
    return [
        {
            field: "ipCidrRange",
            value: range,
            bound: "an IPv4 range of size /28 that starts at a multiple of 16, such as 10.8.0.0/28",
            fix: "Choose an unused /28 of the network, or give an existing /28 subnet instead.",
        },
    ];
}

function isAlignedRange(range: string, prefix: number): boolean {
    const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(range);
    if (match === null) return false;
    const octets = match.slice(1, 5).map(Number);
    const address = octets.reduce((sum, octet) => sum * 256 + octet, 0);
    return octets.every((octet) => octet <= 255) && Number(match[5]) === prefix && address % 2 ** (32 - prefix) === 0;
}
