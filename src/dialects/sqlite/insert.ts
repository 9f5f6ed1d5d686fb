import type { Statement } from "../contract.ts";
import type { BulkInsert } from "../../operations/operation.ts";
import type { SqlValue } from "../../schema/expression.ts";
import { tableName } from "./compile.ts";
import { quote } from "./spelling.ts";

/** SQLite takes 32,766 parameters in a statement; https://sqlite.org/limits.html#max_variable_number. */
const MAX_PARAMETERS = 32_000;
const MAX_ROWS = 500;

/** Rows in portions, each of neighbours that name the same columns. */
export function insertStatements({ table, rows }: BulkInsert): readonly Statement[] {
  const statements: { sql: string; params: SqlValue[] }[] = [];
  let portion:
    { key: string; count: number; names: readonly string[]; params: SqlValue[] } | undefined;
  const flush = (): void => {
    if (portion === undefined) return;
    const { names, count, params } = portion;
    const into = `INSERT INTO ${quote(tableName(table))}`;
    const row = `(${names.map(() => "?").join(", ")})`;
    const list = Array.from({ length: count }, () => row).join(", ");
    const sql =
      names.length === 0
        ? `${into} DEFAULT VALUES`
        : `${into} (${names.map((name) => quote(name)).join(", ")}) VALUES ${list}`;
    statements.push({ sql, params });
    portion = undefined;
  };
  for (const row of rows) {
    const names = Object.keys(row);
    const key = JSON.stringify(names);
    const fits =
      portion?.key === key &&
      names.length > 0 &&
      portion.count < MAX_ROWS &&
      (portion.count + 1) * names.length <= MAX_PARAMETERS;
    if (!fits) flush();
    portion ??= { key, count: 0, names, params: [] };
    portion.count += 1;
    portion.params.push(...Object.values(row));
  }
  flush();
  return statements.map(({ sql, params }) => (params.length === 0 ? { sql } : { sql, params }));
}
