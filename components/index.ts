export * from "./cloud-run-service";
export * from "./connector-monitoring";
export * from "./https-load-balancer";
export * from "./required-apis";
export * from "./vpc-connector";
export * from "./wildcard-certificate";
