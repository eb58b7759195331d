import type { PolicyResource } from "@pulumi/policy";
import { knownText, type Path, type Props, readField } from "./field";
import { inputsOf } from "./inputs";

/** What one resource's property says about another resource. */
export type Reference =
    /** Nothing: the property is not set. */
    | { readonly kind: "none" }
    /** Resources of the stack. Of a value that is not known yet, all that it depends on and that are of the right type. */
    | { readonly kind: "resources"; readonly resources: readonly PolicyResource[] }
    /** Something outside the stack. */
    | { readonly kind: "foreign"; readonly value: string }
    /** A value that is not known yet and depends on no resource of the right type. */
    | { readonly kind: "unknown" };

/**
 * Follows a property to the resources that it names. An id is not known before its resource exists; what the value depends
 * on is, and tells as much.
 */
export function follow(
    stack: readonly PolicyResource[],
    from: PolicyResource,
    path: Path,
    wanted: readonly string[],
): Reference {
    const field = readField(inputsOf(from), ...path);
    if (!field.known) {
        const resources = dependenciesOf(from, path).filter((resource) => wanted.includes(resource.type));
        return resources.length > 0 ? { kind: "resources", resources } : { kind: "unknown" };
    }
    if (typeof field.value !== "string" || field.value === "") return { kind: "none" };
    const { value } = field;
    const resources = stack.filter((resource) => wanted.includes(resource.type) && isNamed(resource, value));
    return resources.length > 0 ? { kind: "resources", resources } : { kind: "foreign", value };
}

/** Whether a value names a resource: by its short name, or by an id, self link or other address that ends in its name. */
export function isNamed(resource: PolicyResource, value: string): boolean {
    const name = nameOf(resource);
    const segments = value.split("/");
    if (name === undefined || segments.at(-1) !== name) return false;
    return (
        agrees(segments, "projects", projectOf(resource)) &&
        agrees(segments, "locations", placeOf(resource)) &&
        agrees(segments, "regions", placeOf(resource))
    );
}

/** The name that the cloud knows a resource by. */
export function nameOf(resource: PolicyResource): string | undefined {
    return text(resource.props, "name");
}

/** The region of a resource, or its location; `undefined` when it is not known. */
export function placeOf(resource: PolicyResource): string | undefined {
    return text(resource.props, "region") ?? text(resource.props, "location");
}

/** Left out, it is the provider's; and the provider need not say. */
function projectOf(resource: PolicyResource): string | undefined {
    return text(resource.props, "project") ?? text(resource.provider?.props, "project");
}

function text(props: Props | undefined, name: string): string | undefined {
    return knownText(readField(props, name));
}

function dependenciesOf(resource: PolicyResource, path: Path): PolicyResource[] {
    return resource.propertyDependencies[String(path[0])] ?? [];
}

/** Whether an address puts a resource where it is. What either side leaves open cannot disagree. */
function agrees(segments: readonly string[], kind: string, expected: string | undefined): boolean {
    const index = segments.indexOf(kind);
    return index < 0 || expected === undefined || segments[index + 1] === expected;
}
