import type { VersionTableSql } from "../contract.ts";
import type { TableName } from "../../schema/types.ts";
import { tableName } from "./compile.ts";
import { quote } from "./spelling.ts";

function quoted(table: TableName): string {
  return quote(tableName(table));
}

/** The version table in Alembic's form. */
export const versionTable: VersionTableSql = {
  exists: (table) => ({
    sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name = ? COLLATE NOCASE",
    params: [tableName(table)],
  }),
  create: (table) => ({
    sql: `CREATE TABLE IF NOT EXISTS ${quoted(table)} (\n  version_num VARCHAR(32) NOT NULL,\n  CONSTRAINT ${quote(`${tableName(table)}_pkc`)} PRIMARY KEY (version_num)\n)`,
  }),
  select: (table) => ({ sql: `SELECT version_num FROM ${quoted(table)}` }),
  insert: (table, version) => ({
    sql: `INSERT INTO ${quoted(table)} (version_num) VALUES (?)`,
    params: [version],
  }),
  update: (table, from, to) => ({
    sql: `UPDATE ${quoted(table)} SET version_num = ? WHERE version_num = ?`,
    params: [to, from],
  }),
  delete: (table, version) => ({
    sql: `DELETE FROM ${quoted(table)} WHERE version_num = ?`,
    params: [version],
  }),
};
