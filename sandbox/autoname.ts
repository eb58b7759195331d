import { createHash, randomBytes } from "node:crypto";

const HEX_DIGITS = "0123456789abcdef";
const CONSTANTS = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574];

/** The first four words of a ChaCha8 block, as Go's math/rand/v2 computes it: the constants' words are not added back. */
function chacha8(seed: Buffer, counter: number): number[] {
    const key = Array.from({ length: 8 }, (_, index) => seed.readUInt32LE(index * 4));
    const word = Uint32Array.from([...CONSTANTS, ...key, counter, 0, 0, 0]);
    const at = (index: number): number => word[index] ?? 0;
    const mix = (to: number, from: number, target: number, bits: number): void => {
        word[to] = at(to) + at(from);
        const xored = at(target) ^ at(to);
        word[target] = (xored << bits) | (xored >>> (32 - bits));
    };
    const quarterRound = (a: number, b: number, c: number, d: number): void => {
        mix(a, b, d, 16);
        mix(c, d, b, 12);
        mix(a, b, d, 8);
        mix(c, d, b, 7);
    };
    for (let round = 0; round < 8; round += 2) {
        for (let column = 0; column < 4; column++) quarterRound(column, column + 4, column + 8, column + 12);
        for (let column = 0; column < 4; column++) {
            quarterRound(column, 4 + ((column + 1) % 4), 8 + ((column + 2) % 4), 12 + ((column + 3) % 4));
        }
    }
    return [...word.slice(0, 4)];
}

/**
 * The seven hexadecimal digits that Pulumi appends. The engine sends one seed for every resource and step, so that a preview and the
 * `up` that follows agree on the name; the digits come from it as in the Go SDK's NewUniqueName.
 */
export function randomSuffix(randomSeed?: Uint8Array): string {
    const seed = randomSeed?.length ? createHash("sha256").update(randomSeed).digest() : randomBytes(32);
    const lanes = [chacha8(seed, 0), chacha8(seed, 2)];
    return Array.from({ length: 7 }, (_, digit) => HEX_DIGITS[(lanes[digit % 2]?.[digit >> 1] ?? 0) & 15]).join("");
}

export interface Autoname {
    property: string;
    maxLength: number;
    lowerCase?: boolean;
}

export interface AutonamingRequest {
    proposedName: string;
    mode: "propose" | "enforce" | "disable";
}

/** The name, or undefined where auto-naming is disabled. Throws where the name would be too long. */
export function autoname(
    { property, maxLength, lowerCase }: Autoname,
    name: string,
    randomSeed?: Uint8Array,
    request?: AutonamingRequest,
): string | undefined {
    if (request?.mode === "disable") return undefined;
    if (request?.mode === "enforce") return request.proposedName;
    const transform = (text: string): string => (lowerCase ? text.toLowerCase() : text);
    const generated = request ? transform(request.proposedName) : `${transform(name)}-${randomSuffix(randomSeed)}`;
    if (generated.length > maxLength) {
        throw new RangeError(
            `${property}: the generated name "${generated}" has ${generated.length} characters, the limit is ${maxLength}. ` +
                `Set ${property}, or give the resource a shorter name in the program.`,
        );
    }
    return generated;
}
