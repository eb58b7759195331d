import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** How the pack is compiled, on a copy: the sources of the project are not touched. */
const root = path.resolve(__dirname, "../..");
let copy: string;
let bundle: string;

beforeEach(() => {
    copy = fs.mkdtempSync(path.join(os.tmpdir(), "netra-pack-"));
    for (const room of ["policies", "capacity", "scripts"]) {
        const notCompiled = (from: string) => path.basename(from) !== "bin";
        fs.cpSync(path.join(root, room), path.join(copy, room), { recursive: true, filter: notCompiled });
    }
    fs.symlinkSync(path.join(root, "node_modules"), path.join(copy, "node_modules"));
    bundle = path.join(copy, "policies/bin/index.js");
});

afterEach(() => fs.rmSync(copy, { recursive: true, force: true }));

const build = () => execFileSync(process.execPath, [path.join(copy, "policies/build.js")]);
const edit = (file: string) => fs.appendFileSync(path.join(copy, file), "\nexport const changed = 1;\n");

/** Loads the pack as the runner does, and waits for the port that it listens on. */
async function load(): Promise<void> {
    const child = spawn(process.execPath, ["-e", 'require("./load.js")'], {
        cwd: path.join(copy, "policies"),
        stdio: ["ignore", "pipe", "inherit"],
    });
    try {
        const [port] = await once(child.stdout as NonNullable<typeof child.stdout>, "data");
        expect(String(port)).toMatch(/^\d+\n$/);
    } finally {
        child.kill();
    }
}

test("compiles once, and again when a source has changed or gone, whatever its time", () => {
    build();
    const first = fs.statSync(bundle);
    build();
    expect(fs.statSync(bundle).ino).toBe(first.ino);

    for (const file of ["policies/rules/protection.ts", "capacity/size.ts"]) {
        const before = fs.statSync(bundle);
        edit(file);
        fs.utimesSync(path.join(copy, file), 0, 0);
        build();
        expect(fs.statSync(bundle).ino).not.toBe(before.ino);
    }

    const unused = path.join(copy, "policies/lib/unused.ts");
    fs.writeFileSync(unused, "export {};\n");
    build();
    const withUnused = fs.statSync(bundle);
    fs.rmSync(unused);
    build();
    expect(fs.statSync(bundle).ino).not.toBe(withUnused.ino);
});

test("leaves the compiled pack, and nothing half finished, when two compile at once", async () => {
    const builds = [0, 1, 2].map(() => spawn(process.execPath, [path.join(copy, "policies/build.js")]));
    for (const [code] of await Promise.all(builds.map((child) => once(child, "exit")))) expect(code).toBe(0);
    expect(fs.readdirSync(path.dirname(bundle))).toEqual(["index.js"]);
    await load();
});

test("says what does not compile, and leaves the last good pack", () => {
    build();
    const good = fs.readFileSync(bundle, "utf8");
    fs.appendFileSync(path.join(copy, "policies/rules/protection.ts"), "\nexport const = 1;\n");
    expect(() => execFileSync(process.execPath, [path.join(copy, "policies/build.js")], { stdio: "pipe" })).toThrow(
        /protection\.ts/,
    );
    expect(fs.readFileSync(bundle, "utf8")).toBe(good);
});

test("compiles when it is loaded", load, 30_000);

test("is loaded without its sources, as a published pack is", async () => {
    build();
    for (const name of ["index.ts", "build.js", "lib", "rules"])
        fs.rmSync(path.join(copy, "policies", name), { recursive: true });
    fs.rmSync(path.join(copy, "capacity"), { recursive: true });
    await load();
}, 30_000);

test("the package holds what a published pack needs", () => {
    const manifest = JSON.parse(fs.readFileSync(path.join(root, "policies/package.json"), "utf8"));
    expect(manifest.files).toEqual(["PulumiPolicy.yaml", "load.js", "bin"]);
    expect(manifest.scripts.prepack).toBe("node build.js");
    const versions = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")).dependencies;
    for (const [name, version] of Object.entries(manifest.dependencies)) expect(versions[name]).toBe(version);
});
