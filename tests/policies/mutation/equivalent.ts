/**
 * Mutants that change nothing that a user could see, and why. Anything else that survives is a hole in the specs.
 */
export const equivalent: Readonly<Record<string, string>> = {};
