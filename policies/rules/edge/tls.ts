import type { PolicyResource } from "@pulumi/policy";
import { knownText, type Props, readField } from "../../lib/field";
import type { Finding, Findings } from "../../lib/finding";
import { follow } from "../../lib/reference";
import { unknownAtPreview } from "../../lib/report";
import { types } from "../../lib/types";

const enough: readonly string[] = ["TLS_1_2", "TLS_1_3"];

/** The provider's defaults are TLS 1.0 and COMPATIBLE. */
export function tlsPolicyViolations(type: string, props: Props): string[] {
    if (type !== types.tlsPolicy) return [];
    const version = readField(props, "minTlsVersion");
    const profile = readField(props, "profile");
    const violations = [["minTlsVersion", version] as const, ["profile", profile] as const].flatMap(
        ([field, { known }]) =>
            known ? [] : [`${unknownAtPreview(field)}, too late for the pull request. Give it as a plain value.`],
    );
    if (version.known && !enough.includes(String(version.value))) {
        violations.push(
            `minTlsVersion ${describe(version.value, "TLS_1_0")}: it must be TLS_1_2 or TLS_1_3. Set it to TLS_1_2.`,
        );
    }
    if (profile.known && (profile.value === undefined || profile.value === "COMPATIBLE")) {
        violations.push(
            `profile ${describe(profile.value, "COMPATIBLE")}: it takes old ciphers. Set it to MODERN or RESTRICTED.`,
        );
    }
    if (knownText(version) === "TLS_1_3" && profile.known && profile.value !== "RESTRICTED") {
        violations.push(
            "minTlsVersion TLS_1_3 needs the profile RESTRICTED: the API refuses it at `up`. Set profile to RESTRICTED.",
        );
    }
    return violations;
}

/** A proxy without a policy takes whatever Google's default takes. */
export function proxyPolicyFindings(stack: readonly PolicyResource[], outside: readonly string[]): Findings {
    const violations: Finding[] = [];
    const notes: Finding[] = [];
    for (const proxy of stack.filter(({ type }) => type === types.httpsProxy)) {
        const label = `TargetHttpsProxy ${proxy.name}`;
        const policy = follow(stack, proxy, ["sslPolicy"], [types.tlsPolicy]);
        const { urn } = proxy;
        if (policy.kind === "none") {
            violations.push({
                message: `${label}: sslPolicy is missing. Set it to an SSL policy with TLS_1_2 and MODERN.`,
                urn,
            });
        }
        if (policy.kind === "foreign" && !outside.some((name) => `/${policy.value}`.endsWith(`/${name}`))) {
            violations.push({
                message: `${label}: sslPolicy "${policy.value}" is not in this stack, so its TLS version cannot be checked. Use a policy of this stack, or name it in tlsPolicies.`,
                urn,
            });
        }
        if (policy.kind === "unknown") notes.push({ message: `${label}: ${unknownAtPreview("sslPolicy")}.`, urn });
    }
    return { violations, notes };
}

function describe(value: unknown, byDefault: string): string {
    return value === undefined ? `is missing, which means ${byDefault}` : `is ${JSON.stringify(value)}`;
}
