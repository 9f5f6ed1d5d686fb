import { Cursor, splitByComma } from "./cursor.ts";
import { isWord, sourceOf, standsAlone, withoutOuterParentheses, type Token } from "./tokens.ts";
import { text } from "../../schema/expression.ts";
import type { Index, IndexElement } from "../../schema/types.ts";

/** What stands behind an index's column or expression, taken off from the end. */
function parseElement(sql: string, tokens: readonly Token[]): IndexElement {
  let rest = tokens;
  const descending = isWord(rest.at(-1), "DESC");
  if (descending || isWord(rest.at(-1), "ASC")) rest = rest.slice(0, -1);
  let collation: string | undefined;
  const collate = rest.length - 2;
  if (collate > 0 && isWord(rest[collate], "COLLATE") && standsAlone(rest.slice(0, collate))) {
    collation = new Cursor(sql, rest.slice(-1)).name();
    rest = rest.slice(0, -2);
  }
  const [only] = rest;
  const isColumn =
    rest.length === 1 &&
    only !== undefined &&
    (only.kind === "word" || only.kind === "quoted" || only.kind === "string");
  return {
    ...(isColumn
      ? { column: new Cursor(sql, rest).name() }
      : { expression: text(sourceOf(sql, withoutOuterParentheses(rest))) }),
    ...(descending ? { order: "desc" as const } : {}),
    ...(collation === undefined ? {} : { collation }),
  };
}

/**
 * Reads the CREATE INDEX text of sqlite_schema.
 *
 * @throws NotUnderstood
 */
export function parseIndex(sql: string): Index {
  const cursor = new Cursor(sql);
  cursor.expect("CREATE");
  const unique = cursor.accept("UNIQUE");
  cursor.expect("INDEX");
  cursor.accept("IF", "NOT", "EXISTS");
  const first = cursor.name();
  const name = cursor.acceptSymbol(".") ? cursor.name() : first;
  cursor.expect("ON");
  cursor.name();
  const elements = splitByComma(cursor.inner()).map((tokens) => parseElement(sql, tokens));
  const where = cursor.accept("WHERE")
    ? sourceOf(sql, withoutOuterParentheses(cursor.tokens.slice(cursor.at)))
    : undefined;
  if (where === undefined && cursor.token !== undefined) cursor.fail();
  return {
    name,
    elements,
    ...(unique ? { unique } : {}),
    ...(where === undefined ? {} : { where: text(where) }),
  };
}
