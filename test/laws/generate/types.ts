import type { ColumnType, EnumType } from "../../../src/schema/index.ts";
import type { Choices } from "./choices.ts";
import { isMysql, type Kind } from "./kinds.ts";

/** Types whose values can stand for one another. */
export type Family =
  | "int"
  | "decimal"
  | "float"
  | "string"
  | "bool"
  | "binary"
  | "date"
  | "time"
  | "timestamp"
  | "timestamptz"
  | "interval"
  | "uuid"
  | "json"
  | "enum"
  | "set"
  | "array"
  | "bit"
  | "range"
  | "other";

type Make = (choices: Choices, enums: readonly EnumType[]) => ColumnType;

const VALUES = [
  "one",
  "two",
  "it's",
  "b\\s",
  "größe",
  "a b",
  "x,y",
  '"q"',
  "",
  "Two2",
  "NULL",
  "5",
  "(x)",
  "z%",
] as const;

/** Those that every enum has, so that rows may hold them. */
export const HELD_VALUES: readonly string[] = VALUES.slice(0, 2);

export function enumValues(choices: Choices): readonly string[] {
  return [...HELD_VALUES, ...choices.some(VALUES.slice(2), 0, 3)];
}

const length = (choices: Choices): number => choices.one([10, 1, 3, 20, 64, 255]);
const precise = (choices: Choices): { precision?: number; scale?: number } =>
  choices.one<{ precision?: number; scale?: number }>([
    {},
    { precision: 10, scale: 2 },
    { precision: 5 },
    { precision: 12, scale: 4 },
    { precision: 10, scale: 0 },
  ]);
const fraction = (choices: Choices): { precision?: number } =>
  choices.one<{ precision?: number }>([{}, { precision: 3 }, { precision: 6 }, { precision: 0 }]);
const raw =
  (sql: string): Make =>
  () => ({ name: "raw", sql });
const plain =
  (type: ColumnType): Make =>
  () =>
    type;

const COMMON: readonly Make[] = [
  plain({ name: "integer" }),
  plain({ name: "smallint" }),
  plain({ name: "bigint" }),
  (c) => ({ name: "varchar", length: length(c) }),
  (c) => ({ name: "varchar", length: length(c) }),
  plain({ name: "text" }),
  (c) => ({ name: "char", length: c.one([1, 4, 36]) }),
  (c) => ({ name: "numeric", ...precise(c) }),
  plain({ name: "real" }),
  plain({ name: "double" }),
  plain({ name: "boolean" }),
  plain({ name: "date" }),
  plain({ name: "time" }),
  plain({ name: "timestamp" }),
  plain({ name: "timestamp", tz: true }),
  plain({ name: "blob" }),
  plain({ name: "json" }),
  plain({ name: "uuid" }),
];

const POSTGRESQL: readonly Make[] = [
  plain({ name: "jsonb" }),
  plain({ name: "varchar" }),
  (c) => ({ name: "float", precision: c.one([24, 53, 10]) }),
  (c) => ({ name: "timestamp", ...fraction(c) }),
  (c) => ({ name: "timestamp", tz: true, ...fraction(c) }),
  (c) => ({ name: "time", tz: true, ...fraction(c) }),
  (c) => ({ name: "time", ...fraction(c) }),
  (c) => ({
    name: "interval",
    ...c.one<{ fields?: string; precision?: number }>([
      {},
      { fields: "day to second" },
      { fields: "year" },
      { precision: 3 },
    ]),
  }),
  (c) => ({ name: "bit", length: c.one([1, 8]) }),
  (c) => ({ name: "varbit", ...c.one([{}, { length: 8 }]) }),
  (c) => ({
    name: "array",
    element: c.one<ColumnType>([
      { name: "integer" },
      { name: "text" },
      { name: "varchar", length: 20 },
      { name: "numeric", precision: 8, scale: 2 },
      { name: "uuid" },
    ]),
  }),
  (c, enums) => enumOf(c, enums) ?? { name: "text" },
  (c, enums) => enumOf(c, enums) ?? { name: "integer" },
  (c, enums) => {
    const element = enumOf(c, enums);
    return element === undefined ? { name: "bigint" } : { name: "array", element };
  },
  raw("inet"),
  raw("cidr"),
  raw("macaddr"),
  raw("int4range"),
  raw("tsvector"),
  raw("money"),
  raw("xml"),
  raw("point"),
  raw("oid"),
];

const MYSQL: readonly Make[] = [
  (c) => ({
    name: "tinyint",
    ...c.one<{ unsigned?: boolean; width?: number }>([
      {},
      { unsigned: true },
      { unsigned: true, width: 1 },
    ]),
  }),
  (c) => ({ name: c.one<"integer" | "bigint">(["integer", "bigint"]), width: c.one([5, 9]) }),
  (c) => ({ name: "mediumint", ...c.one([{}, { unsigned: true }]) }),
  plain({ name: "integer", unsigned: true }),
  plain({ name: "bigint", unsigned: true }),
  plain({ name: "smallint", unsigned: true }),
  (c) => ({
    name: c.one<"tinytext" | "mediumtext" | "longtext">(["tinytext", "mediumtext", "longtext"]),
  }),
  (c) => ({
    name: c.one<"tinyblob" | "mediumblob" | "longblob">(["tinyblob", "mediumblob", "longblob"]),
  }),
  (c) => ({ name: "binary", length: c.one([1, 16]) }),
  (c) => ({ name: "varbinary", length: c.one([10, 255]) }),
  (c) => ({ name: "enum", values: enumValues(c) }),
  (c) => ({ name: "enum", values: enumValues(c) }),
  (c) => ({ name: "set", values: ["one", "two", ...c.some(["it's", "größe", "b\\s"], 0, 2)] }),
  (c) => ({ name: "timestamp", ...fraction(c) }),
  (c) => ({ name: "timestamp", tz: true, ...fraction(c) }),
  (c) => ({ name: "time", ...fraction(c) }),
  plain({ name: "year" }),
  (c) => ({ name: "bit", length: c.one([1, 8]) }),
  (c) => ({ name: "numeric", precision: 8, scale: 3, unsigned: c.chance(50) }),
  (c) => ({ name: "varchar", length: length(c), charset: "latin1" }),
  plain({ name: "float" }),
  raw("point"),
];

const SQLITE: readonly Make[] = [
  raw("WEIRD TYPE"),
  raw(""),
  raw("INT"),
  raw("NVARCHAR(20)"),
  (c) => ({ name: "enum", values: enumValues(c) }),
];

const STRICT: readonly Make[] = [
  plain({ name: "integer" }),
  plain({ name: "text" }),
  plain({ name: "real" }),
  plain({ name: "blob" }),
  raw("ANY"),
  raw("INT"),
];

function enumOf(choices: Choices, enums: readonly EnumType[]): ColumnType | undefined {
  const found = choices.pick(enums);
  return found === undefined ? undefined : enumType(found);
}

/** The column type of a named enum. */
export function enumType(found: EnumType): ColumnType {
  return {
    name: "enum",
    values: found.values,
    enumName: found.name,
    ...(found.schema === undefined ? {} : { schema: found.schema }),
  };
}

function withoutUndefined(type: ColumnType): ColumnType {
  if (type.name === "numeric" && type.unsigned === false) {
    const { unsigned: _, ...rest } = type;
    return rest;
  }
  return type;
}

/** Any type of a database. */
export function someType(
  choices: Choices,
  kind: Kind,
  enums: readonly EnumType[],
  strict = false,
): ColumnType {
  if (strict) return (choices.pick(STRICT) ?? plain({ name: "integer" }))(choices, enums);
  const own = kind === "postgresql" ? POSTGRESQL : kind === "sqlite" ? SQLITE : MYSQL;
  const make = choices.pick([...COMMON, ...own]) ?? plain({ name: "integer" });
  return withoutUndefined(make(choices, enums));
}

const FAMILIES: Partial<Record<ColumnType["name"], Family>> = {
  tinyint: "int",
  smallint: "int",
  mediumint: "int",
  integer: "int",
  bigint: "int",
  numeric: "decimal",
  real: "float",
  float: "float",
  double: "float",
  boolean: "bool",
  char: "string",
  varchar: "string",
  text: "string",
  tinytext: "string",
  mediumtext: "string",
  longtext: "string",
  binary: "binary",
  varbinary: "binary",
  blob: "binary",
  tinyblob: "binary",
  mediumblob: "binary",
  longblob: "binary",
  bit: "bit",
  varbit: "bit",
  date: "date",
  interval: "interval",
  uuid: "uuid",
  json: "json",
  jsonb: "json",
  enum: "enum",
  set: "set",
  array: "array",
};

export function familyOf(type: ColumnType): Family {
  if (type.name === "time") return "time";
  if (type.name === "timestamp") return type.tz === true ? "timestamptz" : "timestamp";
  if (type.name === "raw" && type.sql === "int4range") return "range";
  if (type.name === "raw" && type.sql === "INT") return "int";
  if (type.name === "raw" && type.sql.startsWith("NVARCHAR")) return "string";
  return FAMILIES[type.name] ?? "other";
}

const LONG: ReadonlySet<string> = new Set([
  "text",
  "tinytext",
  "mediumtext",
  "longtext",
  "blob",
  "tinyblob",
  "mediumblob",
  "longblob",
  "json",
]);
const UNKEYED: ReadonlySet<string> = new Set(["point", "xml"]);

/** How much of a column an index of a prefix may take: the whole of a short one, and of a text some of it. */
export function longestPrefix(type: ColumnType): number {
  if ("length" in type && type.length !== undefined) return type.length;
  return type.name === "char" ? 1 : 100;
}

/** True when a plain index, a unique constraint or a key may hold the column. */
export function isKeyable(kind: Kind, type: ColumnType): boolean {
  if (type.name === "raw" && UNKEYED.has(type.sql)) return false;
  if (kind === "postgresql") return type.name !== "json";
  if (!isMysql(kind)) return true;
  if (LONG.has(type.name)) return false;
  return !("length" in type) || (type.length ?? 0) <= 64;
}
