import { checkName, quote } from "./spelling.ts";
import type { RawValue } from "../contract.ts";
import type { ColumnType, TypeName } from "../../schema/types.ts";

type Compile = {
  readonly [N in TypeName]: (type: Extract<ColumnType, { readonly name: N }>) => string;
};

const sized = (word: string, length: number | undefined): string =>
  length === undefined ? word : `${word}(${String(length)})`;
const zoned = (word: string, { precision, tz }: { precision?: number; tz?: boolean }): string =>
  `${sized(word, precision)}${tz === true ? " with time zone" : ""}`;

const BYTES = (): string => "bytea";
const TEXT = (): string => "text";

const COMPILE: Compile = {
  tinyint: () => "smallint",
  smallint: () => "smallint",
  mediumint: () => "integer",
  integer: () => "integer",
  bigint: () => "bigint",
  numeric: ({ precision, scale }) => {
    if (precision === undefined) return "numeric";
    return scale === undefined || scale === 0
      ? sized("numeric", precision)
      : `numeric(${String(precision)},${String(scale)})`;
  },
  real: () => "real",
  // the server itself reads float(1) to float(24) as real
  float: ({ precision }) =>
    precision !== undefined && precision <= 24 ? "real" : "double precision",
  double: () => "double precision",
  boolean: () => "boolean",
  char: ({ length }) => sized("char", length ?? 1),
  varchar: ({ length }) => sized("varchar", length),
  text: TEXT,
  tinytext: TEXT,
  mediumtext: TEXT,
  longtext: TEXT,
  binary: BYTES,
  varbinary: BYTES,
  blob: BYTES,
  tinyblob: BYTES,
  mediumblob: BYTES,
  longblob: BYTES,
  bit: ({ length }) => sized("bit", length ?? 1),
  varbit: ({ length }) => sized("bit varying", length),
  date: () => "date",
  year: () => "smallint",
  time: (type) => zoned("time", type),
  timestamp: (type) => zoned("timestamp", type),
  interval: ({ fields, precision }) => {
    const words = fields === undefined ? "interval" : `interval ${fields.toLowerCase()}`;
    // a precision stands behind the seconds: interval day to second(3)
    return sized(words, precision);
  },
  uuid: () => "uuid",
  json: () => "json",
  jsonb: () => "jsonb",
  enum: ({ enumName, schema }) => {
    if (enumName === undefined) return "text";
    return schema === undefined ? quote(checkName(enumName)) : quote(schema, enumName);
  },
  set: TEXT,
  array: ({ element }) => `${compileType(element)}[]`,
  raw: ({ sql }) => sql,
};

function compileBy<N extends TypeName>(
  table: { readonly [P in N]: (type: Extract<ColumnType, { readonly name: P }>) => string },
  type: Extract<ColumnType, { readonly name: N }>,
): string {
  const name: N = type.name;
  return table[name](type);
}

/** A column's type as SQL text. */
export function compileType(type: ColumnType): string {
  return compileBy<TypeName>(COMPILE, type);
}

/** Spellings of the catalog and of people, in lower case, to the one word. */
const PLAIN: Readonly<Record<string, ColumnType>> = {
  smallint: { name: "smallint" },
  int2: { name: "smallint" },
  integer: { name: "integer" },
  int: { name: "integer" },
  int4: { name: "integer" },
  bigint: { name: "bigint" },
  int8: { name: "bigint" },
  real: { name: "real" },
  float4: { name: "real" },
  "double precision": { name: "double" },
  float: { name: "double" },
  float8: { name: "double" },
  boolean: { name: "boolean" },
  bool: { name: "boolean" },
  text: { name: "text" },
  bytea: { name: "blob" },
  date: { name: "date" },
  uuid: { name: "uuid" },
  json: { name: "json" },
  jsonb: { name: "jsonb" },
};

type Sized = (length: number | undefined) => ColumnType;
const withLength =
  (name: "char" | "varchar" | "bit" | "varbit", implied?: number): Sized =>
  (given) => {
    const length = given ?? implied;
    return length === undefined ? { name } : { name, length };
  };

const SIZED: Readonly<Record<string, Sized>> = {
  character: withLength("char", 1),
  char: withLength("char", 1),
  "character varying": withLength("varchar"),
  varchar: withLength("varchar"),
  bit: withLength("bit", 1),
  "bit varying": withLength("varbit"),
  varbit: withLength("varbit"),
  float: (precision) => ({ name: (precision ?? 53) <= 24 ? "real" : "double" }),
};

const NUMERIC = /^(?:numeric|decimal)(?:\s*\(\s*(\d+)\s*(?:,\s*(-?\d+)\s*)?\))?$/;
const TIMED =
  /^(timestamptz|timetz|timestamp|time)(?:\s*\(\s*(\d)\s*\))?(?: (with|without) time zone)?$/;
const INTERVAL =
  /^interval(?: ((?:year|month|day|hour|minute|second)(?: to (?:month|hour|minute|second))?))?(?:\s*\(\s*(\d)\s*\))?$/;
const WITH_SIZE = /^([a-z][a-z ]*?)(?:\s*\(\s*(\d+)\s*\))?$/;

function numericOf(text: string): ColumnType | undefined {
  const [, precision, scale] = NUMERIC.exec(text) ?? [];
  if (!NUMERIC.test(text)) return undefined;
  return {
    name: "numeric",
    ...(precision === undefined ? {} : { precision: Number(precision) }),
    ...(scale === undefined || Number(scale) === 0 ? {} : { scale: Number(scale) }),
  };
}

function timeOf(text: string): ColumnType | undefined {
  const [, word, precision, zone] = TIMED.exec(text) ?? [];
  if (word === undefined) return undefined;
  const tz = word.endsWith("tz") || zone === "with";
  return {
    name: word.startsWith("timestamp") ? "timestamp" : "time",
    ...(tz ? { tz } : {}),
    // six digits are what the server keeps without a word
    ...(precision === undefined ? {} : { precision: Number(precision) }),
  };
}

function intervalOf(text: string): ColumnType | undefined {
  if (!INTERVAL.test(text)) return undefined;
  const [, fields, precision] = INTERVAL.exec(text) ?? [];
  return {
    name: "interval",
    ...(fields === undefined ? {} : { fields }),
    ...(precision === undefined ? {} : { precision: Number(precision) }),
  };
}

/** The element's spelling where the text is that of an array, of however many dimensions. */
export function elementText(text: string): string | undefined {
  const element =
    /^(.*?)(?:\s*\[\d*\])+$/s.exec(text)?.[1] ??
    /^(.*\S)\s+array(?:\s*\[\d*\])?$/is.exec(text)?.[1];
  return element === undefined || element === "" ? undefined : element;
}

/**
 * The type that SQL text names; text that is not one of the generic types is `raw`, as it stands.
 * Enums are not known by their spelling: the catalog tells them.
 */
export function parseType(sql: string): ColumnType {
  const text = sql.trim().replace(/\s+/g, " ");
  const element = elementText(text);
  if (element !== undefined) return { name: "array", element: parseType(element) };
  const lower = text.toLowerCase();
  const [, word, length] = WITH_SIZE.exec(lower) ?? [];
  const plain = PLAIN[lower];
  const sizedType = word === undefined ? undefined : SIZED[word];
  return (
    plain ??
    numericOf(lower) ??
    timeOf(lower) ??
    intervalOf(lower) ??
    sizedType?.(length === undefined ? undefined : Number(length)) ?? { name: "raw", sql: text }
  );
}

/** A model's type as the catalog would give it back, where its spelling alone tells. */
export function canonicalType(type: ColumnType): ColumnType {
  if (type.name === "array") {
    const element = canonicalType(type.element);
    return element.name === "array" ? element : { name: "array", element };
  }
  if (type.name === "enum" && type.enumName !== undefined) {
    const { values, enumName, schema } = type;
    return { name: "enum", values, enumName, ...(schema === undefined ? {} : { schema }) };
  }
  return parseType(compileType(type));
}

/** True where the spelling alone does not tell what the catalog will say. */
export function isUnknown(type: ColumnType): boolean {
  return type.name === "array" ? isUnknown(type.element) : type.name === "raw";
}

/** Integer types: what an identity column may have. */
export function isInteger(
  type: ColumnType,
): type is { readonly name: "smallint" | "integer" | "bigint" } {
  return type.name === "smallint" || type.name === "integer" || type.name === "bigint";
}

/** Types that node-postgres reads as text. https://node-postgres.com/features/types */
const TEXT_TYPES =
  /^(?:inet|cidr|macaddr8?|xml|tsvector|tsquery|money|pg_lsn|jsonpath|citext|ltree|lquery|box|line|lseg|path|polygon)$/;

/** What the driver gives for a type without a builder, where that is known. */
export function rawValue(spelling: string): RawValue | undefined {
  return TEXT_TYPES.test(spelling) ? "string" : undefined;
}
