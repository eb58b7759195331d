import * as vpcaccess from "@pulumi/gcp/vpcaccess";
import * as pulumi from "@pulumi/pulumi";
import {
    burstMbps,
    type ConnectorSize,
    connectorNameProblems,
    connectorRangeProblems,
    formatMbps,
    judge,
    peakMbps,
    recommend,
    sizeProblems,
    type Workload,
    workloadProblems,
} from "../capacity";
import { Checks, mayMatch } from "./check";

export interface VpcConnectorArgs {
    /**
     * The connector's name in Google Cloud: fewer than 21 characters, hyphens counted twice. Never auto-named, for the
     * suffix would exceed the limit. Changing it replaces the connector, the old one deleted first.
     */
    readonly name: string;
    /** Region, such as `us-central1`; the same as that of the services on it. Changing it replaces the connector. */
    readonly region: pulumi.Input<string>;
    /** Give it a range of its own on a network. This or `subnet`. Changing it replaces the connector. */
    readonly network?: ConnectorNetwork;
    /** Put it on an existing /28 subnet that nothing else uses. This or `network`. Changing it replaces the connector. */
    readonly subnet?: ConnectorSubnet;
    /**
     * What it must carry. The size follows from it, unless `size` is given as well; then it is what the size is judged by.
     * A workload that needs more is an in-place update; one that needs less replaces the connector, deleted first.
     */
    readonly workload?: Workload;
    /**
     * A size chosen by hand. Needed without a workload. Growing is an in-place update, and so is another machine type (long
     * connections may drop); lowering minInstances or maxInstances replaces the connector, deleted first.
     */
    readonly size?: ConnectorSize;
}

export interface ConnectorNetwork {
    /** Name or id of the VPC network. */
    readonly name: pulumi.Input<string>;
    /** An unused IPv4 range of size /28, such as `10.8.0.0/28`. */
    readonly ipCidrRange: string;
}

export interface ConnectorSubnet {
    /** Short name of the subnet; the API takes neither its id nor its link. */
    readonly name: pulumi.Input<string>;
    /** Project of the subnet, for a shared VPC. Default: the connector's own. */
    readonly hostProject?: pulumi.Input<string>;
}

/** Options that would hide a change of capacity from every later plan. */
const capacityFields = ["machineType", "minInstances", "maxInstances", "minThroughput", "maxThroughput", "*"];

/**
 * A Serverless VPC Access connector of a stated size. An undersized size is accepted here: whether it may ship is for the
 * policy pack to say, with the numbers. What the API would refuse is refused here, since a preview lets it through.
 */
export class VpcConnector extends pulumi.ComponentResource {
    /** `projects/P/locations/L/connectors/C`: what a Cloud Run service takes. */
    readonly id: pulumi.Output<string>;
    readonly connectorName: pulumi.Output<string>;
    readonly selfLink: pulumi.Output<string>;
    /** `READY` when it can be used. */
    readonly state: pulumi.Output<string>;
    readonly size: ConnectorSize;
    /** Throughput when a burst begins, in Mbps. */
    readonly burstMbps: number;
    /** Throughput once it has grown to its maximum, in Mbps. It never shrinks again. */
    readonly peakMbps: number;
    /** Throughput that the workload requires, in Mbps; `undefined` without a workload. */
    readonly requiredMbps: number | undefined;
    /** Instances of the workload that it carries at once, with headroom; `undefined` without a workload. */
    readonly carriesInstances: number | undefined;

    constructor(name: string, args: VpcConnectorArgs, opts?: pulumi.ComponentResourceOptions) {
        const size = checkedSize(name, args, opts);
        super("netra:network:VpcConnector", name, args, opts);

        const connector = new vpcaccess.Connector(
            `${name}-connector`,
            {
                name: args.name,
                region: args.region,
                ...placement(args),
                // All three always: the API defaults none of them alike, and an omitted one is invisible to a policy.
                // Never throughput fields: they conflict with these and replace the connector on any change.
                machineType: size.machineType,
                minInstances: size.minInstances,
                maxInstances: size.maxInstances,
            },
            // Every service on it loses the VPC when it is replaced or deleted.
            { parent: this, protect: opts?.protect ?? true },
        );

        this.id = connector.id;
        this.connectorName = connector.name;
        this.selfLink = connector.selfLink;
        this.state = connector.state;
        this.size = size;
        this.burstMbps = burstMbps(size);
        this.peakMbps = peakMbps(size);
        const judgement = args.workload && judge(size, args.workload);
        this.requiredMbps = judgement?.requiredMbps;
        this.carriesInstances = judgement?.carriesInstances;
        this.registerOutputs({
            id: this.id,
            connectorName: this.connectorName,
            selfLink: this.selfLink,
            state: this.state,
            size: this.size,
            burstMbps: this.burstMbps,
            peakMbps: this.peakMbps,
            requiredMbps: this.requiredMbps,
            carriesInstances: this.carriesInstances,
        });
    }
}

function placement({ network, subnet }: VpcConnectorArgs): vpcaccess.ConnectorArgs {
    if (subnet !== undefined) return { subnet: { name: subnet.name, projectId: subnet.hostProject } };
    return { network: network?.name, ipCidrRange: network?.ipCidrRange };
}

function checkedSize(name: string, args: VpcConnectorArgs, opts?: pulumi.ComponentResourceOptions): ConnectorSize {
    const checks = new Checks(`VpcConnector "${name}"`);
    checks.add(connectorNameProblems(args.name));
    checkPlacement(checks, args);
    const ignored = (opts?.ignoreChanges ?? []).filter((path) => capacityFields.includes(path));
    checks.require(
        ignored.length === 0,
        "opts.ignoreChanges",
        ignored,
        "free of capacity fields",
        "Remove them: a plan that ignores the size can no longer show that the connector is too small.",
    );
    const size = chooseSize(checks, args);
    checks.throwIfAny();
    return size as ConnectorSize;
}

function checkPlacement(checks: Checks, { network, subnet }: VpcConnectorArgs): void {
    checks.require(
        (network === undefined) !== (subnet === undefined),
        "network",
        network,
        `given when "subnet" is not, and only then`,
        "Give a network with a free /28 range, or an existing /28 subnet.",
    );
    if (network !== undefined) checks.add(connectorRangeProblems(network.ipCidrRange), "network");
    if (subnet !== undefined) {
        checks.require(
            mayMatch(subnet.name, /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/),
            "subnet.name",
            subnet.name,
            "the short name of a subnet",
            "Leave out the path; name the project of a shared VPC in hostProject.",
        );
    }
}

function chooseSize(checks: Checks, { workload, size }: VpcConnectorArgs): ConnectorSize | undefined {
    checks.require(
        workload !== undefined || size !== undefined,
        "workload",
        workload,
        "given, unless a size is",
        "State what the connector must carry and let the size follow from it, or choose a size by hand.",
    );
    if (size !== undefined) checks.add(sizeProblems({ ...size }), "size");
    if (workload === undefined) return size;
    const problems = workloadProblems({ ...workload });
    checks.add(problems, "workload");
    if (size !== undefined || problems.length > 0) return size;
    const recommendation = recommend(workload);
    if (recommendation.kind === "connector") return recommendation.size;
    checks.require(
        false,
        "workload",
        workload,
        `one that a connector carries (at most ${formatMbps(recommendation.mostMbps)})`,
        recommendation.reason,
    );
    return undefined;
}
