import { elementPaths, type Props, readField } from "../../lib/field";

const mapForm = /^\/\/certificatemanager\.googleapis\.com\/projects\/[^/]+\/locations\/global\/certificateMaps\/[^/]+$/;

/** The provider hands `certificateMap` on as it is, and the API takes one form of it. `notes` are fields that are not known. */
export function proxyFindings(props: Props): { violations: string[]; notes: string[] } {
    const map = readField(props, "certificateMap");
    const classic = readField(props, "sslCertificates");
    const managed = readField(props, "certificateManagerCertificates");
    const violations: string[] = [];
    if (!managed.known || elementPaths(props, "certificateManagerCertificates").length > 0) {
        violations.push(
            "certificateManagerCertificates is for internal load balancers: the certificate would not be served. Use certificateMap.",
        );
    }
    const hasClassic = !classic.known || elementPaths(props, "sslCertificates").length > 0;
    if (!map.known) return { violations, notes: ["certificateMap"] };
    if (map.value === undefined || map.value === "") {
        if (!hasClassic && violations.length === 0) {
            violations.push(
                "certificateMap is missing: nothing would be served over TLS. Set it to the map of your certificates.",
            );
        }
        return { violations, notes: [] };
    }
    if (typeof map.value !== "string" || !mapForm.test(map.value)) {
        violations.push(
            `certificateMap is ${JSON.stringify(map.value)}: it must be //certificatemanager.googleapis.com/ and the map's id, ` +
                "projects/P/locations/global/certificateMaps/M. The provider does not complete it.",
        );
    }
    if (hasClassic) {
        violations.push("sslCertificates is ignored beside certificateMap. Remove it, so that nobody relies on it.");
    }
    return { violations, notes: [] };
}
