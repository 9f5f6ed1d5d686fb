/**
 * Reads SQL text as tokens, as far as comparing needs it: both servers give expressions back in
 * their own spelling (introducers, quotes, case, synonyms of functions).
 */
import { isOperatorWord } from "../../schema/plain-name.ts";

export interface Token {
  readonly kind: "string" | "name" | "word" | "number" | "symbol";
  /** The content: unquoted, unescaped. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

const UNESCAPE: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
  "0": "\0",
  Z: "\x1a",
};
const GRAMMAR =
  /(?<space>\s+|\/\*(?!!)[\s\S]*?\*\/|--[ \t][^\n]*|#[^\n]*)|(?<string>'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*")|(?<name>`(?:[^`]|``)*`)|(?<number>0x[0-9a-f]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)|(?<word>[\p{L}_$@][\p{L}\p{N}_$@]*)|(?<symbol><=>|->>|->|<=|>=|<>|!=|\|\||&&|<<|>>|:=|[\s\S])/giu;

/** The content of a quoted string. */
export function unquote(quoted: string): string {
  const mark = quoted.charAt(0);
  return quoted.slice(1, -1).replace(/\\([\s\S])|''|""/g, (found, escaped: string | undefined) => {
    if (escaped !== undefined)
      return UNESCAPE[escaped] ?? (escaped === "%" || escaped === "_" ? `\\${escaped}` : escaped);
    return found === mark + mark ? mark : found;
  });
}

export function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const match of sql.matchAll(GRAMMAR)) {
    const { space, string, name, number, word } = match.groups ?? {};
    if (space !== undefined) continue;
    const [found] = match;
    const at = { start: match.index, end: match.index + found.length };
    if (string !== undefined) tokens.push({ kind: "string", value: unquote(string), ...at });
    else if (name !== undefined)
      tokens.push({ kind: "name", value: name.slice(1, -1).replaceAll("``", "`"), ...at });
    else if (number !== undefined)
      tokens.push({ kind: "number", value: number.toLowerCase(), ...at });
    else if (word !== undefined) tokens.push({ kind: "word", value: word, ...at });
    else tokens.push({ kind: "symbol", value: found, ...at });
  }
  return tokens;
}

/** True when the first parenthesis of the tokens closes at their end. */
function isWrapped(tokens: readonly Token[]): boolean {
  if (tokens.length < 2 || !isSymbol(tokens[0], "(")) return false;
  let depth = 0;
  for (const [at, token] of tokens.entries()) {
    if (isSymbol(token, "(")) depth += 1;
    if (isSymbol(token, ")")) depth -= 1;
    if (depth === 0) return at === tokens.length - 1;
  }
  return false;
}

function isSymbol(token: Token | undefined, value: string): boolean {
  return token?.kind === "symbol" && token.value === value;
}

/** The text without the parentheses around all of it. */
export function unwrap(sql: string): string {
  const tokens = tokenize(sql);
  const [first] = tokens;
  const last = tokens.at(-1);
  return first !== undefined && last !== undefined && isWrapped(tokens)
    ? unwrap(sql.slice(first.end, last.start).trim())
    : sql.trim();
}

/** The text in exactly one pair of parentheses. */
export function wrap(sql: string): string {
  return `(${unwrap(sql)})`;
}

/** Character sets whose ASCII part is ASCII: their introducer says nothing about an ASCII literal. */
const ASCII_INTRODUCERS = new Set(["_utf8mb4", "_utf8mb3", "_utf8", "_latin1", "_ascii"]);
const SYNONYMS: Readonly<Record<string, string>> = {
  lcase: "lower",
  ucase: "upper",
  octet_length: "length",
  character_length: "char_length",
  substring: "substr",
  mid: "substr",
  now: "current_timestamp",
  localtime: "current_timestamp",
  localtimestamp: "current_timestamp",
  current_date: "curdate",
  current_time: "curtime",
  "!=": "<>",
  "&&": "and",
};
const BARE_FUNCTIONS = new Set(["current_timestamp", "curdate", "curtime"]);

/** A string literal without the introducer that the catalog puts before it. */
export function withoutIntroducers(sql: string): string {
  const tokens = tokenize(sql);
  let text = "";
  let from = 0;
  for (const [at, token] of tokens.entries()) {
    const next = tokens[at + 1];
    if (
      next?.kind !== "string" ||
      token.kind !== "word" ||
      !ASCII_INTRODUCERS.has(token.value.toLowerCase())
    )
      continue;
    // oxlint-disable-next-line no-control-regex -- ASCII is the range
    if (!token.value.toLowerCase().startsWith("_utf8") && !/^[\0-\x7f]*$/.test(next.value))
      continue;
    text += sql.slice(from, token.start);
    from = next.start;
  }
  return text + sql.slice(from);
}

/** Two expressions with one key are the same; with two keys they may still be. */
export function expressionKey(sql: string): string {
  const tokens = tokenize(withoutIntroducers(unwrap(sql)));
  const words = tokens.flatMap((token, at): readonly string[] => {
    // some views of the catalog show a `?` for each byte of a four-byte character
    if (token.kind === "string")
      return [JSON.stringify(token.value.replace(/[\u{10000}-\u{10ffff}]/gu, "????"))];
    const lower = token.value.toLowerCase();
    if (token.kind === "name") return [lower];
    const word = SYNONYMS[lower] ?? lower;
    return BARE_FUNCTIONS.has(word) && !isSymbol(tokens[at + 1], "(") ? [word, "(", ")"] : [word];
  });
  return words.join(" ");
}

/** The text with every use of a column's name replaced: for what a rename leaves behind. */
export function renameInText(sql: string, from: string, to: string): string {
  let text = "";
  let at = 0;
  const tokens = tokenize(sql);
  for (const [place, token] of tokens.entries()) {
    const isName =
      token.kind === "name" ||
      (token.kind === "word" && !isSymbol(tokens[place + 1], "(") && !isOperatorWord(token.value));
    if (!isName || token.value.toLowerCase() !== from.toLowerCase()) continue;
    text += `${sql.slice(at, token.start)}\`${to.replaceAll("`", "``")}\``;
    at = token.end;
  }
  return text + sql.slice(at);
}

/** True when the text uses a column of this name. */
export function mentions(sql: string, column: string): boolean {
  return tokenize(sql).some(
    (token) =>
      (token.kind === "name" || (token.kind === "word" && !isOperatorWord(token.value))) &&
      token.value.toLowerCase() === column.toLowerCase(),
  );
}
