/**
 * Mutants that change nothing that a user could see, and why. Anything else that survives is a hole in the specs.
 */
export const equivalent: Readonly<Record<string, string>> = {
    "lib/cloud-run.ts < becomes <=: Number(a.value) < Number(b.value)": "of two limits that are the same, either holds",
    "lib/field.ts ? always: field.known ? field.value : undefined": "a field that is not known has no value",
    'lib/ignore-changes.ts no default: quoted ?? index ?? name ?? ""':
        "one of the three always matches; the type does not know",
    'rules/connector-demand/users.ts ? always: reference.kind === "foreign" ? { outside: reference.value } ':
        "a reference to resources has no value",
};
