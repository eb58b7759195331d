import * as fs from "node:fs";
import { commandProvider } from "./command-provider";
import { GcpProvider } from "./gcp-provider";
import { SandboxHome } from "./home";
import { type Interrupted, Journal } from "./journal";
import { lockSandbox } from "./lock";
import { serveProvider } from "./provider-server";
import { serveRest } from "./rest-server";
import { prepareWorkspace, type StackSettings } from "./workspace";

export interface SandboxOptions {
    readonly project: string;
    readonly stack: string;
    readonly changes: readonly string[];
    readonly log: (line: string) => void;
}

/** The local cloud, open for one command: locked, its providers listening. */
export interface Sandbox {
    readonly home: SandboxHome;
    readonly settings: StackSettings;
    /** Whether the estate may have what the program declares and the state does not know: a new state, or a killed run. */
    readonly needsAdoption: boolean;
    readonly gcp: GcpProvider;
    readonly journal: Journal;
    /** What the last command left unfinished when it was killed. */
    readonly interrupted: Interrupted | undefined;
    /** Ports of the providers, by package. */
    readonly providers: Readonly<Record<string, number>>;
    save(): void;
    onClose(action: () => void): void;
    close(): Promise<void>;
}

/** By these, which the real provider honours too, a command of the program reads the estate and not Google Cloud. */
const commandEnvironment = (url: string): Record<string, string> => ({
    GOOGLE_CERTIFICATE_MANAGER_CUSTOM_ENDPOINT: `${url}v1/`,
    GOOGLE_OAUTH_ACCESS_TOKEN: "sandbox",
});

export async function openSandbox({ project, stack, changes, log }: SandboxOptions): Promise<Sandbox> {
    const home = new SandboxHome(project);
    const unlock = await lockSandbox(home, log);
    const closing: (() => void)[] = [];
    const close = async () => {
        for (const action of closing.reverse()) action();
        await unlock();
    };
    try {
        const settings = prepareWorkspace(home, stack, changes);
        if (settings.leftOut.length > 0)
            log(`sandbox: ${settings.leftOut.join(", ")} left out; the sandbox needs no credentials`);
        const isNew = !fs.existsSync(home.estate) || !fs.existsSync(home.checkpoint("netra", stack));
        const journal = new Journal(home);
        const interrupted = journal.interrupted();
        const place = { project: settings.config["gcp:project"] ?? "", region: settings.config["gcp:region"] ?? "" };
        const gcp = new GcpProvider(home.estate, place, journal);
        const rest = await serveRest(gcp);
        closing.push(rest.close);
        const [gcpServer, commandServer] = await Promise.all([
            serveProvider(gcp),
            serveProvider(commandProvider(project, commandEnvironment(rest.url))),
        ]);
        closing.push(gcpServer.close, commandServer.close);
        return {
            home,
            settings,
            needsAdoption: isNew || interrupted !== undefined,
            gcp,
            journal,
            interrupted,
            providers: { gcp: gcpServer.port, command: commandServer.port },
            save: () => gcp.save(),
            onClose: (action) => closing.push(action),
            close,
        };
    } catch (error) {
        await close();
        throw error;
    }
}
