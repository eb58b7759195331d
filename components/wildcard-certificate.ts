import * as path from "node:path";
import * as local from "@pulumi/command/local";
import * as certificatemanager from "@pulumi/gcp/certificatemanager";
import * as dns from "@pulumi/gcp/dns";
import * as pulumi from "@pulumi/pulumi";
import { Checks, hostPattern, mayMatch } from "./check";

export interface WildcardCertificateArgs {
    /**
     * The apex domain, without `*.`, such as `example.com`. The certificate covers it and its names one label deep.
     * Changing it replaces the authorization (protected), the certificate and the map's entries.
     */
    readonly domain: string;
    /**
     * Short name of the Cloud DNS zone that serves the domain, in the same project. Without it, create the records of
     * `dnsRecords` where the domain is served, and keep them: every renewal checks them again. Changing it replaces the record.
     */
    readonly dnsZone?: pulumi.Input<string>;
    /**
     * Whether the deployment ends only when the certificate is active, at most an hour later. Needs the DNS record to be in
     * place, and `node` where Pulumi runs. Default false. Changing it adds or removes the wait alone.
     */
    readonly waitUntilActive?: boolean;
}

/** A record that proves control of the domain. Name and data end in a dot already. */
export interface DnsRecord {
    readonly name: string;
    readonly type: string;
    readonly data: string;
}

/** True of this file, and of a bundle that lies one folder below the project's. */
const projectRoot = path.resolve(__dirname, "..");
const waitScript = "components/scripts/wait-for-certificate.mjs";

/** A record that never changes by itself; short enough to mend a mistake within minutes. */
const recordTtlSeconds = 300;

/**
 * A Google-managed certificate for a domain and its wildcard, behind a certificate map for a global load balancer. Only
 * Certificate Manager with DNS authorization issues wildcards.
 */
export class WildcardCertificate extends pulumi.ComponentResource {
    readonly certificateId: pulumi.Output<string>;
    /** `projects/P/locations/global/certificateMaps/M`. */
    readonly certificateMapId: pulumi.Output<string>;
    /** The map in the form that a target proxy takes: the provider passes it on verbatim. */
    readonly certificateMap: pulumi.Output<string>;
    /** Records that must exist for as long as the certificate is to be renewed. */
    readonly dnsRecords: pulumi.Output<DnsRecord[]>;

    constructor(name: string, args: WildcardCertificateArgs, opts?: pulumi.ComponentResourceOptions) {
        check(name, args);
        super("netra:certificate:WildcardCertificate", name, args, opts);

        const authorization = new certificatemanager.DnsAuthorization(
            `${name}-authorization`,
            // One record for each project: with the fixed record, staging and production would fight over one name.
            { domain: args.domain, type: "PER_PROJECT_RECORD" },
            // Another authorization means another DNS record, and issuance stops until someone has created it.
            { parent: this, protect: opts?.protect ?? true },
        );
        const records: pulumi.Output<DnsRecord[]> = authorization.dnsResourceRecords.apply((found) =>
            found.map(({ name: recordName, type, data }) => ({
                name: recordName ?? "",
                type: type ?? "",
                data: data ?? "",
            })),
        );
        const recordSet = this.recordSet(name, args, records);

        const certificate = new certificatemanager.Certificate(
            `${name}-certificate`,
            {
                scope: "DEFAULT",
                managed: {
                    // The order is part of the value: another order would replace the certificate.
                    domains: [args.domain, `*.${args.domain}`],
                    dnsAuthorizations: [authorization.id],
                },
            },
            // Auto-named, so that a replacement is created first and the entries move to it in place. It refers to the
            // authorization only: without dependsOn, it would be asked for before its record exists.
            { parent: this, dependsOn: recordSet },
        );

        const map = new certificatemanager.CertificateMap(
            `${name}-map`,
            {},
            // Nothing but its name replaces a map; deleting it takes TLS away from every host.
            { parent: this, protect: opts?.protect ?? true },
        );
        this.mapEntries(name, args.domain, map, certificate);
        if (args.waitUntilActive === true) this.wait(name, certificate);

        this.certificateId = certificate.id;
        this.certificateMapId = map.id;
        this.certificateMap = pulumi.interpolate`//certificatemanager.googleapis.com/${map.id}`;
        this.dnsRecords = records;
        this.registerOutputs({
            certificateId: this.certificateId,
            certificateMapId: this.certificateMapId,
            certificateMap: this.certificateMap,
            dnsRecords: this.dnsRecords,
        });
    }

    /** The authorization's record, where its zone is ours. An authorization of one domain asks for one record. */
    private recordSet(name: string, args: WildcardCertificateArgs, records: pulumi.Output<DnsRecord[]>) {
        if (args.dnsZone === undefined) return undefined;
        const record = (part: keyof DnsRecord) => records.apply(([first]) => first?.[part] ?? "");
        return new dns.RecordSet(
            `${name}-record`,
            {
                managedZone: args.dnsZone,
                name: record("name"),
                type: record("type"),
                rrdatas: [record("data")],
                ttl: recordTtlSeconds,
            },
            { parent: this },
        );
    }

    /**
     * A wildcard does not match the apex, so each has an entry. There is no PRIMARY entry, on purpose: a client that names
     * no host, or one that is not ours, is refused at the handshake instead of being shown a certificate that does not fit.
     */
    private mapEntries(
        name: string,
        domain: string,
        map: certificatemanager.CertificateMap,
        certificate: certificatemanager.Certificate,
    ): void {
        for (const { role, hostname } of [
            { role: "apex", hostname: domain },
            { role: "wildcard", hostname: `*.${domain}` },
        ]) {
            new certificatemanager.CertificateMapEntry(
                `${name}-${role}-entry`,
                { map: map.name, hostname, certificates: [certificate.id] },
                { parent: this },
            );
        }
    }

    private wait(name: string, certificate: certificatemanager.Certificate): void {
        new local.Command(
            `${name}-wait`,
            {
                create: `node ${waitScript}`,
                // Commands run in the project's folder. Where that is not this one, as under the Automation API, say so;
                // otherwise keep the machine's path out of the state, or every other machine would plan an update.
                dir: pulumi.getRootDirectory() === projectRoot ? undefined : projectRoot,
                environment: { CERTIFICATE: certificate.id },
                triggers: [certificate.id],
            },
            { parent: this },
        );
    }
}

function check(name: string, args: WildcardCertificateArgs): void {
    const checks = new Checks(`WildcardCertificate "${name}"`);
    checks.require(
        typeof args.domain === "string" && hostPattern.test(args.domain),
        "domain",
        args.domain,
        'a domain in lower case, without "*." and without a final dot, such as example.com',
        "Name the apex: one authorization covers it and its wildcard.",
    );
    checks.require(
        args.dnsZone === undefined || mayMatch(args.dnsZone, /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/),
        "dnsZone",
        args.dnsZone,
        "the short name of a managed zone of Cloud DNS",
        "Pass the zone's name, not its DNS name.",
    );
    checks.throwIfAny();
}
