import type { Behavior } from "../behavior";
import { certificatemanager } from "./certificatemanager";
import { computeBackends } from "./compute-backends";
import { computeCertificates } from "./compute-certificates";
import { computeLoadBalancing } from "./compute-load-balancing";
import { computeNetwork } from "./compute-network";
import { dataServices } from "./data-services";
import { dns } from "./dns";
import { iam } from "./iam";
import { monitoring } from "./monitoring";
import { run } from "./run";
import { secretmanager } from "./secretmanager";
import { serviceusage } from "./serviceusage";
import { sql } from "./sql";
import { vpcaccess } from "./vpcaccess";

const behaviors: Record<string, Behavior> = {
    ...certificatemanager,
    ...computeBackends,
    ...computeCertificates,
    ...computeLoadBalancing,
    ...computeNetwork,
    ...dataServices,
    ...dns,
    ...iam,
    ...monitoring,
    ...run,
    ...secretmanager,
    ...serviceusage,
    ...sql,
    ...vpcaccess,
};

export function behaviorOf(type: string): Behavior {
    const behavior = behaviors[type];
    if (!behavior) throw new Error(`The sandbox does not know how ${type} behaves`);
    return behavior;
}

export const behaviorTypes = (): string[] => Object.keys(behaviors);
