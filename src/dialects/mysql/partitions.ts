import { quoteName, stringLiteral } from "./quote.ts";
import { expressionKey, tokenize, withoutIntroducers, type Token } from "./tokens.ts";

/** Words that a parenthesis follows which is no function's. */
const BEFORE_LIST: ReadonlySet<string> = new Set([
  "RANGE",
  "LIST",
  "HASH",
  "KEY",
  "COLUMNS",
  "IN",
  "THAN",
]);
/** Options of a partition, whose `=` may be left out. */
const OPTIONS: ReadonlySet<string> = new Set([
  "COMMENT",
  "ALGORITHM",
  "DIRECTORY",
  "MAX_ROWS",
  "MIN_ROWS",
  "TABLESPACE",
  "NODEGROUP",
]);

const word = (token: Token | undefined): string =>
  token?.kind === "word" ? token.value.toUpperCase() : "";
const isSymbol = (token: Token | undefined, value: string): boolean =>
  token?.kind === "symbol" && token.value === value;

/** The tokens without `/*!50100` and its end: what stands between is part of the statement. */
function withoutMarkers(tokens: readonly Token[]): readonly Token[] {
  const kept: Token[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const [token, next, third] = tokens.slice(at, at + 3);
    const touches = token !== undefined && next?.start === token.end;
    if (touches && isSymbol(token, "/") && isSymbol(next, "*"))
      at += word(third) === "M" ? 4 : 3; // the mark and the version
    else if (touches && isSymbol(token, "*") && isSymbol(next, "/")) at += 1;
    else if (token !== undefined) kept.push(token);
  }
  return kept;
}

/** What follows PARTITION BY in a statement of SHOW CREATE TABLE; undefined where a table has no partitions. */
export function partitionsIn(created: string): string | undefined {
  let depth = 0;
  const tokens = tokenize(created);
  for (const [at, token] of tokens.entries()) {
    if (isSymbol(token, "(")) depth += 1;
    if (isSymbol(token, ")")) depth -= 1;
    const [next, first] = tokens.slice(at + 1, at + 3);
    if (depth === 0 && word(token) === "PARTITION" && word(next) === "BY" && first !== undefined)
      return canonicalPartitions(created.slice(first.start));
  }
  return undefined;
}

/** Leaves out what the server leaves out: engines, a number of partitions before their list. */
function essential(tokens: readonly Token[]): readonly Token[] {
  const isList = tokens.some(
    (token, at) => isSymbol(token, "(") && word(tokens[at + 1]) === "PARTITION",
  );
  const ranged = word(tokens[0]) === "RANGE" && word(tokens[1]) !== "COLUMNS";
  const kept: Token[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const [token, next, third] = tokens.slice(at, at + 3);
    if (token === undefined) break;
    if (word(token) === "STORAGE" && word(next) === "ENGINE") continue;
    if (word(token) === "ENGINE") at += isSymbol(next, "=") ? 2 : 1;
    else if (isList && word(token) === "PARTITIONS" && next?.kind === "number") at += 1;
    else if (isSymbol(token, "=") && OPTIONS.has(word(tokens[at - 1]))) continue;
    else if (ranged && isSymbol(token, "(") && word(next) === "MAXVALUE" && isSymbol(third, ")")) {
      kept.push(...(next === undefined ? [] : [next]));
      at += 2;
    } else kept.push(token);
  }
  return kept;
}

/** Where a bare word is a name: behind PARTITION and SUBPARTITION, and in the lists of columns. */
function nameAt(tokens: readonly Token[]): ReadonlySet<Token> {
  const names = new Set<Token>();
  let inList = false;
  for (const [at, token] of tokens.entries()) {
    const before = word(tokens[at - 1]);
    const isWord = token.kind === "word";
    if (isWord && word(token) !== "BY" && /^(?:SUB)?PARTITION$/.test(before)) names.add(token);
    const opens = isSymbol(token, "(");
    const method = word(tokens[at - 2]) === "ALGORITHM" ? "KEY" : before;
    if (opens && (method === "COLUMNS" || method === "KEY")) inList = true;
    if (isSymbol(token, ")")) inList = false;
    if (inList && isWord) names.add(token);
  }
  return names;
}

function spell(token: Token, isName: boolean, source: string): string {
  if (token.kind === "name" || isName) return quoteName(token.value);
  return token.kind === "string" ? stringLiteral(token.value) : source;
}

/** One text for what stands behind PARTITION BY, however it was written. */
export function canonicalPartitions(given: string): string {
  const sql = withoutIntroducers(given);
  const tokens = essential(withoutMarkers(tokenize(sql)));
  const names = nameAt(tokens);
  let text = "";
  for (const [at, token] of tokens.entries()) {
    const before = tokens[at - 1];
    const own = spell(token, names.has(token), sql.slice(token.start, token.end));
    const opensCall =
      isSymbol(token, "(") && before?.kind === "word" && !BEFORE_LIST.has(word(before));
    const tight =
      before === undefined ||
      isSymbol(before, "(") ||
      isSymbol(token, ")") ||
      isSymbol(token, ",") ||
      (opensCall && !names.has(before));
    text += `${tight ? "" : " "}${OPTIONS.has(word(before)) ? "= " : ""}${own}`;
  }
  return text;
}

/** True when two texts say the same, but for case, quotes and the start that an interval got by itself. */
export function samePartitions(a: string, b: string): boolean {
  const key = (text: string): string =>
    expressionKey(canonicalPartitions(text)).replace(/ starts timestamp "[^"]*"/, "");
  return key(a) === key(b);
}

/** The definitions in the last parentheses of the text, and what stands before them. */
function definitions(partitions: string): {
  readonly head: string;
  readonly list: readonly string[];
} {
  const tokens = tokenize(partitions);
  const open = tokens.findIndex(
    (token, at) => isSymbol(token, "(") && word(tokens[at + 1]) === "PARTITION",
  );
  const first = tokens[open];
  if (first === undefined) return { head: partitions, list: [] };
  const cuts = [first.end];
  let depth = 0;
  for (const token of tokens.slice(open)) {
    if (isSymbol(token, "(")) depth += 1;
    if (isSymbol(token, ")")) depth -= 1;
    if ((depth === 1 && isSymbol(token, ",")) || depth === 0) cuts.push(token.start, token.end);
    if (depth === 0) break;
  }
  const list = cuts.flatMap((cut, at) =>
    at % 2 === 0 && cuts[at + 1] !== undefined ? [partitions.slice(cut, cuts[at + 1]).trim()] : [],
  );
  return { head: partitions.slice(0, first.start), list };
}

/**
 * The partitions that are new, where they come after all that are there: then they are added and no row moves.
 * Undefined for any other change.
 */
export function appended(from: string, to: string): readonly string[] | undefined {
  const [before, after] = [definitions(from), definitions(to)];
  const isAppended =
    before.list.length > 0 &&
    after.list.length > before.list.length &&
    before.head === after.head &&
    /^(?:RANGE|LIST)\b/i.test(before.head) &&
    before.list.every((definition, at) => definition === after.list[at]);
  return isAppended ? after.list.slice(before.list.length) : undefined;
}
