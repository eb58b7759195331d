// The services beside the path of a request, of which the sandbox models little more than existence.
import { ApiError, badRequest } from "../api-error";
import type { Behavior } from "../behavior";
import { asText, isZero } from "../values";
import { freeAddress, NETWORK } from "./compute-network";
import { between, both, lengthBetween, matches, oneOf, sameIgnoringCase, sameLinkOrName } from "./rules";

const SCHEDULE = "maintenancePolicy.weeklyMaintenanceWindows.startTime";

export const dataServices: Record<string, Behavior> = {
    "gcp:artifactregistry/repository:Repository": {
        suppress: { format: sameIgnoringCase },
        api: "artifactregistry.googleapis.com",
        kind: "repository",
        id: (repository, world) =>
            `projects/${world.projectOf(repository)}/locations/${world.locationOf(repository)}/repositories/${asText(repository.repositoryId)}`,
        fill: (repository, world) => {
            repository.location = world.locationOf(repository);
            repository.name = repository.repositoryId;
            repository.registryUri = `${asText(repository.location)}-docker.pkg.dev/${world.projectOf(repository)}/${asText(repository.repositoryId)}`;
            if (isZero(repository.createTime)) repository.createTime = world.now();
            repository.updateTime = world.now();
        },
    },
    "gcp:logging/metric:Metric": {
        atLeastOneOf: [
            ["explicitBuckets", "exponentialBuckets", "linearBuckets"].map((name) => `bucketOptions.${name}`),
        ],
        kind: "metric",
        id: (metric) => asText(metric.name),
        refuse: (metric) => {
            if (isZero(metric.filter)) throw badRequest("Log metric filter must not be empty");
        },
    },
    "gcp:redis/instance:Instance": {
        validate: {
            name: matches(/^[a-z][a-z0-9-]{0,39}[a-z0-9]$/),
            [`${SCHEDULE}.hours`]: between(0, 23),
            [`${SCHEDULE}.minutes`]: between(0, 59),
            [`${SCHEDULE}.seconds`]: between(0, 60),
            [`${SCHEDULE}.nanos`]: between(0, 999999999),
        },
        suppress: { authorizedNetwork: sameLinkOrName },
        api: "redis.googleapis.com",
        kind: "instance",
        id: (instance, world) =>
            `projects/${world.projectOf(instance)}/locations/${world.regionOf(instance)}/instances/${asText(instance.name)}`,
        references: [{ path: "authorizedNetwork", to: NETWORK }],
        fill: (instance, world) => {
            instance.region = world.regionOf(instance);
            if (isZero(instance.host)) Object.assign(instance, { host: freeAddress(world), port: 6379 });
            if (isZero(instance.createTime)) instance.createTime = world.now();
        },
    },
    "gcp:storage/bucket:Bucket": {
        autoname: { property: "name", maxLength: 63, lowerCase: true },
        validate: {
            name: both(lengthBetween(3, 222), matches(/^[a-z0-9_.-]*$/), (value) =>
                /^goog|google/.test(String(value))
                    ? `bucket name "${String(value)}" must not begin with goog or contain google`
                    : undefined,
            ),
            "lifecycleRules.condition.withState": oneOf("LIVE", "ARCHIVED", "ANY", ""),
            publicAccessPrevention: oneOf("inherited", "enforced"),
            "ipFilter.mode": oneOf("Enabled", "Disabled"),
        },
        atLeastOneOf: [["website.mainPageSuffix", "website.notFoundPage"]],
        suppress: {
            location: sameIgnoringCase,
            "website.mainPageSuffix": (_old, next) => next === "",
            "website.notFoundPage": (_old, next) => next === "",
        },
        kind: "bucket",
        id: (bucket) => asText(bucket.name),
        refuse: ({ name }) => {
            if (!/^[a-z0-9][-_.a-z0-9]{1,220}[a-z0-9]$/.test(asText(name)))
                throw new ApiError(400, "invalid", `Invalid bucket name: '${asText(name)}'`);
        },
        fill: (bucket, world) => {
            bucket.location = asText(bucket.location).toUpperCase();
            bucket.url = `gs://${asText(bucket.name)}`;
            bucket.selfLink = `https://www.googleapis.com/storage/v1/b/${asText(bucket.name)}`;
            if (isZero(bucket.timeCreated)) bucket.timeCreated = world.now();
            bucket.updated = world.now();
        },
    },
};
