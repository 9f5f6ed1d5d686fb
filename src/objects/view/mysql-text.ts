import { tokenize, type Token } from "../../dialects/mysql/tokens.ts";

/** What SHOW CREATE VIEW says of a view. */
export interface ShownView {
  readonly algorithm: string;
  readonly security: string;
  readonly columns?: readonly string[];
  readonly query: string;
}

/** Case does not count. */
export function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === "word" && token.value.toUpperCase() === word.toUpperCase();
}

export function isSymbol(token: Token | undefined, symbol: string): boolean {
  return token?.kind === "symbol" && token.value === symbol;
}

/**
 * `CREATE ALGORITHM=… DEFINER=… SQL SECURITY … VIEW name (a, b) AS select … WITH … CHECK OPTION`; undefined
 * where it is not understood.
 */
export function readShownView(sql: string, database: string): ShownView | undefined {
  const tokens = tokenize(sql);
  const view = tokens.findIndex((token) => isWord(token, "VIEW"));
  const head = tokens.slice(0, view);
  const after = (word: string, skip: number): string => {
    const at = head.findIndex((token) => isWord(token, word));
    return at < 0 ? "" : (head[at + skip]?.value.toLowerCase() ?? "");
  };
  const name = isSymbol(tokens[view + 2], ".") ? view + 3 : view + 1;
  const open = isSymbol(tokens[name + 1], "(") ? name + 1 : undefined;
  const close =
    open === undefined ? name : tokens.findIndex((token, at) => at > open && isSymbol(token, ")"));
  const as = tokens[close + 1];
  const checked = tokens.length - 4;
  const hasCheck =
    isWord(tokens[checked], "WITH") &&
    isWord(tokens[checked + 2], "CHECK") &&
    isWord(tokens[checked + 3], "OPTION");
  const last = hasCheck ? tokens[checked - 1] : tokens.at(-1);
  if (view < 0 || close < 0 || as === undefined || last === undefined || !isWord(as, "AS"))
    return undefined;
  const columns =
    open === undefined
      ? undefined
      : tokens.slice(open + 1, close).filter((token) => !isSymbol(token, ","));
  return {
    algorithm: after("ALGORITHM", 2),
    security: after("SECURITY", 1),
    ...(columns === undefined ? {} : { columns: columns.map(({ value }) => value) }),
    query: withoutDatabase(sql.slice(as.end, last.end).trim(), database),
  };
}

/**
 * Names without the database before them, where the server put it there: the same models are for databases
 * of all names. Left as it is where the database's name is an alias too.
 */
function withoutDatabase(sql: string, database: string): string {
  const tokens = tokenize(sql);
  const isPath = (at: number): boolean =>
    isSymbol(tokens[at + 1], ".") && !isSymbol(tokens[at - 1], ".");
  const places = tokens.flatMap((token, at) =>
    token.kind === "name" && token.value === database && !isSymbol(tokens[at - 1], ".") ? [at] : [],
  );
  if (!places.every(isPath)) return sql;
  let short = "";
  let from = 0;
  for (const at of places) {
    short += sql.slice(from, tokens[at]?.start);
    from = tokens[at + 1]?.end ?? from;
  }
  return short + sql.slice(from);
}

/** Words after which a `*` means all columns. */
const BEFORE_STAR: ReadonlySet<string> = new Set(
  (
    "select distinct distinctrow all straight_join high_priority sql_small_result sql_big_result " +
    "sql_buffer_result sql_no_cache sql_cache sql_calc_found_rows"
  ).split(" "),
);

/** True for a query whose columns are those that its tables have when the view is made. */
export function hasStar(sql: string): boolean {
  const tokens = tokenize(sql);
  return tokens.some((token, at) => {
    const before = tokens[at - 1];
    return (
      isSymbol(token, "*") &&
      (isSymbol(before, ".") ||
        isSymbol(before, ",") ||
        (before?.kind === "word" && BEFORE_STAR.has(before.value.toLowerCase())))
    );
  });
}
