import { type ConnectorSize, incidentWorkload, type Workload } from "../../capacity";
import { VpcConnector, type VpcConnectorArgs } from "../../components";
import { expectEffect, record, refusal, resolved } from "./helper";

const type = "gcp:vpcaccess/connector:Connector";
const size: ConnectorSize = { machineType: "e2-micro", minInstances: 4, maxInstances: 8 };
const network = { name: "default", ipCidrRange: "10.8.0.0/28" };
const base = { name: "staging-connector", region: "us-central1", network, workload: incidentWorkload };
const bySize = { ...base, workload: undefined, size };

const create = (args: VpcConnectorArgs) => () => {
    new VpcConnector("vpc", args);
};

describe("VpcConnector", () => {
    test("sizes itself by the workload, on a range of its own", async () => {
        let connector: VpcConnector | undefined;
        const recorder = await record(() => {
            connector = new VpcConnector("vpc", base);
        });
        expect(recorder.names()).toEqual(["vpc-connector"]);
        const child = recorder.expectResource(type, "vpc-connector", {
            name: "staging-connector",
            region: "us-central1",
            network: "default",
            ipCidrRange: "10.8.0.0/28",
            machineType: "e2-standard-4",
            minInstances: 2,
            maxInstances: 4,
        });
        expect(child.protect).toBe(true);
        expect(child.parent).toBe("urn:pulumi:staging::netra::netra:network:VpcConnector::vpc");
        expect(connector).toMatchObject({
            size: { machineType: "e2-standard-4", minInstances: 2, maxInstances: 4 },
            burstMbps: 3200,
            peakMbps: 6400,
            requiredMbps: 937.5,
            carriesInstances: 51,
        });
        const id = "projects/netra-staging/locations/us-central1/connectors/staging-connector";
        expect(await resolved((connector as VpcConnector).id)).toBe(id);
        expect(await resolved((connector as VpcConnector).selfLink)).toBe(id);
        expect(await resolved((connector as VpcConnector).state)).toBe("READY");
        expect(await resolved((connector as VpcConnector).connectorName)).toBe("staging-connector");
    });

    test("takes a size chosen by hand, also without a workload and also one that is too small", async () => {
        const incident: ConnectorSize = { machineType: "e2-micro", minInstances: 2, maxInstances: 3 };
        let alone: VpcConnector | undefined;
        let judged: VpcConnector | undefined;
        const recorder = await record(() => {
            alone = new VpcConnector("alone", bySize);
            judged = new VpcConnector("judged", { ...base, size: incident });
        });
        expect(recorder.get("alone-connector").inputs).toMatchObject(size);
        expect(alone).toMatchObject({
            burstMbps: 400,
            peakMbps: 800,
            requiredMbps: undefined,
            carriesInstances: undefined,
        });
        expect(recorder.get("judged-connector").inputs).toMatchObject(incident);
        expect(judged).toMatchObject({ burstMbps: 200, peakMbps: 300, requiredMbps: 937.5, carriesInstances: 3 });
    });

    test("sits on an existing subnet, of a shared VPC too", async () => {
        const subnet = { name: "connectors", hostProject: "netra-network" };
        const recorder = await record(create({ ...bySize, network: undefined, subnet }));
        recorder.expectResource(type, "vpc-connector", {
            name: "staging-connector",
            region: "us-central1",
            subnet: { name: "connectors", projectId: "netra-network" },
            ...size,
        });
    });

    test("leaves protection to the caller who sets it", async () => {
        const recorder = await record(() => {
            new VpcConnector("vpc", base, { protect: false });
        });
        expect(recorder.get("vpc-connector").protect).toBe(false);
    });

    test("each argument has an effect", async () => {
        await expectEffect(create(base), {
            name: create({ ...base, name: "second-connector" }),
            region: create({ ...base, region: "europe-west1" }),
            network: create({ ...base, network: { ...network, name: "other" } }),
            "network.ipCidrRange": create({ ...base, network: { ...network, ipCidrRange: "10.8.0.16/28" } }),
            subnet: create({ ...base, network: undefined, subnet: { name: "connectors" } }),
            workload: create({ ...base, workload: { ...incidentWorkload, instances: 60 } }),
            size: create({ ...base, size }),
        } satisfies Record<keyof VpcConnectorArgs, () => void> & Record<string, () => void>);
    });

    describe("refuses", () => {
        test("everything at once, by resource, field, value, bound and fix", async () => {
            const message = await refusal(
                create({
                    ...base,
                    name: "a-connector-with-a-name-that-is-too-long",
                    network: { name: "default", ipCidrRange: "10.8.0.0/20" },
                    workload: undefined,
                    size: { machineType: "n2-standard-8" as "e2-micro", minInstances: 12, maxInstances: 12 },
                }),
            );
            expect(message.split("\n").map((line) => line.split(": it must be")[0])).toEqual([
                'VpcConnector "vpc" is not valid:',
                '  - name is "a-connector-with-a-name-that-is-too-long"',
                '  - network.ipCidrRange is "10.8.0.0/20"',
                '  - size.machineType is "n2-standard-8"',
                "  - size.minInstances is 12",
                "  - size.maxInstances is 12",
                "  - size.maxInstances is 12",
            ]);
            expect(message).toContain(
                "Set minInstances to a number of connector instances, not of Cloud Run instances.",
            );
        });

        test.each<[string, Partial<VpcConnectorArgs>, string]>([
            ["neither a workload nor a size", { workload: undefined }, "workload is missing"],
            ["neither a network nor a subnet", { network: undefined }, "network is missing"],
            ["both a network and a subnet", { subnet: { name: "connectors" } }, 'given when "subnet" is not'],
            [
                "a subnet by its path",
                { network: undefined, subnet: { name: "projects/p/regions/r/subnetworks/s" } },
                "the short name of a subnet",
            ],
            ["min 1", { size: { ...size, minInstances: 1 } }, "size.minInstances is 1"],
            ["max 11", { size: { ...size, maxInstances: 11 } }, "size.maxInstances is 11"],
            ["min at max", { size: { ...size, minInstances: 8 } }, "above minInstances (8)"],
            [
                "a missing max",
                { size: { ...size, maxInstances: undefined as unknown as number } },
                "size.maxInstances is missing",
            ],
            ["no instances", { workload: { ...incidentWorkload, instances: 0 } }, "workload.instances is 0"],
        ])("%s", async (_, change, expected) => {
            expect(await refusal(create({ ...base, ...change }))).toContain(expected);
        });

        test("a workload that no connector carries, and names Direct VPC egress", async () => {
            // 9 x 1600 Mbps is the most: 230 such instances need 14 375 Mbps, 231 need 14 437.5.
            const workload: Workload = { ...incidentWorkload, instances: 230 };
            await record(create({ ...base, workload }));
            const message = await refusal(create({ ...base, workload: { ...workload, instances: 231 } }));
            expect(message).toContain("Use Direct VPC egress");
            expect(message).toContain("at most 14400 Mbps");
        });

        test.each(["machineType", "minInstances", "maxInstances", "minThroughput", "maxThroughput", "*"])(
            "ignoreChanges on %s",
            async (field) => {
                const message = await refusal(() => {
                    new VpcConnector("vpc", base, { ignoreChanges: ["region", field] });
                });
                expect(message).toContain(`opts.ignoreChanges is ["${field}"]`);
            },
        );

        test("but not ignoreChanges on other fields", async () => {
            const recorder = await record(() => {
                new VpcConnector("vpc", base, { ignoreChanges: ["network"] });
            });
            expect(recorder.names()).toEqual(["vpc-connector"]);
        });
    });
});
