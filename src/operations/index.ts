/**
 * What can happen to a database, as data: the operations, how each is undone, said, ordered and applied
 * to a MetaData, and `op`, which records them. May import `util`, `schema` and `errors`; knows no
 * database and does no I/O.
 */
export * from "./operation.ts";
export * from "./operations.ts";
