import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { cachedBinary, engineVersion, findEngine, NoEngineError, obtainEngine } from "../../engine";

// Jest's own environment does not reach what Node takes the home folder from.
jest.mock("node:os", () => ({ ...jest.requireActual<typeof os>("node:os"), homedir: () => process.env.HOME }));

const lines: string[] = [];
const log = (line: string) => {
    lines.push(line);
};
const saved = { ...process.env };
let folder: string;

/** An executable that does what a shell script says. */
function executable(file: string, script: string): void {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "netra-engine-"));
    lines.length = 0;
    process.env.HOME = path.join(folder, "home");
    process.env.PATH = path.join(folder, "bin");
    jest.spyOn(globalThis, "fetch").mockRejectedValue(new Error("no network"));
});

afterEach(() => {
    process.env = { ...saved };
    jest.restoreAllMocks();
    fs.rmSync(folder, { recursive: true, force: true });
});

describe("finding the engine", () => {
    it("takes a suitable pulumi on PATH", async () => {
        executable(path.join(folder, "bin", "pulumi"), `echo v${engineVersion}`);
        expect(await findEngine(log)).toEqual({
            root: folder,
            version: engineVersion,
            origin: expect.stringContaining("on PATH"),
        });
    });

    it.each([
        ["older than the SDK", "v3.200.0"],
        ["of another major", "v4.0.0"],
        ["without a version", "banana"],
    ])("passes over one %s, and says so", async (_why, version) => {
        executable(path.join(folder, "bin", "pulumi"), `echo ${version}`);
        expect(await findEngine(log)).toBeUndefined();
        expect(lines.join()).toMatch(/passed over/);
    });

    it("passes over one that fails", async () => {
        executable(path.join(folder, "bin", "pulumi"), "exit 1");
        expect(await findEngine(log)).toBeUndefined();
    });

    it("then takes the one cached under the user's Pulumi home", async () => {
        executable(cachedBinary(), "exit 0");
        expect(await findEngine(log)).toMatchObject({ origin: expect.stringContaining("cached") });
    });

    it("does not take a cached file that cannot be run", async () => {
        executable(cachedBinary(), "exit 0");
        fs.chmodSync(cachedBinary(), 0o644);
        // Root may run nothing either, where no execute bit is set.
        expect(await findEngine(log)).toBeUndefined();
    });
});

describe("obtaining the engine", () => {
    it("builds it where the download cannot be reached, and keeps it", async () => {
        executable(
            path.join(folder, "bin", "go"),
            'while [ $# -gt 0 ]; do if [ "$1" = -o ]; then echo "#!/bin/sh" > "$2"; /bin/chmod 755 "$2"; fi; shift; done',
        );
        const engine = await obtainEngine(folder, log);
        expect(engine.origin).toContain("build");
        expect(fs.readdirSync(path.dirname(cachedBinary()))).toEqual(["pulumi"]);
        expect(lines.join("\n")).toMatch(/cannot be reached[\s\S]*building Pulumi/);
    });

    it("leaves nothing behind when the build fails, and says what to install", async () => {
        executable(path.join(folder, "bin", "go"), "echo 'some.module: not found' >&2; exit 1");
        await expect(obtainEngine(folder, log)).rejects.toThrow(NoEngineError);
        await expect(obtainEngine(folder, log)).rejects.toThrow(/some\.module: not found/);
        expect(fs.readdirSync(path.dirname(cachedBinary()))).toEqual([]);
    });

    it("without Go, names both ways out", async () => {
        await expect(obtainEngine(folder, log)).rejects.toThrow(
            /get\.pulumi\.com cannot be reached[\s\S]*`go` is not installed[\s\S]*Install the Pulumi CLI .* or install Go/,
        );
    });
});

describe("the pinned build", () => {
    it("is of the SDK's version", () => {
        const module = fs.readFileSync(path.resolve(__dirname, "../../engine/build/go.mod"), "utf8");
        expect(module).toContain(`github.com/pulumi/pulumi/pkg/v3 v${engineVersion}`);
        expect(module).toContain(`github.com/pulumi/pulumi/sdk/v3 v${engineVersion}`);
    });
});
