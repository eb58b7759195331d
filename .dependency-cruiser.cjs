/** The arrows of docs/layout: each room names what it may import; everything else between rooms is an error. */
const rooms = {
    capacity: [],
    components: ["capacity"],
    policies: ["capacity", "scripts"],
    sandbox: ["capacity"],
    engine: [],
    "config.ts": ["capacity", "config"],
    config: ["capacity"],
    "index.ts": ["config.ts", "components", "capacity"],
    cli: ["capacity", "components", "config.ts", "engine", "sandbox", "policies"],
};

const inRoom = (room) => (room.endsWith(".ts") ? `^${room.replace(".", "\\.")}$` : `^${room}/`);

const arrows = Object.entries(rooms).map(([room, may]) => ({
    name: `arrows-of-${room}`,
    comment: `${room} may import ${may.join(", ") || "no other room"}`,
    severity: "error",
    from: { path: inRoom(room) },
    to: { pathNot: [inRoom(room), ...may.map(inRoom), "node_modules", "^[a-z_/:]+$"] },
}));

module.exports = {
    forbidden: [
        ...arrows,
        {
            name: "capacity-is-pure",
            comment: "the model knows no Pulumi and does no input or output",
            severity: "error",
            from: { path: "^capacity/" },
            to: { path: "node_modules|^(node:)?(fs|net|http|child_process|os|path)$" },
        },
        {
            name: "no-circles",
            severity: "error",
            from: {},
            to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
        },
        { name: "no-unresolved", severity: "error", from: {}, to: { couldNotResolve: true } },
    ],
    options: {
        doNotFollow: { path: "node_modules" },
        tsConfig: { fileName: "tsconfig.json" },
        tsPreCompilationDeps: true,
    },
};
