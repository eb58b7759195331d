import type { Autoname } from "./autoname";
import type { Props } from "./values";
import type { World } from "./world";

/** Judges one known value of a property at Check. Returns the reason when it does not pass. */
export type Validator = (value: unknown) => string | undefined;

/** True when the provider takes the two texts for the same. `old` is the state's, `next` the program's ("" when left out). */
export type Suppressor = (old: string, next: string, resource: { old: Props; next: Props }) => boolean;

/** A property that names another resource. */
export interface Reference {
    /** Dotted path in the outputs; a list stands for each of its elements. */
    path: string;
    to: string;
    /** The API takes the reference on trust. It still keeps the target from being deleted, unless `weak`. */
    unchecked?: boolean;
    /** Does not keep the target from being deleted. */
    weak?: boolean;
    /** Replaces the API's usual words when the target does not exist. */
    missing?: (reference: string) => Error;
}

/**
 * What the provider and the cloud do in code for one resource type, beyond its schema. Paths are dotted Pulumi names without indexes:
 * `template.containers.image`.
 */
export interface Behavior {
    // The provider, at preview.
    /** How the name is filled; `false` where the provider fills none. Without it: `name` at most 255 characters long. */
    autoname?: Autoname | false;
    /** Defaults that Pulumi adds to those of the schema. */
    defaults?: Props;
    validate?: Record<string, Validator>;
    /** The first is only valid together with the others. */
    requiredWith?: Record<string, string[]>;
    /** Of each group one must be set, where the block that holds them is. */
    atLeastOneOf?: string[][];
    suppress?: Record<string, Suppressor>;
    /** Blocks whose removal the provider does not see while they are empty. */
    suppressEmptyBlocks?: string[];
    /** Sets that the provider compares by something else than all their fields; lists that it compares as sets. */
    compareAsSet?: string[];
    /** Forces a replacement that no single property asks for. */
    replaces?: (old: Props, next: Props) => boolean;
    deleteBeforeReplace?: boolean;
    /** What the provider works out by itself at the preview of a create, although the cloud decides it. */
    foresee?: (resource: Props, world: World) => void;

    // The cloud, at up.
    /** The API that must be enabled, such as `run.googleapis.com`. */
    api?: string;
    id: (resource: Props, world: World) => string;
    references?: Reference[];
    /** How the API names the kind of resource, where its messages do: `url_map`. */
    kind?: string;
    /** Creating what exists is no error. */
    idempotent?: boolean;
    /** What the API refuses, at create and at update. `old` is undefined at create. */
    refuse?: (resource: Props, world: World, old?: Props) => void;
    refuseDelete?: (resource: Props, world: World) => void;
    /** What the cloud fills in. `old` is undefined at create. */
    fill?: (resource: Props, world: World, old?: Props) => void;
    /** What changes by itself between two reads. */
    refresh?: (resource: Props, world: World) => void;
    /** Keeps the record in the estate after a delete: the cloud leaves the thing as it is. */
    survivesDelete?: (resource: Props) => boolean;
}
