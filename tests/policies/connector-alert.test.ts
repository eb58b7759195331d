import { connectorAlert } from "../../policies/rules/connector-alert";
import { messagesOf } from "./lib/messages";
import { alertPolicy, connector, defaultFilter } from "./lib/programs";
import { type TestResource, unknown } from "./lib/run";

const messages = (...resources: TestResource[]) => messagesOf(connectorAlert, [connector(), ...resources]);
const filtered = (filter: unknown) => messages(alertPolicy({}, filter));

test("a connector without an alert is a violation that says what to add", async () => {
    expect(await messages()).toEqual([
        "mandatory: Connector staging-connector: no alert policy watches its throughput. Add one on vpcaccess.googleapis.com/connector/sent_bytes_count " +
            'and received_bytes_count with resource.label.connector_name = "staging-connector".',
    ]);
});

test("a connector without a name is called as the program calls it", async () => {
    const [message] = await messagesOf(connectorAlert, [connector({ name: undefined })]);
    expect(message).toContain('connector_name = "staging-connector"');
});

test.each(["sent_bytes_count", "received_bytes_count", "cpu/utilizations", "instances"])(
    "an alert on %s is enough",
    async (name) => {
        expect(await filtered(defaultFilter.replace("sent_bytes_count", name))).toEqual([]);
    },
);

test.each(["sent_packets_count", "received_packets_count", "bytes_sent"])("an alert on %s is not", async (name) => {
    expect(await filtered(defaultFilter.replace("sent_bytes_count", name))).toHaveLength(1);
});

test("an alert must watch this connector, or all of them", async () => {
    expect(await filtered(defaultFilter.replace("staging-connector", "staging-connector-2"))).toHaveLength(1);
    expect(await filtered('metric.type="vpcaccess.googleapis.com/connector/instances"')).toEqual([]);
    expect(await filtered(`${defaultFilter} OR resource.labels.connector_name="b"`)).toEqual([]);
    expect(await filtered(null)).toHaveLength(1);
});

test("an alert may be written in another language", async () => {
    const query =
        "fetch vpc_access_connector | metric 'vpcaccess.googleapis.com/connector/instances' | filter resource.connector_name == 'staging-connector'";
    for (const kind of ["conditionMonitoringQueryLanguage", "conditionPrometheusQueryLanguage"]) {
        expect(await messages(alertPolicy({ conditions: [{ displayName: "c", [kind]: { query } }] }))).toEqual([]);
        expect(
            await messages(
                alertPolicy({ conditions: [{ displayName: "c", [kind]: { query: query.replace("staging-", "") } }] }),
            ),
        ).toHaveLength(1);
    }
});

test("an alert that is off watches nothing", async () => {
    expect(await messages(alertPolicy({ enabled: false }))).toHaveLength(1);
    expect(await messages(alertPolicy({ enabled: undefined }))).toEqual([]);
});

describe("an alert that is not known", () => {
    const [whole, inside] = [alertPolicy({ conditions: unknown }), alertPolicy({}, unknown)];
    test.each([[whole], [inside]])("watches what it depends on", async (alert) => {
        expect(await messages({ ...alert, dependsOn: { conditions: ["staging-connector"] } })).toEqual([]);
    });
    test.each([[whole], [inside], [alertPolicy({ enabled: unknown })]])("is noted otherwise", async (alert) => {
        const [note, ...rest] = await messages(alert);
        expect(rest).toEqual([]);
        expect(note).toMatch(
            /^advisory: Connector staging-connector: what the stack's alerts watch is not known at preview; `up` will decide/,
        );
    });
});

test("without a connector there is nothing to watch", async () => {
    expect(await messagesOf(connectorAlert, [alertPolicy()])).toEqual([]);
});
