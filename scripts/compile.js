const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

/**
 * Compiles TypeScript ahead of its use, and again when its sources have changed; never by hand. What is compiled says in
 * its first line which sources it came from: by content and not by time, since a checkout or a copy may set any time.
 *
 * entries: output file by source file. sources: files and folders that they are made of.
 */
function compileIfStale({ root, entries, sources }) {
    const stamp = `// sources ${fingerprint(root, sources)}\n`;
    const isFresh = (output) => startOf(path.join(root, output), stamp.length) === stamp;
    if (Object.values(entries).every(isFresh)) return;
    for (const [entry, output] of Object.entries(entries)) compile(root, entry, path.join(root, output), stamp);
}

function compile(root, entry, output, stamp) {
    // Loaded only here: what is up to date must not pay for its compiler.
    const { outputFiles } = require("esbuild").buildSync({
        entryPoints: [entry],
        // Paths in the output are relative to this, wherever the command is started from.
        absWorkingDir: root,
        bundle: true,
        packages: "external",
        platform: "node",
        target: "node20",
        format: "cjs",
        write: false,
        logLevel: "warning",
    });
    fs.mkdirSync(path.dirname(output), { recursive: true });
    // A rename is atomic: two commands may compile at once, and neither may load half a file.
    const draft = `${output}.${process.pid}`;
    fs.writeFileSync(draft, stamp + outputFiles[0].text);
    fs.renameSync(draft, output);
}

function fingerprint(root, sources) {
    const hash = crypto.createHash("sha256");
    for (const file of [__filename, ...sources.flatMap((source) => filesOf(path.join(root, source))).sort()]) {
        hash.update(`${path.relative(root, file)}\0`)
            .update(fs.readFileSync(file))
            .update("\0");
    }
    return hash.digest("hex");
}

function filesOf(file) {
    if (!fs.statSync(file).isDirectory()) return [file];
    return fs
        .readdirSync(file, { withFileTypes: true })
        .filter((entry) => entry.name !== "bin" && entry.name !== "node_modules")
        .flatMap((entry) =>
            entry.isDirectory() || /\.(ts|json)$/.test(entry.name) ? filesOf(path.join(file, entry.name)) : [],
        );
}

function startOf(file, length) {
    if (!fs.existsSync(file)) return undefined;
    const descriptor = fs.openSync(file, "r");
    try {
        const buffer = Buffer.alloc(length);
        return buffer.toString("utf8", 0, fs.readSync(descriptor, buffer, 0, length, 0));
    } finally {
        fs.closeSync(descriptor);
    }
}

module.exports = { compileIfStale };
