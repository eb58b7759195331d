/** Sets the stack's configuration, which the engine hands over in the environment of the pack. */
export function setStackConfig(config: Record<string, string>): void {
    const { setAllConfig } = jest.requireActual("@pulumi/pulumi/runtime");
    setAllConfig(config);
}
