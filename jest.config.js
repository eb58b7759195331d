/** @type {import("jest").Config} */
module.exports = {
    testEnvironment: "node",
    maxWorkers: 2,
    roots: ["<rootDir>/tests"],
    transform: {
        "\\.ts$": [
            "@swc/jest",
            { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
        ],
    },
};
