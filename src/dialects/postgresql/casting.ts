import { compileType, isInteger } from "./types.ts";
import type { ColumnType } from "../../schema/types.ts";

type Group = "number" | "text" | "date" | "timestamp" | "time" | "interval" | "bits" | "json" | "other";

const GROUPS: Partial<Record<ColumnType["name"], Group>> = {
  smallint: "number",
  integer: "number",
  bigint: "number",
  numeric: "number",
  real: "number",
  double: "number",
  char: "text",
  varchar: "text",
  text: "text",
  date: "date",
  timestamp: "timestamp",
  time: "time",
  interval: "interval",
  bit: "bits",
  varbit: "bits",
  json: "json",
  jsonb: "json",
};

/** Assignment casts of the server between different groups. @see pg_cast, castcontext 'a' and 'i' */
const ASSIGNABLE: ReadonlySet<string> = new Set([
  "date timestamp",
  "timestamp date",
  "timestamp time",
  "time interval",
  "interval time",
]);

function groupOf(type: ColumnType): Group {
  return GROUPS[type.name] ?? "other";
}

/** The type's own text without length or precision, for raw types. */
function baseOf(type: ColumnType): string {
  return compileType(type).toLowerCase().replace(/\s*\([^)]*\)/, "");
}

/** True where the server changes a column's type without being told how. */
function isAssignable(from: ColumnType, to: ColumnType): boolean {
  if (from.name === "array" && to.name === "array") return isAssignable(from.element, to.element);
  if (from.name === "array" || to.name === "array") return groupOf(to) === "text";
  const [before, after] = [groupOf(from), groupOf(to)];
  if (after === "text") return true;
  if (before === "other" || after === "other") return baseOf(from) === baseOf(to);
  return before === after || ASSIGNABLE.has(`${before} ${after}`);
}

/**
 * The `USING` expression that a change of type needs, where no cast does it unasked. Never where one
 * does: an explicit cast to a shorter type cuts values off in silence, an assignment refuses.
 *
 * @param column quoted
 */
export function castExpression(column: string, from: ColumnType, to: ColumnType): string | undefined {
  if (isAssignable(from, to)) return undefined;
  const target = compileType(to);
  const [before, after] = [groupOf(from), groupOf(to)];
  if (after === "number" && from.name === "boolean") {
    return to.name === "integer" ? `${column}::integer` : `${column}::integer::${target}`;
  }
  if (before === "number" && to.name === "boolean") return `${column} <> 0`;
  if (isInteger(from) && after === "bits") return `${column}::${target}`;
  if (before === "bits" && isInteger(to)) return `${column}::${target}`;
  if (to.name === "array" && from.name !== "array") {
    return groupOf(from) === "text" ? `${column}::${target}` : `ARRAY[${column}]::${target}`;
  }
  // what a cast does not know, the text form does: every type reads its own
  if (before === "text") return `${column}::${target}`;
  return `${column}::text::${target}`;
}

/** True where a foreign key between columns of the two types holds. */
export function isComparable(from: ColumnType, to: ColumnType): boolean {
  if (isInteger(from) && isInteger(to)) return true;
  const isText = (type: ColumnType): boolean => type.name === "text" || type.name === "varchar";
  if (isText(from) && isText(to)) return true;
  return baseOf(from) === baseOf(to);
}
