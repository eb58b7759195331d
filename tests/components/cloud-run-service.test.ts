import * as pulumi from "@pulumi/pulumi";
import { CloudRunService, type CloudRunServiceArgs } from "../../components";
import { cloudRunLimits } from "../../components/cloud-run-service-checks";
import { expectEffect, record, refusal, resolved } from "./helper";

const connector = "projects/netra-staging/locations/us-central1/connectors/staging-connector";
const email = "backend-staging@netra-staging.iam.gserviceaccount.com";
const base: CloudRunServiceArgs = {
    name: "backend-staging",
    region: "us-central1",
    image: "us-docker.pkg.dev/netra-staging/netra/backend:latest",
    egress: { kind: "connector", connector },
    invokers: { public: "allUsers" },
    minInstances: 1,
    maxInstances: 15,
};

const create = (args: CloudRunServiceArgs) => () => {
    new CloudRunService("backend", args);
};

/** The template of the service that these arguments ask for. */
async function template(args: CloudRunServiceArgs) {
    const { inputs } = (await record(create(args))).get("backend-service");
    return inputs.template as { vpcAccess: object; containers: [{ envs: object[]; startupProbe: object }] };
}

describe("CloudRunService", () => {
    test("deploys a service of its own account, behind the load balancer, on the connector", async () => {
        let component: CloudRunService | undefined;
        const recorder = await record(() => {
            component = new CloudRunService("backend", base);
        });
        expect(recorder.names()).toEqual(["backend-account", "backend-invoker-public", "backend-service"]);
        recorder.expectResource("gcp:serviceaccount/account:Account", "backend-account", {
            accountId: "backend-staging",
            displayName: "Cloud Run service backend-staging",
        });
        recorder.expectResource("gcp:cloudrunv2/service:Service", "backend-service", {
            name: "backend-staging",
            location: "us-central1",
            ingress: "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
            deletionProtection: false,
            template: {
                serviceAccount: email,
                timeout: "600s",
                maxInstanceRequestConcurrency: 80,
                scaling: { minInstanceCount: 1, maxInstanceCount: 15 },
                vpcAccess: { connector, egress: "PRIVATE_RANGES_ONLY" },
                containers: [
                    {
                        image: base.image,
                        ports: { containerPort: 8080 },
                        envs: [],
                        resources: { limits: { cpu: "1", memory: "512Mi" }, startupCpuBoost: true, cpuIdle: true },
                        startupProbe: {
                            tcpSocket: { port: 8080 },
                            initialDelaySeconds: 0,
                            periodSeconds: 2,
                            timeoutSeconds: 2,
                            failureThreshold: 60,
                        },
                    },
                ],
            },
        });
        recorder.expectResource("gcp:cloudrunv2/serviceIamMember:ServiceIamMember", "backend-invoker-public", {
            name: "backend-staging",
            location: "us-central1",
            role: "roles/run.invoker",
            member: "allUsers",
        });
        for (const { custom, parent, protect } of recorder.all) {
            if (custom) expect(parent).toContain("::netra:run:CloudRunService::backend");
            expect(protect).toBe(false);
        }
        const { name, uri, region, timeoutSeconds, serviceAccountEmail } = component as CloudRunService;
        expect(await resolved(name)).toBe("backend-staging");
        expect(await resolved(uri)).toBe("https://backend-staging.run.app");
        expect(await resolved(region)).toBe("us-central1");
        expect(timeoutSeconds).toBe(600);
        expect(await resolved(serviceAccountEmail)).toBe(email);
    });

    test("takes direct egress, and all traffic where asked to", async () => {
        const direct = { kind: "direct", network: "default", subnetwork: "services" } as const;
        expect((await template({ ...base, egress: direct })).vpcAccess).toEqual({
            egress: "PRIVATE_RANGES_ONLY",
            networkInterfaces: [{ network: "default", subnetwork: "services" }],
        });
        expect(
            (await template({ ...base, egress: { ...direct, tags: ["web"], traffic: "ALL_TRAFFIC" } })).vpcAccess,
        ).toEqual({
            egress: "ALL_TRAFFIC",
            networkInterfaces: [{ network: "default", subnetwork: "services", tags: ["web"] }],
        });
        expect(
            (await template({ ...base, egress: { kind: "connector", connector, traffic: "ALL_TRAFFIC" } })).vpcAccess,
        ).toEqual({
            connector,
            egress: "ALL_TRAFFIC",
        });
    });

    test("asks the health path until it answers, where there is one", async () => {
        const { containers } = await template({ ...base, healthPath: "/health", port: 3000 });
        expect(containers[0].startupProbe).toEqual({
            httpGet: { path: "/health", port: 3000 },
            initialDelaySeconds: 0,
            periodSeconds: 2,
            timeoutSeconds: 2,
            failureThreshold: 60,
        });
    });

    test("refers to secrets, and may read each of them before the service starts", async () => {
        const recorder = await record(
            create({
                ...base,
                env: {
                    LEVEL: "info",
                    TOKEN: pulumi.secret("t0p"),
                    PASSWORD: { secret: "database", version: "3" },
                    FALLBACK: { secret: "database" },
                    KEY: { secret: "projects/shared/secrets/key" },
                },
            }),
        );
        const { template: made } = recorder.get("backend-service").inputs as {
            template: { containers: [{ envs: object }] };
        };
        const from = (secret: string, version: string) => ({ valueSource: { secretKeyRef: { secret, version } } });
        expect(made.containers[0].envs).toEqual([
            { name: "LEVEL", value: "info" },
            { name: "TOKEN", value: { secret: "t0p" } },
            { name: "PASSWORD", ...from("database", "3") },
            { name: "FALLBACK", ...from("database", "latest") },
            { name: "KEY", ...from("projects/shared/secrets/key", "latest") },
        ]);
        const grant = { role: "roles/secretmanager.secretAccessor", member: `serviceAccount:${email}` };
        const member = "gcp:secretmanager/secretIamMember:SecretIamMember";
        expect(recorder.find(member)).toHaveLength(2);
        recorder.expectResource(member, "backend-secret-database", { ...grant, secretId: "database" });
        recorder.expectResource(member, "backend-secret-projects-shared-secrets-key", {
            ...grant,
            secretId: "projects/shared/secrets/key",
        });
        expect(recorder.get("backend-service").dependsOn).toEqual(
            expect.arrayContaining(["backend-secret-database", "backend-secret-projects-shared-secrets-key"]),
        );
    });

    test("stores no input of its own, and so no value of the environment a second time", async () => {
        const recorder = await record(create({ ...base, env: { LEVEL: "info" } }));
        expect(recorder.find("netra:run:CloudRunService")[0]?.inputs).toEqual({});
    });

    test("waits for an image and a connector that are not known yet", async () => {
        const recorder = await record(
            create({
                ...base,
                image: pulumi.output("image"),
                egress: { kind: "connector", connector: pulumi.output(connector) },
            }),
        );
        expect(recorder.get("backend-service").inputs.template).toMatchObject({ vpcAccess: { connector } });
    });

    test("each argument has an effect", async () => {
        const env = { LEVEL: "info" };
        await expectEffect(create(base), {
            name: create({ ...base, name: "other-staging" }),
            region: create({ ...base, region: "europe-west1" }),
            image: create({ ...base, image: "other" }),
            egress: create({ ...base, egress: { kind: "direct", network: "default", subnetwork: "services" } }),
            invokers: create({ ...base, invokers: {} }),
            minInstances: create({ ...base, minInstances: 2 }),
            maxInstances: create({ ...base, maxInstances: 16 }),
            timeoutSeconds: create({ ...base, timeoutSeconds: 601 }),
            concurrency: create({ ...base, concurrency: 81 }),
            cpu: create({ ...base, cpu: 2 }),
            memory: create({ ...base, memory: "1Gi" }),
            port: create({ ...base, port: 3000 }),
            healthPath: create({ ...base, healthPath: "/health" }),
            env: create({ ...base, env }),
            ingress: create({ ...base, ingress: "INGRESS_TRAFFIC_ALL" }),
            deletionProtection: create({ ...base, deletionProtection: true }),
        } satisfies Record<keyof CloudRunServiceArgs, () => void>);
    });

    test("a field that is given as undefined is a field left out", async () => {
        const left = await record(create(base));
        const given = await record(create({ ...base, timeoutSeconds: undefined, cpu: undefined, env: undefined }));
        expect(given.inputs()).toBe(left.inputs());
    });

    describe("refuses", () => {
        test.each(Object.entries(cloudRunLimits))(
            "%s outside its bounds, and takes the bounds themselves",
            async (field, limits) => {
                const wide = { ...base, minInstances: 0, maxInstances: 1000 };
                for (const value of [limits.least, limits.most]) {
                    const args = { ...wide, [field]: value };
                    if (field === "maxInstances") args.minInstances = 0;
                    expect((await record(create(args))).names()).toContain("backend-service");
                }
                for (const value of [limits.least - 1, limits.most + 1, 1.5, Number.NaN, "5"]) {
                    const message = await refusal(create({ ...wide, [field]: value }));
                    expect(message).toContain(
                        `${field} is ${JSON.stringify(value)}: it must be a whole number, ${limits.least} to ${limits.most}`,
                    );
                }
            },
        );

        test.each<[string, Partial<CloudRunServiceArgs>, string | undefined]>([
            ["min above max", { minInstances: 3, maxInstances: 2 }, "minInstances (3) or more"],
            ["min at max, which is fine", { minInstances: 2, maxInstances: 2 }, undefined],
            ["a name of 5 characters", { name: "short" }, 'name is "short"'],
            ["a name of 6 characters, which is fine", { name: "shorts" }, undefined],
            ["a name of 30 characters, which is fine", { name: "a".repeat(30) }, undefined],
            ["a name of 31 characters", { name: "a".repeat(31) }, "6 to 30"],
            ["a part of a CPU", { cpu: 0.5 }, "cpu is 0.5"],
            ["three CPUs", { cpu: 3 }, "cpu is 3"],
            ["127Mi", { memory: "127Mi" }, "128Mi to 4096Mi with 1 CPU"],
            ["4Gi with 1 CPU, which is fine", { memory: "4Gi" }, undefined],
            ["more than 4Gi with 1 CPU", { memory: "4097Mi" }, "128Mi to 4096Mi with 1 CPU"],
            ["8Gi with 2 CPUs, which is fine", { memory: "8Gi", cpu: 2 }, undefined],
            ["more than 8Gi with 2 CPUs", { memory: "9Gi", cpu: 2 }, "8192Mi with 2 CPU"],
            ["less than 2Gi with 4 CPUs", { memory: "1Gi", cpu: 4 }, "2048Mi to 16384Mi with 4 CPU"],
            ["less than 4Gi with 6 CPUs", { memory: "3Gi", cpu: 6 }, "4096Mi to 24576Mi with 6 CPU"],
            ["32Gi with 8 CPUs, which is fine", { memory: "32Gi", cpu: 8 }, undefined],
            ["more than 32Gi", { memory: "33Gi", cpu: 8 }, "4096Mi to 32768Mi with 8 CPU"],
            ["memory without a unit", { memory: "512" }, 'memory is "512"'],
            ["a relative health path", { healthPath: "health" }, 'healthPath is "health"'],
            ["no image", { image: "" }, 'image is ""'],
            [
                "a connector by its short name",
                { egress: { kind: "connector", connector: "staging-connector" } },
                "the full id of a connector",
            ],
            [
                "a member without its kind",
                { invokers: { team: "team@example.com" } },
                'invokers.team is "team@example.com"',
            ],
            ["a group, which is fine", { invokers: { team: "group:team@example.com" } }, undefined],
            ["a role in capitals", { invokers: { Team: "allUsers" } }, 'invokers.Team is "Team"'],
            ["a variable that Cloud Run sets", { env: { PORT: "80" } }, 'env.PORT is "PORT"'],
            ["a variable with a hyphen", { env: { "A-B": "c" } }, 'env.A-B is "A-B"'],
        ])("%s", async (_, change, expected) => {
            if (expected === undefined) {
                expect((await record(create({ ...base, ...change }))).names()).toContain("backend-service");
            } else {
                expect(await refusal(create({ ...base, ...change }))).toContain(expected);
            }
        });

        test("everything at once, without repeating a value of the environment", async () => {
            const message = await refusal(
                create({ ...base, name: "x", cpu: 3, timeoutSeconds: 3601, env: { "1": "t0p-s3cret" } }),
            );
            expect(message.split("\n").map((line) => line.split(" is ")[0])).toEqual([
                'CloudRunService "backend"',
                "  - name",
                "  - timeoutSeconds",
                "  - cpu",
                "  - env.1",
            ]);
            expect(message).not.toContain("t0p-s3cret");
        });
    });
});
