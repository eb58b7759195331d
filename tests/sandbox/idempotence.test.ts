import { CONNECTOR_ID, connector, loadBalancer, type Made, REGION, Stage, service, types } from "./stage";

/** What a stack of this project makes. */
function wholeStack(stage: Stage): Made[] {
    const email = stage.make(types.account, { accountId: "backend-staging" });
    const zone = stage.make(types.zone, { dnsName: "netrasystems.ai.", name: "netra" });
    const path = loadBalancer(stage);
    const [record] = path.authorization.outputs.dnsResourceRecords as { name: string; type: string; data: string }[];
    const channel = stage.make(types.channel, { type: "email", labels: { email_address: "oncall@netrasystems.ai" } });
    const redirect = stage.make(
        types.urlMap,
        { defaultUrlRedirect: { httpsRedirect: true, stripQuery: false } },
        "redirect",
    );
    const proxy = stage.make(types.httpProxy, { urlMap: redirect.id }, "redirect");
    const chat = stage.make(
        types.service,
        service(
            {
                timeout: "600s",
                serviceAccount: email.outputs.email,
                scaling: { minInstanceCount: 1, maxInstanceCount: 15 },
                vpcAccess: { connector: CONNECTOR_ID, egress: "PRIVATE_RANGES_ONLY" },
                containers: [
                    {
                        image: "us-docker.pkg.dev/netra-staging/netra/chat:1",
                        resources: { cpuIdle: true, startupCpuBoost: true, limits: { cpu: "2", memory: "1Gi" } },
                        startupProbe: { httpGet: { path: "/health" }, periodSeconds: 5, failureThreshold: 24 },
                        envs: [
                            { name: "B", value: "2" },
                            { name: "A", valueSource: { secretKeyRef: { secret: "db", version: "latest" } } },
                        ],
                        ports: { containerPort: 8000 },
                    },
                ],
            },
            { ingress: "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER", labels: { team: "infra" } },
        ),
    );
    return [
        email,
        zone,
        ...Object.values(path),
        channel,
        redirect,
        proxy,
        chat,
        stage.make(types.connector, connector()),
        stage.make(
            types.rule,
            { target: proxy.id, ipAddress: path.address.id, portRange: "80", loadBalancingScheme: "EXTERNAL_MANAGED" },
            "http",
        ),
        stage.make(types.record, {
            managedZone: "netra",
            name: record?.name,
            type: "CNAME",
            ttl: 300,
            rrdatas: [record?.data],
        }),
        stage.make(types.record, {
            managedZone: "netra",
            name: "app.netrasystems.ai.",
            type: "A",
            rrdatas: ["203.0.113.10"],
        }),
        stage.make(types.serviceMember, {
            name: "chat-staging",
            location: REGION,
            role: "roles/run.invoker",
            member: "allUsers",
        }),
        stage.make(types.projectMember, {
            project: "netra-staging",
            role: "roles/logging.logWriter",
            member: email.outputs.member,
        }),
        stage.make(types.job, {
            name: "probe",
            location: REGION,
            deletionProtection: false,
            template: {
                taskCount: 15,
                parallelism: 15,
                template: { containers: [{ image: "probe", envs: [{ name: "A", value: "b" }] }], timeout: "300s" },
            },
        }),
        stage.make(types.subnetwork, {
            name: "direct",
            network: "default",
            region: REGION,
            ipCidrRange: "10.9.0.0/26",
        }),
        stage.make(types.secret, { secretId: "db", replication: { auto: {} } }),
        stage.make(types.alert, {
            combiner: "OR",
            displayName: "connector at its limit",
            notificationChannels: [channel.id],
            documentation: { content: "See the runbook" },
            conditions: [
                {
                    displayName: "throughput",
                    conditionThreshold: {
                        comparison: "COMPARISON_GT",
                        duration: "60s",
                        filter: 'resource.type="vpc_access_connector"',
                        thresholdValue: 1,
                        aggregations: [{ alignmentPeriod: "60s", perSeriesAligner: "ALIGN_RATE" }],
                        trigger: { count: 1 },
                    },
                },
            ],
        }),
        stage.make(types.dashboard, {
            dashboardJson: JSON.stringify({ displayName: "x", gridLayout: { widgets: [{ blank: {} }] } }),
        }),
        stage.make(types.uptime, {
            displayName: "frontend",
            timeout: "10s",
            period: "60s",
            monitoredResource: {
                type: "uptime_url",
                labels: { host: "app.netrasystems.ai", project_id: "netra-staging" },
            },
            httpCheck: { path: "/health", port: 443, useSsl: true, validateSsl: true },
        }),
    ];
}

test("a second preview of the whole stack finds nothing to change, also after a refresh", () => {
    const stage = Stage.enabled();
    const changes = wholeStack(stage).flatMap((made) => {
        const fresh = { ...made, outputs: stage.read(made) };
        return [made, fresh].map((each) => [made.type, Object.keys(stage.plan(each).detailed)]);
    });
    expect(changes.filter(([, paths]) => (paths?.length ?? 0) > 0)).toEqual([]);
});

test("what an import reads describes the resource: its preview finds nothing to change", () => {
    const stage = Stage.enabled();
    const changes = wholeStack(stage).flatMap(({ type, id }) => {
        const read = stage.cloud.read(type, id);
        const made = { type, id, inputs: read?.inputs ?? {}, outputs: read?.outputs ?? {} };
        return Object.keys(stage.plan(made).detailed).map((path) => [type, path]);
    });
    expect(changes).toEqual([]);
});

test("the whole stack goes away again in reverse order, and leaves the incident's estate", () => {
    const stage = Stage.enabled();
    const before = stage.estate.list().map(({ id }) => id);
    for (const made of wholeStack(stage)
        .reverse()
        .sort((one, other) => depth(other) - depth(one)))
        stage.remove(made);
    expect(
        stage.estate
            .list()
            .map(({ id }) => id)
            .sort(),
    ).toEqual(before.sort());
});

/** References point at what was made earlier; only the rules and records were listed out of order. */
const ORDER = [
    types.rule,
    types.httpsProxy,
    types.httpProxy,
    types.urlMap,
    types.backendService,
    types.mapEntry,
    types.record,
    types.alert,
];
const depth = ({ type }: Made): number => {
    const found = (ORDER as string[]).indexOf(type);
    return found < 0 ? 0 : ORDER.length - found;
};
