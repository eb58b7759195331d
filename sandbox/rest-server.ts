import * as http from "node:http";
import type { AddressInfo } from "node:net";
import type { Props } from "./values";

/** What the REST front door reads from. */
export interface Reader {
    read(type: string, id: string): { outputs: Props } | undefined;
    list(type: string): readonly { id: string; outputs: Props }[];
}

/** Collections that Google's clients can read, by the last word of their path. */
const collections: Record<string, { type: string; api: string }> = {
    connectors: { type: "gcp:vpcaccess/connector:Connector", api: "v1" },
    certificates: { type: "gcp:certificatemanager/certificate:Certificate", api: "v1" },
    services: { type: "gcp:cloudrunv2/service:Service", api: "v2" },
};

/** What the provider adds to a resource and the API does not have. */
const providerOnly = new Set([
    "id",
    "project",
    "region",
    "location",
    "selfLink",
    "deletionPolicy",
    "deletionProtection",
    "pulumiLabels",
    "effectiveLabels",
    "effectiveAnnotations",
    "connectedProjects",
]);

/**
 * The estate's other front door: the reads of Google's REST APIs, on a loopback port, for clients such as gcloud and
 * Google's own libraries (`CLOUDSDK_API_ENDPOINT_OVERRIDES_VPCACCESS`, `GOOGLE_CERTIFICATE_MANAGER_CUSTOM_ENDPOINT`).
 * Reads only: what changes the estate goes through Pulumi.
 */
export async function serveRest(reader: Reader): Promise<{ url: string; close: () => void }> {
    const server = http.createServer((request, response) => {
        const { status, body } = answer(
            reader,
            request.method ?? "GET",
            new URL(request.url ?? "/", "http://localhost").pathname,
        );
        response.writeHead(status, { "content-type": "application/json; charset=UTF-8" });
        response.end(JSON.stringify(body));
    });
    await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(0, "127.0.0.1", resolve);
    });
    const { port } = server.address() as AddressInfo;
    return {
        url: `http://127.0.0.1:${port}/`,
        close: () => {
            server.close();
            server.closeAllConnections();
        },
    };
}

function answer(reader: Reader, method: string, path: string): { status: number; body: unknown } {
    if (method !== "GET")
        return failure(501, "UNIMPLEMENTED", "the sandbox's REST API only reads; deploy with netra up");
    const match = /^\/(v\d+)\/(projects\/[^/]+\/locations\/[^/]+)\/(\w+)(?:\/([^/]+))?$/.exec(decodeURIComponent(path));
    const [, api, parent, name = "", item] = match ?? [];
    const collection = collections[name];
    if (collection === undefined || collection.api !== api) {
        return failure(
            404,
            "NOT_FOUND",
            `the sandbox's REST API has no ${path}; it has ${Object.keys(collections).join(", ")}`,
        );
    }
    if (item === undefined) {
        const found = reader.list(collection.type).filter(({ id }) => isUnder(id, `${parent}/${name}`));
        return { status: 200, body: { [name]: found.map(({ id, outputs }) => asResource(id, outputs)) } };
    }
    const id = `${parent}/${name}/${item}`;
    const found = reader.read(collection.type, id);
    return found === undefined
        ? failure(404, "NOT_FOUND", `Resource '${id}' was not found`)
        : { status: 200, body: asResource(id, found.outputs) };
}

/** `locations/-` asks for every location. */
function isUnder(id: string, collection: string): boolean {
    const pattern = collection
        .split("/")
        .map((part) => (part === "-" ? "[^/]+" : part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")));
    return new RegExp(`^${pattern.join("/")}/[^/]+$`).test(id);
}

function asResource(id: string, outputs: Props): Props {
    const fields = Object.entries(outputs).filter(([key, value]) => !providerOnly.has(key) && value !== null);
    return { ...Object.fromEntries(fields), name: id };
}

function failure(code: number, status: string, message: string) {
    return { status: code, body: { error: { code, message, status } } };
}
