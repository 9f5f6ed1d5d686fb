/**
 * The vocabulary of the open kinds: objects beside tables as plain data, and what declares them. A kind
 * is an interface in `types.ts`, a builder in a file of its own, and a folder in `src/objects/`.
 */
export * from "./types.ts";
export * from "./declare.ts";
export * from "./view.ts";
export * from "./sequence.ts";
export * from "./user-types.ts";
export * from "./collation.ts";
export * from "./extension.ts";
export * from "./custom.ts";
export * from "./materialized-view.ts";
export * from "./routine.ts";
export * from "./event.ts";
export * from "./trigger.ts";
export * from "./virtual-table.ts";
export * from "./policy.ts";
export * from "./rule.ts";
export * from "./event-trigger.ts";
export * from "./publication.ts";
export * from "./grants.ts";
export * from "./default-privileges.ts";
export * from "./aggregate.ts";
export * from "./statistics.ts";
export * from "./schema-comment.ts";
export * from "./text-search.ts";
export * from "./cast.ts";
export * from "./operator.ts";
