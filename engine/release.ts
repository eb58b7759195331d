import * as os from "node:os";
import * as path from "node:path";
import { version } from "@pulumi/pulumi/version";

/** The release of Pulumi's engine that goes with the SDK in package.json, and with `engine/build/go.mod`. */
export const engineVersion = version;

/** Where Pulumi's own installer keeps this release. A build of ours goes to the same place, so either is found again. */
export function cachedRoot(): string {
    return path.join(os.homedir(), ".pulumi", "versions", engineVersion);
}

export function cachedBinary(): string {
    return path.join(cachedRoot(), "bin", "pulumi");
}
