import Module = require("node:module");

/**
 * Parts of Pulumi's SDK that serialize functions for the cloud. It loads them with everything else, which takes two thirds
 * of its start, and no program here has such functions. They are loaded at their first use instead.
 */
const seldomUsed = new Set(["typescript", "@npmcli/arborist"]);

type Load = (request: string, parent: { filename?: string | null } | undefined, isMain: boolean) => unknown;

/** Import this ahead of `@pulumi/pulumi`. */
export function loadLean(): void {
    const internals = Module as unknown as { _load: Load };
    const load = internals._load;
    internals._load = (request, parent, isMain) => {
        const now = () => load(request, parent, isMain);
        return seldomUsed.has(request) && isOfPulumi(parent?.filename) ? lazily(now) : now();
    };
}

function isOfPulumi(file: string | null | undefined): boolean {
    return file?.includes("/@pulumi/pulumi/") ?? false;
}

/** Stands for a module until something is asked of it. */
function lazily(load: () => unknown): unknown {
    let loaded: object | undefined;
    const target = () => {
        loaded ??= load() as object;
        return loaded;
    };
    return new Proxy(function standIn() {}, {
        // A compiled import asks this at once; "yes" lets it keep the stand-in instead of copying the module out of it.
        get: (_, key) => key === "__esModule" || Reflect.get(target(), key),
        has: (_, key) => Reflect.has(target(), key),
        apply: (_, self, args) => Reflect.apply(target() as () => unknown, self, args),
        construct: (_, args) => Reflect.construct(target() as new () => object, args),
    });
}

loadLean();
