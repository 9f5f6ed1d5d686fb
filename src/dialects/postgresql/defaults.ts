import { withoutParentheses } from "./expression-text.ts";
import { quoteText, render } from "./spelling.ts";
import { isHidden, plainQuotes } from "./type-names.ts";
import { compileType, isInteger } from "./types.ts";
import { text } from "../../schema/expression.ts";
import type { ColumnType, ServerDefault } from "../../schema/types.ts";

const MAX_INT4 = 2n ** 31n - 1n;
const MAX_INT8 = 2n ** 63n - 1n;

function isNumber(type: ColumnType): boolean {
  return (
    isInteger(type) || type.name === "numeric" || type.name === "real" || type.name === "double"
  );
}

/** The type as the catalog writes it behind a literal: without length or precision. */
function castName(type: ColumnType): string {
  switch (type.name) {
    case "varchar":
      return "character varying";
    case "char":
      return "bpchar";
    case "bit":
      return '"bit"';
    case "varbit":
      return "bit varying";
    case "numeric":
      return "numeric";
    case "interval":
      return type.fields === undefined ? "interval" : compileType(type);
    case "time":
    case "timestamp":
      return `${type.name} ${type.tz === true ? "with" : "without"} time zone`;
    case "array":
      return `${castName(type.element)}[]`;
    case "enum":
      return plainQuotes(compileType(type));
    default:
      return compileType(type);
  }
}

function integerText(value: bigint): string {
  const size = value < 0n ? -value : value;
  if (value >= 0n && value <= MAX_INT4) return String(value);
  return `'${String(value)}'::${size <= MAX_INT4 ? "integer" : size <= MAX_INT8 ? "bigint" : "numeric"}`;
}

/** What the catalog says of `DEFAULT value` for a literal, where that is certain. */
function catalogText(value: string | number | bigint | boolean, type: ColumnType): string {
  if (typeof value === "boolean") return String(value);
  if (typeof value === "string") return `${quoteCatalog(value)}::${castName(type)}`;
  if (typeof value === "bigint" || Number.isInteger(value)) return integerText(BigInt(value));
  return value < 0 ? `'${String(value)}'::numeric` : String(value);
}

/** Behind the name of a type of the server's own stands its schema: which one is not known here. */
function isVisible({ enumName, schema }: Extract<ColumnType, { readonly name: "enum" }>): boolean {
  return enumName === undefined || schema !== undefined || !isHidden({ name: enumName });
}

/** The catalog's own quoting: under `standard_conforming_strings` a backslash is a plain character. */
function quoteCatalog(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

const QUOTED = /^'((?:[^']|'')*)'::(.+)$/s;

function candidates(sql: string, type: ColumnType): readonly ServerDefault[] {
  if (sql === "true" || sql === "false")
    return type.name === "boolean" ? [{ value: sql === "true" }] : [];
  const [, quoted, cast] = QUOTED.exec(sql) ?? [];
  const digits = quoted ?? sql;
  const numbers = isNumber(type) && /^-?\d+(\.\d+)?$/.test(digits) ? numberValues(digits) : [];
  const texts =
    quoted === undefined || cast === undefined ? [] : [{ value: quoted.replaceAll("''", "'") }];
  return [...numbers, ...texts];
}

function numberValues(digits: string): readonly ServerDefault[] {
  if (/^-?\d+$/.test(digits)) {
    const value = BigInt(digits);
    const small = Number(value);
    return [{ value: Number.isSafeInteger(small) ? small : value }];
  }
  return String(Number(digits)) === digits ? [{ value: Number(digits) }] : [];
}

/** Without the quotes around a type's name: the server sets them where the name is one of its keywords. */
function bareCast(sql: string): string {
  const [, quoted, cast] = QUOTED.exec(sql) ?? [];
  return quoted === undefined || cast === undefined ? sql : `'${quoted}'::${plainQuotes(cast)}`;
}

/**
 * A default of the catalog: a value where writing that value gives back the very same text, else the
 * text as it stands.
 */
export function parseDefault(sql: string, type: ColumnType): ServerDefault {
  const found = candidates(sql, type).find(
    (candidate) =>
      "value" in candidate && bareCast(catalogText(candidate.value, type)) === bareCast(sql),
  );
  return found ?? { expression: text(withoutParentheses(sql)) };
}

/** The text that stands behind `DEFAULT`. */
export function literalDefault(value: string | number | bigint | boolean): string {
  return typeof value === "string" ? quoteText(value) : String(value);
}

/**
 * What the catalog will say of a model's value, where that is certain: numbers, booleans, and texts of
 * types that keep them as they are.
 */
export function predictDefault(
  value: string | number | bigint | boolean,
  type: ColumnType,
): string | undefined {
  if (typeof value === "boolean")
    return type.name === "boolean" ? catalogText(value, type) : undefined;
  if (typeof value === "string") {
    const kept =
      type.name === "text" || type.name === "varchar" || (type.name === "enum" && isVisible(type));
    return kept ? catalogText(value, type) : undefined;
  }
  const certain =
    typeof value === "bigint" || Number.isSafeInteger(value) || /^-?\d+\.\d+$/.test(String(value));
  return isNumber(type) && certain ? catalogText(value, type) : undefined;
}

/** A default as the catalog would have it, as far as it is known. */
export function defaultSql(value: ServerDefault, type: ColumnType): string {
  return "value" in value
    ? catalogText(value.value, type)
    : withoutParentheses(render(value.expression));
}

/** The number that a default of a number column is, however it is quoted or cast: `'0'::numeric`, `0`, `0.0` are told apart only by digits. */
export function numericDefault(sql: string, type: ColumnType): string | undefined {
  if (!isNumber(type)) return undefined;
  const digits = /^\(?(-?\d+(?:\.\d+)?)\)?(?:::[a-z ]+)?$/.exec(sql)?.[1] ?? QUOTED.exec(sql)?.[1];
  return digits !== undefined && /^-?\d+(\.\d+)?$/.test(digits) ? digits : undefined;
}
