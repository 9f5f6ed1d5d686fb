import { text } from "../../schema/expression.ts";
import type { ColumnType, ServerDefault } from "../../schema/types.ts";
import { literal, render } from "./spelling.ts";
import { bareText } from "./expressions.ts";
import { isSymbol, nameOf, tokenize } from "./tokens.ts";

/** The default's text as `PRAGMA table_info` shows it: no parentheses around. */
export function defaultText(given: ServerDefault): string {
  return "value" in given ? literal(given.value) : bareText(render(given.expression));
}

/** The default's text as it stands behind DEFAULT: an expression needs parentheses, a literal may have none. */
export function compileDefault(given: ServerDefault): string {
  const sql = defaultText(given);
  const tokens = tokenize(sql);
  const signed = isSymbol(tokens[0], "-") || isSymbol(tokens[0], "+");
  const [only] = signed ? tokens.slice(1) : tokens;
  const isTerm =
    tokens.length === (signed ? 2 : 1) &&
    only !== undefined &&
    only.kind !== "symbol" &&
    only.kind !== "variable";
  return isTerm ? sql : `(${sql})`;
}

function valueOf(sql: string, type: ColumnType): string | number | bigint | boolean | undefined {
  const tokens = tokenize(sql);
  const [only] = tokens;
  if (tokens.length === 1 && only?.kind === "string") return nameOf(only);
  if (!/^-?\d[\d.]*$/.test(sql)) return undefined;
  if (type.name === "boolean" && /^[01]$/.test(sql)) return sql === "1";
  const number = Number(sql);
  return Number.isSafeInteger(number) || sql.includes(".") ? number : BigInt(sql);
}

/** A default's text read back: a value where that spells exactly so, else the expression as it stands. */
export function parseDefault(sql: string, type: ColumnType): ServerDefault {
  const value = valueOf(sql, type);
  return value !== undefined && literal(value) === sql ? { value } : { expression: text(sql) };
}
