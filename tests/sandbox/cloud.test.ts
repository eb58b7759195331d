import { type Props, UNKNOWN } from "../../sandbox";
import { CONNECTOR_ID, connector, PROJECT, REGION, Stage, service, types } from "./stage";

let stage: Stage;
beforeEach(() => {
    stage = Stage.enabled();
});

describe("a preview", () => {
    test("knows the inputs and the project, and not what the cloud decides", () => {
        const outputs = stage.cloud.preview(types.connector, stage.checked(types.connector, connector()));
        expect(outputs).toMatchObject({
            id: UNKNOWN,
            name: "bigger-connector",
            minInstances: 4,
            project: PROJECT,
            deletionPolicy: "DELETE",
            state: UNKNOWN,
            selfLink: UNKNOWN,
            region: UNKNOWN,
        });
        expect(outputs).not.toHaveProperty("__defaults");
    });

    test("reaches into blocks", () => {
        const outputs = stage.cloud.preview(
            types.certificate,
            stage.checked(types.certificate, { managed: { domains: ["a.ai"] } }),
        );
        expect(outputs.managed).toMatchObject({ domains: ["a.ai"], state: UNKNOWN });
    });

    test("of an update keeps what the cloud decided before", () => {
        const made = stage.make(types.service, service());
        const outputs = stage.cloud.preview(
            types.service,
            stage.checked(types.service, service({ timeout: "600s" })),
            made.outputs,
        );
        expect(outputs).toMatchObject({
            id: made.id,
            uri: made.outputs.uri,
            template: { timeout: "600s", maxInstanceRequestConcurrency: 80 },
        });
    });

    test("of labels that are not known yet does not know the labels of the resource", () => {
        const labels = (value: unknown) => stage.cloud.preview(types.certificateMap, { name: "m", labels: value });
        expect(labels(UNKNOWN).effectiveLabels).toBe(UNKNOWN);
        expect(labels({ team: "infra" }).effectiveLabels).toEqual({ team: "infra", "goog-pulumi-provisioned": "true" });
    });

    test("knows a service account's address, for the provider works it out", () => {
        const email = "backend-staging@netra-staging.iam.gserviceaccount.com";
        expect(stage.cloud.preview(types.account, { accountId: "backend-staging" })).toMatchObject({
            email,
            member: `serviceAccount:${email}`,
            uniqueId: UNKNOWN,
        });
        expect(stage.cloud.preview(types.account, { accountId: UNKNOWN }).email).toBe(UNKNOWN);
    });

    test("changes nothing", () => {
        const before = stage.estate.list().length;
        stage.cloud.preview(types.connector, stage.checked(types.connector, connector()));
        expect(stage.estate.list()).toHaveLength(before);
    });
});

describe("the id that a resource will have", () => {
    test.each<[string, string, Props, string | undefined]>([
        ["is known from its name", types.connector, { name: "staging-connector" }, CONNECTOR_ID],
        [
            "follows project and region",
            types.connector,
            { name: "c", project: "p", region: "r" },
            "projects/p/locations/r/connectors/c",
        ],
        ["is not known with a name that is not", types.connector, { name: UNKNOWN }, undefined],
        ["is not known where the cloud numbers the resource", types.alert, { displayName: "a" }, undefined],
        [
            "is not known where it depends on a document that is not",
            types.dashboard,
            { dashboardJson: UNKNOWN },
            undefined,
        ],
    ])("%s", (_title, type, inputs, id) => {
        expect(stage.cloud.idOf(type, inputs)).toBe(id);
    });
});

describe("read", () => {
    test("of what is gone is undefined", () => {
        expect(stage.cloud.read(types.connector, `${CONNECTOR_ID}-2`)).toBeUndefined();
    });

    test.each([CONNECTOR_ID, "staging-connector"])("for an import takes the id %s and finds the inputs", (id) => {
        const read = stage.cloud.read(types.connector, id);
        expect(read?.id).toBe(CONNECTOR_ID);
        expect(read?.inputs).toEqual({
            name: "staging-connector",
            ipCidrRange: "10.8.0.0/28",
            network: "default",
            minInstances: 2,
            maxInstances: 3,
            project: PROJECT,
            region: REGION,
            __defaults: [],
        });
    });

    test("for an import keeps an empty value that is not the default", () => {
        const id = `projects/${PROJECT}/locations/${REGION}/services/backend-staging`;
        expect(stage.cloud.read(types.service, id)?.inputs).toMatchObject({
            deletionProtection: false,
            template: { timeout: "300s" },
        });
    });

    test("for a refresh brings the given inputs up to date and adds none", () => {
        const made = stage.make(types.connector, connector({ minInstances: 3 }));
        stage.change(made, connector({ minInstances: 5 }));
        expect(stage.cloud.read(types.connector, made.id, made.inputs)?.inputs).toEqual({
            ...made.inputs,
            minInstances: 5,
        });
    });
});

describe("a refusal changes nothing", () => {
    test("at create", () => {
        const before = stage.estate.list();
        expect(() => stage.make(types.connector, connector({ maxInstances: 11 }))).toThrow();
        expect(stage.estate.list()).toEqual(before);
    });

    test("at update", () => {
        const made = stage.make(types.connector, connector());
        expect(() => stage.change(made, connector({ maxInstances: 11 }))).toThrow();
        expect(stage.read(made)).toEqual(made.outputs);
    });
});

test("an update of what is gone is 404, a delete of it is done", () => {
    const made = stage.make(types.connector, connector());
    stage.remove(made);
    stage.remove(made);
    expect(() => stage.change(made, connector({ minInstances: 5 }))).toThrow(/404/);
});

test("what the cloud numbered keeps its number", () => {
    const policy = {
        displayName: "a",
        combiner: "OR",
        conditions: [{ displayName: "c", conditionMatchedLog: { filter: "f" } }],
    };
    const made = stage.make(types.alert, policy);
    const changed = stage.change(made, { ...policy, displayName: "b" });
    expect(changed.outputs).toMatchObject({ id: made.id, name: made.id, displayName: "b" });
});

test("addresses come from the range for documentation, each once", () => {
    const [one, other] = ["a", "b"].map((name) => stage.make(types.address, { name }).outputs.address);
    expect(one).toMatch(/^203\.0\.113\.\d+$/);
    expect(other).not.toBe(one);
});

test("secrets that are written only are never kept", () => {
    stage.make(types.secret, { secretId: "db", replication: { auto: {} } });
    const version = { secret: `projects/${PROJECT}/secrets/db`, secretDataWo: "hidden", secretDataWoVersion: 1 };
    const { outputs, id } = stage.make("gcp:secretmanager/secretVersion:SecretVersion", version);
    expect(id).toBe(`projects/${PROJECT}/secrets/db/versions/1`);
    expect(JSON.stringify(outputs)).not.toContain("hidden");
});
