/** Pulumi's name of the project, as in `Pulumi.yaml`. */
export const project = "netra";
