import { literal } from "./spelling.ts";
import { tokenize } from "./tokens.ts";
import { endedBy, fillIn } from "../script.ts";
import type { ScriptSql, Statement } from "../contract.ts";

/** A statement as text: each `?` outside quotes and comments is the next parameter. */
export function text({ sql, params = [] }: Statement): string {
  if (params.length === 0) return sql;
  const marks = tokenize(sql).filter((token) => token.kind === "variable" && token.text === "?");
  return fillIn(
    sql,
    marks.flatMap(({ start, end }, at) => {
      const value = params[at];
      return value === undefined ? [] : [{ start, end, literal: literal(value) }];
    }),
  );
}

/** Foreign keys are off as on our own connections: a rebuild drops a table that others refer to. */
export const script: ScriptSql = {
  usage: "sqlite3 -bail DATABASE < FILE",
  open: () => ["PRAGMA foreign_keys = OFF"],
  transaction: { begin: "BEGIN IMMEDIATE", commit: "COMMIT" },
  // one row for each child without its parent; none: all is well
  close: ["PRAGMA foreign_key_check", "PRAGMA foreign_keys = ON"],
  ended: (sql) => endedBy(sql, ";"),
};
