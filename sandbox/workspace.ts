import * as fs from "node:fs";
import * as path from "node:path";
import { type Document, isMap, isScalar, parse, parseDocument, YAMLMap } from "yaml";
import type { SandboxHome } from "./home";

/** A stack's settings as one run of the sandbox sees them. */
export interface StackSettings {
    readonly stack: string;
    /** Every configuration value as the engine hands it on: text, structures as JSON. */
    readonly config: Readonly<Record<string, string>>;
    /** Encrypted values of other namespaces, which the sandbox cannot read and does not need. */
    readonly leftOut: readonly string[];
}

/** A stack file or a `--config` that cannot be used; the text names the file or the key, and the fix. */
export class SettingsError extends Error {}

/**
 * Writes Pulumi's working folder for a stack: the project's own `Pulumi.yaml` and `Pulumi.<stack>.yaml`, the latter
 * with one run's changes. The project's files are never written.
 */
export function prepareWorkspace(home: SandboxHome, stack: string, changes: readonly string[]): StackSettings {
    const document = readStackFile(home.project, stack);
    for (const change of changes) applyChange(document, change);
    const leftOut = dropEncrypted(document, stack);
    const folder = home.workspace(stack);
    fs.mkdirSync(folder, { recursive: true });
    fs.copyFileSync(path.join(home.project, "Pulumi.yaml"), path.join(folder, "Pulumi.yaml"));
    fs.writeFileSync(path.join(folder, `Pulumi.${stack}.yaml`), document.toString());
    return { stack, config: configOf(document), leftOut };
}

function readStackFile(project: string, stack: string): Document {
    const file = `Pulumi.${stack}.yaml`;
    let text: string;
    try {
        text = fs.readFileSync(path.join(project, file), "utf8");
    } catch {
        const stacks = fs
            .readdirSync(project)
            .map((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1])
            .filter((name) => name !== undefined);
        throw new SettingsError(
            `stack '${stack}' has no ${file} in the project. Stacks: ${stacks.join(", ") || "none"}.`,
        );
    }
    const document = parseDocument(text);
    const [error] = document.errors;
    if (error !== undefined) throw new SettingsError(`${file} is not YAML: ${error.message.split("\n")[0]}`);
    if (document.contents === null) document.contents = new YAMLMap() as never;
    if (!isMap(document.contents)) throw new SettingsError(`${file} is not a map of settings.`);
    const config = document.get("config");
    if (config !== undefined && config !== null && !isMap(config))
        throw new SettingsError(`${file}: config is not a map of keys.`);
    return document;
}

/** `key=value`, `key.path=value`; the key in namespace `netra` unless it names another. The value is read as YAML. */
function applyChange(document: Document, change: string): void {
    const match = /^(?:([\w-]+):)?([\w-]+)((?:\.[\w-]+)*)=(.*)$/s.exec(change);
    if (match === null)
        throw new SettingsError(`--config ${change}: write key=value, such as netra:connector.minInstances=4.`);
    const [, namespace = "netra", name, rest = "", text = ""] = match;
    let value: unknown;
    try {
        value = parse(text);
    } catch {
        value = text;
    }
    const keys = ["config", `${namespace}:${name}`, ...rest.split(".").filter((key) => key !== "")];
    for (let depth = 1; depth < keys.length; depth++) {
        const parent = document.getIn(keys.slice(0, depth));
        if (parent === undefined || parent === null) document.setIn(keys.slice(0, depth), document.createNode({}));
        else if (!isMap(parent)) {
            throw new SettingsError(
                `--config ${change}: ${keys.slice(1, depth).join(".")} is a single value, it has no ${keys[depth]}.`,
            );
        }
    }
    document.setIn(keys, value);
}

/** The sandbox has no key to encrypted values. Those of the program are refused; a provider's credentials are left out. */
function dropEncrypted(document: Document, stack: string): string[] {
    const config = document.get("config");
    const leftOut: string[] = [];
    if (isMap(config)) {
        for (const pair of [...config.items]) {
            const key = String(isScalar(pair.key) ? pair.key.value : pair.key);
            if (!isMap(pair.value) || !pair.value.has("secure")) continue;
            if (key.startsWith("netra:")) {
                throw new SettingsError(
                    `Pulumi.${stack}.yaml: ${key} is encrypted, and the sandbox has no key. Pass --config ${key}=VALUE for this run.`,
                );
            }
            config.delete(pair.key);
            leftOut.push(key);
        }
    }
    for (const field of ["secretsprovider", "encryptedkey", "encryptionsalt"]) document.delete(field);
    return leftOut;
}

function configOf(document: Document): Record<string, string> {
    const values = (document.toJS() as { config?: Record<string, unknown> } | null)?.config ?? {};
    return Object.fromEntries(
        Object.entries(values).map(([key, value]) => [
            key,
            typeof value === "object" && value !== null ? JSON.stringify(value) : String(value),
        ]),
    );
}
