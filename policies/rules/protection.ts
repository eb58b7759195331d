import { readField } from "../lib/field";
import type { Rule } from "../lib/rule";
import { types } from "../lib/types";

/** What an outage follows from when it is deleted or replaced, and why. */
const precious: Readonly<Record<string, string>> = {
    [types.connector]: "a smaller size replaces it, deleted first, and cuts every service off the VPC",
    [types.globalAddress]: "DNS points at it",
    [types.regionAddress]: "DNS or peers may point at it",
    [types.dnsAuthorization]: "another one needs another DNS record before a certificate renews",
    [types.certificateMap]: "every host loses TLS with it",
};

export const protection: Rule = {
    name: "protection",
    displayName: "Protection",
    description: "What everything depends on cannot be deleted by mistake.",
    enforcementLevel: "mandatory",
    severity: "high",
    remediationSteps: 'Set the option protect: true, or deletionPolicy: "PREVENT", on the resource.',
    validateResource: (args, report) => {
        const reason = precious[args.type];
        if (reason === undefined || args.opts.protect) return;
        const policy = readField(args.props, "deletionPolicy");
        if (policy.known && policy.value === "PREVENT") return;
        report(
            `${args.type.split(":").at(-1)} ${args.name} is not protected: ${reason}. Set the option protect: true.` +
                (policy.known ? "" : " deletionPolicy is not known at preview; `up` will decide what it does."),
        );
    },
};
