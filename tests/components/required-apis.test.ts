import { RequiredApis } from "../../components";
import { expectEffect, record, refusal, resolved } from "./helper";

const create = (apis: string[]) => () => {
    new RequiredApis("project", { apis });
};

describe("RequiredApis", () => {
    test("enables each API, and leaves it enabled", async () => {
        let component: RequiredApis | undefined;
        const recorder = await record(() => {
            component = new RequiredApis("project", { apis: ["run.googleapis.com", "vpcaccess.googleapis.com"] });
        });
        expect(recorder.names()).toEqual(["project-run", "project-vpcaccess"]);
        const child = recorder.expectResource("gcp:projects/service:Service", "project-vpcaccess", {
            service: "vpcaccess.googleapis.com",
            disableOnDestroy: false,
        });
        expect(child.parent).toContain("netra:project:RequiredApis::project");
        expect(await resolved((component as RequiredApis).apis)).toEqual([
            "run.googleapis.com",
            "vpcaccess.googleapis.com",
        ]);
    });

    test("each argument has an effect", async () => {
        await expectEffect(create(["run.googleapis.com"]), { apis: create(["dns.googleapis.com"]) });
    });

    test("refuses names that are incomplete or repeated, and an empty list", async () => {
        const message = await refusal(create(["run", "dns.googleapis.com", "dns.googleapis.com"]));
        expect(message).toContain('apis[0] is "run"');
        expect(message).toContain('apis[2] is "dns.googleapis.com": it must be listed once');
        expect(message).not.toContain("apis[1]");
        expect(await refusal(create([]))).toContain("at least one API");
    });
});
