import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { WildcardCertificate, type WildcardCertificateArgs } from "../../components";
import { expectEffect, record, refusal, resolved } from "./helper";

const authorization = "projects/netra-staging/locations/global/dnsAuthorizations/domain-authorization-1a2b3c4";
const certificateId = "projects/netra-staging/locations/global/certificates/domain-certificate-1a2b3c4";
const mapId = "projects/netra-staging/locations/global/certificateMaps/domain-map-1a2b3c4";

const create = (args: WildcardCertificateArgs) => () => {
    new WildcardCertificate("domain", args);
};

describe("WildcardCertificate", () => {
    test("certifies the apex and its wildcard, and maps each", async () => {
        let component: WildcardCertificate | undefined;
        const recorder = await record(() => {
            component = new WildcardCertificate("domain", { domain: "example.com" });
        });
        expect(recorder.names()).toEqual([
            "domain-apex-entry",
            "domain-authorization",
            "domain-certificate",
            "domain-map",
            "domain-wildcard-entry",
        ]);
        const proof = recorder.expectResource(
            "gcp:certificatemanager/dnsAuthorization:DnsAuthorization",
            "domain-authorization",
            { domain: "example.com", type: "PER_PROJECT_RECORD" },
        );
        expect(proof.protect).toBe(true);
        const certificate = recorder.expectResource(
            "gcp:certificatemanager/certificate:Certificate",
            "domain-certificate",
            {
                scope: "DEFAULT",
                managed: { domains: ["example.com", "*.example.com"], dnsAuthorizations: [authorization] },
            },
        );
        // A certificate that changes is replaced, which neither protection nor a fixed name may prevent.
        expect(certificate.protect).toBe(false);
        const map = recorder.expectResource("gcp:certificatemanager/certificateMap:CertificateMap", "domain-map", {});
        expect(map.protect).toBe(true);
        const entry = "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry";
        const mapped = { map: "domain-map-1a2b3c4", certificates: [certificateId] };
        recorder.expectResource(entry, "domain-apex-entry", { ...mapped, hostname: "example.com" });
        recorder.expectResource(entry, "domain-wildcard-entry", { ...mapped, hostname: "*.example.com" });
        for (const { custom, parent } of recorder.all) {
            if (custom) expect(parent).toContain("::netra:certificate:WildcardCertificate::domain");
        }

        const { dnsRecords, certificateMap, ...ids } = component as WildcardCertificate;
        expect(await resolved(dnsRecords)).toEqual([
            {
                name: "_acme-challenge_ab12.example.com.",
                type: "CNAME",
                data: "0a1b.7.authorize.certificatemanager.goog.",
            },
        ]);
        expect(await resolved(certificateMap)).toBe(`//certificatemanager.googleapis.com/${mapId}`);
        expect(await resolved(ids.certificateMapId)).toBe(mapId);
        expect(await resolved(ids.certificateId)).toBe(certificateId);
    });

    test("creates the record where the zone is ours, and before the certificate", async () => {
        const recorder = await record(create({ domain: "example.com", dnsZone: "example" }));
        recorder.expectResource("gcp:dns/recordSet:RecordSet", "domain-record", {
            managedZone: "example",
            name: "_acme-challenge_ab12.example.com.",
            type: "CNAME",
            rrdatas: ["0a1b.7.authorize.certificatemanager.goog."],
            ttl: 300,
        });
        expect(recorder.get("domain-certificate").dependsOn).toContain("domain-record");
    });

    test("waits for the certificate when asked to", async () => {
        const recorder = await record(create({ domain: "example.com", waitUntilActive: true }));
        const wait = recorder.expectResource("command:local:Command", "domain-wait", {
            create: "node components/scripts/wait-for-certificate.mjs",
            dir: path.resolve(__dirname, "../.."),
            environment: { CERTIFICATE: certificateId },
            triggers: [certificateId],
        });
        expect(wait.dependsOn).toContain("domain-certificate");
    });

    test("keeps the machine's path out of the state where commands run in the project's folder anyway", async () => {
        const root = path.resolve(__dirname, "../..");
        const spy = jest.spyOn(pulumi, "getRootDirectory").mockReturnValue(root);
        const recorder = await record(create({ domain: "example.com", waitUntilActive: true }));
        spy.mockRestore();
        expect(recorder.get("domain-wait").inputs).not.toHaveProperty("dir");
    });

    test("each argument has an effect", async () => {
        await expectEffect(create({ domain: "example.com" }), {
            domain: create({ domain: "example.org" }),
            dnsZone: create({ domain: "example.com", dnsZone: "example" }),
            waitUntilActive: create({ domain: "example.com", waitUntilActive: true }),
        } satisfies Record<keyof WildcardCertificateArgs, () => void>);
    });

    test.each(["*.example.com", "example.com.", "Example.com", "localhost", "", `${"a".repeat(64)}.com`])(
        "refuses %p as a domain",
        async (domain) => {
            expect(await refusal(create({ domain }))).toContain(
                `WildcardCertificate "domain" is not valid:\n  - domain is "${domain}"`,
            );
        },
    );

    test("refuses a zone by its DNS name, and takes one that is not known yet", async () => {
        expect(await refusal(create({ domain: "example.com", dnsZone: "example.com." }))).toContain(
            'dnsZone is "example.com."',
        );
        const recorder = await record(create({ domain: "example.com", dnsZone: pulumi.output("example") }));
        expect(recorder.get("domain-record").inputs.managedZone).toBe("example");
    });
});
