import { certificates } from "../../policies/rules/certificates";
import { messagesOf } from "./lib/messages";
import {
    certificate,
    certificateMap,
    dnsAuthorization,
    httpsProxy,
    mapEntry,
    service,
    soundStackWith,
    soundStackWithout,
    urlMap,
    without,
} from "./lib/programs";
import { secret, type TestResource, unknown } from "./lib/run";

const messages = (resources: TestResource[], config = {}) => messagesOf(certificates, resources, config);
const of = (type: string, props: Record<string, unknown>): TestResource => ({ type, name: "it", props });
const classic = (...domains: unknown[]) =>
    of("gcp:compute/managedSslCertificate:ManagedSslCertificate", { managed: { domains } });

describe("a domain", () => {
    const places: [string, (domain: unknown) => TestResource][] = [
        ["managed.domains.0", (d) => classic(d)],
        ["managed.domains.1", (d) => certificate({ domains: ["netrasystems.ai", d] })],
        ["domain", (d) => dnsAuthorization({ domain: d })],
        ["hostname", (d) => mapEntry(d, "entry", { certificates: [] })],
        ["hostRules.0.hosts.0", (d) => urlMap({ hostRules: [{ hosts: [d] }] })],
        ["name", (d) => of("gcp:cloudrun/domainMapping:DomainMapping", { name: d })],
        [
            "monitoredResource.labels.host",
            (d) =>
                of("gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig", {
                    monitoredResource: { labels: { host: d } },
                }),
        ],
    ];
    test.each(places)("at %s must be ours", async (path, resource) => {
        for (const domain of ["netrasystems.ai", "api.netrasystems.ai", "A.NetraSystems.ai", "api.netrasystems.ai."]) {
            expect(await messages([resource(domain)])).toEqual([]);
        }
        for (const domain of ["example.com", "notnetrasystems.ai", "netrasystems.ai.example.com", "ai"]) {
            const [message, ...rest] = await messages([resource(domain)]);
            expect(rest).toEqual([]);
            expect(message).toContain(`${path} is "${domain}": it must be netrasystems.ai, or a name beneath`);
            expect(message).toMatch(/^mandatory: /);
        }
    });
    test.each(places)("at %s is noted when it is not known", async (path, resource) => {
        const [note, ...rest] = await messages([resource(unknown)]);
        expect(rest).toEqual([]);
        expect(note).toMatch(/^advisory: .* is not known at preview; `up` will decide\.$/);
        expect(note).toContain(path);
    });
    test("may be under any of the configured suffixes", async () => {
        expect(
            await messages([dnsAuthorization({ domain: "a.example.org" })], {
                suffixes: ["netrasystems.ai", "example.org"],
            }),
        ).toEqual([]);
        expect(await messages([dnsAuthorization()], { suffixes: ["example.org"] })).toHaveLength(1);
    });
    test("is looked for in the fields of its own type only, and only as text", async () => {
        expect(await messages([of("other:index:Thing", { hostRules: [{ hosts: ["example.com"] }] })])).toEqual([]);
        expect(await messages([of("other:index:Thing", { hostRules: unknown })])).toEqual([]);
        expect(await messages([dnsAuthorization({ domain: 5 })])).toEqual([]);
    });
    test("in a list that is not known at all is noted", async () => {
        expect((await messages([certificate({ domains: unknown })]))[0]).toContain("managed.domains is not known");
        expect((await messages([urlMap({ hostRules: unknown })]))[0]).toContain("hostRules is not known");
    });
    test("that is every host is none", async () =>
        expect(await messages([urlMap({ hostRules: [{ hosts: ["*"] }] })])).toEqual([]));
});

describe("a domain that was given up", () => {
    const stale = ["old.example.com"];
    const env = (value: unknown) => service("backend", {}, { containers: [{ envs: [{ name: "API", value }] }] });
    test.each([
        "https://old.example.com/v1",
        "old.example.com",
        "api.old.example.com:443",
        "see old.example.com.",
        "OLD.example.com",
    ])("in %p is named, and the value is not", async (value) => {
        expect(await messages([env(secret(`${value} hush`))], { stale })).toEqual([
            "mandatory: Service backend: template.containers.0.envs.0.value mentions old.example.com, which was given up. Use its successor.",
        ]);
    });
    test.each(["https://bold.example.com", "old.example.community", "old-example.com", "old.example.com.au"])(
        "is not %p",
        async (value) => {
            expect(await messages([env(value)], { stale })).toEqual([]);
        },
    );
    test("is looked for past what is not known", async () => {
        const found = await messages(
            [service("backend", { uri: unknown }, { containers: [{ args: [unknown, "old.example.com"] }] })],
            { stale },
        );
        expect(found).toHaveLength(1);
    });
    test("is only looked for when there is one", async () =>
        expect(await messages([env("https://old.example.com")])).toEqual([]));
});

describe("a wildcard", () => {
    test("on a classic certificate is a violation", async () => {
        expect((await messages([classic("netrasystems.ai", "*.netrasystems.ai")]))[0]).toContain(
            'managed.domains.1 is "*.netrasystems.ai": a classic managed certificate refuses wildcards',
        );
        expect(await messages([classic("netrasystems.ai")])).toEqual([]);
    });
    test("without DNS authorization is a violation", async () => {
        for (const dnsAuthorizations of [undefined, []]) {
            expect((await messages([certificate({ dnsAuthorizations })]))[0]).toContain(
                "Add a DNS authorization for netrasystems.ai.",
            );
        }
        expect(await messages([certificate({ domains: ["netrasystems.ai"], dnsAuthorizations: undefined })])).toEqual(
            [],
        );
        expect(await messages([certificate({ dnsAuthorizations: [unknown] })])).toEqual([]);
        expect(await messages([certificate({ dnsAuthorizations: unknown })])).toEqual([]);
    });
    test("is not what is authorized", async () => {
        expect((await messages([dnsAuthorization({ domain: "*.netrasystems.ai" })]))[0]).toContain(
            'Set it to "netrasystems.ai".',
        );
    });
});

describe("a proxy", () => {
    const alone = (props: object) =>
        messages([httpsProxy({ ...props })]).then((found) =>
            found.filter((message) => !message.includes("cannot be checked here")),
        );
    test("takes the map in one form", async () => {
        expect(await alone({})).toEqual([]);
        for (const certificateMap of [
            "projects/p/locations/global/certificateMaps/m",
            "m",
            "//certificatemanager.googleapis.com/projects/p/locations/us-central1/certificateMaps/m",
            "//certificatemanager.googleapis.com///projects/p/locations/global/certificateMaps/m",
            "https://certificatemanager.googleapis.com/projects/p/locations/global/certificateMaps/m",
        ]) {
            const [message, ...rest] = await alone({ certificateMap });
            expect(rest).toEqual([]);
            expect(message).toContain(`mandatory: TargetHttpsProxy https: certificateMap is "${certificateMap}"`);
        }
    });
    test("must have a certificate", async () => {
        for (const certificateMap of [undefined, ""]) {
            expect((await alone({ certificateMap }))[0]).toContain("certificateMap is missing");
        }
        expect(await alone({ certificateMap: undefined, sslCertificates: ["c"] })).toEqual([]);
        expect(await alone({ certificateMap: undefined, sslCertificates: unknown })).toEqual([]);
        expect(await alone({ certificateMap: undefined, sslCertificates: [] })).toHaveLength(1);
    });
    test("has one kind of certificate", async () => {
        expect((await alone({ sslCertificates: ["c"] }))[0]).toContain(
            "sslCertificates is ignored beside certificateMap",
        );
        expect(await alone({ sslCertificates: [] })).toEqual([]);
        expect((await alone({ certificateManagerCertificates: ["c"] }))[0]).toContain("is for internal load balancers");
        expect(await alone({ certificateManagerCertificates: [] })).toEqual([]);
        expect(await alone({ certificateMap: undefined, certificateManagerCertificates: unknown })).toHaveLength(1);
    });
    test("whose map is not known is noted", async () => {
        expect((await alone({ certificateMap: unknown }))[0]).toBe(
            "advisory: TargetHttpsProxy https: certificateMap is not known at preview; `up` will decide.",
        );
    });
});

describe("a map", () => {
    const hosts = (...names: unknown[]) => urlMap({ hostRules: [{ hosts: names, pathMatcher: "api" }] });
    test.each([
        [["netrasystems.ai"]],
        [["api.netrasystems.ai"]],
        [["api.netrasystems.ai:443"]],
        [["*.netrasystems.ai"]],
        [["*"]],
        [[]],
    ])("covers %j", async (names) => {
        expect(await messages(soundStackWith(hosts(...names)))).toEqual([]);
    });
    test.each(["a.b.netrasystems.ai", "*.api.netrasystems.ai"])("with a wildcard does not cover %s", async (name) => {
        expect(await messages(soundStackWith(hosts(name, "api.netrasystems.ai")))).toEqual([
            `mandatory: TargetHttpsProxy https: its certificate map has no entry for ${name}. Add one; a wildcard stands for one label, and not for its apex.`,
        ]);
    });
    test("with a name does not cover another name of as many letters", async () => {
        const entry = mapEntry("a.netrasystems.ai", "entry-*.netrasystems.ai", { certificates: [] });
        expect(await messages(soundStackWith(hosts("b.netrasystems.ai"), entry))).toHaveLength(1);
    });
    test("with a wildcard alone does not cover the apex", async () => {
        expect((await messages(soundStackWithout("entry-netrasystems.ai")))[0]).toContain(
            "has no entry for netrasystems.ai.",
        );
    });
    test("is held to its own entries", async () => {
        const other = mapEntry("netrasystems.ai", "entry-netrasystems.ai", { map: "other-map" });
        expect((await messages(soundStackWith(other)))[0]).toContain("has no entry for netrasystems.ai.");
    });
    test("is followed by what is depended on, and judged", async () => {
        const proxy = {
            ...httpsProxy({ certificateMap: unknown, urlMap: unknown }),
            dependsOn: { certificateMap: ["edge-map"], urlMap: ["edge"] },
        };
        const entry = {
            ...mapEntry("netrasystems.ai", "entry-netrasystems.ai", { map: unknown, certificates: [unknown] }),
            dependsOn: { map: ["edge-map"], certificates: ["wildcard"] },
        };
        const stack = soundStackWith(proxy, entry);
        expect((await messages(stack)).filter((message) => message.startsWith("mandatory"))).toEqual([]);
        expect((await messages(stack.filter(({ name }) => name !== "entry-*.netrasystems.ai"))).join()).toContain(
            "no entry for api.netrasystems.ai",
        );
    });
    test("that is elsewhere, or not known, is noted", async () => {
        const elsewhere = httpsProxy({
            certificateMap: "//certificatemanager.googleapis.com/projects/p/locations/global/certificateMaps/m",
        });
        for (const stack of [soundStackWith(elsewhere), soundStackWith(httpsProxy({ urlMap: unknown }))]) {
            const found = await messages(stack);
            expect(found).toHaveLength(1);
            expect(found[0]).toMatch(/^advisory: .*cannot be checked here/);
        }
        expect(
            await messages(soundStackWith(without(httpsProxy({ sslCertificates: ["c"] }), "certificateMap"))),
        ).toEqual([]);
    });
    test("with an entry that is not known is noted", async () => {
        const found = await messages(soundStackWith(mapEntry(unknown, "entry-netrasystems.ai")));
        expect(found.join()).toMatch(/advisory: .*a hostname of its certificate map is not known/);
        expect(found.join()).not.toContain("mandatory");
    });
});

describe("an entry", () => {
    test("needs a certificate that covers it", async () => {
        const entry = mapEntry("*.netrasystems.ai");
        expect(await messages([certificateMap(), certificate(), entry])).toEqual([]);
        expect((await messages([certificateMap(), certificate({ domains: ["netrasystems.ai"] }), entry]))[0]).toContain(
            "none of its certificates covers *.netrasystems.ai",
        );
        expect(
            (await messages([certificateMap(), certificate({ domains: ["netrasystems.ai", unknown] }), entry])).join(),
        ).not.toContain("none of its");
        expect((await messages([certificateMap(), certificate({ domains: unknown }), entry])).join()).not.toContain(
            "none of its",
        );
        expect(
            await messages([certificateMap(), certificate({}, { managed: undefined, selfManaged: {} }), entry]),
        ).toEqual([]);
        expect(await messages([certificateMap(), entry])).toEqual([]);
        expect(
            await messages([
                certificateMap(),
                without(mapEntry(undefined, "primary", { matcher: "PRIMARY" }), "hostname"),
            ]),
        ).toEqual([]);
    });
    test("is judged by the certificates it depends on", async () => {
        for (const certificatesOfIt of [unknown, [unknown]]) {
            const entry = {
                ...mapEntry("*.netrasystems.ai", "e", { certificates: certificatesOfIt }),
                dependsOn: { certificates: ["wildcard"] },
            };
            expect((await messages([certificate({ domains: ["netrasystems.ai"] }), entry]))[0]).toContain(
                "none of its certificates",
            );
            expect(await messages([certificate(), entry])).toEqual([]);
        }
    });
});

test("an entry whose certificates are not known, and depend on nothing, is left to `up`", async () => {
    expect(await messages([certificateMap(), mapEntry("*.netrasystems.ai", "e", { certificates: unknown })])).toEqual(
        [],
    );
});
