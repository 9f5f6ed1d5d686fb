/** Pieces of SQL text: quoted things, comments and dollar quotes as one piece each. */
const TOKEN =
  /[eE]'(?:[^'\\]|''|\\.)*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_\u0080-\uffff]*)\$.*?\$\1\$|--[^\n]*|\/\*.*?\*\/|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\d[\w.]*|::|\s+|./gsu;

/** The pieces; joined, they are the text again. */
export function tokens(sql: string): readonly string[] {
  return sql.match(TOKEN) ?? [];
}

/** The text without parentheses that enclose all of it. */
export function withoutParentheses(sql: string): string {
  const trimmed = sql.trim();
  if (!trimmed.startsWith("(") || !trimmed.endsWith(")")) return trimmed;
  let depth = 0;
  let at = 0;
  for (const token of tokens(trimmed)) {
    at += token.length;
    if (token === "(") depth += 1;
    if (token === ")") depth -= 1;
    if (depth === 0 && at < trimmed.length) return trimmed;
  }
  return depth === 0 ? withoutParentheses(trimmed.slice(1, -1)) : trimmed;
}

/** The names in an expression that may be columns: not functions, not types of casts, not in quotes of text. */
export function namesIn(sql: string): ReadonlySet<string> {
  const pieces = tokens(sql).filter((token) => !/^\s|^--|^\/\*/.test(token));
  const names = new Set<string>();
  for (const [at, piece] of pieces.entries()) {
    if (pieces[at - 1] === "::" || pieces[at + 1] === "(") continue;
    if (piece.startsWith('"')) names.add(piece.slice(1, -1).replaceAll('""', '"'));
    else if (/^[A-Za-z_\u0080-\uffff]/u.test(piece) && !piece.includes("'"))
      names.add(piece.toLowerCase());
  }
  return names;
}

/** Every word of the text, types and functions too, and texts in quotes as they stand. */
export function wordsIn(sql: string): ReadonlySet<string> {
  return new Set(
    tokens(sql).map((token) => {
      if (token.startsWith('"')) return token.slice(1, -1).replaceAll('""', '"');
      return /^[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*$/u.test(token)
        ? token.toLowerCase()
        : token;
    }),
  );
}

/** The name of the function where the whole text is one call. */
export function calledFunction(sql: string): string | undefined {
  const [, name, rest] = /^(?:\w+\.)?(\w+)(\(.*\))$/s.exec(sql.trim()) ?? [];
  if (name === undefined || rest === undefined) return undefined;
  return withoutParentheses(rest) === rest ? undefined : name.toLowerCase();
}
