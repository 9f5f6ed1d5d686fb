import type { ProgressSql, Statement } from "../contract.ts";
import { quoteTable, stringLiteral } from "./quote.ts";

const statement = (sql: string): Statement => ({ sql });

/** The table that says how far a revision has come: InnoDB, so that it is written with the data or not at all. */
export const progress: ProgressSql = {
  create: (table) =>
    statement(
      `CREATE TABLE IF NOT EXISTS ${quoteTable(table)} (\n  one TINYINT NOT NULL DEFAULT 1 PRIMARY KEY,\n  revision VARCHAR(32) NOT NULL,\n  content LONGTEXT CHARACTER SET utf8mb4 NOT NULL,\n  done INT NOT NULL\n) ENGINE=InnoDB`,
    ),
  drop: (table) => statement(`DROP TABLE IF EXISTS ${quoteTable(table)}`),
  select: (table) =>
    statement(
      `SELECT revision AS revision, content AS content, done AS done FROM ${quoteTable(table)}`,
    ),
  put: (table, { revision, content, done }) =>
    statement(
      `REPLACE INTO ${quoteTable(table)} (one, revision, content, done) VALUES (1, ${stringLiteral(revision)}, ${stringLiteral(content)}, ${String(done)})`,
    ),
  advance: (table, done) => statement(`UPDATE ${quoteTable(table)} SET done = ${String(done)}`),
  clear: (table) => statement(`DELETE FROM ${quoteTable(table)}`),
  isTransactional: (sql) => /^\s*(?:INSERT|UPDATE|DELETE|REPLACE|WITH|SELECT)\b/i.test(sql),
};
