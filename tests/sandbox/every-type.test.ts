import fc from "fast-check";
import { check, diff, knownTypes, type Props, UNKNOWN } from "../../sandbox";
import { materialize } from "../../sandbox/outputs";
import { elementOf, type Field, type Fields, isCollection, isSingle, schemaOf } from "../../sandbox/schema";

const SEED = Buffer.from("seed");

/** Values that fit the property, most of the time left out where it may be. */
function fitting(field: Field, depth: number): fc.Arbitrary<unknown> {
    if (field.fields && isCollection(field)) {
        const block = depth > 4 ? fc.constant({}) : blockOf(field.fields, depth + 1);
        return isSingle(field) ? block : fc.array(block, { minLength: field.minItems ?? 1, maxLength: 3 });
    }
    if (isCollection(field))
        return isSingle(field)
            ? fitting(elementOf(field), depth)
            : fc.array(fitting(elementOf(field), depth), { minLength: 1, maxLength: 3 });
    switch (field.type) {
        case "map":
            return fc.dictionary(fc.constantFrom("a", "b"), fc.constantFrom("x", "y"));
        case "boolean":
            return fc.boolean();
        case "integer":
            return fc.integer({ min: 0, max: 500 });
        case "number":
            return fc.constantFrom(0, 0.5, 1);
        default:
            return fc.constantFrom(...(field.values ?? ["", "a", "10s", "10.9.0.0/24", "projects/p/x/y"]));
    }
}

function blockOf(fields: Fields, depth = 0): fc.Arbitrary<Props> {
    const inputs = Object.entries(fields).filter(([, field]) => !field.outputOnly);
    const keys = Object.fromEntries(inputs.map(([name, field]) => [name, fitting(field, depth)]));
    return fc
        .record(keys, { requiredKeys: inputs.filter(([, field]) => field.required).map(([name]) => name) })
        .map((props) => props as Props);
}

const anything = fc.oneof(
    fc.constant(UNKNOWN),
    fc.constant(null),
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant([]),
    fc.constant({}),
    fc.constant([UNKNOWN]),
    fc.constant([null]),
);

/** The same, with values of any kind at the top. */
const unfit = (fields: Fields): fc.Arbitrary<Props> =>
    fc
        .tuple(blockOf(fields), fc.dictionary(fc.constantFrom(...Object.keys(fields), "none"), anything))
        .map(([fit, other]) => ({ ...fit, ...other }));

const reversedSets = (fields: Fields, value: Props): Props =>
    Object.fromEntries(
        Object.entries(value).map(([name, each]) => {
            const field = fields[name];
            const inner = field?.fields;
            const blocks =
                inner && Array.isArray(each) ? each.map((block) => reversedSets(inner, block as Props)) : each;
            return [name, field?.type === "set" && Array.isArray(blocks) ? [...blocks].reverse() : blocks];
        }),
    );

describe.each(knownTypes())("%s", (type) => {
    const { properties } = schemaOf(type);
    const of = (inputs: Props) => check({ type, name: "x", inputs, randomSeed: SEED });

    test("whatever the inputs, Check and Diff answer", () => {
        fc.assert(
            fc.property(unfit(properties), blockOf(properties), (inputs, old) => {
                const { failures } = of(inputs);
                expect(failures.every(({ reason }) => reason !== "")).toBe(true);
                const outputs = materialize(properties, old);
                diff({ type, id: "i", oldInputs: old, oldOutputs: outputs, inputs });
            }),
            { numRuns: 30, seed: 1 },
        );
    });

    test("what was made of the checked inputs is no change to them, in any order of a set", () => {
        fc.assert(
            fc.property(blockOf(properties), (inputs) => {
                const { inputs: checked, failures } = of(inputs);
                const program = failures.length > 0 ? inputs : checked;
                const oldOutputs = materialize(properties, program);
                const plan = (next: Props) =>
                    diff({ type, id: "i", oldInputs: program, oldOutputs, inputs: next }).detailed;
                expect(plan(program)).toEqual({});
                expect(plan(reversedSets(properties, program))).toEqual({});
            }),
            { numRuns: 30, seed: 2 },
        );
    });

    test("a second Check of checked inputs changes nothing", () => {
        fc.assert(
            fc.property(blockOf(properties), (inputs) => {
                const first = of(inputs);
                if (first.failures.length > 0) return;
                const second = check({
                    type,
                    name: "x",
                    inputs,
                    oldInputs: first.inputs,
                    randomSeed: Buffer.from("other"),
                });
                expect(second).toEqual(first);
            }),
            { numRuns: 20, seed: 3 },
        );
    });
});
