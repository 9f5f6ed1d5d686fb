import { columns } from "./compile.ts";
import { quoteTable } from "./spelling.ts";
import type { Statement } from "../contract.ts";
import type { BulkInsert } from "../../operations/operation.ts";
import type { SqlValue } from "../../schema/expression.ts";

/** The protocol counts parameters in 16 bits. */
const MAX_PARAMETERS = 65_535;

/** Rows in as few statements as the protocol takes; what a row does not say is the column's default. */
export function bulkInsert({ table, rows }: BulkInsert): readonly Statement[] {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (names.length === 0)
    return rows.map(() => ({ sql: `INSERT INTO ${quoteTable(table)} DEFAULT VALUES` }));
  const portion = Math.max(1, Math.floor(MAX_PARAMETERS / names.length));
  const count = Math.ceil(rows.length / portion);
  return Array.from({ length: count }, (_, at) => {
    const params: SqlValue[] = [];
    const tuples = rows.slice(at * portion, (at + 1) * portion).map((row) => {
      const values = names.map((name) => {
        const value = row[name];
        if (value === undefined) return "DEFAULT";
        params.push(value);
        return `$${String(params.length)}`;
      });
      return `(${values.join(", ")})`;
    });
    return {
      sql: `INSERT INTO ${quoteTable(table)} ${columns(names)} VALUES ${tuples.join(", ")}`,
      params,
    };
  });
}
