import { createRequire } from "node:module";
import type { EnforcementLevel } from "@pulumi/policy";
import type { Configuration, RuleConfiguration } from "./configuration";

let received: Configuration | undefined;

/** The configuration that the engine sent; `undefined` before it did. */
export function receivedConfiguration(): Configuration | undefined {
    return received;
}

export function setReceivedConfiguration(configuration: Configuration | undefined): void {
    received = configuration;
}

/** As much of the engine's message as is read here; see `ConfigureAnalyzerRequest` in Pulumi's analyzer.proto. */
interface ConfigureRequest {
    getPolicyconfigMap(): Iterable<[string, PolicyConfig]> & { entries(): Iterable<[string, PolicyConfig]> };
}

interface PolicyConfig {
    getEnforcementlevel(): number;
    setEnforcementlevel(level: number): void;
    getProperties(): { toJavaScript(): Record<string, unknown> } | undefined;
}

/** By their number in Pulumi's analyzer.proto. */
const levels: readonly EnforcementLevel[] = ["advisory", "mandatory", "disabled", "remediate"];
const mandatory = levels.indexOf("mandatory");

/**
 * Reads the configuration on its way to the runner, which tells each rule its own part and no one the whole: a misspelt
 * rule, or one that was switched off, would pass in silence. The guard, the rule that reports such mistakes, is kept
 * mandatory, or the mistake to report would be the one to silence it.
 *
 * There is no public way to do this. Should a future runner change, the function fails to take hold and the rules run as before;
 * a test holds it to the runner that is installed.
 */
export function receiveConfiguration(guard: string): void {
    const runner = createRequire(require.resolve("@pulumi/policy"));
    const { configure } = runner("@pulumi/pulumi/proto/analyzer_grpc_pb").AnalyzerService;
    const deserialize: (bytes: Uint8Array) => ConfigureRequest = configure.requestDeserialize;
    configure.requestDeserialize = (bytes: Uint8Array) => {
        const request = deserialize(bytes);
        const rules = new Map<string, RuleConfiguration>();
        for (const [name, policy] of request.getPolicyconfigMap().entries()) {
            rules.set(name, {
                level: levels[policy.getEnforcementlevel()] ?? "advisory",
                properties: policy.getProperties()?.toJavaScript() ?? {},
            });
            if (name === guard) policy.setEnforcementlevel(mandatory);
        }
        setReceivedConfiguration(rules);
        return request;
    };
}
