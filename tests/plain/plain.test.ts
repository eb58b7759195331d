import { Project } from "../e2e/project";
import { PulumiCli } from "./pulumi";

jest.setTimeout(180_000);

// The program under Pulumi's own command line and Node runner (ts-node, type checking and all): nothing of ours between.
let project: Project;
let pulumi: PulumiCli;

beforeAll(async () => {
    project = new Project();
    pulumi = new PulumiCli(project.folder);
    await pulumi.start();
});

afterAll(() => {
    pulumi.stop();
    project.remove();
});

describe("a plain pulumi", () => {
    it("finds nothing of the sandbox in the project's files", () => {
        for (const file of ["Pulumi.yaml", "Pulumi.staging.yaml", "index.ts"])
            expect(project.read(file)).not.toMatch(/sandbox/i);
    });

    it("takes the keys that a user adds, and leaves them alone", async () => {
        const { code, output } = await pulumi.run(
            [
                "pulumi stack init staging",
                "pulumi config set gcp:accessToken --secret token --stack staging",
                "pulumi config set gcp:impersonateServiceAccount deployer@netra-staging.iam.gserviceaccount.com --stack staging",
            ].join(" && "),
        );
        expect({ code, output }).toMatchObject({ code: 0 });
    });

    it("previews the program with the policy pack", async () => {
        const { code, output } = await pulumi.run(
            "pulumi preview --stack staging --policy-pack policies --non-interactive",
        );
        expect(output).toContain("+  gcp:vpcaccess:Connector staging-connector create");
        expect(output).toContain("netra@v0.1.0 (local: policies)");
        expect(output).not.toMatch(/mandatory|\berror\b/);
        expect(code).toBe(0);
    });

    it("is stopped by the policy pack where the connector is too small", async () => {
        const staging = project.read("Pulumi.staging.yaml");
        project.write(
            "Pulumi.staging.yaml",
            staging.replace(
                "name: staging-connector",
                "name: staging-connector\n    machineType: e2-micro\n    minInstances: 2\n    maxInstances: 3",
            ),
        );
        const { code, output } = await pulumi.run(
            "pulumi preview --stack staging --policy-pack policies --non-interactive",
        );
        project.write("Pulumi.staging.yaml", staging);
        expect(output).toMatch(/\[mandatory\].*connector-capacity[\s\S]*737\.5 Mbps short/);
        expect(code).not.toBe(0);
    });

    it("prints every mistake in the configuration, and no stack trace", async () => {
        const staging = project.read("Pulumi.staging.yaml");
        project.write(
            "Pulumi.staging.yaml",
            staging.replace("instances: 15", "instances: none").replace("domain: netra", "domain: .netra"),
        );
        const { code, output } = await pulumi.run("pulumi preview --stack staging --non-interactive");
        project.write("Pulumi.staging.yaml", staging);
        expect(output).toContain("netra:workload.instances");
        expect(output).toContain("netra:domain");
        expect(output).not.toMatch(/^\s+at /m);
        expect(code).not.toBe(0);
    });

    it("adopts the connector by an import file, under the component, and then plans it in place", async () => {
        const preview = await pulumi.run("pulumi preview --stack staging --import-file import.json --non-interactive");
        expect(preview.code).toBe(0);
        const list = JSON.parse(project.read("import.json")) as {
            nameTable?: Record<string, string>;
            resources: { type: string; name: string; id?: string; component?: boolean; parent?: string }[];
        };
        const id = "projects/netra-staging/locations/us-central1/connectors/staging-connector";
        const connector = list.resources.find(({ type }) => type === "gcp:vpcaccess/connector:Connector");
        const component = list.resources.find(({ type }) => type === "netra:network:VpcConnector");
        expect({ connector, component }).toMatchObject({
            connector: { name: "staging-connector" },
            component: { component: true },
        });
        project.write("import.json", JSON.stringify({ ...list, resources: [component, { ...connector, id }] }));
        const adopted = await pulumi.run(
            "pulumi import --file import.json --stack staging --generate-code=false --yes --non-interactive",
        );
        expect(adopted.output).toMatch(/= {2}gcp:vpcaccess:Connector staging-connector imported/);
        const plan = await pulumi.run("pulumi preview --stack staging --non-interactive");
        expect(plan.output).toMatch(
            /~ {2}gcp:vpcaccess:Connector staging-connector update \[diff: ~machineType,maxInstances/,
        );
    });
});
