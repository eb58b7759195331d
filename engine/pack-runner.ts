import "./lean";

// Runs a compiled policy pack as @pulumi/pulumi/cmd/run-policy-pack does, without the TypeScript compiler that one loads
// for packs that are not. What goes wrong here is reported by that one, which the engine's executable then starts.
// The pipe to the command that started it closes when that command ends, also when it is killed.
process.stdin.on("end", () => process.exit(0)).resume();
const [pack = "."] = process.argv.slice(2);
process.argv.splice(2);
process.chdir(pack);
require(pack);
