import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { type ConnectorSize, isWholeNumber } from "../capacity";

/** A value that only its own check decides on; a mistake in it says what it must be and what to do. */
const leaf = <T>(ok: (value: unknown) => boolean, bound: string, fix: string) =>
    z.custom<T>(ok, { params: { bound, fix } });

/** A value that a function of `capacity` checks, below. */
const checkedBelow = <T>() => z.custom<T>(() => true).optional();

/** An object in which an unknown key is a mistake: it would otherwise be a setting without effect. */
const section = <S extends z.core.$ZodLooseShape>(shape: S) =>
    z.strictObject(shape, {
        error: ({ code }) => {
            const keys = Object.keys(shape).join(", ");
            return code === "unrecognized_keys"
                ? `left out: there is no such setting (there are ${keys})`
                : `an object of ${keys}`;
        },
    });

const text = (bound: string, pattern = /^\S+$/, fix = "Set it to such a value.") =>
    leaf<string>((value) => typeof value === "string" && pattern.test(value), bound, fix);

const whole = (least: number, most: number, fix = "Set it to such a number.") =>
    leaf<number>(
        (value) => isWholeNumber(value) && value >= least && value <= most,
        `a whole number, ${least} to ${most}`,
        fix,
    );

const flag = leaf<boolean>((value) => typeof value === "boolean", "true or false", "Write it without quotes.");

/** A name as Compute Engine, Cloud DNS and Cloud Run take it. */
const resourceName = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
const shortName = (of: string) => text(`the short name of ${of}`, resourceName, "Leave out the path.");
export const label = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
export const domainPattern = new RegExp(`^(${label}\\.)+[a-z]([-a-z0-9]{0,61}[a-z0-9])$`);

const timeout = whole(
    600,
    3600,
    "Requests through the load balancer must be able to run for 600 s, and Cloud Run ends any after 3600 s.",
);

/** A service that this stack deploys. What is left out takes the defaults of `CloudRunService`. */
export const managedService = section({
    host: text("a host name"),
    existing: leaf<false>((value) => value === false, "true or false", "Write it without quotes.").optional(),
    name: text("a name").optional(),
    image: text("the name of a container image"),
    minInstances: whole(0, 1000),
    maxInstances: whole(1, 1000),
    timeoutSeconds: timeout.default(600),
    concurrency: whole(1, 1000).optional(),
    cpu: leaf<number>(
        (value) => [1, 2, 4, 6, 8].includes(value as number),
        "1, 2, 4, 6 or 8",
        "Give whole CPUs.",
    ).optional(),
    memory: text("a size such as 512Mi or 2Gi", /^[1-9]\d*(Mi|Gi)$/).optional(),
    port: whole(1, 65_535).optional(),
    healthPath: text('a path that begins with "/"', /^\/\S*$/).optional(),
    egress: leaf<"connector" | "direct">(
        (value) => value === "connector" || value === "direct",
        '"connector" or "direct"',
        "Choose how the service reaches the VPC.",
    ).default("connector"),
    env: z
        .record(
            z.string(),
            leaf<EnvironmentValue>(
                (value) => typeof value === "string" || secretReference.safeParse(value).success,
                "a string, or {secret, version} for a secret of Secret Manager",
                "Put quotes around a number, true or false.",
            ),
            { error: "an object of environment variables" },
        )
        .optional(),
});

const secretReference = z.strictObject({ secret: z.string().min(1), version: z.string().min(1).optional() });

/** A service that someone else deploys: the load balancer needs its name, and its owner's word on the timeout. */
export const existingService = section({
    host: text("a host name"),
    existing: z.literal(true),
    name: text("a name").optional(),
    timeoutSeconds: timeout,
});

export const schema = section({
    workload: section({
        instances: checkedBelow<number>(),
        startupMegabytes: checkedBelow<number>(),
        startupSeconds: checkedBelow<number>(),
        headroom: checkedBelow<number>(),
    }),
    domain: text(
        "the apex domain in lower case, such as example.com",
        domainPattern,
        "Leave out the wildcard and the final dot.",
    ),
    network: section({
        name: shortName("a VPC network").optional(),
        connectorRange: checkedBelow<string>(),
        connectorSubnet: shortName("a /28 subnet").optional(),
        directSubnetwork: shortName("a subnet of size /26 or larger").optional(),
        hostProject: text("the id of a project", /^[a-z][-a-z0-9]{4,28}[a-z0-9]$/).optional(),
    }),
    connector: section({
        name: checkedBelow<string>(),
        machineType: checkedBelow<ConnectorSize["machineType"]>(),
        minInstances: checkedBelow<number>(),
        maxInstances: checkedBelow<number>(),
    }).optional(),
    services: z.record(z.string(), z.unknown(), { error: "an object of services, each by a key of your choice" }),
    notificationEmail: text(
        "an e-mail address",
        /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
        "Name a mailbox that someone on call reads.",
    ),
    certificate: section({
        waitUntilActive: flag.default(false),
        dnsZone: shortName("a managed zone of Cloud DNS").optional(),
    }).prefault({}),
    loadBalancer: section({
        defaultService: text("the key of a service").default("frontend"),
        securityPolicy: text("the id of a Cloud Armor policy").optional(),
    }).prefault({}),
});

/** A plain value, which is a secret where the services are, or a reference to a secret of Secret Manager. */
export type EnvironmentValue = pulumi.Input<string> | { readonly secret: string; readonly version?: string };

/** The settings as they are written, with defaults filled in. */
export type Settings = z.infer<typeof schema>;
export type ManagedService = z.infer<typeof managedService> & { readonly name: string };
export type ExistingService = z.infer<typeof existingService> & { readonly name: string };
