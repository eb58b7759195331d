import artifactregistry from "./schema/artifactregistry.json";
import certificatemanager from "./schema/certificatemanager.json";
import cloudrunv2 from "./schema/cloudrunv2.json";
import compute from "./schema/compute.json";
import dns from "./schema/dns.json";
import logging from "./schema/logging.json";
import monitoring from "./schema/monitoring.json";
import projects from "./schema/projects.json";
import redis from "./schema/redis.json";
import secretmanager from "./schema/secretmanager.json";
import serviceaccount from "./schema/serviceaccount.json";
import sql from "./schema/sql.json";
import storage from "./schema/storage.json";
import vpcaccess from "./schema/vpcaccess.json";

export type FieldType = "string" | "boolean" | "integer" | "number" | "list" | "set" | "map";

/** What the provider's schema says of one property. The keys are explained in schema/README.md. */
export interface Field {
    type: FieldType;
    element?: string;
    fields?: Fields;
    required?: boolean;
    named?: boolean;
    computed?: boolean;
    outputOnly?: boolean;
    replaceOnChange?: boolean;
    default?: unknown;
    minItems?: number;
    maxItems?: number;
    conflictsWith?: string[];
    exactlyOneOf?: string[];
    values?: string[];
    sensitive?: boolean;
}

export type Fields = Record<string, Field>;

export interface ResourceSchema {
    terraform: string;
    properties: Fields;
}

const services: object[] = [
    artifactregistry,
    certificatemanager,
    cloudrunv2,
    compute,
    dns,
    logging,
    monitoring,
    projects,
    redis,
    secretmanager,
    serviceaccount,
    sql,
    storage,
    vpcaccess,
];
const schemas = new Map<string, ResourceSchema>(services.flatMap((types) => Object.entries(types)));

export const knownType = (type: string): boolean => schemas.has(type);

export const knownTypes = (): string[] => [...schemas.keys()];

export function schemaOf(type: string): ResourceSchema {
    const schema = schemas.get(type);
    if (!schema) throw new Error(`The sandbox has no resource type ${type}`);
    return schema;
}

export const isCollection = (field: Field): boolean => field.type === "list" || field.type === "set";

/** A list or set of at most one element: Pulumi shows the element itself. */
export const isSingle = (field: Field): boolean => isCollection(field) && field.maxItems === 1;

/** The schema of one element of a list, set or map of plain values. */
export const elementOf = (field: Field): Field => ({
    type: (field.element as FieldType | undefined) ?? "string",
    values: field.values,
});

/** Sent to the cloud and never kept, so that a change of it alone is not seen: the version beside it is what counts. */
export const isWriteOnly = (name: string): boolean => name.endsWith("Wo");
