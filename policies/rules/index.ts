import type { Rule } from "../lib/rule";
import { certificates } from "./certificates";
import { connectorAlert } from "./connector-alert";
import { connectorCapacity } from "./connector-capacity";
import { connectorDemand } from "./connector-demand";
import { edge } from "./edge";
import { packConfiguration } from "./pack-configuration";
import { protection } from "./protection";
import { requestTimeout } from "./request-timeout";

const judging: readonly Rule[] = [
    connectorCapacity,
    connectorDemand,
    requestTimeout,
    certificates,
    edge,
    protection,
    connectorAlert,
];

/** Every rule of the pack, in the order of the page. The one that watches over the others is the last. */
export const rules: readonly Rule[] = [...judging, packConfiguration(judging)];
