import { protection } from "../../policies/rules/protection";
import { messagesOf } from "./lib/messages";
import { address, certificateMap, connector, dnsAuthorization, service } from "./lib/programs";
import { type TestResource, unknown } from "./lib/run";

const messages = (...resources: TestResource[]) => messagesOf(protection, resources);

describe.each<[string, TestResource]>([
    ["a connector", connector()],
    ["an address", address()],
    ["a regional address", { ...address(), type: "gcp:compute/address:Address" }],
    ["a DNS authorization", dnsAuthorization()],
    ["a certificate map", certificateMap()],
])("%s", (_, resource) => {
    const bare = (props = {}) => ({ ...resource, props: { ...resource.props, ...props }, opts: { protect: false } });
    test("is fine when protected by the engine or by the provider", async () => {
        expect(await messages(resource)).toEqual([]);
        expect(await messages(bare({ deletionPolicy: "PREVENT" }))).toEqual([]);
    });
    test.each([undefined, "DELETE", "ABANDON"])(
        "is a violation when it is not, with deletionPolicy %p",
        async (deletionPolicy) => {
            const [message, ...rest] = await messages(bare({ deletionPolicy }));
            expect(rest).toEqual([]);
            expect(message).toMatch(
                new RegExp(
                    `^mandatory: [A-Za-z]+ ${resource.name} is not protected: .* Set the option protect: true\\.$`,
                ),
            );
        },
    );
    test("is a violation when the provider's protection is not known", async () => {
        expect((await messages(bare({ deletionPolicy: unknown })))[0]).toContain("`up` will decide");
    });
});

test("other resources may go", async () => expect(await messages(service())).toEqual([]));
