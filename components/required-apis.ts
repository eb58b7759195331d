import * as projects from "@pulumi/gcp/projects";
import * as pulumi from "@pulumi/pulumi";
import { Checks } from "./check";

export interface RequiredApisArgs {
    /** Host names of the APIs, such as `vpcaccess.googleapis.com`; each once. Removing one leaves it enabled. */
    readonly apis: readonly string[];
}

const suffix = ".googleapis.com";
const apiPattern = /^[a-z][a-z0-9-]*\.googleapis\.com$/;

/** Enables the Google APIs that a stack calls. What needs them takes this component in `dependsOn`. */
export class RequiredApis extends pulumi.ComponentResource {
    /** Host names of the enabled APIs. */
    readonly apis: pulumi.Output<string[]>;

    constructor(name: string, args: RequiredApisArgs, opts?: pulumi.ComponentResourceOptions) {
        check(name, args);
        super("netra:project:RequiredApis", name, args, opts);

        const services = args.apis.map(
            (api) =>
                new projects.Service(
                    `${name}-${api.slice(0, -suffix.length)}`,
                    // Others in the project may use the API by the time that this stack is destroyed.
                    { service: api, disableOnDestroy: false },
                    { parent: this },
                ),
        );

        this.apis = pulumi.all(services.map((service) => service.service));
        this.registerOutputs({ apis: this.apis });
    }
}

function check(name: string, { apis }: RequiredApisArgs): void {
    const checks = new Checks(`RequiredApis "${name}"`);
    checks.require(apis.length > 0, "apis", apis, "at least one API", "Name the APIs that the stack calls.");
    apis.forEach((api, index) => {
        checks.require(
            apiPattern.test(api),
            `apis[${index}]`,
            api,
            `the host name of a Google API, such as vpcaccess${suffix}`,
            "Write the full name.",
        );
        checks.require(apis.indexOf(api) === index, `apis[${index}]`, api, "listed once", "Remove the repetition.");
    });
    checks.throwIfAny();
}
