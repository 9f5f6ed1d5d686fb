import type { Options } from "./types.ts";

/**
 * The index, or the key, by which PostgreSQL tells a table's rows to subscribers; undefined where it is none.
 *
 * @param options those of PostgreSQL
 * @see https://www.postgresql.org/docs/current/sql-altertable.html (REPLICA IDENTITY)
 */
export function identityIndex(options: Options | undefined): string | undefined {
  const identity = options?.["replicaIdentity"];
  return typeof identity === "string" && identity !== "full" && identity !== "nothing"
    ? identity
    : undefined;
}
