// Remakes the schema files of this folder. See README.md.
//
//   npx esbuild sandbox/schema/remake.ts --bundle --platform=node --external:typescript --outfile=.build/remake.js
//   node .build/remake.js FACTS.json
//
// FACTS.json is a dump of the provider's Terraform schema (what is required, computed, defaulted ...). Enum values and "optional in
// Pulumi" are not in such a dump; they are read from the declarations of the installed @pulumi/gcp.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

interface Fact {
    fields?: Record<string, Fact>;
    [key: string]: unknown;
}
type Facts = Record<string, { terraform: string; properties: Record<string, Fact> }>;

const ENUM_TEXT = /(?:Possible values(?: are| include)?|Each value may be one of):?\s*((?:`[^`]+`(?:,| and| or|\s|,? and|,? or)*)+)/;
const ENUM_JSON = /Possible values: (\["[^\]]+"\])/;

const camel = (name: string): string => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
const plurals = (name: string): string[] => [name, `${name}s`, `${name}es`, name.replace(/y$/, "ies")];

/** `routing_policy.0.wrr` is `routingPolicy.wrrs` in Pulumi: indexes drop out and lists are in the plural. */
function pulumiPath(terraform: string, properties: Record<string, Fact>): string | undefined {
    let fields: Record<string, Fact> | undefined = properties;
    const path: string[] = [];
    for (const part of terraform.split(".").filter((each) => !/^\d+$/.test(each))) {
        const name: string | undefined = plurals(camel(part)).find((each) => fields?.[each]);
        if (!name) return undefined;
        path.push(name);
        fields = fields?.[name]?.fields;
    }
    return path.join(".");
}

function readDeclarations(facts: Facts, root: string): void {
    const fileOf = (type: string): string => {
        const [folder = "", name = ""] = (type.split(":")[1] ?? "").split("/");
        const wanted = `${name}.d.ts`.toLowerCase();
        return join(root, folder, readdirSync(join(root, folder)).find((each) => each.toLowerCase() === wanted) ?? "");
    };
    const program = ts.createProgram([...Object.keys(facts).map(fileOf), join(root, "types/input.d.ts")], {});
    const checker = program.getTypeChecker();

    const blockOf = (type: ts.Type): ts.InterfaceDeclaration | undefined => {
        if (type.isUnion()) return type.types.map(blockOf).find(Boolean);
        if (type.getSymbol()?.name === "Array") {
            const [element] = checker.getTypeArguments(type as ts.TypeReference);
            return element && blockOf(element);
        }
        const declaration = type.getSymbol()?.declarations?.[0];
        const isBlock = declaration && ts.isInterfaceDeclaration(declaration);
        return isBlock && declaration.getSourceFile().fileName.includes("types/input") ? declaration : undefined;
    };
    const walk = (declaration: ts.InterfaceDeclaration, fields: Record<string, Fact>, depth: number): void => {
        for (const member of declaration.members) {
            if (!ts.isPropertySignature(member)) continue;
            const fact = fields[(member.name as ts.Identifier).text];
            if (!fact) continue;
            const doc = ts.getJSDocCommentsAndTags(member).map((each) => ts.getTextOfJSDocComment(each.comment) ?? "").join(" ");
            const quoted = doc.match(ENUM_TEXT)?.[1];
            const json = doc.match(ENUM_JSON)?.[1];
            if (quoted) fact.values = [...quoted.matchAll(/`"?([^`"]+)"?`/g)].map((each) => each[1]);
            else if (json) fact.values = JSON.parse(json);
            if (fact.required && member.questionToken) fact.named = true;
            const block = fact.fields && depth < 12 ? blockOf(checker.getTypeAtLocation(member)) : undefined;
            if (block && fact.fields) walk(block, fact.fields, depth + 1);
        }
    };
    for (const [type, resource] of Object.entries(facts)) {
        const name = `${type.split(":")[2]}Args`;
        program.getSourceFile(fileOf(type))?.forEachChild((node) => {
            if (ts.isInterfaceDeclaration(node) && node.name.text === name) walk(node, resource.properties, 0);
        });
    }
}

function compact(fields: Record<string, Fact>, all: Record<string, Fact>): Record<string, Fact> {
    return Object.fromEntries(
        Object.entries(fields).map(([name, { element, fields: inner, type, ...rest }]) => {
            const fact: Fact = { type, ...rest };
            const emptyBlock = (type === "list" || type === "set") && !element && !inner;
            for (const rule of ["conflictsWith", "exactlyOneOf"] as const) {
                const paths = fact[rule] as string[] | undefined;
                if (paths) fact[rule] = paths.map((path) => pulumiPath(path, all)).filter(Boolean);
            }
            if (element && element !== "string") fact.element = element;
            return [name, inner || emptyBlock ? { ...fact, fields: compact(inner ?? {}, all) } : fact];
        }),
    );
}

const [, , factsFile = "", root = "node_modules/@pulumi/gcp", out = "sandbox/schema"] = process.argv;
const facts = JSON.parse(readFileSync(factsFile, "utf8")) as Facts;
readDeclarations(facts, root);
const services = new Map<string, Record<string, unknown>>();
for (const [type, { terraform, properties }] of Object.entries(facts)) {
    const service = (type.split(":")[1] ?? "").split("/")[0] ?? "";
    const file = services.get(service) ?? {};
    file[type] = { terraform, properties: compact(properties, properties) };
    services.set(service, file);
}
/** One field a line, so that a change of provider version reads as a diff. */
function pretty(value: unknown, indent = ""): string {
    const text = JSON.stringify(value);
    if (typeof value !== "object" || value === null || Array.isArray(value) || (indent !== "" && !text.includes('"fields"') && !text.includes('"properties"') && "type" in value)) return text;
    const lines = Object.entries(value).map(([key, each]) => `${indent} ${JSON.stringify(key)}: ${pretty(each, `${indent} `)}`);
    return lines.length === 0 ? "{}" : `{\n${lines.join(",\n")}\n${indent}}`;
}
for (const [service, types] of services) writeFileSync(join(out, `${service}.json`), `${pretty(types)}\n`);
console.log(`${services.size} schema files written to ${out}`);
