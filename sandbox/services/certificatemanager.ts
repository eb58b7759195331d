import { createHash } from "node:crypto";
import { badRequest } from "../api-error";
import type { Behavior } from "../behavior";
import { asList, asObject, asText, isZero, type Props, valuesAt } from "../values";
import type { World } from "../world";
import { emptyOr, sameButForProjectNumber, sameName } from "./rules";

export const CERTIFICATE = "gcp:certificatemanager/certificate:Certificate";
export const MAP = "gcp:certificatemanager/certificateMap:CertificateMap";
export const MAP_ENTRY = "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry";
export const AUTHORIZATION = "gcp:certificatemanager/dnsAuthorization:DnsAuthorization";
const RECORD = "gcp:dns/recordSet:RecordSet";
const HTTPS_PROXY = "gcp:compute/targetHttpsProxy:TargetHttpsProxy";
const GLOBAL_RULE = "gcp:compute/globalForwardingRule:GlobalForwardingRule";

const API = "certificatemanager.googleapis.com";
const NAME = /^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/;
/** What Google documents for one map entry; newer texts say 15. */
const CERTIFICATES_PER_ENTRY = 4;

const hash = (text: string, length: number): string => createHash("sha256").update(text).digest("hex").slice(0, length);

function refuseName(resource: Props): void {
    if (!NAME.test(asText(resource.name))) {
        throw badRequest(`The name ${asText(resource.name)} must be 1-64 characters long and match ${NAME.source}`);
    }
}

const located =
    (collection: string): Behavior["id"] =>
    (resource, world) =>
        `projects/${world.projectOf(resource)}/locations/${world.locationOf(resource, "global")}/${collection}/${asText(resource.name)}`;

const authorizationsOf = (certificate: Props, world: World): Props[] =>
    valuesAt(certificate, "managed.dnsAuthorizations").flatMap((each) => {
        const found = world.find(AUTHORIZATION, each);
        return found ? [found.outputs] : [];
    });

function refuseCertificate(certificate: Props, world: World): void {
    refuseName(certificate);
    const managed = asObject(certificate.managed);
    if (isZero(certificate.managed) || !isZero(managed.issuanceConfig)) return;
    const domains = asList(managed.domains).map(asText);
    if (domains.length === 0) throw badRequest("A managed certificate needs at least one domain");
    const hasAuthorizations = asList(managed.dnsAuthorizations).length > 0;
    const wildcard = domains.find((domain) => domain.startsWith("*."));
    if (wildcard && !hasAuthorizations) {
        throw badRequest(
            `Wildcard domains are only supported with DNS challenge resolution: ${wildcard} needs a DNS authorization`,
        );
    }
    if (!hasAuthorizations) return;
    const covered = authorizationsOf(certificate, world).map(({ domain }) => asText(domain));
    const bare = domains.find((domain) => !covered.includes(domain.replace(/^\*\./, "")));
    if (bare) throw badRequest(`The domain ${bare} is not covered by any of the certificate's DNS authorizations`);
}

/** The certificate authority looks for the CNAME of the domain's authorization. */
function isAuthorized(authorization: Props, world: World): boolean {
    const records = asList(authorization.dnsResourceRecords).map(asObject);
    return records.every(({ name, type, data }) =>
        world
            .list(RECORD)
            .some(
                ({ outputs }) =>
                    outputs.name === name && outputs.type === type && asList(outputs.rrdatas).includes(data),
            ),
    );
}

function setProvisioning(certificate: Props): void {
    const managed = asObject(certificate.managed);
    const domains = asList(managed.domains);
    managed.state = "PROVISIONING";
    managed.provisioningIssues = [
        {
            reason: "AUTHORIZATION_ISSUE",
            details: "The DNS records of the certificate's authorizations were not found",
        },
    ];
    managed.authorizationAttemptInfos = domains.map((domain) => ({
        domain,
        state: "FAILED",
        failureReason: "CONFIG",
        details: "No CNAME record for the authorization",
    }));
}

function refreshCertificate(certificate: Props, world: World): void {
    const managed = asObject(certificate.managed);
    if (isZero(certificate.managed) || managed.state === "ACTIVE") return;
    const authorizations = authorizationsOf(certificate, world);
    if (authorizations.length === 0 || !authorizations.every((each) => isAuthorized(each, world))) return;
    managed.state = "ACTIVE";
    managed.provisioningIssues = [];
    managed.authorizationAttemptInfos = asList(managed.domains).map((domain) => ({
        domain,
        state: "AUTHORIZED",
        failureReason: "",
        details: "",
    }));
    certificate.sanDnsnames = asList(managed.domains);
}

function fillAuthorization(authorization: Props, world: World): void {
    const isGlobal = world.locationOf(authorization, "global") === "global";
    if (isZero(authorization.type)) authorization.type = isGlobal ? "FIXED_RECORD" : "PER_PROJECT_RECORD";
    const domain = asText(authorization.domain);
    const isFixed = authorization.type === "FIXED_RECORD";
    const label = isFixed
        ? "_acme-challenge"
        : `_acme-challenge_${hash(`${world.projectOf(authorization)} ${domain}`, 16)}`;
    const token = hash(asText(authorization.id), 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
    authorization.dnsResourceRecords = [
        { name: `${label}.${domain}.`, type: "CNAME", data: `${token}.3.authorize.certificatemanager.goog.` },
    ];
}

function gclbTargets(map: Props, world: World): Props[] {
    const proxies = world
        .list(HTTPS_PROXY)
        .filter(({ outputs }) => asText(outputs.certificateMap).endsWith(asText(map.id)));
    return proxies.map(({ id }) => ({
        targetHttpsProxy: id,
        targetSslProxy: "",
        ipConfigs: world
            .list(GLOBAL_RULE)
            .filter(({ outputs }) => asText(outputs.target).endsWith(id))
            .map(({ outputs }) => ({
                ipAddress: asText(outputs.ipAddress),
                ports: [Number.parseInt(asText(outputs.portRange), 10) || 0],
            })),
    }));
}

function stamp(resource: Props, world: World): void {
    if (isZero(resource.createTime)) resource.createTime = world.now();
    resource.updateTime = world.now();
}

export const certificatemanager: Record<string, Behavior> = {
    [CERTIFICATE]: {
        suppress: {
            scope: emptyOr("DEFAULT"),
            "managed.dnsAuthorizations": sameButForProjectNumber,
            "managed.issuanceConfig": sameName,
        },
        api: API,
        kind: "certificate",
        id: located("certificates"),
        references: [{ path: "managed.dnsAuthorizations", to: AUTHORIZATION }],
        refuse: refuseCertificate,
        fill: (certificate, _world, old) => {
            if (!isZero(certificate.managed) && (!old || isZero(asObject(certificate.managed).state)))
                setProvisioning(certificate);
        },
        refresh: refreshCertificate,
    },
    [MAP]: {
        api: API,
        kind: "certificate_map",
        id: (map, world) => `projects/${world.projectOf(map)}/locations/global/certificateMaps/${asText(map.name)}`,
        refuse: refuseName,
        fill: stamp,
        refresh: (map, world) => {
            map.gclbTargets = gclbTargets(map, world);
        },
    },
    [MAP_ENTRY]: {
        suppress: { map: sameName, certificates: sameButForProjectNumber },
        api: API,
        kind: "certificate_map_entry",
        id: (entry, world) => {
            const map = asText(entry.map).split("/").at(-1);
            return `projects/${world.projectOf(entry)}/locations/global/certificateMaps/${map}/certificateMapEntries/${asText(entry.name)}`;
        },
        references: [
            { path: "map", to: MAP },
            { path: "certificates", to: CERTIFICATE },
        ],
        refuse: (entry) => {
            refuseName(entry);
            const count = asList(entry.certificates).length;
            if (count === 0 || count > CERTIFICATES_PER_ENTRY) {
                throw badRequest(
                    `A certificate map entry takes 1 to ${CERTIFICATES_PER_ENTRY} certificates, got ${count}`,
                );
            }
        },
        fill: (entry, world) => {
            stamp(entry, world);
            entry.state = "PENDING";
        },
        refresh: (entry, world) => {
            const states = asList(entry.certificates).map((each) => world.find(CERTIFICATE, each)?.outputs ?? {});
            const isReady = (each: Props): boolean => isZero(each.managed) || asObject(each.managed).state === "ACTIVE";
            entry.state = states.every(isReady) ? "ACTIVE" : "PENDING";
        },
    },
    [AUTHORIZATION]: {
        api: API,
        kind: "dns_authorization",
        id: located("dnsAuthorizations"),
        refuse: (authorization) => {
            refuseName(authorization);
            if (asText(authorization.domain).startsWith("*")) {
                throw badRequest(
                    `The domain ${asText(authorization.domain)} must not be a wildcard: an authorization covers a domain and its wildcard`,
                );
            }
        },
        fill: fillAuthorization,
    },
};
