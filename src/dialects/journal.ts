import type { JournalSql, Statement } from "./contract.ts";
import type { TableName } from "../schema/types.ts";

/** How one database writes the journal of a running revision. */
export interface JournalSpelling {
  quoteTable(table: TableName): string;
  literal(value: string | number | null): string;
  /** The type of long texts. */
  readonly text: string;
  /** Behind the list of columns. */
  readonly options?: string;
  readonly isTransactional: JournalSql["isTransactional"];
  readonly isRepeatable: JournalSql["isRepeatable"];
  readonly remains?: NonNullable<JournalSql["remains"]>;
}

/** Changes of tables and indexes. */
const VISIBLE = /^(?:CREATE|ALTER|DROP|RENAME)\s+(?:[A-Z]+\s+){0,2}?(?:TABLE|INDEX)\b/i;

const statement = (sql: string): Statement => ({ sql });

/** Without comments in front, so that the first word is the statement's own. */
function bare(sql: string): string {
  return sql.replace(/^(?:\s|--[^\n]*(?:\n|$)|#[^\n]*(?:\n|$)|\/\*(?!!)[\s\S]*?\*\/)+/, "");
}

/** The journal's SQL, from a database's spelling. */
export function journalSql(spelling: JournalSpelling): JournalSql {
  const {
    quoteTable,
    literal,
    text,
    options = "",
    isTransactional,
    isRepeatable,
    remains,
  } = spelling;
  return {
    create: (table) =>
      statement(
        `CREATE TABLE IF NOT EXISTS ${quoteTable(table)} (
  step INTEGER NOT NULL PRIMARY KEY,
  content ${text} NOT NULL,
  done INTEGER NOT NULL,
  seen VARCHAR(64)
)${options}`,
      ),
    drop: (table) => statement(`DROP TABLE IF EXISTS ${quoteTable(table)}`),
    select: (table) =>
      statement(`SELECT step, content, done, seen FROM ${quoteTable(table)} ORDER BY step`),
    insert: (table, step, content, done) =>
      statement(
        `INSERT INTO ${quoteTable(table)} (step, content, done) VALUES (${literal(step)}, ${literal(content)}, ${literal(done)})`,
      ),
    rewrite: (table, step, content) =>
      statement(
        `UPDATE ${quoteTable(table)} SET content = ${literal(content)} WHERE step = ${literal(step)}`,
      ),
    advance: (table, done, seen) =>
      statement(
        `UPDATE ${quoteTable(table)} SET done = ${literal(done)}, seen = ${literal(seen ?? null)} WHERE step = 0`,
      ),
    clear: (table) => statement(`DELETE FROM ${quoteTable(table)}`),
    isTransactional: (given) => isTransactional({ ...given, sql: bare(given.sql) }),
    isRepeatable: (sql) => isRepeatable(bare(sql)),
    isVisible: (sql) => VISIBLE.test(bare(sql)),
    ...(remains === undefined ? {} : { remains: (sql: string) => remains(bare(sql)) }),
  };
}
