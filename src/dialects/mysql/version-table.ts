import type { Statement, VersionTableSql } from "../contract.ts";
import type { TableName } from "../../schema/types.ts";
import { quoteTable, stringLiteral } from "./quote.ts";

const statement = (sql: string): Statement => ({ sql });

/** The version table's SQL. InnoDB always: its rows must be part of a transaction. */
export const versionTable: VersionTableSql = {
  exists: (table: TableName) =>
    statement(
      `SELECT 1 AS present FROM information_schema.tables WHERE table_schema = ${table.schema === undefined ? "DATABASE()" : stringLiteral(table.schema)} AND table_name = ${stringLiteral(table.name)}`,
    ),
  create: (table) =>
    statement(
      `CREATE TABLE IF NOT EXISTS ${quoteTable(table)} (\n  version_num VARCHAR(32) NOT NULL,\n  PRIMARY KEY (version_num)\n) ENGINE=InnoDB`,
    ),
  select: (table) => statement(`SELECT version_num AS version_num FROM ${quoteTable(table)}`),
  insert: (table, version) =>
    statement(`INSERT INTO ${quoteTable(table)} (version_num) VALUES (${stringLiteral(version)})`),
  update: (table, from, to) =>
    statement(
      `UPDATE ${quoteTable(table)} SET version_num = ${stringLiteral(to)} WHERE version_num = ${stringLiteral(from)}`,
    ),
  delete: (table, version) =>
    statement(`DELETE FROM ${quoteTable(table)} WHERE version_num = ${stringLiteral(version)}`),
};
