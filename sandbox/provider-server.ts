import * as grpc from "@grpc/grpc-js";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Props } from "./values";
import { fromStruct, toStruct } from "./wire";

/** What a provider does, over plain values. The server below puts it on the engine's protocol. */
export interface Provider {
    readonly version: string;
    check(request: CheckRequest): { inputs: Props; failures: { property: string; reason: string }[] };
    diff(request: DiffRequest): Difference;
    /** Outputs of a create in a preview (`old` is then absent) or of an update. */
    preview(urn: string, type: string, inputs: Props, old?: Props): Props;
    create(type: string, inputs: Props): Promise<{ id: string; outputs: Props }>;
    /** `undefined` when the resource is gone. Without `outputs` the engine imports it. */
    read(
        type: string,
        id: string,
        outputs?: Props,
        inputs?: Props,
    ): { id: string; inputs: Props; outputs: Props } | undefined;
    update(type: string, id: string, old: Props, inputs: Props): Promise<Props>;
    delete(type: string, id: string, outputs: Props): Promise<void>;
}

export interface CheckRequest {
    readonly type: string;
    readonly urn: string;
    readonly name: string;
    readonly oldInputs?: Props;
    readonly inputs: Props;
    readonly randomSeed: Uint8Array;
    readonly autonaming?: { proposedName: string; mode: "propose" | "enforce" | "disable" };
}

export interface DiffRequest {
    readonly type: string;
    readonly urn: string;
    readonly id: string;
    readonly oldInputs: Props;
    readonly oldOutputs: Props;
    readonly inputs: Props;
    readonly ignoreChanges: string[];
}

export type ChangeKind = "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";

export interface Difference {
    readonly changed: boolean;
    readonly changedProperties: string[];
    readonly replaceProperties: string[];
    readonly replace: boolean;
    readonly deleteBeforeReplace: boolean;
    readonly detailed: Record<string, ChangeKind>;
}

/** Serves a provider to the engine on a loopback port, until `close`. */
export async function serveProvider(provider: Provider): Promise<{ port: number; close: () => void }> {
    const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
    server.addService(ResourceProviderService, handlers(provider) as unknown as grpc.UntypedServiceImplementation);
    const port = await new Promise<number>((resolve, reject) => {
        server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
            if (error) reject(error);
            else resolve(bound);
        });
    });
    return { port, close: () => server.forceShutdown() };
}

const autonamingModes = ["propose", "enforce", "disable"] as const;

const changeKinds: Record<ChangeKind, proto.PropertyDiff.Kind> = {
    add: proto.PropertyDiff.Kind.ADD,
    "add-replace": proto.PropertyDiff.Kind.ADD_REPLACE,
    delete: proto.PropertyDiff.Kind.DELETE,
    "delete-replace": proto.PropertyDiff.Kind.DELETE_REPLACE,
    update: proto.PropertyDiff.Kind.UPDATE,
    "update-replace": proto.PropertyDiff.Kind.UPDATE_REPLACE,
};

function handlers(provider: Provider) {
    return {
        attach: answer(() => new Empty()),
        cancel: answer(() => new Empty()),
        getPluginInfo: answer(() => {
            const info = new plugin.PluginInfo();
            info.setVersion(provider.version);
            return info;
        }),
        checkConfig: answer((request: proto.CheckRequest) => {
            const response = new proto.CheckResponse();
            response.setInputs(request.getNews());
            return response;
        }),
        diffConfig: answer(() => new proto.DiffResponse()),
        configure: answer(() => {
            const response = new proto.ConfigureResponse();
            // The engine marks outputs secret itself when a provider does not take secrets.
            response.setAcceptsecrets(false);
            response.setSupportspreview(true);
            response.setSupportsAutonamingConfiguration(true);
            return response;
        }),
        check: answer((request: proto.CheckRequest) => {
            const autonaming = request.getAutonaming();
            const olds = request.getOlds();
            const { inputs, failures } = provider.check({
                type: request.getType(),
                urn: request.getUrn(),
                name: request.getName(),
                ...(olds === undefined ? {} : { oldInputs: fromStruct(olds) }),
                inputs: fromStruct(request.getNews()),
                randomSeed: request.getRandomseed_asU8(),
                ...(autonaming === undefined
                    ? {}
                    : {
                          autonaming: {
                              proposedName: autonaming.getProposedName(),
                              mode: autonamingModes[autonaming.getMode()] ?? "propose",
                          },
                      }),
            });
            const response = new proto.CheckResponse();
            response.setInputs(toStruct(inputs));
            response.setFailuresList(
                failures.map(({ property, reason }) => {
                    const failure = new proto.CheckFailure();
                    failure.setProperty(property);
                    failure.setReason(reason);
                    return failure;
                }),
            );
            return response;
        }),
        diff: answer((request: proto.DiffRequest) => {
            const difference = provider.diff({
                type: request.getType(),
                urn: request.getUrn(),
                id: request.getId(),
                oldInputs: fromStruct(request.getOldInputs()),
                oldOutputs: fromStruct(request.getOlds()),
                inputs: fromStruct(request.getNews()),
                ignoreChanges: request.getIgnorechangesList(),
            });
            return diffResponse(difference);
        }),
        create: answer(async (request: proto.CreateRequest) => {
            const inputs = fromStruct(request.getProperties());
            const response = new proto.CreateResponse();
            if (request.getPreview()) {
                response.setProperties(toStruct(provider.preview(request.getUrn(), request.getType(), inputs)));
            } else {
                const { id, outputs } = await provider.create(request.getType(), inputs);
                response.setId(id);
                response.setProperties(toStruct(outputs));
            }
            return response;
        }),
        read: answer((request: proto.ReadRequest) => {
            const importing = Object.keys(fromStruct(request.getProperties())).length === 0;
            const found = importing
                ? provider.read(request.getType(), request.getId())
                : provider.read(
                      request.getType(),
                      request.getId(),
                      fromStruct(request.getProperties()),
                      fromStruct(request.getInputs()),
                  );
            const response = new proto.ReadResponse();
            if (found !== undefined) {
                response.setId(found.id);
                response.setInputs(toStruct(found.inputs));
                response.setProperties(toStruct(found.outputs));
            }
            return response;
        }),
        update: answer(async (request: proto.UpdateRequest) => {
            const inputs = fromStruct(request.getNews());
            const old = fromStruct(request.getOlds());
            const outputs = request.getPreview()
                ? provider.preview(request.getUrn(), request.getType(), inputs, old)
                : await provider.update(request.getType(), request.getId(), old, inputs);
            const response = new proto.UpdateResponse();
            response.setProperties(toStruct(outputs));
            return response;
        }),
        delete: answer(async (request: proto.DeleteRequest) => {
            await provider.delete(request.getType(), request.getId(), fromStruct(request.getProperties()));
            return new Empty();
        }),
    };
}

function diffResponse(difference: Difference): proto.DiffResponse {
    const response = new proto.DiffResponse();
    response.setChanges(
        difference.changed ? proto.DiffResponse.DiffChanges.DIFF_SOME : proto.DiffResponse.DiffChanges.DIFF_NONE,
    );
    response.setDiffsList(difference.changedProperties);
    // A replacement that no property causes is code in the provider; the real one shows it under this name.
    const replaces = difference.replace && difference.replaceProperties.length === 0;
    response.setReplacesList(replaces ? ["__meta"] : difference.replaceProperties);
    response.setDeletebeforereplace(difference.deleteBeforeReplace);
    response.setHasdetaileddiff(true);
    const detailed = response.getDetaileddiffMap();
    for (const [path, kind] of Object.entries(difference.detailed)) {
        const change = new proto.PropertyDiff();
        change.setKind(changeKinds[kind]);
        detailed.set(path, change);
    }
    return response;
}

/** Turns a function into a handler; what it throws reaches the engine as the message, without a stack. */
function answer<Request, Response>(respond: (request: Request) => Response | Promise<Response>) {
    return async (call: { request: Request }, callback: grpc.sendUnaryData<Response>): Promise<void> => {
        try {
            callback(null, await respond(call.request));
        } catch (error) {
            const details = error instanceof Error ? error.message : String(error);
            callback({ code: grpc.status.UNKNOWN, details });
        }
    };
}
