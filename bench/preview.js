// How long the whole `netra preview` takes, its policy pack included, beside a preview of an empty program on the same
// engine. Prints both medians and their ratio; the machine is shared, so only the ratio says anything.
const { spawnSync } = require("node:child_process");
const path = require("node:path");

const root = path.dirname(__dirname);
const rounds = Number(process.argv[2] ?? 11);

function time(command, args) {
    const started = process.hrtime.bigint();
    const { status, stderr } = spawnSync(command, args, { cwd: root, encoding: "utf8" });
    if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}: ${stderr}`);
    return Number(process.hrtime.bigint() - started) / 1e9;
}

const netra = () => time(path.join(root, "bin", "netra"), ["preview"]);
const empty = () => time(process.execPath, [path.join(root, ".build", "empty-preview.js")]);
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

// Once each ahead: a new sandbox adopts, a new state is made.
netra();
empty();
const rows = Array.from({ length: rounds }, () => ({ netra: netra(), empty: empty() }));
const medians = { netra: median(rows.map((row) => row.netra)), empty: median(rows.map((row) => row.empty)) };
const ratios = rows.map((row) => row.netra / row.empty);
console.log(`netra preview        ${medians.netra.toFixed(2)} s (median of ${rounds})`);
console.log(`empty program        ${medians.empty.toFixed(2)} s`);
console.log(
    `ratio                ${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`,
);
