import * as pulumi from "@pulumi/pulumi";

/** A resource as the engine would be asked for it, with the options that Pulumi's mocks leave out. */
export interface Registered {
    readonly type: string;
    readonly name: string;
    readonly custom: boolean;
    readonly inputs: Record<string, unknown>;
    readonly parent: string;
    readonly protect: boolean;
    readonly ignoreChanges: string[];
    /** Logical names of what it waits for, explicitly or by a reference. */
    readonly dependsOn: string[];
}

interface Request {
    getType(): string;
    getName(): string;
    getCustom(): boolean;
    getParent(): string;
    getProtect(): boolean;
    getIgnorechangesList(): string[];
    getDependenciesList(): string[];
    getObject(): { toJavaScript(): Record<string, unknown> };
}

interface Monitor {
    registerResource(request: Request, callback: (...args: unknown[]) => void): Promise<void>;
}

const place = "projects/netra-staging/locations";
const suffix = "-1a2b3c4";

/** What the cloud fills in, for the types whose outputs a component uses. */
function outputs(type: string, name: string, inputs: Record<string, unknown>): { id: string; state: object } {
    const named = { ...inputs, name: inputs.name ?? `${name}${suffix}` };
    const id = (folder: string) => ({ id: `${folder}/${named.name}`, state: named });
    switch (type) {
        case "gcp:vpcaccess/connector:Connector": {
            const link = `${place}/us-central1/connectors/${named.name}`;
            return { id: link, state: { ...named, selfLink: link, state: "READY" } };
        }
        case "gcp:compute/globalAddress:GlobalAddress":
            return { ...id("projects/netra-staging/global/addresses"), state: { ...named, address: "203.0.113.10" } };
        case "gcp:certificatemanager/certificateMap:CertificateMap":
            return id(`${place}/global/certificateMaps`);
        case "gcp:certificatemanager/certificate:Certificate":
            return id(`${place}/global/certificates`);
        case "gcp:certificatemanager/dnsAuthorization:DnsAuthorization":
            return {
                ...id(`${place}/global/dnsAuthorizations`),
                state: {
                    ...named,
                    dnsResourceRecords: [
                        {
                            name: `_acme-challenge_ab12.${inputs.domain}.`,
                            type: "CNAME",
                            data: "0a1b.7.authorize.certificatemanager.goog.",
                        },
                    ],
                },
            };
        case "gcp:serviceaccount/account:Account": {
            const email = `${inputs.accountId}@netra-staging.iam.gserviceaccount.com`;
            return { id: email, state: { ...inputs, email, member: `serviceAccount:${email}` } };
        }
        case "gcp:cloudrunv2/service:Service":
            return {
                ...id(`${place}/us-central1/services`),
                state: { ...named, uri: `https://${named.name}.run.app` },
            };
        default:
            return id("ids");
    }
}

/** Everything that a program registers on Pulumi's mocks. */
export class Recorder {
    readonly all: Registered[] = [];

    static async start(stack = "staging"): Promise<Recorder> {
        const recorder = new Recorder();
        await pulumi.runtime.setMocks(
            {
                newResource: ({ type, name, inputs, custom }) =>
                    custom ? outputs(type, name, inputs) : { id: "", state: inputs },
                call: ({ token }) => {
                    throw new Error(`no call was expected, but ${token} was made`);
                },
            },
            "netra",
            stack,
        );
        recorder.watch(pulumi.runtime.getMonitor() as unknown as Monitor);
        return recorder;
    }

    /** Waits until nothing is in flight, and gives what has been registered. */
    async settle(): Promise<Recorder> {
        const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };
        await waitForRPCs();
        return this;
    }

    find(type: string): Registered[] {
        return this.all.filter((resource) => resource.type === type);
    }

    /** The one resource of a name. */
    get(name: string): Registered {
        const found = this.all.filter((resource) => resource.custom && resource.name === name);
        if (found.length !== 1)
            throw new Error(`${found.length} resources are named ${name}: ${this.names().join(", ")}`);
        return found[0] as Registered;
    }

    /** The one resource of a type, whose inputs are exactly these. */
    expectResource(type: string, name: string, inputs: Record<string, unknown>): Registered {
        const resource = this.get(name);
        expect(resource.type).toBe(type);
        expect(resource.inputs).toEqual(inputs);
        return resource;
    }

    names(): string[] {
        return this.all
            .filter(({ custom }) => custom)
            .map(({ name }) => name)
            .sort();
    }

    /** What a component asks the cloud for, without its own inputs. */
    inputs(): string {
        const children = this.all
            .filter(({ custom }) => custom)
            .map(({ type, name, inputs }) => ({ type, name, inputs }));
        return JSON.stringify(children.sort((a, b) => (a.name < b.name ? -1 : 1)));
    }

    private watch(monitor: Monitor): void {
        const register = monitor.registerResource.bind(monitor);
        monitor.registerResource = (request, callback) => {
            this.all.push({
                type: request.getType(),
                name: request.getName(),
                custom: request.getCustom(),
                inputs: plain(request.getObject().toJavaScript()) as Record<string, unknown>,
                parent: request.getParent(),
                protect: request.getProtect(),
                ignoreChanges: request.getIgnorechangesList(),
                dependsOn: request.getDependenciesList().map((urn) => urn.split("::").at(-1) ?? urn),
            });
            return register(request, callback);
        };
    }
}

const signature = "4dabf18193072939515e22adb298388d";

/** A secret shows as `{ secret: value }`. */
function plain(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== "object" || value === null) return value;
    if (signature in value) return { secret: plain((value as Record<string, unknown>).value) };
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** Runs a program and gives what it registered. */
export async function record(program: () => void): Promise<Recorder> {
    const recorder = await Recorder.start();
    program();
    return recorder.settle();
}

export function resolved<T>(output: pulumi.Output<T>): Promise<T> {
    return new Promise((resolve) => output.apply(resolve));
}

/** What a constructor refuses, and that it registered nothing before. */
export async function refusal(program: () => void): Promise<string> {
    const recorder = await Recorder.start();
    let message: string | undefined;
    try {
        program();
    } catch (error) {
        message = (error as Error).message;
    }
    await recorder.settle();
    if (message === undefined) throw new Error("it was not refused");
    expect(recorder.all).toEqual([]);
    return message;
}

/** Checks that each variant asks the cloud for something else than the base does, so that no field is without effect. */
export async function expectEffect(base: () => void, variants: Record<string, () => void>): Promise<void> {
    const before = (await record(base)).inputs();
    for (const [field, variant] of Object.entries(variants)) {
        const after = (await record(variant)).inputs();
        expect({ field, changed: after !== before }).toEqual({ field, changed: true });
    }
}
