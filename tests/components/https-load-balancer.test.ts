import * as pulumi from "@pulumi/pulumi";
import { CloudRunService, HttpsLoadBalancer, type HttpsLoadBalancerArgs } from "../../components";
import { expectEffect, record, refusal, resolved } from "./helper";

const certificateMap = "//certificatemanager.googleapis.com/projects/netra-staging/locations/global/certificateMaps/m";
const service = { name: "auth-staging", region: "us-central1", timeoutSeconds: 600 };
const auth = { host: "auth.example.com", service };
const legacy = { host: "legacy.example.com", group: "groups/g", healthCheck: "checks/c" };
const base: HttpsLoadBalancerArgs = { certificateMap, hosts: { auth }, defaultHost: "auth" };

const create = (args: HttpsLoadBalancerArgs) => () => {
    new HttpsLoadBalancer("edge", args);
};

const withTimeout = (timeoutSeconds: number) => ({ auth: { ...auth, service: { ...service, timeoutSeconds } } });

describe("HttpsLoadBalancer", () => {
    test("serves each host over HTTPS and redirects the rest to it, on one address", async () => {
        let component: HttpsLoadBalancer | undefined;
        const recorder = await record(() => {
            component = new HttpsLoadBalancer("edge", {
                certificateMap,
                hosts: { web: { host: "www.example.com", service: { ...service, name: "web-staging" } }, auth },
                defaultHost: "web",
            });
        });
        expect(recorder.names()).toEqual([
            "edge-address",
            "edge-auth-backend",
            "edge-auth-neg",
            "edge-http-proxy",
            "edge-http-rule",
            "edge-https-proxy",
            "edge-https-rule",
            "edge-redirect",
            "edge-tls",
            "edge-urls",
            "edge-web-backend",
            "edge-web-neg",
        ]);
        const address = recorder.expectResource("gcp:compute/globalAddress:GlobalAddress", "edge-address", {
            name: "edge-address",
            addressType: "EXTERNAL",
        });
        expect(address.protect).toBe(true);
        recorder.expectResource("gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup", "edge-auth-neg", {
            region: "us-central1",
            networkEndpointType: "SERVERLESS",
            cloudRun: { service: "auth-staging" },
        });
        recorder.expectResource("gcp:compute/backendService:BackendService", "edge-auth-backend", {
            loadBalancingScheme: "EXTERNAL_MANAGED",
            logConfig: { enable: true, sampleRate: 1 },
            backends: [{ group: "ids/edge-auth-neg-1a2b3c4" }],
        });
        const [authBackend, webBackend] = ["ids/edge-auth-backend-1a2b3c4", "ids/edge-web-backend-1a2b3c4"];
        recorder.expectResource("gcp:compute/uRLMap:URLMap", "edge-urls", {
            defaultService: webBackend,
            hostRules: [
                { hosts: ["auth.example.com"], pathMatcher: "auth" },
                { hosts: ["www.example.com"], pathMatcher: "web" },
            ],
            pathMatchers: [
                { name: "auth", defaultService: authBackend },
                { name: "web", defaultService: webBackend },
            ],
        });
        recorder.expectResource("gcp:compute/sSLPolicy:SSLPolicy", "edge-tls", {
            minTlsVersion: "TLS_1_2",
            profile: "MODERN",
        });
        recorder.expectResource("gcp:compute/targetHttpsProxy:TargetHttpsProxy", "edge-https-proxy", {
            urlMap: "ids/edge-urls-1a2b3c4",
            certificateMap,
            sslPolicy: "ids/edge-tls-1a2b3c4",
        });
        const rule = { ipAddress: "203.0.113.10", ipProtocol: "TCP", loadBalancingScheme: "EXTERNAL_MANAGED" };
        const ruleType = "gcp:compute/globalForwardingRule:GlobalForwardingRule";
        recorder.expectResource(ruleType, "edge-https-rule", {
            ...rule,
            portRange: "443",
            target: "ids/edge-https-proxy-1a2b3c4",
        });
        recorder.expectResource(ruleType, "edge-http-rule", {
            ...rule,
            portRange: "80",
            target: "ids/edge-http-proxy-1a2b3c4",
        });
        recorder.expectResource("gcp:compute/uRLMap:URLMap", "edge-redirect", {
            defaultUrlRedirect: { httpsRedirect: true, stripQuery: false, redirectResponseCode: "PERMANENT_REDIRECT" },
        });
        recorder.expectResource("gcp:compute/targetHttpProxy:TargetHttpProxy", "edge-http-proxy", {
            urlMap: "ids/edge-redirect-1a2b3c4",
        });
        for (const { custom, parent, name, inputs, protect } of recorder.all) {
            if (!custom) continue;
            expect(parent).toContain("::netra:loadbalancer:HttpsLoadBalancer::edge");
            // What rotates has no fixed name and is not protected: it is replaced by creating the new one first.
            expect([name, "name" in inputs, protect]).toEqual([name, name === "edge-address", name === "edge-address"]);
        }
        expect(await resolved((component as HttpsLoadBalancer).address)).toBe("203.0.113.10");
    });

    test("lists hosts in the same order, however they are given", async () => {
        const web = { host: "www.example.com", service: { ...service, name: "web-staging" } };
        const one = await record(create({ ...base, hosts: { web, auth } }));
        const other = await record(create({ ...base, hosts: { auth, web } }));
        expect(other.inputs()).toBe(one.inputs());
    });

    test("takes a CloudRunService as it is", async () => {
        const recorder = await record(() => {
            const backend = new CloudRunService("backend", {
                name: "backend-staging",
                region: "europe-west1",
                image: "image",
                egress: { kind: "direct", network: "default", subnetwork: "services" },
                invokers: {},
                minInstances: 1,
                maxInstances: 2,
            });
            create({ ...base, hosts: { api: { host: "api.example.com", service: backend } }, defaultHost: "api" })();
        });
        const neg = recorder.get("edge-api-neg");
        expect(neg.inputs).toMatchObject({ region: "europe-west1", cloudRun: { service: "backend-staging" } });
        expect(neg.dependsOn).toContain("backend-service");
    });

    test("sets the timeout on a backend that accepts one, and lets it finish its requests", async () => {
        const hosts = { auth, legacy, secure: { ...legacy, host: "secure.example.com", protocol: "HTTPS" as const } };
        const recorder = await record(create({ ...base, hosts }));
        recorder.expectResource("gcp:compute/backendService:BackendService", "edge-legacy-backend", {
            loadBalancingScheme: "EXTERNAL_MANAGED",
            logConfig: { enable: true, sampleRate: 1 },
            protocol: "HTTP",
            backends: [{ group: "groups/g" }],
            healthChecks: "checks/c",
            timeoutSec: 600,
            connectionDrainingTimeoutSec: 600,
        });
        expect(recorder.get("edge-secure-backend").inputs.protocol).toBe("HTTPS");
        expect(recorder.names()).not.toContain("edge-legacy-neg");
        const longer = await record(
            create({ ...base, hosts: { legacy }, defaultHost: "legacy", requestTimeoutSeconds: 900 }),
        );
        expect(longer.get("edge-legacy-backend").inputs).toMatchObject({
            timeoutSec: 900,
            connectionDrainingTimeoutSec: 900,
        });
    });

    test("puts a security policy and the log's rate on every backend", async () => {
        const recorder = await record(
            create({ ...base, hosts: { auth, legacy }, securityPolicy: "policies/p", logSampleRate: 0.25 }),
        );
        const backends = recorder.find("gcp:compute/backendService:BackendService");
        expect(backends).toHaveLength(2);
        for (const { inputs } of backends) {
            expect(inputs).toMatchObject({
                securityPolicy: "policies/p",
                logConfig: { enable: true, sampleRate: 0.25 },
            });
        }
    });

    test("each argument has an effect", async () => {
        const two: HttpsLoadBalancerArgs = { ...base, hosts: { auth, legacy } };
        await expectEffect(create(two), {
            certificateMap: create({ ...two, certificateMap: `${certificateMap}2` }),
            hosts: create(base),
            defaultHost: create({ ...two, defaultHost: "legacy" }),
            requestTimeoutSeconds: create({ ...two, requestTimeoutSeconds: 599 }),
            logSampleRate: create({ ...two, logSampleRate: 0.5 }),
            securityPolicy: create({ ...two, securityPolicy: "policies/p" }),
        } satisfies Record<keyof HttpsLoadBalancerArgs, () => void>);
    });

    describe("holds services to the time that a request may run", () => {
        test.each([
            [599, undefined, false],
            [600, undefined, true],
            [3600, undefined, true],
            [3601, undefined, false],
            [600.5, undefined, false],
            [899, 900, false],
            [900, 900, true],
            [1, 1, true],
            [3600, 3600, true],
        ])("%p s for a contract of %p s: %p", async (timeoutSeconds, requestTimeoutSeconds, holds) => {
            const args = { ...base, hosts: withTimeout(timeoutSeconds), requestTimeoutSeconds };
            if (holds) {
                // Nothing on the backend service says so: the API refuses it there.
                const { inputs } = (await record(create(args))).get("edge-auth-backend");
                expect(inputs).not.toHaveProperty("timeoutSec");
                return;
            }
            expect(await refusal(create(args))).toContain(
                `hosts.auth.service.timeoutSeconds is ${timeoutSeconds}: it must be a whole number, ${requestTimeoutSeconds ?? 600} (requestTimeoutSeconds) to 3600. ` +
                    "Set the timeout of the Cloud Run service itself",
            );
        });
    });

    test.each<[string, Partial<HttpsLoadBalancerArgs>, string]>([
        [
            "a map by its id",
            { certificateMap: "projects/p/locations/global/certificateMaps/m" },
            "the provider adds no prefix",
        ],
        ["a default host that is none", { defaultHost: "web" }, 'defaultHost is "web": it must be one of auth'],
        ["no hosts", { hosts: {} }, "a key of hosts, and there is none"],
        ["a key in capitals", { hosts: { Auth: auth } }, "hosts.Auth"],
        ["a key of 21 characters", { hosts: { ["a".repeat(21)]: auth } }, `hosts.${"a".repeat(21)} is`],
        [
            "a wildcard as a host",
            { hosts: { auth: { ...auth, host: "*.example.com" } } },
            'hosts.auth.host is "*.example.com"',
        ],
        ["a host twice", { hosts: { auth, again: auth } }, "hosts.again.host"],
        ["a contract of 0 s", { requestTimeoutSeconds: 0 }, "requestTimeoutSeconds is 0"],
        ["a contract of 3601 s", { requestTimeoutSeconds: 3601 }, "requestTimeoutSeconds is 3601"],
        ["no logging", { logSampleRate: 0 }, "logSampleRate is 0"],
        ["logging each request twice", { logSampleRate: 1.01 }, "logSampleRate is 1.01"],
    ])("refuses %s", async (_, change, expected) => {
        expect(await refusal(create({ ...base, ...change }))).toContain(expected);
    });

    test("refuses a name from which no resource can be named", async () => {
        const message = await refusal(() => {
            new HttpsLoadBalancer("Edge", base);
        });
        expect(message).toContain('HttpsLoadBalancer "Edge" is not valid:\n  - name is "Edge"');
    });

    test("takes a map that is not known yet, and a key of 20 characters", async () => {
        const key = "a".repeat(20);
        const recorder = await record(
            create({ certificateMap: pulumi.output(certificateMap), hosts: { [key]: auth }, defaultHost: key }),
        );
        expect(recorder.get("edge-https-proxy").inputs.certificateMap).toBe(certificateMap);
    });
});
