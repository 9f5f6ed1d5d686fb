import { compileType, isInteger } from "./types.ts";
import type { ColumnType } from "../../schema/types.ts";

type Group =
  | "number"
  | "text"
  | "date"
  | "timestamp"
  | "timestamptz"
  | "time"
  | "timetz"
  | "interval"
  | "bits"
  | "json"
  | "other";

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
  interval: "interval",
  bit: "bits",
  varbit: "bits",
  json: "json",
  jsonb: "json",
};

/** Assignment casts of the server between different groups. @see pg_cast, castcontext 'a' and 'i' */
const ASSIGNABLE: ReadonlySet<string> = new Set([
  "date timestamp",
  "date timestamptz",
  "timestamp date",
  "timestamp timestamptz",
  "timestamp time",
  "timestamptz date",
  "timestamptz timestamp",
  "timestamptz time",
  "timestamptz timetz",
  "time timetz",
  "time interval",
  "timetz time",
  "interval time",
]);

/** The same for types that the models know by their spelling alone. */
const ASSIGNABLE_BASES: ReadonlySet<string> = new Set([
  "integer money",
  "bigint money",
  "numeric money",
  "money numeric",
  "smallint oid",
  "integer oid",
  "bigint oid",
  "oid integer",
  "oid bigint",
  "inet cidr",
  "cidr inet",
]);

function groupOf(type: ColumnType): Group {
  if (type.name === "time" || type.name === "timestamp")
    return type.tz === true ? `${type.name}tz` : type.name;
  return GROUPS[type.name] ?? "other";
}

/** The type's own text without length or precision, for raw types. */
function baseOf(type: ColumnType): string {
  return compileType(type)
    .toLowerCase()
    .replace(/\s*\([^)]*\)/, "");
}

/** True where the server changes a column's type without being told how. */
function isAssignable(from: ColumnType, to: ColumnType): boolean {
  if (from.name === "array" && to.name === "array") return isAssignable(from.element, to.element);
  if (from.name === "array" || to.name === "array") return groupOf(to) === "text";
  const [before, after] = [groupOf(from), groupOf(to)];
  if (after === "text") return true;
  if (before === "other" || after === "other") {
    const bases = [baseOf(from), baseOf(to)];
    return bases[0] === bases[1] || ASSIGNABLE_BASES.has(bases.join(" "));
  }
  return before === after || ASSIGNABLE.has(`${before} ${after}`);
}

/**
 * The `USING` expression that a change of type needs, where no cast does it unasked. Never where one
 * does: an explicit cast to a shorter type cuts values off in silence, an assignment refuses.
 *
 * @param column quoted
 */
export function castExpression(
  column: string,
  from: ColumnType,
  to: ColumnType,
): string | undefined {
  if (isAssignable(from, to)) return undefined;
  const target = compileType(to);
  const [before, after] = [groupOf(from), groupOf(to)];
  if (after === "number" && from.name === "boolean") return viaInteger(column, to);
  if (before === "number" && to.name === "boolean") return `${column} <> 0`;
  if (isInteger(from) && to.name === "bit")
    return from.name === "smallint" ? `${column}::integer::${target}` : `${column}::${target}`;
  if (from.name === "bit" && isInteger(to))
    return to.name === "smallint" ? viaInteger(column, to) : `${column}::${target}`;
  if (to.name === "array" && from.name !== "array" && before !== "text") {
    return `CASE WHEN ${column} IS NOT NULL THEN ARRAY[${column}::text]::${target} END`;
  }
  // what no cast knows, the text form does: every type reads its own
  return before === "text" && from.name !== "array"
    ? `${column}::${target}`
    : `${column}::text::${target}`;
}

function viaInteger(column: string, to: ColumnType): string {
  return to.name === "integer" ? `${column}::integer` : `${column}::integer::${compileType(to)}`;
}

/** True where a foreign key between columns of the two types holds. */
export function isComparable(from: ColumnType, to: ColumnType): boolean {
  if (isInteger(from) && isInteger(to)) return true;
  const isText = (type: ColumnType): boolean => type.name === "text" || type.name === "varchar";
  if (isText(from) && isText(to)) return true;
  return baseOf(from) === baseOf(to);
}
