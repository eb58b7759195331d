// Compiles the pack into bin/index.js when its sources have changed since it was last compiled.
const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

const sources = [__dirname, path.join(__dirname, "..", "capacity")];
const notSources = new Set(["bin", "node_modules", "scripts"]);
const output = path.join(__dirname, "bin", "index.js");

function buildIfStale() {
    const stamp = `// sources ${fingerprint()}\n`;
    if (readStart(stamp.length) !== stamp) build(stamp);
}

/** By content and not by time: a checkout or a copy may set any time, and a file that was removed leaves none behind. */
function fingerprint() {
    const hash = crypto.createHash("sha256");
    for (const file of [__filename, ...sources.flatMap(typescriptFiles).sort()]) {
        hash.update(`${path.relative(__dirname, file)}\0`)
            .update(fs.readFileSync(file))
            .update("\0");
    }
    return hash.digest("hex");
}

function typescriptFiles(folder) {
    return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const full = path.join(folder, entry.name);
        if (entry.isDirectory()) return notSources.has(entry.name) ? [] : typescriptFiles(full);
        return entry.name.endsWith(".ts") ? [full] : [];
    });
}

function readStart(length) {
    try {
        const file = fs.openSync(output, "r");
        try {
            const buffer = Buffer.alloc(length);
            return buffer.toString("utf8", 0, fs.readSync(file, buffer, 0, length, 0));
        } finally {
            fs.closeSync(file);
        }
    } catch (error) {
        if (error.code === "ENOENT") return undefined;
        throw error;
    }
}

function build(stamp) {
    // Loaded only here: a pack that is up to date must not pay for its compiler.
    const { outputFiles } = require("esbuild").buildSync({
        entryPoints: [path.join(__dirname, "index.ts")],
        // Paths in the output are relative to this, wherever the pack is started from.
        absWorkingDir: __dirname,
        bundle: true,
        packages: "external",
        platform: "node",
        target: "node20",
        format: "cjs",
        write: false,
        logLevel: "warning",
    });
    fs.mkdirSync(path.dirname(output), { recursive: true });
    // A rename is atomic: two previews may compile at once, and neither may load half a file.
    const unfinished = `${output}.${process.pid}`;
    fs.writeFileSync(unfinished, stamp + outputFiles[0].text);
    fs.renameSync(unfinished, output);
}

module.exports = { buildIfStale };
if (require.main === module) buildIfStale();
