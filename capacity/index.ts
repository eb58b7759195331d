export * from "./catalogue";
export * from "./identity";
export * from "./judge";
export * from "./problem";
export * from "./recommend";
export * from "./size";
export * from "./workload";
