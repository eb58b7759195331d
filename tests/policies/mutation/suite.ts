import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { buildSync } from "esbuild";
import { activeMutant, instrument, type Mutant } from "./instrument";

const specs = path.resolve(__dirname, "..");
const pack = path.resolve(__dirname, "../../../policies");
/** No judgement in them: token names, and the hook into the runner, which analyzer.test.ts holds to the real one. */
const notMutated = ["lib/types.ts", "lib/receive-configuration.ts", "lib/rule.ts", "lib/finding.ts"];
/** These start processes, or read the page: their subjects are not the rules. */
const notRun = ["analyzer.test.ts", "load.test.ts", "readme.test.ts", "mutation.test.ts"];

interface Test {
    readonly name: string;
    readonly run: () => Promise<void>;
}

/** The specs of the rules, compiled once with every mutant in them, in a runner that is small enough to run hundreds of times. */
export class Suite {
    readonly mutants: readonly Mutant[];
    private readonly load: (...globals: unknown[]) => void;

    constructor() {
        const { mutants, load } = compile();
        this.mutants = mutants;
        this.load = load;
    }

    /** Runs all tests, and tells by which each mutant is reached. A mutant of code that runs while loading is reached by all. */
    async reach(): Promise<{ reachedBy: ReadonlyMap<number, ReadonlySet<number>>; failed: string[] }> {
        const reachedBy = new Map<number, Set<number>>();
        let current: number | undefined;
        const whileLoading = new Set<number>();
        const tests = this.collect((id) => {
            if (current === undefined) whileLoading.add(id);
            else reachedBy.set(id, (reachedBy.get(id) ?? new Set()).add(current));
            return false;
        });
        const failed: string[] = [];
        for (const [index, test] of tests.entries()) {
            current = index;
            if (!(await passes(test))) failed.push(test.name);
        }
        for (const id of whileLoading) reachedBy.set(id, new Set(tests.keys()));
        return { reachedBy, failed };
    }

    /** Whether one of the tests fails when a mutant is active. */
    async kills(id: number, reachedBy: ReadonlySet<number>): Promise<boolean> {
        let tests: Test[];
        try {
            tests = this.collect((asked) => asked === id);
        } catch {
            return true;
        }
        for (const index of reachedBy) {
            const test = tests[index];
            // A mutant may change which tests there are.
            if (test === undefined || !(await passes(test))) return true;
        }
        return false;
    }

    private collect(isActive: (id: number) => boolean): Test[] {
        const { tests, globals } = collector();
        this.load(isActive, createRequire(__filename), specs, ...globals);
        return tests;
    }
}

function compile(): { mutants: Mutant[]; load: (...globals: unknown[]) => void } {
    const mutants: Mutant[] = [];
    // esbuild's plugins need its asynchronous API, which does not work in jest's realm: the mutants are compiled from a copy.
    const copy = fs.mkdtempSync(path.join(pack, "bin", "mutation-"));
    try {
        const root = path.resolve(pack, "..");
        for (const room of ["capacity", "policies/lib", "policies/rules", "tests/policies"]) {
            fs.cpSync(path.join(root, room), path.join(copy, room), { recursive: true });
        }
        for (const file of typescriptFiles(path.join(copy, "policies"))) {
            const name = path.relative(path.join(copy, "policies"), file);
            if (notMutated.includes(name)) continue;
            fs.writeFileSync(file, instrument(name, fs.readFileSync(file, "utf8"), mutants));
        }
        const entry = fs.readdirSync(specs).filter((name) => name.endsWith(".test.ts") && !notRun.includes(name));
        const { outputFiles } = buildSync({
            stdin: {
                contents: entry.map((name) => `import "./${name}";`).join("\n"),
                resolveDir: path.join(copy, "tests/policies"),
            },
            bundle: true,
            packages: "external",
            platform: "node",
            format: "cjs",
            write: false,
            logLevel: "error",
        });
        const names = [activeMutant, "require", "__dirname", "describe", "test", "afterEach", "expect", "jest"];
        return { mutants, load: new Function(...names, outputFiles[0]?.text ?? "") as (...globals: unknown[]) => void };
    } finally {
        fs.rmSync(copy, { recursive: true, force: true });
    }
}

function typescriptFiles(folder: string): string[] {
    return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const full = path.join(folder, entry.name);
        if (entry.isDirectory()) return typescriptFiles(full);
        return entry.name.endsWith(".ts") ? [full] : [];
    });
}

/** As much of jest as the specs use. */
function collector(): { tests: Test[]; globals: unknown[] } {
    const tests: Test[] = [];
    const after: (() => void)[] = [];
    const prefix: string[] = [];
    const each =
        (make: (name: string, body: (...args: unknown[]) => unknown) => void) =>
        (rows: readonly unknown[]) =>
        (name: string, body: (...args: unknown[]) => unknown) => {
            for (const row of rows) make(name, () => body(...(Array.isArray(row) ? row : [row])));
        };
    const test = (name: string, body: () => unknown) => {
        tests.push({
            name: [...prefix, name].join(" > "),
            run: async () => {
                try {
                    await body();
                } finally {
                    for (const clean of after) clean();
                }
            },
        });
    };
    const describe = (name: string, body: () => unknown) => {
        prefix.push(name);
        body();
        prefix.pop();
    };
    const globals = [
        Object.assign(describe, { each: each(describe) }),
        Object.assign(test, { each: each(test) }),
        (clean: () => void) => after.push(clean),
        expect,
        jest,
    ];
    return { tests, globals };
}

async function passes(test: Test): Promise<boolean> {
    try {
        await test.run();
        return true;
    } catch {
        return false;
    }
}
