import { type ConnectorSize, incidentWorkload } from "../../capacity";
import { ConnectorMonitoring, type ConnectorMonitoringArgs } from "../../components";
import { expectEffect, record, refusal } from "./helper";

const size: ConnectorSize = { machineType: "e2-standard-4", minInstances: 2, maxInstances: 4 };
const base: ConnectorMonitoringArgs = {
    connectorName: "staging-connector",
    size,
    workload: incidentWorkload,
    notificationEmail: "oncall@example.com",
};

const create = (args: ConnectorMonitoringArgs) => () => {
    new ConnectorMonitoring("vpc", args);
};

const condition = (role: string, metric: string) => ({
    displayName: `${role} traffic above 2450 Mbps for 300 s`,
    conditionThreshold: {
        filter: `resource.type = "vpc_access_connector" AND resource.label.connector_name = "staging-connector" AND metric.type = "vpcaccess.googleapis.com/connector/${metric}"`,
        aggregations: [{ alignmentPeriod: "60s", perSeriesAligner: "ALIGN_RATE", crossSeriesReducer: "REDUCE_SUM" }],
        comparison: "COMPARISON_GT",
        // 3200 Mbps less the 750 Mbps of a simultaneous start, in bytes a second.
        thresholdValue: 306_250_000,
        duration: "300s",
        trigger: { count: 1 },
    },
});

describe("ConnectorMonitoring", () => {
    test("tells the mailbox when a simultaneous start no longer fits", async () => {
        const recorder = await record(create(base));
        expect(recorder.names()).toEqual(["vpc-email", "vpc-saturation"]);
        recorder.expectResource("gcp:monitoring/notificationChannel:NotificationChannel", "vpc-email", {
            type: "email",
            displayName: "Connector alerts to oncall@example.com",
            labels: { email_address: "oncall@example.com" },
        });
        const { documentation, ...alert } = recorder.get("vpc-saturation").inputs;
        expect(alert).toEqual({
            displayName: "VPC connector staging-connector: no room for a simultaneous start",
            combiner: "OR",
            conditions: [condition("sent", "sent_bytes_count"), condition("received", "received_bytes_count")],
            notificationChannels: ["ids/vpc-email-1a2b3c4"],
        });
        expect(documentation).toMatchObject({ mimeType: "text/markdown" });
        const { content } = documentation as { content: string };
        for (const part of [
            "Connector `staging-connector` (2 to 4 x e2-standard-4) has carried more than 2450 Mbps for 5 minutes.",
            "3200 Mbps when a burst begins and 6400 Mbps once it has grown",
            "15 instances that start at once need 750 Mbps for 4 s",
            "raise `minInstances`",
            "create a second connector",
        ]) {
            expect(content).toContain(part);
        }
    });

    test("keeps a threshold above 0 for a connector that is too small", async () => {
        const recorder = await record(
            create({ ...base, size: { machineType: "e2-micro", minInstances: 2, maxInstances: 3 } }),
        );
        expect(JSON.stringify(recorder.get("vpc-saturation").inputs)).toContain('"thresholdValue":2500000');
    });

    test("each argument has an effect", async () => {
        await expectEffect(create(base), {
            connectorName: create({ ...base, connectorName: "second-connector" }),
            size: create({ ...base, size: { ...size, minInstances: 3 } }),
            workload: create({ ...base, workload: { ...incidentWorkload, instances: 16 } }),
            notificationEmail: create({ ...base, notificationEmail: "team@example.com" }),
        } satisfies Record<keyof ConnectorMonitoringArgs, () => void>);
    });

    test("refuses everything at once", async () => {
        const message = await refusal(
            create({
                connectorName: "projects/p/locations/l/connectors/c",
                size: { ...size, maxInstances: 2 },
                workload: { ...incidentWorkload, startupSeconds: 0 },
                notificationEmail: "nobody",
            }),
        );
        expect(message.split("\n").map((line) => line.split(": it must be")[0])).toEqual([
            'ConnectorMonitoring "vpc" is not valid:',
            '  - connectorName is "projects/p/locations/l/connectors/c"',
            "  - size.maxInstances is 2",
            "  - size.maxInstances is 2",
            "  - workload.startupSeconds is 0",
            '  - notificationEmail is "nobody"',
        ]);
    });
});
