import * as lockfile from "proper-lockfile";
import type { SandboxHome } from "./home";

/** A holder renews its lock every second; one that was killed is passed over once it is this old. */
const staleMilliseconds = 3000;
const waitSeconds = 600;

/** Takes the sandbox for one command. A second command waits, and says so; after ten minutes it gives up. */
export async function lockSandbox(home: SandboxHome, log: (line: string) => void): Promise<() => Promise<void>> {
    home.create();
    const take = () => lockfile.lock(home.folder, { stale: staleMilliseconds, update: 1000 });
    const deadline = Date.now() + waitSeconds * 1000;
    for (let said = false; ; said = true) {
        try {
            return await take();
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
            if (Date.now() > deadline) {
                throw new Error(
                    `${home.folder} has been in use by another netra command for ${waitSeconds} s. Wait for it to end, or end it.`,
                );
            }
            if (!said) log("sandbox: another netra command is using it; waiting for that to end");
            await new Promise((resolve) => setTimeout(resolve, 250));
        }
    }
}
