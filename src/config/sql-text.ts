import type { Dialect, ServerInfo, Statement } from "../dialects/contract.ts";

/** Strings, quoted names, comments and dollar-quoted bodies, in which no placeholder is one. */
const OPAQUE = String.raw`'(?:[^'\\]|''|\\.)*'|"(?:[^"]|"")*"|\x60(?:[^\x60]|\x60\x60)*\x60|--[^\n]*|/\*[\s\S]*?\*/|(\$[\p{L}_]*\$)[\s\S]*?\1`;
const TOKEN = new RegExp(String.raw`${OPAQUE}|\$(\d+)|\?`, "gu");

/** A statement as text with its parameters as literals, for people and files; without a semicolon. */
export function sqlText(
  { sql, params = [] }: Statement,
  dialect: Pick<Dialect, "literal">,
  server: ServerInfo,
): string {
  if (params.length === 0) return sql;
  let next = 0;
  return sql.replace(
    TOKEN,
    (token: string, _tag: string | undefined, numbered: string | undefined) => {
      if (token !== "?" && numbered === undefined) return token;
      const value = params[numbered === undefined ? next++ : Number(numbered) - 1];
      return value === undefined ? token : dialect.literal(value, server);
    },
  );
}
