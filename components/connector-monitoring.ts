import * as monitoring from "@pulumi/gcp/monitoring";
import * as pulumi from "@pulumi/pulumi";
import {
    burstMbps,
    type ConnectorSize,
    demandMbps,
    formatMbps,
    formatSize,
    peakMbps,
    saturationMbps,
    sizeProblems,
    type Workload,
    workloadProblems,
} from "../capacity";
import { Checks, isPlain } from "./check";

export interface ConnectorMonitoringArgs {
    /** Name of the connector, the short one. An in-place update. */
    readonly connectorName: pulumi.Input<string>;
    /** Size of the connector. An in-place update. */
    readonly size: ConnectorSize;
    /** The simultaneous start that must still fit beside the traffic that is there. An in-place update. */
    readonly workload: Workload;
    /** Where the alert goes: an e-mail address. An in-place update. */
    readonly notificationEmail: string;
}

/** Long enough that a start-up, which lasts seconds, does not raise the alert itself. A multiple of 60 s, as the API asks. */
const sustainedSeconds = 300;
const alignmentSeconds = 60;

const directions = [
    { role: "sent", metric: "sent_bytes_count" },
    { role: "received", metric: "received_bytes_count" },
] as const;

/**
 * Says that a connector is so busy that the next simultaneous start will no longer fit, before it happens. It measures
 * bytes, whose unit is known. `cpu/utilizations` is not used: its unit is not confirmed, and a threshold on it a guess.
 */
export class ConnectorMonitoring extends pulumi.ComponentResource {
    /** Sustained throughput at which the alert opens, in Mbps. */
    readonly thresholdMbps: number;
    readonly alertPolicyId: pulumi.Output<string>;
    /** For further alerts that should reach the same people. */
    readonly notificationChannelId: pulumi.Output<string>;

    constructor(name: string, args: ConnectorMonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
        check(name, args);
        super("netra:monitoring:ConnectorMonitoring", name, args, opts);

        this.thresholdMbps = saturationMbps(args.size, args.workload);
        const channel = new monitoring.NotificationChannel(
            `${name}-email`,
            {
                type: "email",
                displayName: `Connector alerts to ${args.notificationEmail}`,
                labels: { email_address: args.notificationEmail },
            },
            { parent: this },
        );

        const alert = new monitoring.AlertPolicy(
            `${name}-saturation`,
            {
                displayName: pulumi.interpolate`VPC connector ${args.connectorName}: no room for a simultaneous start`,
                // Either direction fills the connector.
                combiner: "OR",
                conditions: directions.map(({ role, metric }) => ({
                    displayName: `${role} traffic above ${formatMbps(this.thresholdMbps)} for ${sustainedSeconds} s`,
                    conditionThreshold: {
                        filter: pulumi.interpolate`resource.type = "vpc_access_connector" AND resource.label.connector_name = "${args.connectorName}" AND metric.type = "vpcaccess.googleapis.com/connector/${metric}"`,
                        aggregations: [
                            {
                                alignmentPeriod: `${alignmentSeconds}s`,
                                // The counter is a delta: its rate is bytes a second.
                                perSeriesAligner: "ALIGN_RATE",
                                crossSeriesReducer: "REDUCE_SUM",
                            },
                        ],
                        comparison: "COMPARISON_GT",
                        thresholdValue: (this.thresholdMbps * 1e6) / 8,
                        duration: `${sustainedSeconds}s`,
                        trigger: { count: 1 },
                    },
                })),
                documentation: {
                    mimeType: "text/markdown",
                    content: pulumi.output(args.connectorName).apply((connector) => explanation(connector, args)),
                },
                notificationChannels: [channel.id],
            },
            { parent: this },
        );

        this.alertPolicyId = alert.id;
        this.notificationChannelId = channel.id;
        this.registerOutputs({
            thresholdMbps: this.thresholdMbps,
            alertPolicyId: this.alertPolicyId,
            notificationChannelId: this.notificationChannelId,
        });
    }
}

/** What the person on call reads in the alert. */
function explanation(connector: string, { size, workload }: ConnectorMonitoringArgs): string {
    const threshold = formatMbps(saturationMbps(size, workload));
    return [
        `Connector \`${connector}\` (${formatSize(size)}) has carried more than ${threshold} for ${sustainedSeconds / 60} minutes.`,
        "",
        `It carries ${formatMbps(burstMbps(size))} when a burst begins and ${formatMbps(peakMbps(size))} once it has grown. ` +
            `${workload.instances} instances that start at once need ${formatMbps(demandMbps(workload))} for ${workload.startupSeconds} s: ` +
            "beside the present traffic they may miss their start-up deadline, and the load balancer would answer 503.",
        "",
        "What to do:",
        "1. Do not deploy or restart several services at once while this alert is open.",
        "2. Find what sends the traffic; move bulk transfers off the connector, or let the service use Direct VPC egress.",
        "3. If the traffic is to stay, raise `minInstances` or choose a larger machine type in the stack's configuration. Both are " +
            "in-place updates; a change of machine type may drop long connections. More instances are for good: a connector never shrinks.",
        "4. To go back to a smaller size, create a second connector and move the services to it. Lowering the numbers of this one " +
            "replaces it, deleted first.",
    ].join("\n");
}

function check(name: string, args: ConnectorMonitoringArgs): void {
    const checks = new Checks(`ConnectorMonitoring "${name}"`);
    checks.require(
        !isPlain(args.connectorName) || /^[a-z][-a-z0-9]{0,23}[a-z0-9]$/.test(args.connectorName ?? ""),
        "connectorName",
        args.connectorName,
        "the short name of a connector",
        "Pass the connector's name, not its id.",
    );
    checks.add(sizeProblems({ ...args.size }), "size");
    checks.add(workloadProblems({ ...args.workload }), "workload");
    checks.require(
        /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(args.notificationEmail),
        "notificationEmail",
        args.notificationEmail,
        "an e-mail address",
        "Name a mailbox that someone on call reads.",
    );
    checks.throwIfAny();
}
