/** Whether a name is a domain, or beneath it. A trailing dot, as in DNS, changes nothing. */
export function isUnder(name: string, suffixes: readonly string[]): boolean {
    const plain = name.toLowerCase().replace(/\.$/, "");
    return suffixes.some((suffix) => plain === suffix || plain.endsWith(`.${suffix}`));
}

/** Whether a certificate or a map entry for a name serves a host: a wildcard stands for one label, and not for the apex. */
export function covers(name: string, host: string): boolean {
    if (name === host) return true;
    return name.startsWith("*.") && host.slice(host.indexOf(".")) === name.slice(1);
}
