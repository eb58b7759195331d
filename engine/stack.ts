import { pathToFileURL } from "node:url";
import { LocalWorkspace, PulumiCommand, type PulumiFn, type Stack } from "@pulumi/pulumi/automation";
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
            pulumiCommand: await PulumiCommand.get({ root: place.engine.root }),
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

/** Loads a compiled program anew, so that several runs in one process never share a module's state; returns its outputs. */
export function loadProgram(file: string): Record<string, unknown> {
    delete require.cache[file];
    return { ...(require(file) as Record<string, unknown>) };
}
