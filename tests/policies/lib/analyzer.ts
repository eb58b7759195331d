import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import * as grpc from "@grpc/grpc-js";
import type { Finding, TestResource } from "./run";
import { outputsOf, urnOf } from "./run";

const pack = path.resolve(__dirname, "../../../policies");
const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack/index.js");
const proto = require("@pulumi/pulumi/proto/analyzer_pb");
const { AnalyzerClient } = require("@pulumi/pulumi/proto/analyzer_grpc_pb");
const struct = require("google-protobuf/google/protobuf/struct_pb");
const empty = require("google-protobuf/google/protobuf/empty_pb");

const levels = ["advisory", "mandatory", "disabled", "remediate"];
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const signatureKey = "4dabf18193072939515e22adb298388d";

/** The pack in its real runner, spoken to as the engine does. */
export class AnalyzerProcess {
    private constructor(
        private readonly child: ChildProcess,
        private readonly client: Record<string, (request: unknown, callback: grpc.requestCallback<unknown>) => void>,
    ) {}

    static async start(stackConfig: Record<string, string> = {}): Promise<AnalyzerProcess> {
        const child = spawn(process.execPath, [runner, "127.0.0.1:0", "."], {
            cwd: pack,
            env: { ...process.env, PULUMI_CONFIG: JSON.stringify(stackConfig) },
            stdio: ["ignore", "pipe", "inherit"],
        });
        const [port] = await once(child.stdout as NonNullable<typeof child.stdout>, "data");
        const address = `127.0.0.1:${String(port).trim()}`;
        return new AnalyzerProcess(child, new AnalyzerClient(address, grpc.credentials.createInsecure()));
    }

    async info(): Promise<{ name: string; policies: { name: string; level: string | undefined }[] }> {
        const answer = (await this.call("getAnalyzerInfo", new empty.Empty())) as ReturnType<typeof JSON.parse>;
        return {
            name: answer.getName(),
            policies: answer.getPoliciesList().map((policy: ReturnType<typeof JSON.parse>) => ({
                name: policy.getName(),
                level: levels[policy.getEnforcementlevel()],
            })),
        };
    }

    /** What the engine sends after it has completed a configuration: a level for every rule. */
    async configure(config: Record<string, { level: string; properties?: Record<string, unknown> }>): Promise<void> {
        const request = new proto.ConfigureAnalyzerRequest();
        for (const [name, { level, properties = {} }] of Object.entries(config)) {
            const policy = new proto.PolicyConfig();
            policy.setEnforcementlevel(levels.indexOf(level));
            policy.setProperties(struct.Struct.fromJavaScript(properties));
            request.getPolicyconfigMap().set(name, policy);
        }
        await this.call("configure", request);
    }

    async analyze(resources: readonly TestResource[]): Promise<Finding[]> {
        const findings: Finding[] = [];
        for (const resource of resources.filter(({ read }) => !read)) {
            findings.push(
                ...this.findings(
                    await this.call("analyze", fill(new proto.AnalyzeRequest(), resource, resource.props)),
                ),
            );
        }
        const request = new proto.AnalyzeStackRequest();
        request.setResourcesList(
            resources.map((resource) => {
                const message = fill(new proto.AnalyzerResource(), resource, outputsOf(resource));
                for (const [property, names] of Object.entries(resource.dependsOn ?? {})) {
                    const dependencies = new proto.AnalyzerPropertyDependencies();
                    dependencies.setUrnsList(resources.filter(({ name }) => names.includes(name)).map(urnOf));
                    message.getPropertydependenciesMap().set(property, dependencies);
                }
                return message;
            }),
        );
        findings.push(...this.findings(await this.call("analyzeStack", request)));
        return findings;
    }

    stop(): void {
        this.child.kill();
    }

    private findings(answer: unknown): Finding[] {
        const response = answer as ReturnType<typeof JSON.parse>;
        return response.getDiagnosticsList().map((diagnostic: ReturnType<typeof JSON.parse>) => ({
            rule: diagnostic.getPolicyname(),
            level: levels[diagnostic.getEnforcementlevel()] ?? "",
            message: diagnostic.getMessage(),
            urn: diagnostic.getUrn(),
        }));
    }

    private call(method: string, request: unknown): Promise<unknown> {
        return new Promise((resolve, reject) => {
            this.client[method]?.(request, (error, response) => (error ? reject(error) : resolve(response)));
        });
    }
}

/** What AnalyzeRequest and AnalyzerResource have in common. */
interface ResourceMessage {
    setType(type: string): void;
    setName(name: string): void;
    setUrn(urn: string): void;
    setOptions(options: unknown): void;
    setProvider(provider: unknown): void;
    setProperties(properties: unknown): void;
}

function fill<T extends ResourceMessage>(message: T, resource: TestResource, props: object): T {
    const options = new proto.AnalyzerResourceOptions();
    options.setProtect(resource.opts?.protect ?? false);
    options.setIgnorechangesList([...(resource.opts?.ignoreChanges ?? [])]);
    const provider = new proto.AnalyzerProviderResource();
    provider.setType("pulumi:providers:gcp");
    provider.setName("default");
    provider.setUrn("urn:pulumi:staging::netra::pulumi:providers:gcp::default");
    provider.setProperties(struct.Struct.fromJavaScript({ project: "netra-staging" }));
    message.setProvider(provider);
    message.setType(resource.type);
    message.setName(resource.name);
    message.setUrn(urnOf(resource));
    message.setOptions(options);
    message.setProperties(struct.Struct.fromJavaScript(JSON.parse(JSON.stringify(props, wrapSecret))));
    return message;
}

/** Secrets travel in an envelope. */
function wrapSecret(_: string, value: unknown): unknown {
    const isSecret = typeof value === "object" && value !== null && Object.keys(value).join() === "secret";
    return isSecret ? { [signatureKey]: secretSignature, value: (value as { secret: unknown }).secret } : value;
}
