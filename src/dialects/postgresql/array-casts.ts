import { tokens } from "./expression-text.ts";

/**
 * `word IN ('a', 'b')` over a varchar column stands in the catalog as
 * `(word)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])`. Read again, that
 * text gives another one: the cast moves into the elements. So the catalog of a restored dump differs
 * from that of the statement that was dumped, and both mean the same.
 *
 * @see transformArrayExpr in src/backend/parser/parse_expr.c of PostgreSQL
 */
interface ArrayCast {
  /** Places of tokens: the opening parenthesis, the first of the elements, the closing bracket, the end. */
  readonly start: number;
  readonly first: number;
  readonly close: number;
  readonly end: number;
}

const AFTER = [")", "::", "text", "[", "]"];

function closingBracket(pieces: readonly string[], from: number): number {
  let depth = 1;
  for (let at = from; at < pieces.length; at += 1) {
    const piece = pieces[at];
    if (piece === "[" || piece === "(") depth += 1;
    if (piece === "]" || piece === ")") depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

function arrayCasts(pieces: readonly string[]): readonly ArrayCast[] {
  return pieces.flatMap((piece, start): readonly ArrayCast[] => {
    if (piece !== "(" || pieces[start + 1] !== "ARRAY" || pieces[start + 2] !== "[") return [];
    const close = closingBracket(pieces, start + 3);
    const isCast = AFTER.every((word, at) => pieces[close + 1 + at] === word);
    const isVarchar = pieces.slice(close - 3, close).join("") === "character varying";
    return close > 0 && isCast && isVarchar
      ? [{ start, first: start + 3, close, end: close + AFTER.length }]
      : [];
  });
}

/** The text with the cast held at the array, so that the server keeps it there. */
export function holdCasts(sql: string): string {
  if (!sql.includes("(ARRAY[")) return sql;
  const pieces = [...tokens(sql)];
  for (const { close } of arrayCasts(pieces).toReversed())
    pieces.splice(close + 1, 0, "::character varying[]");
  return pieces.join("");
}

function elements(pieces: readonly string[]): readonly string[] {
  const found: string[] = [""];
  let depth = 0;
  for (const piece of pieces) {
    if (piece === "(" || piece === "[") depth += 1;
    if (piece === ")" || piece === "]") depth -= 1;
    if (piece === "," && depth === 0) found.push("");
    else found[found.length - 1] += piece;
  }
  return found.map((element) => element.trim());
}

/** The text as the server has it when it reads its own text again: for comparing only. */
export function pushCasts(sql: string): string {
  if (!sql.includes("(ARRAY[")) return sql;
  const pieces = [...tokens(sql)];
  for (const { start, first, close, end } of arrayCasts(pieces).toReversed()) {
    const moved = elements(pieces.slice(first, close)).map((element) => `(${element})::text`);
    pieces.splice(start, end - start + 1, `ARRAY[${moved.join(", ")}]`);
  }
  return pieces.join("");
}
