export { ApiError, ProviderError } from "./api-error";
export type { AutonamingRequest } from "./autoname";
export { type CheckRequest, type CheckResult, check } from "./check";
export { Cloud } from "./cloud";
export { type DetailedKind, type DiffRequest, type DiffResult, diff } from "./diff";
export { Estate, EstateError, type Stored } from "./estate";
export { knownType, knownTypes } from "./schema";
export { type Props, UNKNOWN, withoutDefaults } from "./values";
export type { Place } from "./world";
