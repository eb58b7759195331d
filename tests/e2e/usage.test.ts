import * as fs from "node:fs";
import * as path from "node:path";
import { Project } from "./project";

jest.setTimeout(60_000);

let project: Project;

beforeAll(() => {
    project = new Project();
});

afterAll(() => project.remove());

describe("wrong usage ends with 2 and one clear line", () => {
    it.each([
        [["frobnicate"], /unknown command 'frobnicate'/],
        [["preview", "--frobnicate"], /unknown option '--frobnicate'/],
        [["preview", "--stack", "production"], /no Pulumi\.production\.yaml.*Stacks: staging/],
        [["preview", "--config", "minInstances"], /write key=value, such as/],
        [["preview", "--policy-pack", "nowhere"], /there is no PulumiPolicy\.yaml in it/],
        [["up"], /pass --yes/],
        [["destroy"], /pass --yes/],
        [["sandbox", "reset"], /pass --yes/],
    ])("%j", async (args, message) => {
        const { code, stdout, stderr } = await project.netra(...args);
        expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
        expect(stderr).toMatch(message);
        expect(stderr).not.toMatch(/^\s+at /m);
    });
});

describe("sandbox reset", () => {
    it("prints one document where it is asked to", async () => {
        expect(await project.json("sandbox", "reset", "--yes")).toMatchObject({
            code: 0,
            document: { result: "succeeded", sandbox: true },
        });
    });
});

describe("help", () => {
    it.each([["--help"], ["preview", "--help"], ["sandbox", "--help"]])("%j", async (...args) => {
        const { code, stdout, stderr } = await project.netra(...args);
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
        expect(stdout).toContain("Usage: netra");
    });
});

describe("what cannot be used ends with 1 and says how to go on", () => {
    it("configuration: every mistake at once, also as one JSON document", async () => {
        const { code, document, stderr } = await project.json(
            "preview",
            ...[
                "--config",
                "netra:workload.instances=0",
                "--config",
                "netra:services.backend.timeoutSeconds=30",
                "--config",
                "netra:nonsense=1",
            ],
        );
        expect({ code, result: document.result, sandbox: document.sandbox }).toEqual({
            code: 1,
            result: "failed",
            sandbox: true,
        });
        for (const key of ["netra:workload.instances", "netra:services.backend.timeoutSeconds", "netra:nonsense"]) {
            expect(document.errors?.join()).toContain(key);
            expect(stderr).toContain(key);
        }
    });

    it("an estate file that is broken", async () => {
        const estate = path.join(project.folder, ".sandbox", "estate.json");
        fs.mkdirSync(path.dirname(estate), { recursive: true });
        fs.writeFileSync(estate, "{");
        const { code, stderr } = await project.netra("preview");
        expect(code).toBe(1);
        expect(stderr).toMatch(/estate\.json is not valid JSON.*netra sandbox reset/s);
        expect(fs.readFileSync(estate, "utf8")).toBe("{");
        fs.rmSync(estate);
    });

    it("packages that are not installed", async () => {
        const modules = path.join(project.folder, "node_modules");
        fs.renameSync(modules, `${modules}.away`);
        const { code, stderr } = await project.netra("preview");
        fs.renameSync(`${modules}.away`, modules);
        expect(code).toBe(1);
        expect(stderr).toMatch(/packages are not installed\. Run `make install`/);
    });
});
