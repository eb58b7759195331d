import { edge } from "../../policies/rules/edge";
import { messagesOf } from "./lib/messages";
import {
    backendService,
    endpointGroup,
    forwardingRule,
    httpProxy,
    httpsProxy,
    redirectMap,
    service,
    serviceV1,
    soundStackWith,
    soundStackWithout,
    tlsPolicy,
    urlMap,
    without,
} from "./lib/programs";
import { type TestResource, unknown } from "./lib/run";

const messages = (resources: TestResource[], config = {}) => messagesOf(edge, resources, config);

describe.each<[string, (props: object) => TestResource]>([
    ["a backend service", (props) => backendService("backend", { ...props })],
    ["a forwarding rule", (props) => forwardingRule(8080, { ...props })],
])("the scheme of %s", (_, make) => {
    test.each(["EXTERNAL_MANAGED", "INTERNAL_MANAGED", "INTERNAL_SELF_MANAGED"])(
        "may be %p",
        async (loadBalancingScheme) => {
            expect(await messages([make({ loadBalancingScheme })])).toEqual([]);
        },
    );
    test("may not be the classic one, missing, or unknown", async () => {
        expect((await messages([make({ loadBalancingScheme: "EXTERNAL" })]))[0]).toContain(
            'loadBalancingScheme is "EXTERNAL": the classic load balancer',
        );
        expect((await messages([make({ loadBalancingScheme: undefined })]))[0]).toContain(
            "is missing, which means EXTERNAL",
        );
        expect((await messages([make({ loadBalancingScheme: unknown })]))[0]).toMatch(
            /^mandatory: .*not known at preview; `up` will decide/,
        );
    });
});

describe("logging", () => {
    const log = (logConfig: unknown) => messages([backendService("backend", { logConfig })]);
    test.each([{ enable: true }, { enable: true, sampleRate: 1 }, { enable: true, sampleRate: 0.01 }])(
        "may be %j",
        async (config) => expect(await log(config)).toEqual([]),
    );
    test.each([
        [undefined, "logConfig.enable is missing"],
        [{}, "logConfig.enable is missing"],
        [{ enable: false }, "logConfig.enable is false"],
        [{ enable: true, sampleRate: 0 }, "logConfig.sampleRate is 0"],
        [{ enable: unknown }, "logConfig.enable is not known at preview"],
        [{ enable: true, sampleRate: unknown }, "logConfig.sampleRate is not known at preview"],
    ])("may not be %j", async (config, part) => {
        const found = await log(config);
        expect(found).toHaveLength(1);
        expect(found[0]).toContain(`mandatory: BackendService backend-backend: ${part}`);
    });
});

describe("a TLS policy", () => {
    test.each([
        { minTlsVersion: "TLS_1_2", profile: "MODERN" },
        { minTlsVersion: "TLS_1_2", profile: "RESTRICTED" },
        { minTlsVersion: "TLS_1_2", profile: "CUSTOM" },
        { minTlsVersion: "TLS_1_3", profile: "RESTRICTED" },
    ])("may be %j", async (props) => expect(await messages([tlsPolicy(props)])).toEqual([]));
    test.each([
        [{ minTlsVersion: "TLS_1_1" }, 'minTlsVersion is "TLS_1_1"'],
        [{ minTlsVersion: undefined }, "minTlsVersion is missing, which means TLS_1_0"],
        [{ minTlsVersion: unknown }, "minTlsVersion is not known at preview"],
        [{ profile: "COMPATIBLE" }, 'profile is "COMPATIBLE"'],
        [{ profile: undefined }, "profile is missing, which means COMPATIBLE"],
        [{ profile: unknown }, "profile is not known at preview"],
        [{ minTlsVersion: "TLS_1_3" }, "needs the profile RESTRICTED"],
    ])("may not be %j", async (props, part) => {
        const found = await messages([tlsPolicy(props)]);
        expect(found).toHaveLength(1);
        expect(found[0]).toContain(`mandatory: SSLPolicy tls: `);
        expect(found[0]).toContain(part);
    });
    test("is set on every proxy, and of this stack", async () => {
        const proxy = (sslPolicy: unknown) => [tlsPolicy(), httpsProxy({ sslPolicy })];
        expect(await messages(proxy("projects/netra-staging/global/sslPolicies/tls"))).toEqual([]);
        expect((await messages(proxy(undefined)))[0]).toContain(
            "mandatory: TargetHttpsProxy https: sslPolicy is missing",
        );
        expect((await messages(proxy("projects/p/global/sslPolicies/theirs")))[0]).toContain("is not in this stack");
        expect(await messages(proxy("projects/p/global/sslPolicies/theirs"), { tlsPolicies: ["theirs"] })).toEqual([]);
        expect((await messages(proxy(unknown)))[0]).toMatch(/^advisory: .*sslPolicy is not known at preview/);
        expect(
            await messages([tlsPolicy(), { ...httpsProxy({ sslPolicy: unknown }), dependsOn: { sslPolicy: ["tls"] } }]),
        ).toEqual([]);
    });
});

describe("plain HTTP", () => {
    test.each([{}, { redirectResponseCode: "MOVED_PERMANENTLY_DEFAULT" }, { redirectResponseCode: undefined }])(
        "may redirect as %j",
        async (redirect) => {
            expect(await messages(soundStackWith(redirectMap(redirect)))).toEqual([]);
        },
    );
    test.each([
        [{ httpsRedirect: false }, {}, "does not redirect to HTTPS"],
        [{ httpsRedirect: undefined }, {}, "does not redirect to HTTPS"],
        [{ httpsRedirect: unknown }, {}, "does not redirect to HTTPS"],
        [{ redirectResponseCode: "FOUND" }, {}, "redirects for a while only (FOUND)"],
        [{ redirectResponseCode: unknown }, {}, "redirects for a while only (not known at preview)"],
        [{}, { defaultService: "b" }, "serves plain HTTP (defaultService)"],
        [{}, { defaultService: unknown }, "serves plain HTTP (defaultService)"],
        [{}, { defaultRouteAction: {} }, "serves plain HTTP (defaultRouteAction)"],
        [{}, { hostRules: [{}] }, "serves plain HTTP (hostRules)"],
        [{}, { pathMatchers: [{}] }, "serves plain HTTP (pathMatchers)"],
    ])("may not be %j %j", async (redirect, props, part) => {
        const found = await messages(soundStackWith(redirectMap(redirect, props)));
        expect(found).toHaveLength(1);
        expect(found[0]).toContain("mandatory: TargetHttpProxy http: its URL map redirect");
        expect(found[0]).toContain(part);
    });
    test("may have empty lists of hosts", async () => {
        expect(await messages(soundStackWith(redirectMap({}, { hostRules: [], pathMatchers: [] })))).toEqual([]);
    });
    test("goes by a URL map of this stack", async () => {
        for (const props of [{ urlMap: "projects/p/global/urlMaps/theirs" }, { urlMap: undefined }]) {
            expect((await messages(soundStackWith(httpProxy(props))))[0]).toContain("its URL map is not in this stack");
        }
        expect((await messages(soundStackWith(httpProxy({ urlMap: unknown }))))[0]).toMatch(
            /^advisory: .*urlMap is not known at preview/,
        );
        const byDependency = { ...httpProxy({ urlMap: unknown }), dependsOn: { urlMap: ["edge"] } };
        expect((await messages(soundStackWith(byDependency)))[0]).toContain("its URL map edge serves plain HTTP");
    });
});

describe("a rule for port 443", () => {
    test("has one for port 80 beside it", async () => {
        expect((await messages(soundStackWithout("rule-80")))[0]).toContain(
            "mandatory: GlobalForwardingRule rule-443: its address has no rule for port 80",
        );
        expect(
            await messages(
                soundStackWith(
                    forwardingRule(80, { portRange: "80-80" }),
                    forwardingRule(443, { portRange: "443-443" }),
                ),
            ),
        ).toEqual([]);
        expect(await messages(soundStackWith(forwardingRule(80, { portRange: "8080" })))).toHaveLength(1);
        expect(await messages(soundStackWith(forwardingRule(80, { portRange: unknown })))).toHaveLength(1);
    });
    test("shares its address with it", async () => {
        const pair = (a: unknown, b: unknown) =>
            soundStackWith(forwardingRule(443, { ipAddress: a }), forwardingRule(80, { ipAddress: b }));
        expect(await messages(pair("203.0.113.7", "203.0.113.7"))).toEqual([]);
        expect(await messages(pair("203.0.113.7", "203.0.113.8"))).toHaveLength(1);
        expect(await messages(pair("203.0.113.7", undefined))).toHaveLength(1);
        expect(await messages(pair(undefined, undefined))).toHaveLength(1);
        for (const [a, b] of [
            [unknown, unknown],
            ["203.0.113.7", unknown],
            [unknown, "203.0.113.7"],
        ]) {
            expect(await messages(pair(a, b))).toEqual([]);
        }
    });
    test("shares its address by dependency", async () => {
        const other: TestResource = {
            type: "gcp:compute/globalAddress:GlobalAddress",
            name: "other",
            props: { name: "other" },
        };
        const at = (port: number, name: string) => ({
            ...forwardingRule(port, { ipAddress: unknown }),
            dependsOn: { ipAddress: [name] },
        });
        expect(await messages(soundStackWith(at(443, "edge-address"), at(80, "edge-address")))).toEqual([]);
        expect(await messages(soundStackWith(other, at(443, "edge-address"), at(80, "other")))).toHaveLength(1);
    });
});

describe("ingress", () => {
    const behind = (ingress: unknown) => messages([service("backend", { ingress }), endpointGroup("backend")]);
    test.each(["INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER", "INGRESS_TRAFFIC_INTERNAL_ONLY"])("may be %s", async (value) =>
        expect(await behind(value)).toEqual([]),
    );
    test("may not be open, missing, or unknown behind the load balancer", async () => {
        expect((await behind("INGRESS_TRAFFIC_ALL"))[0]).toContain(
            'mandatory: Service backend: ingress is "INGRESS_TRAFFIC_ALL": the service can be reached past',
        );
        expect((await behind(undefined))[0]).toContain("ingress is missing, which means open to all");
        expect((await behind(unknown))[0]).toMatch(/^mandatory: .*ingress is not known at preview; `up` will decide/);
    });
    test("says how to mend it", async () => {
        expect((await behind("INGRESS_TRAFFIC_ALL"))[0]).toContain(
            'Set it to "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER".',
        );
    });
    test("is its own affair of a service that is not behind it", async () => {
        expect(await messages([service("backend", { ingress: "INGRESS_TRAFFIC_ALL" })])).toEqual([]);
    });
    test("of the first generation is an annotation", async () => {
        const v1 = (value: unknown) =>
            messages([serviceV1("legacy", {}, {}, { "run.googleapis.com/ingress": value }), endpointGroup("legacy")]);
        expect(await v1("internal-and-cloud-load-balancing")).toEqual([]);
        expect((await v1("all"))[0]).toContain('Set it to "internal-and-cloud-load-balancing".');
        expect(await v1(undefined)).toHaveLength(1);
    });
    test("is noted where the service is not known", async () => {
        expect((await messages([endpointGroup("backend", { cloudRun: { service: unknown } })]))[0]).toMatch(
            /^advisory: .*cloudRun.service is not known/,
        );
    });
});

test("says nothing about a URL map that serves HTTPS", async () => {
    expect(await messages([urlMap(), tlsPolicy(), without(httpsProxy(), "quicOverride")])).toEqual([]);
});

test("a rule for ports 443-443 is one for port 443", async () => {
    const stack = soundStackWithout("rule-80").filter(({ name }) => name !== "rule-443");
    expect(await messages([...stack, forwardingRule(443, { portRange: "443-443" })])).toHaveLength(1);
});

test("a TLS policy outside the stack is named whole", async () => {
    const theirs = [httpsProxy({ sslPolicy: "projects/p/global/sslPolicies/not-theirs" })];
    expect(await messages(theirs, { tlsPolicies: ["theirs"] })).toHaveLength(1);
    expect(await messages([httpsProxy({ sslPolicy: "theirs" })], { tlsPolicies: ["theirs"] })).toEqual([]);
});

test("a private endpoint for Google's APIs has no scheme", async () => {
    for (const target of ["all-apis", "vpc-sc"]) {
        const endpoint = forwardingRule(443, { loadBalancingScheme: "", portRange: undefined, target });
        expect(await messages([endpoint])).toEqual([]);
        expect(
            await messages([{ ...endpoint, props: { ...endpoint.props, loadBalancingScheme: "EXTERNAL" } }]),
        ).toHaveLength(1);
    }
});
