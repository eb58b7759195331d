// The path of a request through the load balancer: forwarding rule, proxy, URL map.
import { invalidField, notFound } from "../api-error";
import type { Behavior, Suppressor } from "../behavior";
import { schemaOf } from "../schema";
import { asObject, asText, isZero, type Props, valuesAt } from "../values";
import { relative, type World } from "../world";
import { isAddress } from "./addresses";
import { computeType, globalId, lowerCaseName } from "./compute";
import { BACKEND_BUCKET, BACKEND_SERVICE } from "./compute-backends";
import { CERTIFICATE, MANAGED_CERTIFICATE, SSL_POLICY } from "./compute-certificates";
import { freeAddress, GLOBAL_ADDRESS, NETWORK, SUBNETWORK, usesAddress } from "./compute-network";
import { everywhere, oneOf, sameIgnoringCase, sameLinkOrName, sameName, sameRelativePath } from "./rules";

export const URL_MAP = "gcp:compute/uRLMap:URLMap";
export const HTTP_PROXY = "gcp:compute/targetHttpProxy:TargetHttpProxy";
export const HTTPS_PROXY = "gcp:compute/targetHttpsProxy:TargetHttpsProxy";
export const GLOBAL_RULE = "gcp:compute/globalForwardingRule:GlobalForwardingRule";
const CERTIFICATE_MAP = "gcp:certificatemanager/certificateMap:CertificateMap";

const mapFields = schemaOf(URL_MAP).properties;
const TARGETS = ["service", "defaultService", "backendService", "errorService"];
const REDIRECT_CODES = oneOf(
    "FOUND",
    "MOVED_PERMANENTLY_DEFAULT",
    "PERMANENT_REDIRECT",
    "SEE_OTHER",
    "TEMPORARY_REDIRECT",
    "",
);

/** Every path of a URL map that names a backend service or bucket. */
const targetPaths = Object.keys(everywhere<true>(mapFields, TARGETS, true)).filter(
    (path) => !path.startsWith("tests."),
);

const redirects = (map: Props): Props[] =>
    [
        "defaultUrlRedirect",
        "pathMatchers.defaultUrlRedirect",
        "pathMatchers.pathRules.urlRedirect",
        "pathMatchers.routeRules.urlRedirect",
    ]
        .flatMap((path) => valuesAt(map, path))
        .map(asObject);

const redirectsToHttps = (map: Props): boolean => redirects(map).some(({ httpsRedirect }) => httpsRedirect === true);

function refuseHttpsRedirect(map: Props): void {
    if (!redirectsToHttps(map)) return;
    throw invalidField("urlMap", map.id, "A URL map with httpsRedirect can only be used with a target HTTP proxy.");
}

function refuseMap(map: Props, world: World): void {
    for (const reference of targetPaths.flatMap((path) => valuesAt(map, path))) {
        if (isZero(reference)) continue;
        const found = world.find(BACKEND_SERVICE, reference) ?? world.find(BACKEND_BUCKET, reference);
        if (!found) throw notFound(relative(asText(reference)));
    }
    const matchers = valuesAt(map, "pathMatchers.name");
    for (const wanted of valuesAt(map, "hostRules.pathMatcher")) {
        if (!matchers.includes(wanted)) {
            throw invalidField("hostRules[0].pathMatcher", wanted, `The path matcher is not defined in this URL map.`);
        }
    }
    const proxy = world.list(HTTPS_PROXY).find(({ outputs }) => world.find(URL_MAP, outputs.urlMap)?.id === map.id);
    if (proxy) refuseHttpsRedirect(map);
}

function refuseKeepAlive({ httpKeepAliveTimeoutSec: value }: Props): void {
    if (isZero(value)) return;
    if (Number(value) < 5 || Number(value) > 1200) {
        throw invalidField(
            "httpKeepAliveTimeoutSec",
            value,
            "Must be greater than or equal to 5 and less than or equal to 1200",
        );
    }
}

function refuseCertificates(proxy: Props, world: World): void {
    const map = asText(proxy.certificateMap);
    const certificates = valuesAt(proxy, "sslCertificates");
    if (map === "" && certificates.length === 0 && isZero(proxy.certificateManagerCertificates)) {
        throw invalidField(
            "sslCertificates",
            "",
            "At least one SSL certificate or a certificate map must be specified",
        );
    }
    if (
        map !== "" &&
        !/^\/\/certificatemanager\.googleapis\.com\/projects\/[^/]+\/locations\/[^/]+\/certificateMaps\/[^/]+$/.test(
            map,
        )
    ) {
        throw invalidField(
            "certificateMap",
            map,
            "The URL is malformed. It must have the form //certificatemanager.googleapis.com/projects/PROJECT/locations/global/certificateMaps/NAME",
        );
    }
    for (const each of certificates) {
        if (!world.find(CERTIFICATE, each) && !world.find(MANAGED_CERTIFICATE, each))
            throw notFound(relative(asText(each)));
    }
}

const findProxy = (world: World, reference: unknown) => {
    const collection = asText(reference).split("/").at(-2);
    if (collection === "targetHttpProxies") return world.find(HTTP_PROXY, reference);
    if (collection === "targetHttpsProxies") return world.find(HTTPS_PROXY, reference);
    return world.find(HTTPS_PROXY, reference) ?? world.find(HTTP_PROXY, reference);
};

function refuseRuleScheme(rule: Props, world: World): void {
    const map = world.find(URL_MAP, findProxy(world, rule.target)?.outputs.urlMap);
    for (const reference of targetPaths.flatMap((path) => valuesAt(map?.outputs, path))) {
        const service = world.find(BACKEND_SERVICE, reference);
        const scheme = service?.outputs.loadBalancingScheme;
        if (!service || scheme === rule.loadBalancingScheme) continue;
        throw invalidField(
            "loadBalancingScheme",
            rule.loadBalancingScheme,
            `It does not match the load balancing scheme ${asText(scheme)} of the backend service '${service.id}'.`,
        );
    }
}

const portsOf = (rule: Props): string => asText(rule.portRange).split("-")[0] ?? "";

function refuseRule(rule: Props, world: World): void {
    if (!findProxy(world, rule.target)) throw notFound(relative(asText(rule.target)));
    const reference = asText(rule.ipAddress);
    const isNumber = isAddress(reference) || reference.includes(":");
    const address = world.list(GLOBAL_ADDRESS).find(({ outputs }) => usesAddress(rule, outputs));
    if (reference !== "" && !isNumber && !address) throw notFound(relative(reference));
    const rival = world.list(GLOBAL_RULE).find(({ id, outputs }) => {
        const sharesAddress =
            outputs.ipAddress === rule.ipAddress || (address && usesAddress(outputs, address.outputs));
        return id !== rule.id && reference !== "" && sharesAddress && portsOf(outputs) === portsOf(rule);
    });
    if (rival) {
        throw invalidField(
            "IPAddress",
            reference,
            `Specified IP address is in-use and would result in a conflict with '${rival.id}'.`,
        );
    }
    refuseRuleScheme(rule, world);
}

/** The API answers a single port as a range. */
const samePort: Suppressor = (old, next) => old === `${next}-${next}` || next === `${old}-${old}`;

/** The state has the number. The provider takes any name or link in the program for the address that has it. */
const sameAddress: Suppressor = (old, next) => {
    const [before = "", beforeMask] = old.split("/");
    const [after = "", afterMask] = next.split("/");
    const isNumber = (text: string): boolean => isAddress(text) || text.includes(":");
    if (!isNumber(before)) return false;
    if (!isNumber(after)) return next !== "";
    return before.toLowerCase() === after.toLowerCase() && (!beforeMask || !afterMask || beforeMask === afterMask);
};

const proxy = { urlMap: sameLinkOrName };

export const computeLoadBalancing: Record<string, Behavior> = {
    [URL_MAP]: computeType("url_map", globalId("urlMaps"), "mapId", {
        autoname: lowerCaseName,
        validate: everywhere(mapFields, ["redirectResponseCode"], REDIRECT_CODES),
        suppress: everywhere(mapFields, TARGETS, sameLinkOrName),
        references: targetPaths.flatMap((path) => [
            { path, to: BACKEND_SERVICE, unchecked: true },
            { path, to: BACKEND_BUCKET, unchecked: true },
        ]),
        refuse: refuseMap,
    }),
    [HTTP_PROXY]: computeType("target_http_proxy", globalId("targetHttpProxies"), "proxyId", {
        autoname: lowerCaseName,
        suppress: proxy,
        references: [{ path: "urlMap", to: URL_MAP }],
        refuse: refuseKeepAlive,
    }),
    [HTTPS_PROXY]: computeType("target_https_proxy", globalId("targetHttpsProxies"), "proxyId", {
        autoname: lowerCaseName,
        suppress: {
            ...proxy,
            sslPolicy: sameLinkOrName,
            serverTlsPolicy: sameLinkOrName,
            sslCertificates: sameLinkOrName,
            certificateManagerCertificates: sameName,
        },
        references: [
            { path: "urlMap", to: URL_MAP },
            { path: "sslPolicy", to: SSL_POLICY },
            {
                path: "certificateMap",
                to: CERTIFICATE_MAP,
                missing: (reference) =>
                    invalidField("certificateMap", reference, "The referenced certificate map was not found."),
            },
            { path: "sslCertificates", to: CERTIFICATE, unchecked: true },
            { path: "sslCertificates", to: MANAGED_CERTIFICATE, unchecked: true },
        ],
        refuse: (resource, world) => {
            refuseKeepAlive(resource);
            refuseCertificates(resource, world);
            const map = world.find(URL_MAP, resource.urlMap);
            if (map) refuseHttpsRedirect(map.outputs);
        },
    }),
    [GLOBAL_RULE]: computeType("forwarding_rule", globalId("forwardingRules"), "forwardingRuleId", {
        suppress: {
            target: sameRelativePath,
            network: sameLinkOrName,
            subnetwork: sameLinkOrName,
            ipProtocol: sameIgnoringCase,
            portRange: samePort,
            ipAddress: sameAddress,
        },
        references: [
            { path: "target", to: HTTP_PROXY, unchecked: true },
            { path: "target", to: HTTPS_PROXY, unchecked: true },
            { path: "network", to: NETWORK },
            { path: "subnetwork", to: SUBNETWORK },
        ],
        refuse: refuseRule,
        fill: (rule, world) => {
            const reserved = world.list(GLOBAL_ADDRESS).find(({ outputs }) => usesAddress(rule, outputs));
            if (reserved) rule.ipAddress = reserved.outputs.address;
            if (isZero(rule.ipAddress)) rule.ipAddress = freeAddress(world);
            if (isZero(rule.ipProtocol)) rule.ipProtocol = "TCP";
            if (isZero(rule.networkTier)) rule.networkTier = "PREMIUM";
            const port = portsOf(rule);
            if (port !== "" && !asText(rule.portRange).includes("-")) rule.portRange = `${port}-${port}`;
        },
    }),
};
