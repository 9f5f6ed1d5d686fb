import { literal } from "./spelling.ts";
import { sameName } from "./names.ts";
import { isSymbol, isWord, nameOf, sourceOf, tokenize, withoutOuterParentheses } from "./tokens.ts";

/** The text of an expression without the parentheses that enclose all of it. */
export function bareText(sql: string): string {
  return sourceOf(sql, withoutOuterParentheses(tokenize(sql)));
}

/** Takes the table's own name off its columns: it adds nothing, and a rebuild cannot keep it. */
export function unqualified(sql: string, table: string): string {
  const tokens = tokenize(sql);
  let result = "";
  let from = 0;
  tokens.forEach((token, at) => {
    const names = token.kind === "word" || token.kind === "quoted";
    if (
      !names ||
      !isSymbol(tokens[at + 1], ".") ||
      isSymbol(tokens[at - 1], ".") ||
      !sameName(nameOf(token), table)
    )
      return;
    result += sql.slice(from, token.start);
    from = tokens[at + 1]?.end ?? token.end;
  });
  return result + sql.slice(from);
}

const ROWID = ["rowid", "oid", "_rowid_"];

/**
 * Makes strings of double-quoted words that name no column. SQLite took them for strings, better-sqlite3
 * is compiled not to. https://sqlite.org/quirks.html#double_quoted_string_literals_are_accepted
 */
export function withStrings(sql: string, columns: readonly string[]): string {
  if (!sql.includes('"')) return sql;
  const tokens = tokenize(sql);
  let result = "";
  let from = 0;
  tokens.forEach((token, at) => {
    const isName =
      token.kind !== "quoted" ||
      !token.text.startsWith('"') ||
      [...columns, ...ROWID].some((column) => sameName(column, nameOf(token)));
    if (
      isName ||
      isSymbol(tokens[at + 1], "(") ||
      isSymbol(tokens[at + 1], ".") ||
      isWord(tokens[at - 1], "COLLATE", "AS")
    )
      return;
    result += sql.slice(from, token.start) + literal(nameOf(token));
    from = token.end;
  });
  return result + sql.slice(from);
}
