import type { Definition } from "./definition.ts";
import { literal } from "./spelling.ts";

/** Tables in which ANALYZE leaves what the query planner goes by; the second where SQLite is built with it. */
export const STATISTICS: readonly string[] = ["sqlite_stat1", "sqlite_stat4"];

/** What numbers the indexes of a table's keys: sqlite_autoindex_…_1. */
function keysOf({ constraints, withoutRowid }: Definition): string {
  const keys = constraints.flatMap(({ constraint }) =>
    constraint.kind === "primaryKey" || constraint.kind === "unique" ? [constraint] : [],
  );
  return JSON.stringify([withoutRowid, keys.map(({ kind, columns }) => [kind, columns])]);
}

/**
 * Statements around the DROP TABLE of a rebuild, which would delete the statistics of the table: they go by
 * another name meanwhile. Those of indexes that do not stay as they are are let go.
 * https://sqlite.org/fileformat2.html#the_sqlite_stat1_table
 */
export function keepStatistics(
  before: Definition,
  after: Definition,
  temporary: string,
  tables: readonly string[],
): { readonly aside: readonly string[]; readonly back: readonly string[] } {
  const kept = after.indexes.flatMap(({ index, sql }) =>
    sql === undefined || index.name === undefined ? [] : [literal(index.name)],
  );
  // the key of a table without rowids goes by the table's name
  const keys =
    keysOf(before) === keysOf(after)
      ? ` OR idx GLOB 'sqlite_autoindex_*' OR idx = ${literal(before.name)}`
      : "";
  return {
    aside: tables.map(
      (table) =>
        `UPDATE ${table} SET tbl = ${literal(temporary)} WHERE tbl = ${literal(before.name)} AND (idx IS NULL OR idx IN (${kept.join(", ")})${keys})`,
    ),
    back: tables.map(
      (table) =>
        `UPDATE ${table} SET tbl = ${literal(after.name)} WHERE tbl = ${literal(temporary)}`,
    ),
  };
}
