import { literal, quote, quoteTable, quoteText } from "./spelling.ts";
import type { VersionTableSql } from "../contract.ts";

/** Alembic's form, so that a database it manages can be taken over. */
export const versionTable: VersionTableSql = {
  exists: (table) => ({
    sql: `SELECT 1 AS found WHERE to_regclass(${quoteText(quoteTable(table))}) IS NOT NULL`,
  }),
  create: (table) => ({
    sql: `CREATE TABLE IF NOT EXISTS ${quoteTable(table)} (
  version_num VARCHAR(32) NOT NULL,
  CONSTRAINT ${quote(constraintName(table.name))} PRIMARY KEY (version_num)
)`,
  }),
  select: (table) => ({ sql: `SELECT version_num FROM ${quoteTable(table)} ORDER BY version_num` }),
  insert: (table, version) => ({
    sql: `INSERT INTO ${quoteTable(table)} (version_num) VALUES (${literal(version)})`,
  }),
  update: (table, from, to) => ({
    sql: `UPDATE ${quoteTable(table)} SET version_num = ${literal(to)} WHERE version_num = ${literal(from)}`,
  }),
  delete: (table, version) => ({
    sql: `DELETE FROM ${quoteTable(table)} WHERE version_num = ${literal(version)}`,
  }),
};

/** Alembic's: `alembic_version_pkc`. */
function constraintName(table: string): string {
  const suffix = "_pkc";
  let name = table;
  while (Buffer.byteLength(name + suffix) > 63) name = name.slice(0, -1);
  return name + suffix;
}
