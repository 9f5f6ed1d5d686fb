import type { LockTableSql, Statement } from "./contract.ts";
import type { TableName } from "../schema/types.ts";

/** How one database writes the table of the deployers' lock. */
export interface LockTableSpelling {
  quoteTable(table: TableName): string;
  literal(value: string | number): string;
  /** A moment by the database's clock, as text that sorts as it is: its type, now, and so many seconds later. */
  readonly time: { readonly type: string; readonly now: string; after(seconds: number): string };
  /** Between INSERT and INTO, and behind the values: a row that is there is left alone. */
  readonly ignore: { readonly front: string; readonly back: string };
  /** Behind the list of columns. */
  readonly options?: string;
}

const statement = (sql: string): Statement => ({ sql });

/** The lock table's SQL, from a database's spelling. */
export function lockTableSql(spelling: LockTableSpelling): LockTableSql {
  const { quoteTable, literal, time, ignore, options = "" } = spelling;
  return {
    create: (table) =>
      statement(
        `CREATE TABLE IF NOT EXISTS ${quoteTable(table)} (
  one INTEGER NOT NULL PRIMARY KEY,
  owner VARCHAR(64),
  holder VARCHAR(255),
  since ${time.type},
  expires ${time.type}
)${options}`,
      ),
    seed: (table) =>
      statement(`INSERT${ignore.front} INTO ${quoteTable(table)} (one) VALUES (1)${ignore.back}`),
    take: (table, owner, holder, seconds) =>
      statement(
        `UPDATE ${quoteTable(table)} SET owner = ${literal(owner)}, holder = ${literal(holder)}, since = ${time.now}, expires = ${time.after(seconds)} WHERE one = 1 AND (owner IS NULL OR expires < ${time.now})`,
      ),
    beat: (table, owner, seconds) =>
      statement(
        `UPDATE ${quoteTable(table)} SET expires = ${time.after(seconds)} WHERE one = 1 AND owner = ${literal(owner)}`,
      ),
    release: (table, owner) =>
      statement(
        `UPDATE ${quoteTable(table)} SET owner = NULL WHERE one = 1${owner === undefined ? "" : ` AND owner = ${literal(owner)}`}`,
      ),
    holder: (table) =>
      statement(
        `SELECT holder, since, expires FROM ${quoteTable(table)} WHERE owner IS NOT NULL AND expires >= ${time.now}`,
      ),
  };
}
