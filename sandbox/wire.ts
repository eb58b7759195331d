import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { Struct as StructMessage } from "google-protobuf/google/protobuf/struct_pb";
import { type Props, UNKNOWN } from "./values";

/** How the engine writes a value that a preview does not know yet. Source: pulumi/sdk `plugin/rpc.go`. */
const unknownOnTheWire = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Reads the properties that the engine sends. */
export function fromStruct(struct: Struct | undefined): Props {
    return struct === undefined ? {} : (decode(struct.toJavaScript()) as Props);
}

/** Writes properties for the engine; `undefined` values are left out. */
export function toStruct(props: Props): Struct {
    return StructMessage.fromJavaScript(encode(props) as Parameters<typeof StructMessage.fromJavaScript>[0]);
}

function decode(value: unknown): unknown {
    if (value === unknownOnTheWire) return UNKNOWN;
    return mapValues(value, decode);
}

function encode(value: unknown): unknown {
    if (value === UNKNOWN) return unknownOnTheWire;
    return mapValues(value, encode);
}

function mapValues(value: unknown, map: (value: unknown) => unknown): unknown {
    if (Array.isArray(value)) return value.map(map);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
        Object.entries(value)
            .filter(([, item]) => item !== undefined)
            .map(([key, item]) => [key, map(item)]),
    );
}
