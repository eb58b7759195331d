import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { SandboxHome } from "../../sandbox/home";
import { prepareWorkspace, SettingsError } from "../../sandbox/workspace";

const stackFile = `# The staging stack
config:
  gcp:project: netra-staging
  netra:connector:
    name: staging-connector # made by hand
  netra:domain: netrasystems.ai
`;

let folder: string;
let home: SandboxHome;

beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "netra-workspace-"));
    home = new SandboxHome(folder);
    fs.writeFileSync(path.join(folder, "Pulumi.yaml"), "name: netra\nruntime: nodejs\n");
    fs.writeFileSync(path.join(folder, "Pulumi.staging.yaml"), stackFile);
});

afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const settings = (...changes: string[]) => prepareWorkspace(home, "staging", changes);
const written = () => fs.readFileSync(path.join(home.workspace("staging"), "Pulumi.staging.yaml"), "utf8");

describe("a stack's settings", () => {
    it("are handed on as the engine does: text, structures as JSON", () => {
        expect(settings().config).toEqual({
            "gcp:project": "netra-staging",
            "netra:connector": '{"name":"staging-connector"}',
            "netra:domain": "netrasystems.ai",
        });
    });

    it("are changed for one run, in the sandbox's copy alone", () => {
        expect(settings("netra:connector.minInstances=2").config["netra:connector"]).toBe(
            '{"name":"staging-connector","minInstances":2}',
        );
        expect(written()).toContain("minInstances: 2");
        expect(fs.readFileSync(path.join(folder, "Pulumi.staging.yaml"), "utf8")).toBe(stackFile);
    });

    it.each([
        ["domain=example.com", "netra:domain", "example.com"],
        ["gcp:project=other", "gcp:project", "other"],
        ["netra:new.deep.key=1.5", "netra:new", '{"deep":{"key":1.5}}'],
        ["netra:workload={instances: 3, headroom: 0}", "netra:workload", '{"instances":3,"headroom":0}'],
        ["netra:flag=true", "netra:flag", "true"],
        ["netra:text=a=b", "netra:text", "a=b"],
        ["netra:empty=", "netra:empty", "null"],
    ])("--config %s sets %s to %s", (change, key, value) => {
        expect(settings(change).config[key]).toBe(value);
    });

    it.each(["minInstances", "=4", "a b=4", "netra:=4"])("--config %p is refused, with an example", (change) => {
        expect(() => settings(change)).toThrow(/write key=value, such as/);
    });

    it("a path below a single value is refused", () => {
        expect(() => settings("netra:domain.name=x")).toThrow(/netra:domain is a single value/);
    });

    it("an unknown stack is refused, and the known ones are listed", () => {
        expect(() => prepareWorkspace(home, "production", [])).toThrow(/no Pulumi\.production\.yaml.*Stacks: staging/);
    });

    it.each([
        ["config: [", /is not YAML/],
        ["- a\n- b", /is not a map of settings/],
        ["config: 5", /config is not a map/],
    ])("a stack file of %p is refused", (text, message) => {
        fs.writeFileSync(path.join(folder, "Pulumi.staging.yaml"), text);
        expect(() => settings()).toThrow(SettingsError);
        expect(() => settings()).toThrow(message);
    });

    it("an empty stack file has no settings", () => {
        fs.writeFileSync(path.join(folder, "Pulumi.staging.yaml"), "");
        expect(settings().config).toEqual({});
    });

    it("leaves a provider's encrypted credentials out, and says which", () => {
        fs.writeFileSync(
            path.join(folder, "Pulumi.staging.yaml"),
            `encryptionsalt: v1:abc\n${stackFile}  gcp:accessToken:\n    secure: v1:xyz\n`,
        );
        expect(settings().leftOut).toEqual(["gcp:accessToken"]);
        expect(written()).not.toMatch(/encryptionsalt|secure/);
    });

    it("refuses an encrypted value of the program, naming the key", () => {
        fs.writeFileSync(path.join(folder, "Pulumi.staging.yaml"), `${stackFile}  netra:token:\n    secure: v1:xyz\n`);
        expect(() => settings()).toThrow(/netra:token is encrypted.*--config netra:token=VALUE/);
    });
});
