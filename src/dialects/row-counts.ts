import type { RowCountSql } from "./contract.ts";
import type { TableName } from "../schema/types.ts";

/** The statements that count rows, from a database's spelling. */
export function rowCountSql(spelling: {
  quoteTable(table: TableName): string;
  quote(name: string): string;
}): RowCountSql {
  const { quoteTable, quote } = spelling;
  const count = (table: TableName, condition: string, most: number): { sql: string } => ({
    sql: `SELECT count(*) AS found FROM (SELECT 1 AS one FROM ${quoteTable(table)}${condition} LIMIT ${String(most)}) AS counted`,
  });
  return {
    rows: (table, most) => count(table, "", most),
    nulls: (table, column, most) => count(table, ` WHERE ${quote(column)} IS NULL`, most),
  };
}
