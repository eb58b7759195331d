import { version } from "@pulumi/gcp/package.json";
import { check } from "./check";
import { Cloud } from "./cloud";
import { diff } from "./diff";
import { Estate } from "./estate";
import type { Journal } from "./journal";
import type { CheckRequest, Difference, DiffRequest, Provider } from "./provider-server";
import { knownType, knownTypes } from "./schema";
import type { Props } from "./values";
import type { Place } from "./world";

/** A resource that the estate has and Pulumi's state does not. */
export interface Adoptable {
    readonly type: string;
    readonly id: string;
    readonly inputs: Props;
}

/** Stand-in for pulumi-gcp: the real provider's behaviour at preview, the real API's at `up`, over the stored estate. */
export class GcpProvider implements Provider {
    readonly version = version;
    /** What a preview would create although it exists, by URN: `up` would end in 409. */
    readonly adoptable = new Map<string, Adoptable>();
    private readonly estate: Estate;
    private readonly cloud: Cloud;

    constructor(
        file: string,
        place: Place,
        private readonly journal: Journal,
    ) {
        this.estate = Estate.load(file);
        this.cloud = new Cloud(this.estate, place);
    }

    check(request: CheckRequest) {
        if (!knownType(request.type)) {
            const types = knownTypes().join(", ");
            return {
                inputs: request.inputs,
                failures: [{ property: "", reason: `the sandbox has no ${request.type}; it has ${types}` }],
            };
        }
        return check(request);
    }

    diff(request: DiffRequest): Difference {
        return diff(request);
    }

    preview(urn: string, type: string, inputs: Props, old?: Props): Props {
        if (old === undefined) this.noteExisting(urn, type, inputs);
        return this.cloud.preview(type, inputs, old);
    }

    async create(type: string, inputs: Props) {
        const created = this.cloud.create(type, inputs);
        this.journal.created(type, created.id);
        this.save();
        return created;
    }

    read(type: string, id: string, _outputs?: Props, inputs?: Props) {
        return this.cloud.read(type, id, inputs);
    }

    async update(type: string, id: string, old: Props, inputs: Props): Promise<Props> {
        const { outputs } = this.cloud.update(type, id, old, inputs);
        this.save();
        return outputs;
    }

    async delete(type: string, id: string, outputs: Props): Promise<void> {
        this.cloud.delete(type, id, outputs);
        this.save();
    }

    list(type: string) {
        return this.estate.list(type);
    }

    save(): void {
        this.estate.save();
    }

    /** Takes a resource out of the estate that no state knows; false when it is not there. */
    forget(type: string, id: string): boolean {
        return this.estate.delete(type, id);
    }

    private noteExisting(urn: string, type: string, inputs: Props): void {
        const id = this.cloud.idOf(type, inputs);
        const found = id === undefined ? undefined : this.cloud.read(type, id);
        if (found !== undefined) this.adoptable.set(urn, { type, id: found.id, inputs: found.inputs });
    }
}
