import { badRequest, ProviderError } from "../api-error";
import type { Behavior } from "../behavior";
import { asText, isZero } from "../values";
import { lastPart } from "../world";
import { sameRelativePath } from "./rules";

export const SECRET = "gcp:secretmanager/secret:Secret";
const VERSION = "gcp:secretmanager/secretVersion:SecretVersion";
const API = "secretmanager.googleapis.com";

export const secretmanager: Record<string, Behavior> = {
    [SECRET]: {
        autoname: { property: "secretId", maxLength: 255 },
        deleteBeforeReplace: true,
        requiredWith: { rotation: ["topics"], "rotation.nextRotationTime": ["rotation.rotationPeriod"] },
        api: API,
        kind: "secret",
        id: (secret, world) => `projects/${world.projectOf(secret)}/secrets/${asText(secret.secretId)}`,
        refuse: ({ secretId }) => {
            if (!/^[a-zA-Z0-9_-]{1,255}$/.test(asText(secretId)))
                throw badRequest(`Secret ID ${asText(secretId)} must match [a-zA-Z_0-9-]+`);
        },
        refuseDelete: (secret, world) => {
            if (secret.deletionProtection === true) {
                throw new ProviderError(
                    "cannot destroy secret without setting deletion_protection=false and running `pulumi up`",
                );
            }
            // A secret takes its versions with it.
            for (const { id } of world.list(VERSION))
                if (id.startsWith(`${asText(secret.id)}/`)) world.estate.delete(VERSION, id);
        },
        fill: (secret, world) => {
            secret.name = `projects/${world.projectNumber}/secrets/${asText(secret.secretId)}`;
            if (isZero(secret.createTime)) secret.createTime = world.now();
        },
    },
    [VERSION]: {
        suppress: { secret: sameRelativePath },
        requiredWith: { secretDataWoVersion: ["secretDataWo"] },
        api: API,
        kind: "secret_version",
        id: (version, world) => {
            const secret = world.find(SECRET, version.secret)?.id ?? asText(version.secret);
            const number = world.list(VERSION).filter(({ id }) => id.startsWith(`${secret}/versions/`)).length + 1;
            return `${secret}/versions/${number}`;
        },
        references: [{ path: "secret", to: SECRET, weak: true }],
        fill: (version, world) => {
            version.name = version.id;
            version.version = lastPart(asText(version.id));
            if (isZero(version.createTime)) version.createTime = world.now();
        },
    },
};
