import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Estate, EstateError } from "../../sandbox";
import { CONNECTOR_ID, Stage, types } from "./stage";

const newFile = (): string => join(mkdtempSync(join(tmpdir(), "estate-")), "estate.json");

describe("the incident's estate", () => {
    const stage = new Stage();

    test("has the connector that was too small", () => {
        expect(stage.read({ type: types.connector, id: CONNECTOR_ID })).toMatchObject({
            machineType: "e2-micro",
            minInstances: 2,
            maxInstances: 3,
            minThroughput: 200,
            maxThroughput: 300,
            ipCidrRange: "10.8.0.0/28",
            network: "default",
            state: "READY",
        });
    });

    test.each(["frontend", "backend", "auth"])("has the service %s-staging on it", (name) => {
        const id = `projects/netra-staging/locations/us-central1/services/${name}-staging`;
        expect(stage.read({ type: types.service, id })).toMatchObject({
            ingress: "INGRESS_TRAFFIC_ALL",
            deletionProtection: false,
            template: {
                timeout: "300s",
                scaling: { maxInstanceCount: 15 },
                vpcAccess: { connector: CONNECTOR_ID, egress: "PRIVATE_RANGES_ONLY" },
                containers: [
                    {
                        image: `us-docker.pkg.dev/netra-staging/netra/${name}:latest`,
                        resources: { startupCpuBoost: false },
                    },
                ],
            },
        });
    });

    test("has nothing beside them but the default network and the three enabled APIs", () => {
        expect(stage.estate.list()).toHaveLength(8);
        expect(stage.estate.list(types.api).map(({ outputs }) => outputs.service)).toEqual([
            "compute.googleapis.com",
            "run.googleapis.com",
            "vpcaccess.googleapis.com",
        ]);
    });
});

describe("the file", () => {
    test("that does not exist yet stands for the incident's estate, and is not written before a save", () => {
        const file = newFile();
        expect(Estate.load(file).list()).toHaveLength(8);
        expect(readdirSync(join(file, ".."))).toEqual([]);
    });

    test("holds what was saved, and nothing else is left in its folder", () => {
        const file = newFile();
        const estate = Estate.load(file);
        estate.put("t", "new", { a: 1 });
        estate.delete(types.connector, CONNECTOR_ID);
        estate.save();
        const again = Estate.load(file);
        expect(again.get("t", "new")).toEqual({ type: "t", id: "new", outputs: { a: 1 } });
        expect(again.get(types.connector, CONNECTOR_ID)).toBeUndefined();
        expect(readdirSync(join(file, ".."))).toEqual(["estate.json"]);
    });

    test("is the same for the same estate, whatever the order in which it came about", () => {
        const [one, other] = [
            ["a", "b"],
            ["b", "a"],
        ].map((ids) => {
            const file = newFile();
            const estate = Estate.load(file);
            for (const id of ids) estate.put("t", id, {});
            estate.save();
            return readFileSync(file, "utf8");
        });
        expect(one).toBe(other);
    });

    test("is not overwritten where another process has saved meanwhile: its update is not lost", () => {
        const file = newFile();
        Estate.load(file).save();
        const [one, other] = [Estate.load(file), Estate.load(file)];
        one.put("t", "one", {});
        one.save();
        other.put("t", "other", {});
        expect(() => other.save()).toThrow(/changed by another process/);
        expect(Estate.load(file).get("t", "one")).toBeDefined();
        one.put("t", "again", {});
        one.save();
    });

    test("stays as it was where the new one cannot be written", () => {
        const file = newFile();
        const estate = Estate.load(file);
        estate.save();
        const before = readFileSync(file, "utf8");
        estate.put("t", "circular", {});
        const { put } = { put: estate.put.bind(estate) };
        put("t", "bad", {
            toJSON: () => {
                throw new Error("disk full");
            },
        });
        expect(() => estate.save()).toThrow("disk full");
        expect(readFileSync(file, "utf8")).toBe(before);
        expect(readdirSync(join(file, ".."))).toEqual(["estate.json"]);
    });

    test.each([
        ["cut short", '{"version":1,"res'],
        ["of another version", '{"version":2}'],
        ["not an object", "[]"],
        [
            "with a broken resource",
            '{"version":1,"revision":1,"serial":1,"project":"p","region":"r","projectNumber":"1","resources":[{"type":"t"}]}',
        ],
        ["without counters", '{"version":1,"project":"p","region":"r","projectNumber":"1","resources":[]}'],
        ["without a project", '{"version":1,"revision":1,"serial":1,"resources":[]}'],
    ])("%s is refused with its name and the way out", (_title, content) => {
        const file = newFile();
        writeFileSync(file, content);
        expect(() => Estate.load(file)).toThrow(EstateError);
        expect(() => Estate.load(file)).toThrow(file);
        expect(() => Estate.load(file)).toThrow("netra sandbox reset");
    });
});

test("what is taken out of the estate is a copy", () => {
    const estate = Estate.incident();
    const connector = estate.get(types.connector, CONNECTOR_ID);
    if (connector) connector.outputs.minInstances = 9;
    expect(estate.get(types.connector, CONNECTOR_ID)?.outputs.minInstances).toBe(2);
});
