/**
 * Revisions: the graph they form and everything that is asked of it (identifiers, plans, ranges, the
 * rows of the version table), and the folder of files they come from. The graph is pure; only
 * `script-directory.ts` and `header.ts` touch the disk. May import `util` and `errors`; knows no
 * database and never runs a revision.
 */
export * from "./revision.ts";
export * from "./revision-map.ts";
export * from "./identifiers.ts";
export * from "./resolve.ts";
export * from "./walk.ts";
export * from "./targets.ts";
export * from "./order.ts";
export * from "./version-rows.ts";
export * from "./plan.ts";
export * from "./stamp.ts";
export * from "./history.ts";
export * from "./offline.ts";
export * from "./create.ts";
export * from "./entry.ts";
export * from "./id.ts";
export * from "./file-name.ts";
export * from "./header.ts";
export * from "./script-directory.ts";
