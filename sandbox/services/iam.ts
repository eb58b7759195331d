// Identities and who may do what.
import { badRequest, notFound } from "../api-error";
import type { Behavior } from "../behavior";
import { asObject, asText, holdsUnknown, isZero, type Props } from "../values";
import { lastPart, type World } from "../world";
import { both, lengthBetween, matches, sameIgnoringCase, sameLinkOrName } from "./rules";

export const ACCOUNT = "gcp:serviceaccount/account:Account";
export const CLOUD_RUN_SERVICE = "gcp:cloudrunv2/service:Service";
export const CLOUD_RUN_JOB = "gcp:cloudrunv2/job:Job";
const SECRET = "gcp:secretmanager/secret:Secret";

const MEMBER = /(.+:.+|projectOwners|projectReaders|projectWriters|allUsers|allAuthenticatedUsers)/;

const member = both(
    (value) =>
        String(value).startsWith("deleted") ? "members that are deleted principals are not supported" : undefined,
    (value) =>
        MEMBER.test(String(value))
            ? undefined
            : `"${String(value)}" is not an IAM member, such as user:jane@example.com`,
);

const roleName = (role: unknown): string => asText(role);

function refuseGrant(grant: Props, world: World): void {
    if (!/^(roles\/[\w.]+|(projects|organizations)\/[^/]+\/roles\/[\w.]+)$/.test(roleName(grant.role))) {
        throw badRequest(`Role ${roleName(grant.role)} is not supported for this resource.`);
    }
    const account = asText(grant.member).match(/^serviceAccount:(.+@(.+)\.iam\.gserviceaccount\.com)$/);
    const isOurs = account?.[2] === world.project;
    const exists = world.list(ACCOUNT).some(({ outputs }) => outputs.email === account?.[1]);
    if (isOurs && !exists) throw badRequest(`Service account ${account?.[1]} does not exist.`);
}

/** `condition` is part of a grant's identity. */
function grantId(resource: string, grant: Props): string {
    const title = asText(asObject(grant.condition).title);
    return [resource, roleName(grant.role), asText(grant.member), ...(title ? [title] : [])].join("/");
}

function grantOn(
    type: string | undefined,
    property: string,
    own: Partial<Behavior> & { resource: Behavior["id"] },
): Behavior {
    const { resource, ...rest } = own;
    return {
        validate: { member },
        suppress: { member: sameIgnoringCase, [property]: sameLinkOrName },
        idempotent: true,
        kind: "iam_policy",
        ...rest,
        id: (grant, world) => grantId(resource(grant, world), grant),
        refuse: (grant, world) => {
            const target = resource(grant, world);
            if (type && !world.get(type, target)) throw notFound(target);
            refuseGrant(grant, world);
        },
        fill: (grant, world) => {
            if (type) grant[property] = resource(grant, world);
            grant.etag = Buffer.from(String(world.serial())).toString("base64");
            if ("location" in grant) grant.location = world.locationOf(grant);
        },
    };
}

const runResource =
    (collection: string): Behavior["id"] =>
    (grant, world) =>
        `projects/${world.projectOf(grant)}/locations/${world.locationOf(grant)}/${collection}/${lastPart(asText(grant.name))}`;

export const iam: Record<string, Behavior> = {
    [ACCOUNT]: {
        autoname: { property: "accountId", maxLength: 30 },
        validate: {
            accountId: both(matches(/^[a-z](?:[-a-z0-9]{4,28}[a-z0-9])$/), lengthBetween(6, 30)),
            description: lengthBetween(0, 256),
        },
        foresee: (account, world) => {
            if (holdsUnknown(account.accountId) || holdsUnknown(account.project)) return;
            account.email = `${asText(account.accountId)}@${world.projectOf(account)}.iam.gserviceaccount.com`;
            account.member = `serviceAccount:${account.email}`;
        },
        api: "iam.googleapis.com",
        kind: "service_account",
        id: (account, world) => {
            const project = world.projectOf(account);
            return `projects/${project}/serviceAccounts/${asText(account.accountId)}@${project}.iam.gserviceaccount.com`;
        },
        fill: (account, world) => {
            account.email = lastPart(asText(account.id));
            account.member = `serviceAccount:${asText(account.email)}`;
            account.name = account.id;
            if (isZero(account.uniqueId))
                account.uniqueId = `1000000000000000${String(world.serial()).padStart(5, "0")}`;
        },
    },
    "gcp:projects/iAMMember:IAMMember": grantOn(undefined, "project", {
        suppress: {
            member: sameIgnoringCase,
            project: (old, next) => old.replace(/^projects\//, "") === next.replace(/^projects\//, ""),
        },
        resource: (grant, world) => world.projectOf(grant),
    }),
    "gcp:cloudrunv2/serviceIamMember:ServiceIamMember": grantOn(CLOUD_RUN_SERVICE, "name", {
        api: "run.googleapis.com",
        resource: runResource("services"),
    }),
    "gcp:cloudrunv2/jobIamMember:JobIamMember": grantOn(CLOUD_RUN_JOB, "name", {
        api: "run.googleapis.com",
        resource: runResource("jobs"),
    }),
    "gcp:secretmanager/secretIamMember:SecretIamMember": grantOn(SECRET, "secretId", {
        api: "secretmanager.googleapis.com",
        resource: (grant, world) => `projects/${world.projectOf(grant)}/secrets/${lastPart(asText(grant.secretId))}`,
    }),
};
