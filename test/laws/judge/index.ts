/**
 * The judge: reads the system catalogs itself and says what a database holds, as sorted plain data that
 * can be compared and printed. It shares no code with `src/dialects`, so that an error there cannot
 * hide itself: a defect of reflection that is the same on both sides is still seen here.
 */
export * from "./snapshot.ts";
export { judgeSqlite } from "./sqlite.ts";
export { judgePostgresql } from "./postgresql.ts";
export { judgeMysql } from "./mysql.ts";
