import type { Props } from "../../sandbox";
import { CONNECTOR_ID, loadBalancer, refusal, Stage, service, types } from "./stage";

let stage: Stage;
beforeEach(() => {
    stage = Stage.enabled();
});

describe("an API that is not enabled", () => {
    test.each<[string, string, Props, string]>([
        [
            "Certificate Manager",
            types.certificateMap,
            { name: "m" },
            "Certificate Manager API has not been used in project netra-staging before or it is disabled.",
        ],
        ["Cloud DNS", types.zone, { name: "z", dnsName: "a.ai." }, "Cloud DNS API has not been used"],
        [
            "Cloud Monitoring",
            types.channel,
            { type: "email", labels: { email_address: "a@b.c" } },
            "Cloud Monitoring API has not been used",
        ],
        ["IAM", types.account, { accountId: "backend" }, "Identity and Access Management (IAM) API has not been used"],
    ])("%s is 403, and works once the stack enables it", (_title, type, inputs, message) => {
        const fresh = new Stage();
        const error = refusal(() => fresh.make(type, inputs));
        expect(error).toMatchObject({ status: 403, reason: "accessNotConfigured" });
        expect(error.message).toContain(message);
        expect(Stage.enabled().make(type, inputs).id).toBeTruthy();
    });

    test("enabling an enabled API is no error; the project keeps it unless disableOnDestroy says otherwise", () => {
        const again = stage.make(types.api, { service: "run.googleapis.com" });
        stage.remove(again);
        expect(stage.cloud.read(types.api, again.id)).toBeDefined();
        const dns = stage.make(types.api, { service: "dns.googleapis.com", disableOnDestroy: true });
        stage.remove(dns);
        expect(stage.cloud.read(types.api, dns.id)).toBeUndefined();
        expect(refusal(() => stage.make(types.zone, { name: "z", dnsName: "a.ai." })).status).toBe(403);
    });
});

describe("a Cloud Run service", () => {
    const other = "projects/netra-staging/locations/us-east1/connectors/staging-connector";
    test.each<[string, Props, string]>([
        [
            "that may take 3601 s",
            service({ timeout: "3601s" }),
            "Violation in CreateServiceRequest.service.template.timeout",
        ],
        ["that may take no time", service({ timeout: "0s" }), "template.timeout"],
        [
            "on a connector that does not exist",
            service({ vpcAccess: { connector: `${CONNECTOR_ID}-2` } }),
            "does not exist, or Cloud Run does not have permission",
        ],
        [
            "on a connector in another region",
            service({ vpcAccess: { connector: other } }),
            "must be in the same region as the service, us-central1",
        ],
        [
            "on a connector by its short name",
            service({ vpcAccess: { connector: "staging-connector" } }),
            "must have the format projects/{project}/locations",
        ],
        [
            "with more instances at least than at most",
            service({ scaling: { minInstanceCount: 3, maxInstanceCount: 2 } }),
            "must not be greater than max_instance_count 2",
        ],
        [
            "with two network interfaces",
            service({ vpcAccess: { networkInterfaces: [{ network: "default" }, { network: "default" }] } }),
            "at most one network interface",
        ],
        [
            "with an interface in no network",
            service({ vpcAccess: { networkInterfaces: [{ tags: ["a"] }] } }),
            "at least one of network or subnetwork",
        ],
        [
            "in a network that does not exist",
            service({ vpcAccess: { networkInterfaces: [{ network: "none" }] } }),
            "The network none was not found",
        ],
        [
            "in a subnetwork that does not exist",
            service({ vpcAccess: { networkInterfaces: [{ subnetwork: "none" }] } }),
            "The subnetwork none was not found",
        ],
        ["without a container", service({ containers: [] }), "at least one container"],
        [
            "with a start-up probe of 241 s",
            service({ containers: [{ image: "i", startupProbe: { periodSeconds: 241 } }] }),
            "must be between 1 and 240",
        ],
        [
            "with a probe that outlasts its period",
            service({ containers: [{ image: "i", startupProbe: { periodSeconds: 1, timeoutSeconds: 2 } }] }),
            "timeout_seconds must not be greater",
        ],
        [
            "with 1001 requests at a time",
            service({ maxInstanceRequestConcurrency: 1001 }),
            "must be between 1 and 1000",
        ],
        ["with a name of 50 characters", service({}, { name: "a".repeat(50) }), "at most 49 characters"],
    ])("is refused %s", (_title, inputs, message) => {
        const error = refusal(() => stage.make(types.service, inputs));
        expect(error.status).toBe(400);
        expect(error.message).toContain(message);
    });

    test.each<[string, Props]>([
        ["for an hour", service({ timeout: "3600s" })],
        [
            "with as many instances at least as at most",
            service({ scaling: { minInstanceCount: 2, maxInstanceCount: 2 } }),
        ],
        [
            "in the subnetwork of an automatic network",
            service({ vpcAccess: { networkInterfaces: [{ network: "default", subnetwork: "default" }] } }),
        ],
        [
            "with a probe of 240 s",
            service({ containers: [{ image: "i", startupProbe: { periodSeconds: 240, tcpSocket: {} } }] }),
        ],
    ])("is made %s", (_title, inputs) => {
        expect(stage.make(types.service, inputs).outputs).toMatchObject({
            uri: "https://chat-staging-701982941522.us-central1.run.app",
            generation: "1",
            terminalConditions: [{ type: "Ready", state: "CONDITION_SUCCEEDED" }],
        });
    });

    test("keeps CPU idle only where no resources are given, or where they say so", () => {
        const idle = (resources?: Props) => {
            const made = new Stage().make(types.service, service({ containers: [{ image: "i", resources }] }));
            return (made.outputs.template as { containers: { resources: Props }[] }).containers[0]?.resources.cpuIdle;
        };
        expect(idle()).toBe(true);
        expect(idle({ startupCpuBoost: true })).toBe(false);
        expect(idle({ startupCpuBoost: true, cpuIdle: true })).toBe(true);
    });

    test.each([
        ["10.9.0.0/26", true],
        ["10.9.0.0/27", false],
    ])("takes a subnetwork of %s for direct egress: %s", (ipCidrRange, isTaken) => {
        stage.make(types.subnetwork, { name: "egress", network: "default", region: "us-central1", ipCidrRange });
        const make = () =>
            stage.make(types.service, service({ vpcAccess: { networkInterfaces: [{ subnetwork: "egress" }] } }));
        if (isTaken) expect(make().id).toContain("chat-staging");
        else expect(refusal(make).message).toContain("must be /26 or larger");
    });

    test("an update makes a new revision", () => {
        const made = stage.make(types.service, service());
        const changed = stage.change(made, service({ timeout: "600s" }));
        expect(changed.outputs).toMatchObject({
            generation: "2",
            observedGeneration: "2",
            uid: made.outputs.uid,
            createTime: made.outputs.createTime,
        });
        expect(changed.outputs.latestReadyRevision).toMatch(/\/revisions\/chat-staging-00002-[a-z]{3}$/);
        expect(changed.outputs.latestReadyRevision).not.toBe(made.outputs.latestReadyRevision);
    });

    test("that is protected is not destroyed until the unprotected state was applied", () => {
        const made = stage.make(types.service, service({}, { deletionProtection: undefined }));
        expect(made.outputs.deletionProtection).toBe(true);
        const message = "cannot destroy service without setting deletion_protection=false and running `pulumi up`";
        expect(refusal(() => stage.remove(made)).message).toBe(message);
        stage.remove(stage.change(made, service()));
        expect(stage.cloud.read(types.service, made.id)).toBeUndefined();
    });

    test("that exists already is 409", () => {
        stage.make(types.service, service());
        expect(refusal(() => stage.make(types.service, service())).message).toBe(
            "googleapi: Error 409: Resource 'chat-staging' already exists., alreadyExists",
        );
    });
});

describe("certificates", () => {
    test("the classic product takes no wildcard", () => {
        const error = refusal(() =>
            stage.make(types.classicCertificate, {
                name: "c",
                managed: { domains: ["netrasystems.ai", "*.netrasystems.ai"] },
            }),
        );
        expect(error.message).toBe(
            "googleapi: Error 400: Invalid value for field 'resource.managed.domains[1]': '*.netrasystems.ai'. Wildcard domains not supported., invalid",
        );
    });

    test("a wildcard needs a DNS authorization, of its own level", () => {
        const authorization = stage.make(types.authorization, { name: "a", domain: "netrasystems.ai" });
        const certificate = (domains: string[], dnsAuthorizations?: string[]) => ({
            name: "c",
            managed: { domains, dnsAuthorizations },
        });
        expect(refusal(() => stage.make(types.certificate, certificate(["*.netrasystems.ai"]))).message).toContain(
            "only supported with DNS challenge resolution",
        );
        const deeper = certificate(["*.staging.netrasystems.ai"], [authorization.id]);
        expect(refusal(() => stage.make(types.certificate, deeper)).message).toContain(
            "*.staging.netrasystems.ai is not covered",
        );
        expect(
            stage.make(types.certificate, certificate(["netrasystems.ai", "*.netrasystems.ai"], [authorization.id])).id,
        ).toContain("/c");
    });

    test("an authorization is of the domain without the wildcard", () => {
        expect(
            refusal(() => stage.make(types.authorization, { name: "a", domain: "*.netrasystems.ai" })).message,
        ).toContain("must not be a wildcard");
    });

    test("a map entry takes four certificates, not five", () => {
        const path = loadBalancer(stage);
        const certificates = Array(5).fill(path.certificate.id);
        const entry = { name: "more", map: path.certificateMap.outputs.name, hostname: "a.ai" };
        expect(refusal(() => stage.make(types.mapEntry, { ...entry, certificates })).message).toContain(
            "1 to 4 certificates",
        );
        expect(stage.make(types.mapEntry, { ...entry, certificates: certificates.slice(1) }).outputs.state).toBe(
            "PENDING",
        );
    });

    test("become active when the record of their authorization is there, on the next read", () => {
        const { certificate, authorization, entry, certificateMap } = loadBalancer(stage);
        const waiting = { managed: { state: "PROVISIONING", provisioningIssues: [{ reason: "AUTHORIZATION_ISSUE" }] } };
        expect(certificate.outputs).toMatchObject(waiting);
        expect(stage.read(certificate)).toMatchObject(waiting);

        const [record] = authorization.outputs.dnsResourceRecords as { name: string; data: string }[];
        expect(record?.name).toMatch(/^_acme-challenge_[0-9a-f]{16}\.netrasystems\.ai\.$/);
        stage.make(types.zone, { name: "netra", dnsName: "netrasystems.ai." });
        const made = { managedZone: "netra", name: record?.name, type: "CNAME" };
        const wrong = stage.make(types.record, { ...made, rrdatas: ["elsewhere.goog."] });
        expect(stage.read(certificate)).toMatchObject(waiting);
        stage.change(wrong, { ...made, rrdatas: [record?.data] });

        expect(stage.read(certificate)).toMatchObject({ managed: { state: "ACTIVE", provisioningIssues: [] } });
        expect(stage.read(entry).state).toBe("ACTIVE");
        expect(stage.read(certificateMap).gclbTargets).toMatchObject([{ ipConfigs: [{ ports: [443] }] }]);
    });

    test("a fixed record is the one well-known name of the domain", () => {
        const { outputs } = stage.make(types.authorization, { name: "a", domain: "netrasystems.ai" });
        expect(outputs).toMatchObject({
            type: "FIXED_RECORD",
            dnsResourceRecords: [{ name: "_acme-challenge.netrasystems.ai.", type: "CNAME" }],
        });
    });
});

describe("DNS", () => {
    const zone = { name: "netra", dnsName: "netrasystems.ai." };
    const record = { managedZone: "netra", name: "a.netrasystems.ai.", type: "A", rrdatas: ["203.0.113.1"] };

    test("a zone's domain ends with a dot", () => {
        expect(refusal(() => stage.make(types.zone, { ...zone, dnsName: "netrasystems.ai" })).message).toContain(
            "Invalid value for 'entity.managedZone.dnsName'",
        );
    });

    test("a zone with records is not deleted, unless it may force it", () => {
        const made = stage.make(types.zone, zone);
        stage.make(types.record, record);
        expect(refusal(() => stage.remove(made))).toMatchObject({ status: 400, reason: "containerNotEmpty" });
        stage.remove(stage.change(made, { ...zone, forceDestroy: true }));
        expect(stage.estate.list(types.record)).toEqual([]);
    });

    test("a record belongs to its zone, and a CNAME stands alone", () => {
        stage.make(types.zone, zone);
        expect(refusal(() => stage.make(types.record, { ...record, name: "a.other.ai." })).status).toBe(400);
        stage.make(types.record, record);
        const alias = { ...record, type: "CNAME", rrdatas: ["b.netrasystems.ai."] };
        expect(refusal(() => stage.make(types.record, alias)).reason).toBe("cnameResourceRecordSetConflict");
    });

    test("a record that exists is taken over, as the provider does", () => {
        stage.make(types.zone, zone);
        stage.make(types.record, record);
        expect(stage.make(types.record, { ...record, ttl: 60 }).outputs.ttl).toBe(60);
    });
});

describe("monitoring", () => {
    const condition = (overrides: Props = {}) => ({
        displayName: "c",
        conditionThreshold: { comparison: "COMPARISON_GT", filter: "f", duration: "60s", ...overrides },
    });
    const alert = (overrides: Props = {}): Props => ({
        displayName: "a",
        combiner: "OR",
        conditions: [condition()],
        ...overrides,
    });
    const uptime = (overrides: Props = {}): Props => ({
        displayName: "u",
        timeout: "10s",
        monitoredResource: { type: "uptime_url", labels: { host: "a.ai" } },
        httpCheck: { path: "/" },
        ...overrides,
    });

    test.each<[string, string, Props, string]>([
        [
            "a duration of 90 s",
            types.alert,
            alert({ conditions: [condition({ duration: "90s" })] }),
            "must be a multiple of 60 seconds",
        ],
        ["seven conditions", types.alert, alert({ conditions: Array(7).fill(condition()) }), "1 to 6 entries"],
        ["a condition of no kind", types.alert, alert({ conditions: [{ displayName: "c" }] }), "exactly one condition"],
        ["an uptime timeout of 61 s", types.uptime, uptime({ timeout: "61s" }), "must be between 1 and 60 seconds"],
        ["an uptime timeout of 0 s", types.uptime, uptime({ timeout: "0s" }), "must be between 1 and 60 seconds"],
        ["an uptime period of 120 s", types.uptime, uptime({ period: "120s" }), "must be one of 60s, 300s, 600s, 900s"],
        ["an uptime check of nothing", types.uptime, uptime({ httpCheck: undefined }), "http_check or a tcp_check"],
        [
            "an uptime check of no host",
            types.uptime,
            uptime({ monitoredResource: { type: "uptime_url", labels: {} } }),
            "labels['host'] is required",
        ],
        ["an email channel without address", types.channel, { type: "email", labels: {} }, "labels['email_address']"],
        ["a dashboard without a name", types.dashboard, { dashboardJson: "{}" }, "displayName is required"],
    ])("refuses %s", (_title, type, inputs, message) => {
        expect(refusal(() => stage.make(type, inputs)).message).toContain(message);
    });

    test.each<[string, string, Props]>([
        ["an immediate alert", types.alert, alert({ conditions: [condition({ duration: "0s" })] })],
        ["six conditions", types.alert, alert({ conditions: Array(6).fill(condition()) })],
        ["an uptime timeout of 60 s", types.uptime, uptime({ timeout: "60s", period: "60s" })],
    ])("takes %s", (_title, type, inputs) => {
        expect(stage.make(type, inputs).id).toMatch(/^projects\/netra-staging\//);
    });

    test("a channel that an alert uses is not deleted", () => {
        const channel = stage.make(types.channel, { type: "email", labels: { email_address: "a@b.c" } });
        const user = stage.make(types.alert, alert({ notificationChannels: [channel.id] }));
        expect(refusal(() => stage.remove(channel)).message).toContain(user.id);
        stage.remove(user);
        stage.remove(channel);
        expect(stage.cloud.read(types.channel, channel.id)).toBeUndefined();
    });
});

describe("the deletion policy in the state", () => {
    test("PREVENT refuses the delete", () => {
        const made = stage.make(types.address, { name: "a", deletionPolicy: "PREVENT" });
        expect(refusal(() => stage.remove(made)).message).toContain('without setting deletion_policy="DELETE"');
        stage.remove(stage.change(made, { name: "a" }));
        expect(stage.cloud.read(types.address, made.id)).toBeUndefined();
    });

    test("ABANDON leaves the resource where it is", () => {
        const made = stage.make(types.address, { name: "a", deletionPolicy: "ABANDON" });
        stage.remove(made);
        expect(stage.cloud.read(types.address, made.id)).toBeDefined();
    });
});
