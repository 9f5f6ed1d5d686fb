import { SQL_MODE } from "./session.ts";
import { literal } from "./quote.ts";
import { tokenize } from "./tokens.ts";
import { endedBy, fillIn, withoutSemicolon } from "../script.ts";
import type { ScriptSql, Statement } from "../contract.ts";
import { RevlineError } from "../../errors.ts";

/**
 * A statement as text: each `?` outside quotes and comments is the next parameter.
 *
 * @throws RevlineError internal, where there are not as many places as values
 */
export function text({ sql, params = [] }: Statement): string {
  if (params.length === 0) return sql;
  const marks = tokenize(sql).filter(({ kind, value }) => kind === "symbol" && value === "?");
  if (marks.length !== params.length) {
    throw new RevlineError(
      "internal",
      `A statement with ${String(marks.length)} places was given ${String(params.length)} values.`,
      { details: [sql] },
    );
  }
  return fillIn(
    sql,
    marks.map(({ start, end }, at) => ({ start, end, literal: literal(params[at] ?? null) })),
  );
}

/** The client sends what stands before a semicolon: a body with some of them needs another mark. */
function ended(sql: string): string {
  const bare = withoutSemicolon(sql);
  if (!tokenize(bare).some(({ kind, value }) => kind === "symbol" && value === ";"))
    return endedBy(bare, ";");
  let mark = "//";
  while (bare.includes(mark)) mark += "/";
  return `DELIMITER ${mark}\n${endedBy(bare, mark)}\nDELIMITER ;`;
}

export const script: ScriptSql = {
  usage: "mysql --default-character-set=utf8mb4 DATABASE < FILE",
  open: ({ dialect, versionNumber }) => [
    "SET NAMES utf8mb4",
    `SET SESSION sql_mode = '${SQL_MODE}', foreign_key_checks = 1, unique_checks = 1`,
    // off before MariaDB 10.10, where TIMESTAMP columns then get defaults nobody wrote; a session may set it since 10.8
    ...(dialect === "mariadb" && versionNumber >= 100_802
      ? ["SET SESSION explicit_defaults_for_timestamp = 1"]
      : []),
  ],
  close: [],
  ended,
};
