import { fold } from "./names.ts";

/** What a piece of SQL text is. `quoted` is an identifier in "…", […] or `…`; a string is '…'. */
export type TokenKind = "word" | "quoted" | "string" | "blob" | "number" | "variable" | "symbol";

export interface Token {
  readonly kind: TokenKind;
  /** As it stands in the source. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** SQLite's own token rules; https://sqlite.org/src/file/src/tokenize.c. Order matters. */
const RULES: readonly (readonly [TokenKind | "space", RegExp])[] = [
  ["space", /[ \t\n\f\r]+|--[^\n]*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/|$)/u],
  ["blob", /[xX]'[0-9a-fA-F]*'/u],
  ["string", /'[^']*(?:''[^']*)*'/u],
  ["quoted", /"[^"]*(?:""[^"]*)*"|`[^`]*(?:``[^`]*)*`|\[[^\]]*\]/u],
  ["number", /0[xX][0-9a-fA-F_]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?/u],
  ["word", /[A-Za-z_\u0080-\u{10ffff}][\w$\u0080-\u{10ffff}]*/u],
  ["variable", /[?:@#$][\w$:]*/u],
  ["symbol", /->>|->|\|\||<<|>>|<=|<>|>=|==|!=|[\s\S]/u],
];
const ANY = new RegExp(RULES.map(([, rule]) => `(${rule.source})`).join("|"), "uy");

/** SQL text as tokens; white space and comments are left out. Total: unknown characters are symbols. */
export function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  ANY.lastIndex = 0;
  for (let start = 0; start < sql.length; start = ANY.lastIndex) {
    const match = ANY.exec(sql);
    if (match === null) break;
    const rule = match.findIndex((group, at) => at > 0 && group !== undefined) - 1;
    const kind = RULES[rule]?.[0] ?? "symbol";
    if (kind !== "space") tokens.push({ kind, text: match[0], start, end: ANY.lastIndex });
  }
  return tokens;
}

/** True for a statement that changes the schema, whatever comments stand before it. */
export function isDdl(sql: string): boolean {
  return /^(?:\s|--[^\n]*|\/\*(?:[^*]|\*(?!\/))*\*\/)*(?:CREATE|ALTER|DROP)\b/i.test(sql);
}

const CLOSING: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["`", "`"],
  ["[", "]"],
  ["'", "'"],
]);

/** The name that a token means, its quotes taken off; strings may be names in SQLite. */
export function nameOf(token: Token): string {
  const opening = token.text[0] ?? "";
  const closing =
    token.kind === "quoted" || token.kind === "string" ? CLOSING.get(opening) : undefined;
  if (closing === undefined) return token.text;
  const inner = token.text.slice(1, -1);
  return opening === "[" ? inner : inner.replaceAll(closing + closing, closing);
}

/** True for a bare word, whatever its case. */
export function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.kind === "word" && words.includes(token.text.toUpperCase());
}

/** True for a symbol. */
export function isSymbol(token: Token | undefined, symbol: string): boolean {
  return token?.kind === "symbol" && token.text === symbol;
}

/** The place of the parenthesis that closes the one at `open`; -1 when there is none. */
export function closingOf(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    if (isSymbol(tokens[at], "(")) depth += 1;
    else if (isSymbol(tokens[at], ")")) depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

/** Tokens without parentheses that enclose them all. */
export function withoutOuterParentheses(tokens: readonly Token[]): readonly Token[] {
  let inner = tokens;
  while (inner.length > 2 && isSymbol(inner[0], "(") && closingOf(inner, 0) === inner.length - 1)
    inner = inner.slice(1, -1);
  return inner;
}

/** A name, a call or something in parentheses: what stands behind is about all of it. */
export function standsAlone(tokens: readonly Token[]): boolean {
  const open = tokens[0]?.kind === "word" ? 1 : 0;
  return (
    tokens.length === 1 ||
    (isSymbol(tokens[open], "(") && closingOf(tokens, open) === tokens.length - 1)
  );
}

/** The source between two tokens, both included. */
export function sourceOf(sql: string, tokens: readonly Token[]): string {
  const first = tokens[0];
  const last = tokens.at(-1);
  return first === undefined || last === undefined ? "" : sql.slice(first.start, last.end);
}

/** Words that cannot be names without quotes; https://sqlite.org/lang_keywords.html, those without a fallback. */
const RESERVED = new Set(
  "add all alter and as autoincrement between case check collate commit constraint create default deferrable delete distinct drop else escape except exists foreign from group having if in index insert intersect into is isnull join limit not nothing notnull null on or order primary references returning select set table then to transaction union unique update using values when where".split(
    " ",
  ),
);

/** Words that mean something somewhere, though most of them can be names; https://sqlite.org/lang_keywords.html. */
const FALLBACK = new Set(
  "abort action after always analyze asc attach before begin by cascade cast column conflict cross current current_date current_time current_timestamp database deferred desc detach do each end exclude exclusive explain fail filter first following for full generated glob groups if ignore immediate indexed initially inner instead key last left like match materialized natural no nulls of offset others outer over partition plan pragma preceding query raise range recursive regexp reindex release rename replace restrict right rollback row rows savepoint temp temporary ties trigger unbounded vacuum view virtual window with within without".split(
    " ",
  ),
);

/** True for a name that needs no quotes anywhere. */
export function isPlainName(name: string): boolean {
  const lower = name.toLowerCase();
  return /^[a-z_]\w*$/.test(lower) && !RESERVED.has(lower) && !FALLBACK.has(lower);
}

/** True where a name must be quoted to be one. */
export function isReserved(word: string): boolean {
  return RESERVED.has(word.toLowerCase());
}

const SAME_SYMBOL: ReadonlyMap<string, string> = new Map([
  ["<>", "!="],
  ["==", "="],
]);

function keyOf(token: Token): string {
  if (token.kind === "quoted") {
    const name = fold(nameOf(token));
    return isReserved(name) || !/^[\w$\u0080-\uffff]+$/.test(name) ? JSON.stringify(name) : name;
  }
  if (token.kind === "string") return token.text;
  return SAME_SYMBOL.get(token.text) ?? fold(token.text);
}

/**
 * A key that two SQL texts share exactly when they are the same tokens: without white space, comments,
 * outer parentheses, the case of words, and the style of quotes around names. Strings count exactly.
 */
export function expressionKey(sql: string): string {
  return withoutOuterParentheses(tokenize(sql)).map(keyOf).join(" ");
}
