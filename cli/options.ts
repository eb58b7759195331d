import { SettingsError } from "../sandbox/workspace";

/** Options that every command on a stack takes. */
export interface Options {
    readonly stack: string;
    /** `key=value` changes to the configuration, for one run. */
    readonly config: string[];
    readonly policyPack: string[];
    readonly json: boolean;
    readonly yes: boolean;
}

export const exitCodes = { done: 0, failed: 1, usage: 2, blocked: 3 } as const;

/** A mistake in how a command was called; ends it with exit code 2. */
export class UsageError extends Error {}

export function exitCodeOf(error: unknown): number {
    return error instanceof UsageError || error instanceof SettingsError ? exitCodes.usage : exitCodes.failed;
}

/** A message for people; the stack only where `NETRA_DEBUG` asks for it. */
export function messageOf(error: unknown): string {
    if (!(error instanceof Error)) return String(error);
    return process.env.NETRA_DEBUG ? (error.stack ?? error.message) : error.message;
}
