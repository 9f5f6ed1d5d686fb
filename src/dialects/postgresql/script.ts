import { tokens } from "./expression-text.ts";
import { literal } from "./spelling.ts";
import { endedBy, fillIn } from "../script.ts";
import type { ScriptSql, Statement } from "../contract.ts";

/** A statement as text: `$1` outside quotes and comments is the first parameter. */
export function text({ sql, params = [] }: Statement): string {
  if (params.length === 0) return sql;
  const pieces = tokens(sql);
  const places: { start: number; end: number; literal: string }[] = [];
  let start = 0;
  for (const [at, piece] of pieces.entries()) {
    const number = piece === "$" ? /^\d+/.exec(pieces[at + 1] ?? "")?.[0] : undefined;
    const value = number === undefined ? undefined : params[Number(number) - 1];
    if (number !== undefined && value !== undefined)
      places.push({ start, end: start + 1 + number.length, literal: literal(value) });
    start += piece.length;
  }
  return fillIn(sql, places);
}

export const script: ScriptSql = {
  usage: "psql -v ON_ERROR_STOP=1 -f FILE",
  open: () => ["SET client_encoding = 'UTF8'"],
  transaction: { begin: "BEGIN", commit: "COMMIT" },
  close: [],
  ended: (sql) => endedBy(sql, ";"),
};
