// What the types of Compute Engine share.
import { invalidField } from "../api-error";
import type { Behavior } from "../behavior";
import { asText, isZero, type Props } from "../values";
import type { World } from "../world";

const NAME = /^(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)$/;

export const lowerCaseName = { property: "name", maxLength: 63, lowerCase: true };

export const globalId =
    (collection: string): Behavior["id"] =>
    (resource, world) =>
        `projects/${world.projectOf(resource)}/global/${collection}/${asText(resource.name)}`;

export const regionalId =
    (collection: string): Behavior["id"] =>
    (resource, world) =>
        `projects/${world.projectOf(resource)}/regions/${world.regionOf(resource)}/${collection}/${asText(resource.name)}`;

export function refuseName(resource: Props): void {
    if (!NAME.test(asText(resource.name))) {
        throw invalidField("name", resource.name, "Must be a match of regex '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)'");
    }
}

/** The link, the numbers and the marks that Compute Engine puts on a resource, where its type has them. */
export function fillCommon(resource: Props, world: World, number?: string): void {
    resource.selfLink = `https://www.googleapis.com/compute/v1/${asText(resource.id)}`;
    if ("creationTimestamp" in resource && isZero(resource.creationTimestamp)) resource.creationTimestamp = world.now();
    const mark = (): string => Buffer.from(String(world.serial())).toString("base64");
    if ("fingerprint" in resource) resource.fingerprint = mark();
    if ("labelFingerprint" in resource) resource.labelFingerprint = mark();
    if (number && isZero(resource[number])) resource[number] = world.serial();
}

/** A type with nothing of its own beyond its name and number. */
export function computeType(
    kind: string,
    id: Behavior["id"],
    number: string | undefined,
    own: Partial<Behavior> = {},
): Behavior {
    return {
        api: "compute.googleapis.com",
        kind,
        ...own,
        id,
        refuse: (resource, world, old) => {
            refuseName(resource);
            own.refuse?.(resource, world, old);
        },
        fill: (resource, world, old) => {
            fillCommon(resource, world, number);
            own.fill?.(resource, world, old);
        },
    };
}
