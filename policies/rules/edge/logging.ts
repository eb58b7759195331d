import { type Props, readField } from "../../lib/field";
import { unknownAtPreview } from "../../lib/report";
import { types } from "../../lib/types";

/** Off by default; and a 503 that was not logged is a 503 that nobody can explain. */
export function loggingViolations(type: string, props: Props): string[] {
    if (type !== types.backendService) return [];
    const enable = readField(props, "logConfig", "enable");
    const rate = readField(props, "logConfig", "sampleRate");
    const unknown = [enable.known ? [] : ["logConfig.enable"], rate.known ? [] : ["logConfig.sampleRate"]].flat();
    if (unknown.length > 0) {
        return unknown.map(
            (field) => `${unknownAtPreview(field)}, too late for the pull request. Give it as a plain value.`,
        );
    }
    if (enable.known && enable.value !== true) {
        return [
            `logConfig.enable is ${enable.value === undefined ? "missing" : JSON.stringify(enable.value)}: requests are not logged. Set it to true.`,
        ];
    }
    return rate.known && rate.value === 0
        ? ["logConfig.sampleRate is 0: no request is logged. Set it to 1, or to a share above 0."]
        : [];
}
