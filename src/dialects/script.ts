/** Text that a comment without an end of line could swallow the semicolon of. */
const OPEN_COMMENT = /(?:--|#)[^\n]*$/;

/** The statement without the semicolons of its own at the end. */
export function withoutSemicolon(sql: string): string {
  return sql.trim().replace(/(?:\s*;)+$/, "");
}

/** A statement with what ends it; a comment in its last line ends with the line. */
export function endedBy(sql: string, end: string): string {
  const bare = withoutSemicolon(sql);
  return `${bare}${OPEN_COMMENT.test(bare) ? "\n" : ""}${end}`;
}

/**
 * Puts literals in the places of parameters.
 *
 * @param places where a parameter stands, which one it is, in the order of the text
 */
export function fillIn(
  sql: string,
  places: readonly { readonly start: number; readonly end: number; readonly literal: string }[],
): string {
  let text = "";
  let from = 0;
  for (const { start, end, literal } of places) {
    text += sql.slice(from, start) + literal;
    from = end;
  }
  return text + sql.slice(from);
}
