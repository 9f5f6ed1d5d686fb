/**
 * Running revisions on a database: the version table, the deployers' lock, transactions, what a failure
 * leaves behind, dry run and stamp. May import `util`, `schema`, `operations`, `dialects/contract` and
 * `revisions`; holds no SQL, prints nothing, and never opens or closes a connection.
 */
export * from "./context.ts";
export * from "./version-table.ts";
export * from "./own-tables.ts";
export * from "./history.ts";
export * from "./mismatches.ts";
export * from "./runner.ts";
export * from "./abort.ts";
export * from "./dry-run.ts";
export * from "./offline.ts";
export * from "./script-text.ts";
export type { DryRevision } from "./rehearse.ts";
export * from "./stamp.ts";
export { loadScript, type Script } from "./script.ts";
export { breakLock, lockHolder, withLock } from "./lock.ts";
