// Compiles the pack into bin/index.js when its sources have changed since it was last compiled.
const path = require("node:path");
const { compileIfStale } = require("../scripts/compile");

function buildIfStale() {
    compileIfStale({
        root: path.dirname(__dirname),
        entries: { "policies/index.ts": "policies/bin/index.js" },
        sources: ["policies", "capacity"],
    });
}

module.exports = { buildIfStale };
if (require.main === module) buildIfStale();
