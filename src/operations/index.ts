/**
 * What can happen to a database, as data: the operations, how each is undone, said, ordered and applied
 * to a MetaData, and `op`, which records them. May import `util`, `schema` and `errors`; knows no
 * database and does no I/O.
 */
export * from "./operation.ts";
export * from "./operations.ts";
export * from "./reverse.ts";
export * from "./describe.ts";
export * from "./words.ts";
export * from "./recorder.ts";
export * from "./apply.ts";
export * from "./rename.ts";
export * from "./order.ts";
export * from "./hazards.ts";
