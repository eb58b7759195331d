import { serveRest } from "../../sandbox/rest-server";

const connector = {
    id: "projects/netra-staging/locations/us-central1/connectors/staging-connector",
    outputs: {
        name: "staging-connector",
        machineType: "e2-micro",
        minInstances: 2,
        state: "READY",
        project: "netra-staging",
        subnet: null,
    },
};
const type = "gcp:vpcaccess/connector:Connector";

let server: Awaited<ReturnType<typeof serveRest>>;

beforeAll(async () => {
    server = await serveRest({
        read: (of, id) => (of === type && id === connector.id ? connector : undefined),
        list: (of) => (of === type ? [connector] : []),
    });
});

afterAll(() => server.close());

async function get(path: string, method = "GET") {
    const response = await fetch(`${server.url}${path}`, { method });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe("the REST front door", () => {
    it("describes a connector as the API does: by its full name, without what the provider adds", async () => {
        expect(await get(`v1/${connector.id}`)).toEqual({
            status: 200,
            body: { name: connector.id, machineType: "e2-micro", minInstances: 2, state: "READY" },
        });
    });

    it.each(["us-central1", "-"])("lists the connectors of location %s", async (location) => {
        const { body } = await get(`v1/projects/netra-staging/locations/${location}/connectors`);
        expect(body.connectors).toHaveLength(1);
    });

    it("lists none of another project or region", async () => {
        expect((await get("v1/projects/other/locations/-/connectors")).body.connectors).toEqual([]);
        expect((await get("v1/projects/netra-staging/locations/us-east1/connectors")).body.connectors).toEqual([]);
    });

    it.each([
        ["what does not exist", "v1/projects/netra-staging/locations/us-central1/connectors/other", 404, "NOT_FOUND"],
        ["another collection", "v1/projects/netra-staging/locations/us-central1/subnets", 404, "NOT_FOUND"],
        ["another version", `v9/${connector.id}`, 404, "NOT_FOUND"],
        ["the root", "", 404, "NOT_FOUND"],
    ])("answers %s in the API's form", async (_what, path, code, status) => {
        expect(await get(path)).toMatchObject({ status: code, body: { error: { code, status } } });
    });

    it("refuses to change anything", async () => {
        expect(await get(`v1/${connector.id}`, "DELETE")).toMatchObject({ status: 501 });
    });
});
