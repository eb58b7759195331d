import { elementPaths, type Path, type Props, readField } from "../../lib/field";
import { unknownAtPreview } from "../../lib/report";
import type { TimeoutLimits } from ".";

/** Each of these ends a request when it runs out. */
const timers: readonly Path[] = [["timeout"], ["maxStreamDuration"], ["retryPolicy", "perTryTimeout"]];

/** A URL map need not set a timeout; where it does, it must leave a request its time. */
export function routeViolations(props: Props, { least }: TimeoutLimits): string[] {
    return routeActions(props).flatMap((action) =>
        timers.flatMap((timer) => {
            const path = [...action, ...timer];
            const set = readField(props, ...path);
            if (set.known && set.value === undefined) return [];
            const field = path.join(".");
            const seconds = readField(props, ...path, "seconds");
            if (!set.known || !seconds.known) {
                return [
                    `${unknownAtPreview(field)}, too late for the pull request. Set its seconds to "${least}" or more.`,
                ];
            }
            if (Number(seconds.value) >= least) return [];
            return [
                `${field}.seconds is ${seconds.value === undefined ? "missing" : JSON.stringify(seconds.value)}: it must be ${least} or more. Set it to "${least}", or leave it out.`,
            ];
        }),
    );
}

/** Lists of routes that a preview does not know at all. */
export function unknownRoutes(props: Props): string[] {
    return [
        ["pathMatchers"],
        ...elementPaths(props, "pathMatchers").flatMap((matcher) => [
            [...matcher, "pathRules"],
            [...matcher, "routeRules"],
        ]),
    ]
        .filter((path) => !readField(props, ...path).known)
        .map((path) => path.join("."));
}

function routeActions(props: Props): Path[] {
    const matchers = elementPaths(props, "pathMatchers");
    return [
        ["defaultRouteAction"],
        ...matchers.map((matcher) => [...matcher, "defaultRouteAction"]),
        ...matchers.flatMap((matcher) =>
            ["pathRules", "routeRules"].flatMap((rules) =>
                elementPaths(props, ...matcher, rules).map((rule) => [...rule, "routeAction"]),
            ),
        ),
    ];
}
