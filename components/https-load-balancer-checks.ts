import { isWholeNumber } from "../capacity";
import { Checks, hostPattern, keyBound, keyPattern, mayMatch } from "./check";
import type { GroupHost, HttpsLoadBalancerArgs, ServerlessHost } from "./https-load-balancer";

/** What a request may take when nothing else is said. */
export const defaultTimeoutSeconds = 600;

/** The load balancer's own limit, and Cloud Run's. */
const mostTimeoutSeconds = 3600;

/** Throws one error for everything about a load balancer that breaks its contract or that the API would refuse. */
export function checkHttpsLoadBalancer(name: string, args: HttpsLoadBalancerArgs): void {
    const checks = new Checks(`HttpsLoadBalancer "${name}"`);
    const { requestTimeoutSeconds = defaultTimeoutSeconds, logSampleRate = 1 } = args;
    checks.require(
        /^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/.test(name),
        "name",
        name,
        "1 to 40 lower-case letters, digits or hyphens, a letter first, no hyphen at the end",
        "Names of resources are built from it.",
    );
    checks.require(
        mayMatch(
            args.certificateMap,
            /^\/\/certificatemanager\.googleapis\.com\/projects\/[^/]+\/locations\/global\/certificateMaps\/[^/]+$/,
        ),
        "certificateMap",
        args.certificateMap,
        "//certificatemanager.googleapis.com/projects/P/locations/global/certificateMaps/M",
        "Pass the certificateMap output of WildcardCertificate: the provider adds no prefix.",
    );
    checks.require(
        isWholeNumber(requestTimeoutSeconds) &&
            requestTimeoutSeconds >= 1 &&
            requestTimeoutSeconds <= mostTimeoutSeconds,
        "requestTimeoutSeconds",
        requestTimeoutSeconds,
        `a whole number, 1 to ${mostTimeoutSeconds}`,
        "No request through the load balancer runs longer than an hour.",
    );
    checks.require(
        logSampleRate > 0 && logSampleRate <= 1,
        "logSampleRate",
        logSampleRate,
        "a number above 0, up to 1",
        "Leave it out to log every request.",
    );
    checkHosts(checks, args, requestTimeoutSeconds);
    checks.throwIfAny();
}

function checkHosts(
    checks: Checks,
    { hosts, defaultHost }: HttpsLoadBalancerArgs,
    requestTimeoutSeconds: number,
): void {
    const keys = Object.keys(hosts);
    checks.require(
        keys.includes(defaultHost),
        "defaultHost",
        defaultHost,
        keys.length > 0 ? `one of ${keys.join(", ")}` : "a key of hosts, and there is none",
        "Name the host that answers for all others.",
    );
    const names = Object.values(hosts).map(({ host }) => host);
    keys.forEach((key, index) => {
        const field = `hosts.${key}`;
        const entry = hosts[key] as ServerlessHost | GroupHost;
        checks.require(keyPattern.test(key), field, key, keyBound, "Names of resources are built from it.");
        checks.require(
            hostPattern.test(entry.host),
            `${field}.host`,
            entry.host,
            "a host name in lower case, without a wildcard or a port",
            "Write the name as clients do.",
        );
        checks.require(
            names.indexOf(entry.host) === index,
            `${field}.host`,
            entry.host,
            "a host that no other key serves",
            "Serve each host from one backend.",
        );
        if ("group" in entry) return;
        const { timeoutSeconds } = entry.service;
        checks.require(
            isWholeNumber(timeoutSeconds) &&
                timeoutSeconds >= requestTimeoutSeconds &&
                timeoutSeconds <= mostTimeoutSeconds,
            `${field}.service.timeoutSeconds`,
            timeoutSeconds,
            `a whole number, ${requestTimeoutSeconds} (requestTimeoutSeconds) to ${mostTimeoutSeconds}`,
            "Set the timeout of the Cloud Run service itself: it is what ends a request.",
        );
    });
}
