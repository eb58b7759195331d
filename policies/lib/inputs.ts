import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import type { Props } from "./field";

const inputs = new Map<string, Props>();

/**
 * Remembers what a program asked for. A stack rule is handed outputs, in which a preview does not know the fields that the
 * cloud fills in when they are left out: a timeout that is missing and one that is not known look the same there.
 */
export function remember(args: ResourceValidationArgs): void {
    inputs.set(args.urn, args.props);
}

/** What a program asked for; of a resource that was only read, what is there. */
export function inputsOf(resource: PolicyResource): Props {
    return inputs.get(resource.urn) ?? resource.props;
}
