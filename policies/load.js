// What the policy runner loads. The runner type-checks a TypeScript pack on every preview and on every `up`; compiled, the
// pack starts in a fraction of that. A published pack has no sources: there the compiled file is all that is needed.
const fs = require("node:fs");
const path = require("node:path");

if (fs.existsSync(path.join(__dirname, "index.ts"))) require("./build").buildIfStale();
require("./bin/index.js");
