import { badRequest, ProviderError } from "../api-error";
import type { Behavior } from "../behavior";
import { asObject, asText, isZero, type Props } from "../values";
import { between, emptyOr, oneOf, sameIgnoringCase, sameRelativePath } from "./rules";

export const INSTANCE = "gcp:sql/databaseInstance:DatabaseInstance";
const API = "sqladmin.googleapis.com";

const ofInstance = { path: "instance", to: INSTANCE };

const isDiskShrunk = (old: Props, next: Props): boolean => {
    const [before, after] = [asObject(old.settings).diskSize, asObject(next.settings).diskSize];
    return !isZero(before) && typeof after === "number" && after < Number(before);
};

export const sql: Record<string, Behavior> = {
    [INSTANCE]: {
        validate: {
            "settings.activationPolicy": oneOf("ALWAYS", "ON_DEMAND", "NEVER"),
            "settings.availabilityType": oneOf("REGIONAL", "ZONAL"),
            "settings.edition": oneOf("ENTERPRISE", "ENTERPRISE_PLUS"),
            "settings.connectorEnforcement": oneOf("NOT_REQUIRED", "REQUIRED"),
            "settings.pricingPlan": oneOf("PER_USE", "PACKAGE"),
            "settings.maintenanceWindow.day": between(1, 7),
            "settings.maintenanceWindow.hour": between(0, 23),
            "settings.insightsConfig.queryPlansPerMinute": between(0, 20),
        },
        suppress: {
            "settings.diskType": sameIgnoringCase,
            "settings.ipConfiguration.privateNetwork": sameRelativePath,
        },
        replaces: isDiskShrunk,
        api: API,
        kind: "instance",
        id: (instance) => asText(instance.name),
        refuse: (instance) => {
            if (isZero(instance.settings) && isZero(instance.clone))
                throw badRequest("Invalid request: settings are required");
        },
        refuseDelete: ({ deletionProtection }) => {
            if (deletionProtection === true) {
                throw new ProviderError(
                    "Error, failed to delete instance because deletion_protection is set to true. Set it to false to proceed with instance deletion",
                );
            }
        },
        fill: (instance, world) => {
            const project = world.projectOf(instance);
            instance.region = world.regionOf(instance);
            instance.connectionName = `${project}:${asText(instance.region)}:${asText(instance.name)}`;
            instance.selfLink = `https://sqladmin.googleapis.com/sql/v1beta4/projects/${project}/instances/${asText(instance.name)}`;
            if (isZero(instance.instanceType)) instance.instanceType = "CLOUD_SQL_INSTANCE";
        },
    },
    "gcp:sql/database:Database": {
        api: API,
        kind: "database",
        id: (database, world) =>
            `projects/${world.projectOf(database)}/instances/${asText(database.instance)}/databases/${asText(database.name)}`,
        references: [{ ...ofInstance, weak: true }],
        fill: (database) => {
            database.selfLink = `https://sqladmin.googleapis.com/sql/v1beta4/${asText(database.id)}`;
            if (isZero(database.charset)) Object.assign(database, { charset: "UTF8", collation: "en_US.UTF8" });
        },
    },
    "gcp:sql/user:User": {
        validate: {
            type: oneOf(
                "BUILT_IN",
                "CLOUD_IAM_USER",
                "CLOUD_IAM_SERVICE_ACCOUNT",
                "CLOUD_IAM_GROUP",
                "CLOUD_IAM_GROUP_USER",
                "CLOUD_IAM_GROUP_SERVICE_ACCOUNT",
                "ENTRAID_USER",
                "",
            ),
        },
        suppress: { type: emptyOr("BUILT_IN") },
        api: API,
        kind: "user",
        id: (user) => `${asText(user.name)}/${asText(user.host)}/${asText(user.instance)}`,
        references: [{ ...ofInstance, weak: true }],
    },
};
