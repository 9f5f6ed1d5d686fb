import { isSymbol, isWord } from "./mysql-text.ts";
import { tokenize, type Token } from "../../dialects/mysql/tokens.ts";

const CLAUSES = ["from", "where", "having", "limit", "union", "except", "intersect", "window"];
const BEFORE_JOIN = ["left", "right", "inner", "outer", "cross", "natural"];

/** The text with other white space before some of its tokens. */
function spaced(
  sql: string,
  tokens: readonly Token[],
  breaks: ReadonlyMap<number, string>,
): string {
  let laid = "";
  let from = 0;
  for (const [at, token] of tokens.entries()) {
    const space = breaks.get(at);
    if (space !== undefined) {
      laid += sql.slice(from, token.start).trimEnd() + space;
      from = token.start;
    }
  }
  return laid + sql.slice(from);
}

/** A parenthesis around joins, not around a query or what a function is given. */
function holdsJoins(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  return (
    (isWord(before, "from") || isWord(before, "join") || isSymbol(before, "(")) &&
    !isWord(tokens[at + 1], "select")
  );
}

function isClause(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  return (
    CLAUSES.some((word) => isWord(token, word)) ||
    ((isWord(token, "group") || isWord(token, "order")) && isWord(tokens[at + 1], "by"))
  );
}

/** Where the words of a join begin; undefined: the token is none. */
function joinStart(tokens: readonly Token[], at: number): number | undefined {
  if (!isWord(tokens[at], "join") && !isWord(tokens[at], "straight_join")) return undefined;
  let first = at;
  while (BEFORE_JOIN.some((word) => isWord(tokens[first - 1], word))) first -= 1;
  return first;
}

/**
 * The query of a view, which the server keeps in one line whatever its length, as a person writes it: a
 * line for each column, clause and join. What stands in parentheses stays as it is, but for those around joins.
 */
export function laidOut(sql: string): string {
  const tokens = tokenize(sql);
  const breaks = new Map<number, string>();
  /** For each open parenthesis, whether joins stand in it. */
  const groups: boolean[] = [];
  let isList = false;
  for (const [at, token] of tokens.entries()) {
    if (isList && groups.length === 0 && isSymbol(tokens[at - 1], ",")) breaks.set(at, "\n  ");
    const join = joinStart(tokens, at);
    if (join !== undefined && groups.every(Boolean)) breaks.set(join, "\n  ");
    if (isSymbol(token, "(")) groups.push(groups.every(Boolean) && holdsJoins(tokens, at));
    else if (isSymbol(token, ")")) groups.pop();
    else if (groups.length > 0) continue;
    else if (isWord(token, "select") || isClause(tokens, at)) {
      if (at > 0) breaks.set(at, "\n");
      isList = isWord(token, "select");
    }
  }
  return spaced(sql, tokens, breaks);
}

/**
 * The text without the quotes that the server sets around every name, where a name is one without them:
 * comparing takes both for the same.
 *
 * @param keywords the server's; without them no name is known to be free
 */
export function withBareNames(sql: string, keywords: ReadonlySet<string> | undefined): string {
  if (keywords === undefined) return sql;
  const tokens = tokenize(sql);
  const isBare = (at: number): boolean => {
    const token = tokens[at];
    return (
      token?.kind === "name" &&
      /^[a-z][a-z0-9_]*$/.test(token.value) &&
      // of what is called the server says itself what it is
      !isSymbol(tokens[at + 1], "(") &&
      // behind a period any word is a name; before a star it could be read as DISTINCT or ALL
      (!keywords.has(token.value) ||
        (isSymbol(tokens[at - 1], ".") && !isSymbol(tokens[at + 1], "*")))
    );
  };
  let bare = "";
  let from = 0;
  for (const [at, token] of tokens.entries()) {
    if (!isBare(at)) continue;
    bare += sql.slice(from, token.start) + token.value;
    from = token.end;
  }
  return bare + sql.slice(from);
}

/** A query that fits into one line of models stays one line. */
const SHORT = 80;

/** The query of a view as a person would have written it; see {@link withBareNames} for the keywords. */
export function writtenQuery(sql: string, keywords: ReadonlySet<string> | undefined): string {
  const bare = withBareNames(sql, keywords);
  // quotes tell the names from the clauses
  return bare.length <= SHORT ? bare : withBareNames(laidOut(sql), keywords);
}
