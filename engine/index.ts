export * from "./analyzer";
export * from "./find";
export * from "./obtain";
export * from "./release";
export * from "./stack";
