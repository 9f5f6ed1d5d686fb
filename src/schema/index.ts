/**
 * The vocabulary: what a database is, as immutable plain data, and the builders that declare it in
 * models and in revisions. May import `util` and `errors` only; never does I/O and knows no database.
 */
export * from "./types.ts";
export * from "./expression.ts";
export * from "./column.ts";
export * from "./t.ts";
export * from "./items.ts";
export * from "./table.ts";
export * from "./model.ts";
export * from "./enum.ts";
export * from "./objects/index.ts";
export * from "./infer.ts";
export * from "./naming.ts";
export * from "./collect.ts";
export * from "./metadata.ts";
