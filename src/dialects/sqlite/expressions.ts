import { sameName } from "./names.ts";
import { isSymbol, nameOf, sourceOf, tokenize, withoutOuterParentheses } from "./tokens.ts";

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
    if (!names || !isSymbol(tokens[at + 1], ".") || isSymbol(tokens[at - 1], ".") || !sameName(nameOf(token), table)) return;
    result += sql.slice(from, token.start);
    from = tokens[at + 1]?.end ?? token.end;
  });
  return result + sql.slice(from);
}
