import { elementPaths, knownText, type Path, type Props, readField } from "../../lib/field";
import { types } from "../../lib/types";

/** Wildcards are issued by Certificate Manager alone, and against a DNS authorization alone; a preview lets all of them through. */
export function wildcardViolations(type: string, props: Props): string[] {
    if (type === types.classicCertificate) {
        return wildcards(props).map(
            ([path, domain]) =>
                `${path} is "${domain}": a classic managed certificate refuses wildcards at \`up\`. ` +
                "Use a Certificate Manager certificate with DNS authorization.",
        );
    }
    if (type === types.certificate) {
        const authorizations = readField(props, "managed", "dnsAuthorizations");
        const authorized = !authorizations.known || elementPaths(props, "managed", "dnsAuthorizations").length > 0;
        if (authorized) return [];
        return wildcards(props).map(
            ([path, domain]) =>
                `${path} is "${domain}", and managed.dnsAuthorizations is missing: no wildcard is issued without. ` +
                `Add a DNS authorization for ${domain.slice(2)}.`,
        );
    }
    if (type === types.dnsAuthorization) {
        const domain = knownText(readField(props, "domain"));
        return domain?.startsWith("*.")
            ? [
                  `domain is "${domain}": an authorization covers a domain and its wildcard. Set it to "${domain.slice(2)}".`,
              ]
            : [];
    }
    return [];
}

function wildcards(props: Props): [string, string][] {
    return elementPaths(props, "managed", "domains").flatMap((path: Path): [string, string][] => {
        const domain = knownText(readField(props, ...path));
        return domain?.startsWith("*.") ? [[path.join("."), domain]] : [];
    });
}
