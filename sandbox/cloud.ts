import { ApiError, notFound, ProviderError } from "./api-error";
import type { Behavior } from "./behavior";
import type { Estate, Stored } from "./estate";
import { foresee, importInputs, materialize, refreshInputs } from "./outputs";
import { type Fields, schemaOf } from "./schema";
import { behaviorOf, behaviorTypes } from "./services";
import { refuseDisabledApi } from "./services/serviceusage";
import {
    asObject,
    asText,
    DEFAULTS,
    holdsUnknown,
    isSame,
    isUnknown,
    isZero,
    type Props,
    UNKNOWN,
    valuesAt,
    withoutDefaults,
} from "./values";
import { type Place, refersTo, relative, World } from "./world";

/** The label by which pulumi-gcp marks what it made. */
const PROVISIONED = { "goog-pulumi-provisioned": "true" };

class NeedsSerial extends Error {}

/** The API behind the provider: it keeps the estate and refuses what the real one refuses. It changes the estate only on success. */
export class Cloud {
    private readonly world: World;

    constructor(
        private readonly estate: Estate,
        place: Place,
    ) {
        this.world = new World(estate, place);
    }

    /** The id that a resource with these inputs would have, or undefined where it is not known before `up`. */
    idOf(type: string, inputs: Props): string | undefined {
        let dependsOnUnknown = false;
        const watched = new Proxy(inputs, {
            get: (target, key: string) => {
                dependsOnUnknown ||= holdsUnknown(target[key]);
                return target[key];
            },
        });
        const world: World = Object.create(this.world, {
            serial: {
                value: () => {
                    throw new NeedsSerial();
                },
            },
        });
        try {
            const id = behaviorOf(type).id(watched, world);
            return dependsOnUnknown ? undefined : id;
        } catch (error) {
            if (error instanceof NeedsSerial || dependsOnUnknown) return undefined;
            throw error;
        }
    }

    /** The outputs of a create, or with `oldOutputs` of an update, as far as a preview knows them. */
    preview(type: string, inputs: Props, oldOutputs?: Props): Props {
        const { properties } = schemaOf(type);
        const resource = foresee(properties, withoutDefaults(inputs), oldOutputs);
        if ("project" in properties && isUnknown(resource.project)) resource.project = this.world.project;
        if ("deletionPolicy" in properties && isZero(inputs.deletionPolicy)) resource.deletionPolicy = "DELETE";
        if (isUnknown(resource.labels)) Object.assign(resource, { effectiveLabels: UNKNOWN, pulumiLabels: UNKNOWN });
        else setLabels(properties, resource);
        if (!oldOutputs) behaviorOf(type).foresee?.(resource, this.world);
        resource.id = oldOutputs?.id ?? UNKNOWN;
        return resource;
    }

    create(type: string, inputs: Props): { id: string; outputs: Props } {
        const { properties } = schemaOf(type);
        const behavior = behaviorOf(type);
        const resource = this.resource(properties, inputs);
        if (behavior.api) refuseDisabledApi(behavior.api, resource, this.world);
        const id = behavior.id(resource, this.world);
        resource.id = id;
        behavior.refuse?.(resource, this.world);
        if (this.estate.get(type, id) && !behavior.idempotent) throw alreadyExists(behavior, id);
        this.refuseMissing(behavior, resource);
        behavior.fill?.(resource, this.world);
        this.estate.put(type, id, resource);
        return { id, outputs: resource };
    }

    /** Undefined when it is gone. Without `inputs` it is read for an import, and the id may be any that names it. */
    read(type: string, id: string, inputs?: Props): { id: string; inputs: Props; outputs: Props } | undefined {
        const found = this.estate.get(type, id) ?? this.world.find(type, id);
        if (!found) return undefined;
        this.refresh(found);
        const { outputs } = found;
        const { properties } = schemaOf(type);
        const isImport = !inputs || Object.keys(inputs).every((key) => key === DEFAULTS);
        const known = isImport ? importInputs(properties, outputs) : asObject(refreshInputs(inputs, outputs));
        return { id: found.id, inputs: known, outputs };
    }

    update(type: string, id: string, oldOutputs: Props, inputs: Props): { outputs: Props } {
        const { properties } = schemaOf(type);
        const behavior = behaviorOf(type);
        const current = this.estate.get(type, id)?.outputs;
        if (!current) throw notFound(id);
        // What the program leaves to the cloud is sent again as the state has it; what only the cloud sets is the cloud's.
        const old = { ...oldOutputs };
        for (const [name, field] of Object.entries(properties)) if (field.outputOnly) old[name] = current[name];
        const resource = this.resource(properties, inputs, old);
        if (behavior.api) refuseDisabledApi(behavior.api, resource, this.world);
        resource.id = id;
        behavior.refuse?.(resource, this.world, current);
        this.refuseMissing(behavior, resource);
        behavior.fill?.(resource, this.world, current);
        this.estate.put(type, id, resource);
        return { outputs: resource };
    }

    delete(type: string, id: string, outputs: Props): void {
        const behavior = behaviorOf(type);
        const { deletionPolicy } = outputs;
        if (deletionPolicy === "PREVENT") {
            throw new ProviderError(
                `cannot destroy ${schemaOf(type).terraform} ${id} without setting deletion_policy="DELETE" and running \`pulumi up\``,
            );
        }
        const found = this.estate.get(type, id);
        // The provider takes "gone already" for done.
        if (!found || deletionPolicy === "ABANDON") return;
        this.refuseInUse(type, behavior, id);
        behavior.refuseDelete?.({ ...found.outputs, ...outputs, id }, this.world);
        if (!behavior.survivesDelete?.(outputs)) this.estate.delete(type, id);
    }

    private resource(properties: Fields, inputs: Props, old?: Props): Props {
        const resource = materialize(properties, withoutDefaults(inputs), old);
        if ("project" in properties) resource.project = this.world.projectOf(resource);
        if ("deletionPolicy" in properties && isZero(inputs.deletionPolicy)) resource.deletionPolicy = "DELETE";
        setLabels(properties, resource);
        return resource;
    }

    private refresh(found: Stored): void {
        const before = { ...found.outputs };
        const outputs = structuredClone(found.outputs);
        behaviorOf(found.type).refresh?.(outputs, this.world);
        found.outputs = outputs;
        if (!isSame(before, outputs)) this.estate.put(found.type, found.id, outputs);
    }

    private refuseMissing(behavior: Behavior, resource: Props): void {
        for (const { path, to, unchecked, missing } of behavior.references ?? []) {
            if (unchecked) continue;
            for (const reference of valuesAt(resource, path).map(asText)) {
                if (reference === "" || this.world.find(to, reference)) continue;
                throw missing?.(reference) ?? notFound(relative(reference));
            }
        }
    }

    private refuseInUse(type: string, { kind }: Behavior, id: string): void {
        for (const user of behaviorTypes()) {
            const paths = (behaviorOf(user).references ?? []).filter(({ to, weak }) => to === type && !weak);
            if (paths.length === 0) continue;
            for (const { id: by, outputs } of this.estate.list(user)) {
                const uses = paths.some(({ path }) => valuesAt(outputs, path).some((each) => refersTo(each, id)));
                if (!uses) continue;
                throw new ApiError(
                    400,
                    "resourceInUseByAnotherResource",
                    `The ${kind ?? "resource"} resource '${id}' is already being used by '${by}'`,
                );
            }
        }
    }
}

function alreadyExists({ api, kind }: Behavior, id: string): ApiError {
    const name = id.split("/").at(-1) ?? id;
    const messages: Record<string, string> = {
        "compute.googleapis.com": `The resource '${id}' already exists`,
        "dns.googleapis.com": `The resource 'entity.${kind}' named '${name}' already exists`,
        "run.googleapis.com": `Resource '${name}' already exists.`,
    };
    return new ApiError(409, "alreadyExists", messages[api ?? ""] ?? "Requested entity already exists");
}

/** The labels on the resource are the program's and the provider's own. */
function setLabels(properties: Fields, resource: Props): void {
    if (!properties.effectiveLabels) return;
    const labels = { ...PROVISIONED, ...asObject(resource.labels) };
    Object.assign(resource, { effectiveLabels: labels, pulumiLabels: labels });
}
