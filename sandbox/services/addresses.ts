// IPv4 arithmetic for the ranges of subnets and connectors.
import { asText } from "../values";

export interface Range {
    first: number;
    last: number;
    prefix: number;
}

export function parseRange(text: unknown): Range | undefined {
    const match = asText(text).match(/^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/);
    if (!match) return undefined;
    const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
    if ([a, b, c, d].some((part) => part > 255) || prefix > 32) return undefined;
    const size = 2 ** (32 - prefix);
    const address = ((a * 256 + b) * 256 + c) * 256 + d;
    const first = Math.floor(address / size) * size;
    return { first, last: first + size - 1, prefix };
}

export const showAddress = (address: number): string =>
    [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");

export const overlap = (one: Range, other: Range): boolean => one.first <= other.last && other.first <= one.last;

export const contains = (outer: Range, inner: Range): boolean => outer.first <= inner.first && inner.last <= outer.last;

export const isAddress = (text: unknown): boolean => parseRange(`${asText(text)}/32`) !== undefined;
