import { isObject } from "../values";

export function sortKeys(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(sortKeys);
    if (!isObject(value)) return value;
    return Object.fromEntries(
        Object.keys(value)
            .sort()
            .map((key) => [key, sortKeys(value[key])]),
    );
}

/** Keeps of the state what the program has a say in: the server adds keys of its own. */
function withoutServerKeys(state: unknown, program: unknown): unknown {
    if (Array.isArray(state) && Array.isArray(program)) {
        return state.map((each, index) => (index < program.length ? withoutServerKeys(each, program[index]) : each));
    }
    if (!isObject(state) || !isObject(program)) return state;
    const shared = Object.entries(state).filter(([key]) => key in program);
    return Object.fromEntries(shared.map(([key, each]) => [key, withoutServerKeys(each, program[key])]));
}

export const sameDashboard = (old: string, next: string): boolean => {
    try {
        const program: unknown = JSON.parse(next);
        const state = withoutServerKeys(JSON.parse(old), program);
        return JSON.stringify(sortKeys(state)) === JSON.stringify(sortKeys(program));
    } catch {
        return false;
    }
};
