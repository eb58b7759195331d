import * as fs from "node:fs";
import * as path from "node:path";
import { Project } from "./project";

jest.setTimeout(120_000);

let project: Project;

beforeEach(() => {
    project = new Project();
});

afterEach(() => project.remove());

/** Starts `up` and waits until it has created a few resources in the estate. */
async function upHalfWay() {
    const run = project.start("up", "--yes");
    const journal = path.join(project.folder, ".sandbox", "journal.jsonl");
    const created = () => {
        const text = fs.existsSync(journal) ? fs.readFileSync(journal, "utf8") : "";
        return text.startsWith('{"command":"up"') ? text.split("\n").length - 2 : 0;
    };
    while (created() < 8) {
        if (run.child.exitCode !== null) throw new Error(`up ended too early:\n${run.output()}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return run;
}

/** The engine that a command has started. */
function engineOf(pid: number): number {
    const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number);
    const engine = children.find((child) => fs.readFileSync(`/proc/${child}/comm`, "utf8").trim() === "pulumi");
    if (engine === undefined) throw new Error("the engine is not running");
    return engine;
}

/** The next commands find a sandbox that they can use, and end where an undisturbed one would have. */
async function expectRecovery(): Promise<void> {
    const plan = await project.netra("preview");
    expect(plan.stderr).toMatch(/`netra up`, begun .*, was interrupted/);
    expect(plan.stderr).toContain("state and estate agree again");
    expect(plan.code).toBe(0);

    const up = await project.netra("up", "--yes");
    expect(up.stderr).not.toContain("interrupted");
    expect({ code: up.code, stderr: up.stderr }).toEqual({ code: 0, stderr: "" });
    const again = await project.json("preview");
    expect(again.document.steps).toEqual([]);
    // Nothing is left over from the run that was killed.
    expect(
        Object.keys(project.estate("gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup")),
    ).toHaveLength(3);
    expect(Object.keys(project.estate("gcp:compute/backendService:BackendService"))).toHaveLength(3);
    expect(Object.keys(project.estate("gcp:certificatemanager/certificate:Certificate"))).toHaveLength(1);
}

describe("an interrupted up", () => {
    it("kill -9 of the command: the next one recovers", async () => {
        const run = await upHalfWay();
        run.child.kill("SIGKILL");
        await run.ended;
        await expectRecovery();
    });

    it("kill -9 of the engine: the command says so, and the next one recovers", async () => {
        const run = await upHalfWay();
        process.kill(engineOf(run.child.pid as number), "SIGKILL");
        const { code, stdout, stderr } = await run.ended;
        expect(code).toBe(1);
        expect(stderr).toContain("the engine was killed");
        expect(stdout + stderr).not.toMatch(/^\s+at /m);
        await expectRecovery();
    });

    it("kill -9 of both: the next one recovers", async () => {
        const run = await upHalfWay();
        const engine = engineOf(run.child.pid as number);
        run.child.kill("SIGKILL");
        process.kill(engine, "SIGKILL");
        await run.ended;
        await expectRecovery();
    });

    it("Ctrl-C: the operations in flight end, the command fails, and the next one goes on", async () => {
        const run = await upHalfWay();
        run.child.kill("SIGINT");
        const { code, stderr } = await run.ended;
        expect(code).toBe(1);
        expect(stderr).toContain("interrupted; waiting for the operations in flight to end");
        await expectRecovery();
    });
});

describe("two commands at once", () => {
    it("the second waits, says so, and finds the work done", async () => {
        const first = await upHalfWay();
        const second = await project.netra("preview", "--json");
        expect((await first.ended).code).toBe(0);
        expect(second.code).toBe(0);
        expect(JSON.parse(second.stdout).steps).toEqual([]);
    });

    it("both may be the first", async () => {
        const [one, other] = await Promise.all([project.netra("preview"), project.netra("preview")]);
        expect([one.code, other.code]).toEqual([0, 0]);
        expect(one.stderr + other.stderr).toContain("another netra command is using it; waiting");
    });
});
