import { ApiError, badRequest } from "../api-error";
import type { Behavior } from "../behavior";
import { schemaOf } from "../schema";
import { asList, asObject, asText, isObject, isZero, type Props, valuesAt } from "../values";
import { lastPart, type World } from "../world";
import { sameDashboard, sortKeys } from "./dashboard-json";
import { between, everywhere, json, matches } from "./rules";

export const CHANNEL = "gcp:monitoring/notificationChannel:NotificationChannel";
export const ALERT = "gcp:monitoring/alertPolicy:AlertPolicy";
const CUSTOM_SERVICE = "gcp:monitoring/customService:CustomService";

const API = "monitoring.googleapis.com";
const MOST_CONDITIONS = 6;
const PERIODS = ["60s", "300s", "600s", "900s"];
const CHANNEL_LABELS: Record<string, string> = {
    email: "email_address",
    sms: "number",
    slack: "channel_name",
    pubsub: "topic",
    webhook_tokenauth: "url",
};

/** The cloud numbers these resources, and their name is their whole path. */
function numbered(collection: string): Pick<Behavior, "api" | "id" | "kind"> {
    return {
        api: API,
        kind: collection,
        id: (resource, world) =>
            asText(resource.name) || `projects/${world.projectOf(resource)}/${collection}/${world.serial()}`,
    };
}

const within = (block: string, ...names: string[]): string[] => names.map((name) => `${block}.${name}`);

const RATIO = ["badServiceFilter", "goodServiceFilter", "totalServiceFilter"];
const PERFORMANCE = "windowsBasedSli.goodTotalRatioThreshold.performance";

const fillName = (resource: Props): void => {
    resource.name = resource.id;
};

const secondsOf = (text: unknown): number => Number(asText(text).match(/^([\d.]+)s$/)?.[1] ?? Number.NaN);

function refuseAlert(policy: Props, world: World): void {
    const conditions = asList(policy.conditions).map(asObject);
    if (conditions.length === 0 || conditions.length > MOST_CONDITIONS) {
        throw badRequest(
            `Field alert_policy.conditions must have 1 to ${MOST_CONDITIONS} entries, it has ${conditions.length}`,
        );
    }
    conditions.forEach((condition, index) => {
        const kinds = Object.keys(condition).filter((name) => name.startsWith("condition") && !isZero(condition[name]));
        const field = `alert_policy.conditions[${index}]`;
        if (kinds.length !== 1)
            throw badRequest(`Field ${field} must have exactly one condition, it has ${kinds.length}`);
        for (const kind of kinds) {
            const { duration } = asObject(condition[kind]);
            if (isZero(duration) || secondsOf(duration) % 60 === 0) continue;
            throw badRequest(
                `Field ${field}.${kind}.duration had an invalid value of "${asText(duration)}": must be a multiple of 60 seconds`,
            );
        }
    });
    for (const channel of asList(policy.notificationChannels).map(asText)) {
        if (!world.get(CHANNEL, channel))
            throw new ApiError(404, "notFound", `The notification channel ${channel} does not exist`);
    }
}

function refuseChannel(channel: Props): void {
    const label = CHANNEL_LABELS[asText(channel.type)];
    if (label && isZero(asObject(channel.labels)[label])) {
        throw badRequest(
            `Field "notification_channel.labels['${label}']" is required for a channel of type "${asText(channel.type)}"`,
        );
    }
}

function refuseUptime(check: Props): void {
    const timeout = secondsOf(check.timeout);
    if (!(timeout >= 1 && timeout <= 60)) {
        throw badRequest(
            `Field uptime_check_config.timeout had an invalid value of "${asText(check.timeout)}": must be between 1 and 60 seconds`,
        );
    }
    if (!PERIODS.includes(asText(check.period))) {
        throw badRequest(
            `Field uptime_check_config.period had an invalid value of "${asText(check.period)}": must be one of ${PERIODS.join(", ")}`,
        );
    }
    if (timeout > secondsOf(check.period))
        throw badRequest("Field uptime_check_config.timeout must not exceed the period");
    if (isZero(check.syntheticMonitor) && isZero(check.httpCheck) && isZero(check.tcpCheck)) {
        throw badRequest("Field uptime_check_config must have an http_check or a tcp_check");
    }
    const { type, labels } = asObject(check.monitoredResource);
    if (type === "uptime_url" && isZero(asObject(labels).host)) {
        throw badRequest("Field uptime_check_config.monitored_resource.labels['host'] is required for uptime_url");
    }
}

export const monitoring: Record<string, Behavior> = {
    [ALERT]: {
        ...numbered("alertPolicies"),
        validate: {
            "conditions.conditionSql.hourly.minuteOffset": between(0, 59),
            "conditions.conditionSql.daily.executionTime.hours": between(0, 24),
        },
        atLeastOneOf: [within("documentation", "content", "links", "mimeType", "subject")],
        suppress: everywhere(
            schemaOf(ALERT).properties,
            ["crossSeriesReducer"],
            (old, next) => old === "" && next === "REDUCE_NONE",
        ),
        references: [{ path: "notificationChannels", to: CHANNEL, unchecked: true, weak: true }],
        refuse: refuseAlert,
        fill: (policy) => {
            fillName(policy);
            asList(policy.conditions).forEach((condition, index) => {
                asObject(condition).name = `${asText(policy.id)}/conditions/${index + 1}`;
            });
        },
    },
    [CHANNEL]: {
        ...numbered("notificationChannels"),
        refuse: refuseChannel,
        refuseDelete: (channel, world) => {
            const user = world
                .list(ALERT)
                .find(({ outputs }) => asList(outputs.notificationChannels).includes(channel.id));
            if (user && channel.forceDelete !== true) {
                throw new ApiError(
                    400,
                    "failedPrecondition",
                    `Cannot delete notification channel ${asText(channel.id)}: it is referenced by ${user.id}. Remove the reference or set forceDelete`,
                );
            }
        },
        fill: fillName,
    },
    "gcp:monitoring/dashboard:Dashboard": {
        api: API,
        kind: "dashboards",
        validate: { dashboardJson: json },
        suppress: { dashboardJson: sameDashboard },
        id: (dashboard, world) => {
            const given: unknown = JSON.parse(asText(dashboard.dashboardJson));
            const name = lastPart(asText(asObject(given).name));
            return `projects/${world.projectOf(dashboard)}/dashboards/${name || world.serial()}`;
        },
        refuse: (dashboard) => {
            const given: unknown = JSON.parse(asText(dashboard.dashboardJson));
            if (!isObject(given) || isZero(given.displayName))
                throw badRequest("Field dashboard.displayName is required");
        },
        fill: (dashboard, world) => {
            const given = asObject(JSON.parse(asText(dashboard.dashboardJson)));
            const etag = String(world.serial());
            dashboard.dashboardJson = JSON.stringify(sortKeys({ ...given, etag, name: dashboard.id }));
        },
    },
    "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig": {
        ...numbered("uptimeCheckConfigs"),
        atLeastOneOf: [
            ["authInfo", "headers", "maskHeaders", "path", "port", "useSsl"].map((name) => `httpCheck.${name}`),
        ],
        requiredWith: {
            "httpCheck.authInfo.passwordWo": ["httpCheck.authInfo.passwordWoVersion"],
            "httpCheck.authInfo.passwordWoVersion": ["httpCheck.authInfo.passwordWo"],
        },
        suppress: {
            "httpCheck.path": (old, next) => old === `/${next}`,
            // The cloud adds the label where the program leaves it out.
            "monitoredResource.labels.project_id": (_old, next) => next === "",
        },
        refuse: refuseUptime,
        fill: (check, world) => {
            fillName(check);
            check.uptimeCheckId = lastPart(asText(check.id));
            const http = asObject(check.httpCheck);
            if (!isZero(check.httpCheck) && isZero(http.port)) http.port = http.useSsl === true ? 443 : 80;
            const monitored = asObject(check.monitoredResource);
            if (monitored.type === "uptime_url") {
                monitored.labels = { project_id: world.projectOf(check), ...asObject(monitored.labels) };
            }
            if (isZero(check.checkerType)) check.checkerType = "STATIC_IP_CHECKERS";
        },
    },
    [CUSTOM_SERVICE]: {
        api: API,
        kind: "services",
        validate: { serviceId: matches(/^[a-z0-9-]+$/) },
        id: (service, world) =>
            asText(service.name) ||
            `projects/${world.projectNumber}/services/${asText(service.serviceId) || world.serial()}`,
        fill: (service) => {
            fillName(service);
            service.serviceId = lastPart(asText(service.id));
        },
    },
    "gcp:monitoring/slo:Slo": {
        api: API,
        kind: "serviceLevelObjectives",
        validate: { rollingPeriodDays: between(1, 30), sloId: matches(/^[a-zA-Z0-9-]+$/) },
        id: (slo, world) => {
            const service = lastPart(asText(slo.service));
            const name = asText(slo.sloId) || world.serial();
            return (
                asText(slo.name) || `projects/${world.projectNumber}/services/${service}/serviceLevelObjectives/${name}`
            );
        },
        atLeastOneOf: [
            within("requestBasedSli.goodTotalRatio", ...RATIO),
            within("requestBasedSli.distributionCut.range", "max", "min"),
            within(`${PERFORMANCE}.goodTotalRatio`, ...RATIO),
            within(`${PERFORMANCE}.distributionCut.range`, "max", "min"),
            within("windowsBasedSli.metricMeanInRange.range", "max", "min"),
            within("windowsBasedSli.metricSumInRange.range", "max", "min"),
        ],
        references: [{ path: "service", to: CUSTOM_SERVICE }],
        refuse: (slo) => {
            const goal = Number(valuesAt(slo, "goal")[0]);
            if (!(goal > 0 && goal < 1))
                throw badRequest(`Field service_level_objective.goal must be between 0 and 1, got ${goal}`);
        },
        fill: (slo) => {
            fillName(slo);
            slo.sloId = lastPart(asText(slo.id));
        },
    },
};
