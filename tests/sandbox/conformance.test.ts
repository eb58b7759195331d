import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { knownTypes } from "../../sandbox";
import { type Case, judge, main, readCases } from "../../sandbox/conformance";
import { behaviorOf } from "../../sandbox/services";

const RECORDED = join(__dirname, "../fixtures/provider-cases.json");

const run = (...args: string[]) => {
    const lines: string[] = [];
    return { code: main(args, (line) => lines.push(line)), lines };
};

const fileOf = (content: string): string => {
    const file = join(mkdtempSync(join(tmpdir(), "conformance-")), "cases.json");
    writeFileSync(file, content);
    return file;
};

test.each(readCases(RECORDED).map((each): [string, Case] => [`${each.kind} ${each.type} ${each.note}`, each]))(
    "agrees with the recorded provider: %s",
    (_title, each) => {
        expect(judge(each)).toEqual([]);
    },
);

test("every type of the schema has a behaviour", () => {
    for (const type of knownTypes()) expect(behaviorOf(type).id).toBeInstanceOf(Function);
});

test("counts the cases that agree", () => {
    expect(run(RECORDED)).toEqual({ code: 0, lines: ["92 of 92 agree"] });
});

const check = {
    kind: "check",
    type: "gcp:compute/sSLPolicy:SSLPolicy",
    name: "p",
    note: "n",
    inputs: { name: "p" },
    passes: false,
};

test("prints each disagreement with the type, the note, the field, what was expected and what was got", () => {
    const { code, lines } = run(fileOf(JSON.stringify([check])));
    expect(code).toBe(1);
    expect(lines).toEqual(["gcp:compute/sSLPolicy:SSLPolicy (n): passes: expected false, got true", "0 of 1 agree"]);
});

test("a value that the engine did not know yet passes as one", () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const inputs = { name: "p", profile: unknown };
    const checked = { ...inputs, minTlsVersion: "TLS_1_0" };
    expect(run(fileOf(JSON.stringify([{ ...check, inputs, passes: true, checked }]))).lines).toEqual(["1 of 1 agree"]);
});

test("a type that the sandbox has not is a disagreement", () => {
    const { code, lines } = run(fileOf(JSON.stringify([{ ...check, type: "gcp:pubsub/topic:Topic" }])));
    expect(code).toBe(1);
    expect(lines[0]).toContain("a type the sandbox has not");
});

test.each([
    ["no file", "/does/not/exist.json", "/does/not/exist.json cannot be read"],
    ["no JSON", fileOf("{"), "is not JSON"],
    ["no list", fileOf("{}"), "is not a list of cases"],
    ["a case that is no object", fileOf("[1]"), "case 1 is not an object"],
    ["a kind that does not exist", fileOf('[{"kind":"read"}]'), 'case 1 has a kind that is neither "check" nor "diff"'],
    ["a check without inputs", fileOf(JSON.stringify([{ ...check, inputs: undefined }])), "case 1 has no inputs"],
    [
        "a diff without old state",
        fileOf(JSON.stringify([check, { ...check, kind: "diff" }])),
        "case 2 has no old inputs and outputs",
    ],
])("%s is one clear line and exit code 2", (_title, file, message) => {
    const { code, lines } = run(file);
    expect(code).toBe(2);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(message);
});

test("without a file it says how it is used", () => {
    expect(run()).toEqual({ code: 2, lines: [expect.stringContaining("npm run conformance -- FILE")] });
});
