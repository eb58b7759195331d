/** What the cloud answers instead of doing it, worded as the provider reports it. */
export class ApiError extends Error {
    constructor(
        readonly status: number,
        readonly reason: string,
        message: string,
    ) {
        super(`googleapi: Error ${status}: ${message}, ${reason}`);
        this.name = "ApiError";
    }
}

/** The provider itself refuses, before it asks the cloud. */
export class ProviderError extends ApiError {
    constructor(message: string) {
        super(400, "provider", message);
        this.name = "ProviderError";
        this.message = message;
    }
}

export const invalid = (message: string): ApiError => new ApiError(400, "invalid", message);

export const badRequest = (message: string): ApiError => new ApiError(400, "badRequest", message);

export const invalidField = (field: string, value: unknown, rule: string): ApiError =>
    invalid(`Invalid value for field 'resource.${field}': '${String(value ?? "")}'. ${rule}`);

export const notFound = (what: string): ApiError =>
    new ApiError(404, "notFound", `The resource '${what}' was not found`);
