import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { LocalWorkspace, PulumiCommand, type PulumiFn, type Stack } from "@pulumi/pulumi/automation";
import { SemVer } from "semver";
import type { Engine } from "./find";

/** A stack whose state, plugins and settings live in folders of our choosing, never in the user's Pulumi home. */
export interface StackPlace {
    readonly engine: Engine;
    readonly project: string;
    readonly stack: string;
    /** Folder with `Pulumi.yaml` and `Pulumi.<stack>.yaml`. */
    readonly workFolder: string;
    readonly stateFolder: string;
    readonly pulumiHome: string;
    /** Ports of providers that this process serves: `{ gcp: 4321 }`. */
    readonly providers: Readonly<Record<string, number>>;
    readonly environment?: Readonly<Record<string, string>>;
}

/** Opens a stack for the Automation API, with the program running in this process. */
export async function openStack(place: StackPlace, program: PulumiFn): Promise<Stack> {
    const attached = Object.entries(place.providers).map(([name, port]) => `${name}:${port}`);
    return LocalWorkspace.createOrSelectStack(
        { projectName: place.project, stackName: place.stack, program },
        {
            workDir: place.workFolder,
            pulumiCommand: commandOf(place.engine),
            envVars: {
                PULUMI_HOME: place.pulumiHome,
                PULUMI_BACKEND_URL: pathToFileURL(place.stateFolder).href,
                PULUMI_CONFIG_PASSPHRASE: "",
                PULUMI_SKIP_UPDATE_CHECK: "true",
                PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
                PULUMI_DEBUG_PROVIDERS: attached.join(","),
                ...place.environment,
            },
        },
    );
}

/**
 * The Automation API's handle on an engine. `PulumiCommand.get` would run `pulumi version` once more, a tenth of a whole
 * preview, to learn what finding the engine has told; its constructor is private in the types only.
 */
function commandOf(engine: Engine): PulumiCommand {
    const binary = path.join(engine.root, "bin", "pulumi");
    return Reflect.construct(PulumiCommand, [binary, new SemVer(engine.version)]) as PulumiCommand;
}

/** Loads a compiled program anew, so that several runs in one process never share a module's state; returns its outputs. */
export function loadProgram(file: string): Record<string, unknown> {
    delete require.cache[file];
    return { ...(require(file) as Record<string, unknown>) };
}
