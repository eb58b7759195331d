import * as fs from "node:fs";
import * as path from "node:path";
import { Project } from "./e2e/project";
import { PulumiCli } from "./plain/pulumi";

jest.setTimeout(300_000);

const root = path.resolve(__dirname, "..");
const documents = ["README.md", "CONTRIBUTING.md", "policies/README.md"]
    .concat(
        fs
            .readdirSync(path.join(root, "docs"), { recursive: true, encoding: "utf8" })
            .map((file) => path.join("docs", file)),
    )
    .filter((file) => file.endsWith(".md"));

/** The commands that a document shows: its `sh` blocks, a line each. A comment may say with what they exit. */
function commandsOf(file: string): { command: string; exits: number }[] {
    const text = fs.readFileSync(path.join(root, file), "utf8");
    return [...text.matchAll(/^ *```sh\n([\s\S]*?)^ *```/gm)]
        .flatMap(([, block = ""]) => block.split("\n"))
        .map((line) => line.trim())
        .filter((line) => line !== "")
        .map((line) => ({
            command: line.replace(/\s+#.*$/, ""),
            exits: Number(/# exits (\d)/.exec(line)?.[1] ?? 0),
        }));
}

/** The lines of the plan that the README shows. */
function shownPlan(): string[] {
    const [, plan = ""] =
        /```text\n(Plan [\s\S]*?)```/.exec(fs.readFileSync(path.join(root, "README.md"), "utf8")) ?? [];
    const lines = plan.split("\n").filter((line) => line.trim() !== "" && line.trim() !== "...");
    if (lines.length < 5) throw new Error("the README shows no plan");
    return lines;
}

const all = documents.flatMap((file) => commandsOf(file).map((shown) => ({ file, ...shown })));
const distinct = (of: (command: string) => boolean) => [
    ...new Map(all.filter(({ command }) => of(command)).map((shown) => [shown.command, shown])).values(),
];

const ofNetra = (command: string) => command === "make preview" || command.startsWith("bin/netra ");
const ofPulumi = (command: string) => command.startsWith("pulumi ");
/** What runs this test, and what other tests run. */
const elsewhere = ["make test", "make bench", "UPDATE_README=1 npx jest tests/policies/readme"];

describe("every command shown in a document", () => {
    it("is run by a test", () => {
        const unknown = all.filter(
            ({ command }) => !ofNetra(command) && !ofPulumi(command) && !elsewhere.includes(command),
        );
        expect(unknown).toEqual([]);
        expect(all.length).toBeGreaterThan(10);
    });

    it("of the sandbox does what the document says", async () => {
        const project = new Project();
        try {
            for (const { command, exits } of distinct(ofNetra)) {
                const { code, stdout, stderr } = await project.shell(command);
                if (code !== exits)
                    throw new Error(`\`${command}\` exits ${code}, not ${exits}:\n${stdout}\n${stderr}`);
                if (command === "make preview") for (const line of shownPlan()) expect(stdout).toContain(line);
            }
        } finally {
            project.remove();
        }
    });

    it("of Pulumi's own command line does, too", async () => {
        const project = new Project();
        const pulumi = new PulumiCli(project.folder);
        await pulumi.start();
        try {
            await pulumi.run("pulumi stack init staging");
            for (const { command } of distinct(ofPulumi)) {
                const { code, output } = await pulumi.run(`${command} --non-interactive`);
                if (code !== 0) throw new Error(`\`${command}\` exits ${code}:\n${output}`);
                if (command.includes("--import-file")) keepConnector(project);
            }
        } finally {
            pulumi.stop();
            project.remove();
        }
    });
});

/** The runbook's second step. */
function keepConnector(project: Project): void {
    const list = JSON.parse(project.read("import.json")) as { resources: { type: string; id?: string }[] };
    const id = "projects/netra-staging/locations/us-central1/connectors/staging-connector";
    const kept = list.resources.filter(({ type }) =>
        /VpcConnector$|Connector:Connector|vpcaccess\/connector/.test(type),
    );
    const resources = kept.map((each) => (each.type.startsWith("gcp:") ? { ...each, id } : each));
    project.write("import.json", JSON.stringify({ ...list, resources }));
}

describe("links between documents", () => {
    it("lead to a file", () => {
        for (const file of documents) {
            const text = fs.readFileSync(path.join(root, file), "utf8");
            for (const [, link = ""] of text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)) {
                const target = path.join(root, path.dirname(file), link);
                if (!fs.existsSync(target)) throw new Error(`${file} links to ${link}, which is not there`);
            }
        }
    });
});
