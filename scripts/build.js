// Compiles the command, the program that it runs and the tools, where their sources have changed.
const path = require("node:path");
const { compileIfStale } = require("./compile");

function build() {
    compileIfStale({
        root: path.dirname(__dirname),
        entries: {
            "index.ts": ".build/program.js",
            "sandbox/conformance-command.ts": ".build/conformance.js",
            "bench/empty-preview.ts": ".build/empty-preview.js",
            "engine/pack-runner.ts": ".build/pack-runner.js",
            "cli/main.ts": ".build/netra.js",
        },
        sources: ["capacity", "components", "config", "config.ts", "index.ts", "engine", "sandbox", "cli", "bench"],
    });
}

module.exports = { build };
if (require.main === module) build();
