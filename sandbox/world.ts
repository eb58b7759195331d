import type { Estate, Stored } from "./estate";
import { asText, type Props } from "./values";

export interface Place {
    project: string;
    region: string;
    now?: () => Date;
}

const HOST = /^(?:https?:)?\/\/[^/]+\/(?:(?:compute\/)?(?:v1|v2|beta|v1beta1)\/)?/;

/** A self-link, a full resource name and a path are three ways to write one reference. */
export const relative = (reference: string): string => reference.replace(HOST, "");

export const lastPart = (reference: string): string => reference.split("/").at(-1) ?? "";

export function refersTo(reference: unknown, id: string): boolean {
    const path = relative(asText(reference));
    if (path === "") return false;
    return path === id || (!path.startsWith("projects/") && id.endsWith(`/${path}`));
}

/** What a service sees of the estate: its own project, and the resources in it. */
export class World {
    readonly project: string;
    readonly region: string;
    private readonly clock: () => Date;

    constructor(
        readonly estate: Estate,
        { project, region, now = () => new Date() }: Place,
    ) {
        this.project = project;
        this.region = region;
        this.clock = now;
    }

    get projectNumber(): string {
        return this.estate.projectNumber;
    }

    now(): string {
        return this.clock().toISOString();
    }

    /** A number that no other resource of the estate has. */
    serial(): number {
        return this.estate.serial();
    }

    list(type: string): Stored[] {
        return this.estate.list(type);
    }

    get(type: string, id: string): Stored | undefined {
        return this.estate.get(type, id);
    }

    find(type: string, reference: unknown): Stored | undefined {
        return this.list(type).find(({ id }) => refersTo(reference, id));
    }

    projectOf(resource: Props): string {
        return asText(resource.project).replace(/^projects\//, "") || this.project;
    }

    regionOf(resource: Props): string {
        return lastPart(asText(resource.region)) || this.region;
    }

    locationOf(resource: Props, otherwise = this.region): string {
        return asText(resource.location) || otherwise;
    }
}
