// Pulumi's Node language host is no part of an engine built from the module proxy. For the test of the plain path this
// does what it does: runs a program with @pulumi/pulumi/cmd/run, and a policy pack with cmd/run-policy-pack.
const { spawn } = require("node:child_process");
const grpc = require("@grpc/grpc-js");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");
const { LanguageRuntimeService } = require("@pulumi/pulumi/proto/language_grpc_pb");
const messages = require("@pulumi/pulumi/proto/language_pb");
const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb");

const engine = process.argv[process.argv.length - 1];
const environmentOf = (request) => {
    const config = Object.fromEntries(request.getConfigMap().toObject());
    return {
        ...process.env,
        PULUMI_NODEJS_TYPESCRIPT: "true",
        PULUMI_CONFIG: JSON.stringify(config),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    };
};

const service = {
    handshake: (_call, answer) => answer(null, new messages.LanguageHandshakeResponse()),
    getPluginInfo: (_call, answer) => answer(null, Object.assign(new PluginInfo(), {})),
    getRequiredPackages: (_call, answer) => answer(null, new messages.GetRequiredPackagesResponse()),
    getRequiredPlugins: (_call, answer) => answer(null, new messages.GetRequiredPluginsResponse()),
    getProgramDependencies: (_call, answer) => answer(null, new messages.GetProgramDependenciesResponse()),
    about: (_call, answer) => answer(null, new messages.AboutResponse()),
    cancel: (_call, answer) => answer(null, new Empty()),
    installDependencies: (call) => call.end(),
    run(call, answer) {
        const { request } = call;
        const args = [
            require.resolve("@pulumi/pulumi/cmd/run/index.js"),
            `--monitor=${request.getMonitorAddress()}`,
            `--engine=${engine}`,
            `--organization=${request.getOrganization()}`,
            `--project=${request.getProject()}`,
            `--root-directory=${request.getInfo().getRootDirectory()}`,
            `--stack=${request.getStack()}`,
            `--pwd=${request.getInfo().getProgramDirectory()}`,
            ...(request.getDryrun() ? ["--dry-run"] : []),
            `--parallel=${request.getParallel()}`,
            request.getInfo().getEntryPoint(),
        ];
        const child = spawn(process.execPath, args, {
            env: environmentOf(request),
            stdio: ["ignore", "inherit", "inherit"],
        });
        child.once("exit", (code) => {
            const response = new messages.RunResponse();
            if (code === 32) response.setBail(true);
            else if (code !== 0) response.setError(`Program exited with non-zero exit code: ${code}`);
            answer(null, response);
        });
    },
    runPlugin(call) {
        const { request } = call;
        const args = [
            require.resolve("@pulumi/pulumi/cmd/run-policy-pack/index.js"),
            ...request.getArgsList(),
            request.getInfo().getProgramDirectory(),
        ];
        const env = Object.fromEntries(
            request.getEnvList().map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
        );
        const child = spawn(process.execPath, args, { cwd: request.getPwd(), env, stdio: ["ignore", "pipe", "pipe"] });
        const send = (set) => (data) => {
            const response = new messages.RunPluginResponse();
            response[set](data);
            call.write(response);
        };
        child.stdout.on("data", send("setStdout"));
        child.stderr.on("data", send("setStderr"));
        child.once("exit", (code) => {
            send("setExitcode")(code ?? 1);
            call.end();
        });
        call.on("cancelled", () => child.kill());
    },
};

const server = new grpc.Server();
server.addService(LanguageRuntimeService, service);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
});
