import type { ColumnType, IntegerType } from "../../schema/types.ts";
import { stringLiteral } from "./quote.ts";
import { tokenize, unquote } from "./tokens.ts";
import type { Flavor } from "./flavor.ts";
import { RevlineError } from "../../errors.ts";

type Having<T, N> = T extends { readonly name: string } ? (N extends T["name"] ? T : never) : never;
type TypeOf<N extends ColumnType["name"]> = Having<ColumnType, N>;
type Compiler<N extends ColumnType["name"]> = (type: TypeOf<N>, flavor: Flavor) => string;

const INTEGERS: Readonly<
  Record<IntegerType["name"], { readonly word: string; readonly width: number }>
> = {
  tinyint: { word: "tinyint", width: 3 },
  smallint: { word: "smallint", width: 5 },
  mediumint: { word: "mediumint", width: 8 },
  integer: { word: "int", width: 10 },
  bigint: { word: "bigint", width: 20 },
};

function unsupported(what: string, flavor: Flavor, hint: string): RevlineError {
  return new RevlineError("unsupported", `${flavor.label} has no type ${what}.`, { hint });
}

function size(...sizes: readonly (number | undefined)[]): string {
  const given = sizes.filter((item) => item !== undefined);
  return given.length === 0 ? "" : `(${given.join(",")})`;
}

function sign(type: { readonly unsigned?: boolean; readonly zerofill?: boolean }): string {
  if (type.zerofill === true) return " unsigned zerofill";
  return type.unsigned === true ? " unsigned" : "";
}

/** The display width that an integer has by itself; a sign takes one place more, but for BIGINT. */
function ownWidth({ name, unsigned }: Pick<IntegerType, "name" | "unsigned">): number {
  return INTEGERS[name].width + (unsigned === true || name === "bigint" ? 0 : 1);
}

/**
 * Display widths mean nothing, except that `tinyint(1)` is how a boolean is told and ZEROFILL pads to it. MariaDB keeps
 * them, MySQL since 8.0.19 those two alone.
 */
function integer(type: IntegerType, { mariadb }: Flavor): string {
  const { word, width } = INTEGERS[type.name];
  if (type.zerofill === true) return `${word}(${String(type.width ?? width)})${sign(type)}`;
  const isKept =
    type.width !== undefined && (mariadb ? type.width !== ownWidth(type) : isBooleans(type));
  return word + (isKept ? `(${String(type.width)})` : "") + sign(type);
}

function isBooleans({ name, width, unsigned }: IntegerType): boolean {
  return name === "tinyint" && width === 1 && unsigned !== true;
}

function withLength(
  type: { readonly name: string; readonly length?: number },
  flavor: Flavor,
): string {
  if (type.length !== undefined) return `${type.name}(${String(type.length)})`;
  throw new RevlineError("model-invalid", `A ${type.name} needs a length on ${flavor.label}.`, {
    hint:
      type.name === "varchar"
        ? "Write t.varchar(255), or t.text() for text without a limit."
        : 'Write t.raw("varbinary(255)") with the length, or t.blob().',
  });
}

/** `text(n)` and `blob(n)` become the smallest of the four that holds n characters. */
function large(word: "text" | "blob", bytesEach: number) {
  return ({ length }: { readonly length?: number }): string => {
    if (length === undefined) return word;
    const bytes = length * bytesEach;
    if (bytes < 2 ** 8) return `tiny${word}`;
    if (bytes < 2 ** 16) return word;
    return bytes < 2 ** 24 ? `medium${word}` : `long${word}`;
  };
}

function members(word: "enum" | "set") {
  return ({ values }: { readonly values: readonly string[] }, flavor: Flavor): string => {
    if (values.length > 0) return `${word}(${values.map(stringLiteral).join(",")})`;
    throw new RevlineError(
      "model-invalid",
      `A column of type ${word} needs at least one value on ${flavor.label}.`,
      {
        hint: `Give the values: t.${word}(["a", "b"]).`,
      },
    );
  };
}

function temporal(word: string) {
  return ({ precision }: { readonly precision?: number }): string =>
    word + (precision === undefined || precision === 0 ? "" : size(precision));
}

function floating(type: TypeOf<"float" | "double">): string {
  // float(25) and more is a double: https://dev.mysql.com/doc/refman/8.4/en/floating-point-types.html
  const word =
    type.name === "float" && type.scale === undefined && (type.precision ?? 0) > 24
      ? "double"
      : type.name;
  return word + (type.scale === undefined ? "" : size(type.precision, type.scale)) + sign(type);
}

const compilers: { readonly [N in ColumnType["name"]]: Compiler<N> } = {
  tinyint: integer,
  smallint: integer,
  mediumint: integer,
  integer,
  bigint: integer,
  numeric: (type) =>
    `decimal(${String(type.precision ?? 10)},${String(type.scale ?? 0)})${sign(type)}`,
  real: () => "double",
  float: floating,
  double: floating,
  boolean: () => "tinyint(1)",
  char: (type) => `char(${String(type.length ?? 1)})`,
  varchar: withLength,
  text: (type) =>
    large("text", type.charset === undefined || type.charset.startsWith("utf8mb4") ? 4 : 1)(type),
  tinytext: () => "tinytext",
  mediumtext: () => "mediumtext",
  longtext: () => "longtext",
  binary: (type) => `binary(${String(type.length ?? 1)})`,
  varbinary: withLength,
  blob: large("blob", 1),
  tinyblob: () => "tinyblob",
  mediumblob: () => "mediumblob",
  longblob: () => "longblob",
  bit: (type) => `bit(${String(type.length ?? 1)})`,
  varbit: (_, flavor) => {
    throw unsupported("varbit", flavor, 'Use t.bit(64) or t.raw("varbinary(8)").');
  },
  date: () => "date",
  year: () => "year",
  time: (type, flavor) => {
    if (type.tz !== true) return temporal("time")(type);
    throw unsupported(
      "time with time zone",
      flavor,
      'Use t.time(), or give this database a type of its own with .variant("mysql", …).',
    );
  },
  timestamp: (type) => temporal(type.tz === true ? "timestamp" : "datetime")(type),
  interval: (_, flavor) => {
    throw unsupported(
      "interval",
      flavor,
      'Keep seconds in t.bigint(), or give this database a type of its own with .variant("mysql", …).',
    );
  },
  uuid: (_, flavor) => (flavor.uuidType ? "uuid" : "char(36)"),
  json: () => "json",
  jsonb: () => "json",
  enum: members("enum"),
  set: members("set"),
  array: (_, flavor) => {
    throw unsupported(
      "array",
      flavor,
      'Use t.json(), or give this database a type of its own with .variant("mysql", …).',
    );
  },
  raw: (type) => type.sql,
};

function compileRow<N extends ColumnType["name"]>(
  table: { readonly [P in N]: Compiler<P> },
  type: TypeOf<N> & { readonly name: N },
  flavor: Flavor,
): string {
  return table[type.name](type, flavor);
}

/**
 * A type as the server spells it. Generic types: boolean is `tinyint(1)`, timestamp is `datetime`, with
 * time zone `timestamp`, real is `double`, uuid is MariaDB's `uuid` (10.7) and `char(36)` elsewhere.
 *
 * @throws RevlineError unsupported, model-invalid
 */
export function compileType(type: ColumnType, flavor: Flavor): string {
  return compileRow(compilers, type, flavor);
}

type Parser = (found: Found) => ColumnType;
interface Found {
  readonly sizes: readonly number[];
  readonly flags: { readonly unsigned?: true; readonly zerofill?: true };
  readonly values: readonly string[];
}

function parseInteger(name: IntegerType["name"]): Parser {
  return ({ sizes: [width], flags }) => {
    if (flags.zerofill === true)
      return { name, unsigned: true, zerofill: true, width: width ?? INTEGERS[name].width };
    if (name === "tinyint" && width === 1 && flags.unsigned !== true) return { name: "boolean" };
    const isOwn = width === undefined || width === ownWidth({ name, ...flags });
    return { name, ...flags, ...(isOwn ? {} : { width }) };
  };
}

function sized<N extends "char" | "varchar" | "binary" | "varbinary" | "bit">(
  name: N,
  fallback?: number,
): Parser {
  return ({ sizes: [length = fallback] }) => (length === undefined ? { name } : { name, length });
}

function parseLarge(word: "text" | "blob"): Parser {
  const compile = large(word, word === "text" ? 4 : 1);
  return ({ sizes: [length] }) => {
    const fitting = length === undefined ? word : compile({ length });
    return PLAIN.get(fitting) ?? { name: word };
  };
}

function fractional(precision: number | undefined): { readonly precision?: number } {
  return precision === undefined || precision === 0 ? {} : { precision };
}

const plain =
  (type: ColumnType): Parser =>
  () =>
    type;
const parseDecimal: Parser = ({ sizes: [precision = 10, scale = 0], flags }) => ({
  name: "numeric",
  precision,
  ...(scale === 0 ? {} : { scale }),
  ...unsignedToo(flags),
});
const parseDouble: Parser = ({ sizes: [precision, scale], flags }) => ({
  name: "double",
  ...(precision === undefined || scale === undefined ? {} : { precision, scale }),
  ...unsignedToo(flags),
});
const parseFloat: Parser = (found) => {
  const [precision, scale] = found.sizes;
  if (precision !== undefined && scale === undefined && precision > 24)
    return parseDouble({ ...found, sizes: [] });
  return {
    name: "float",
    ...(precision === undefined || scale === undefined ? {} : { precision, scale }),
    ...unsignedToo(found.flags),
  };
};

function unsignedToo(flags: Found["flags"]): Found["flags"] {
  return flags.zerofill === true ? { unsigned: true, zerofill: true } : flags;
}

const PLAIN: ReadonlyMap<string, ColumnType> = new Map<string, ColumnType>([
  ["tinytext", { name: "tinytext" }],
  ["text", { name: "text" }],
  ["mediumtext", { name: "mediumtext" }],
  ["longtext", { name: "longtext" }],
  ["tinyblob", { name: "tinyblob" }],
  ["blob", { name: "blob" }],
  ["mediumblob", { name: "mediumblob" }],
  ["longblob", { name: "longblob" }],
]);

const parsers: Readonly<Record<string, Parser>> = {
  tinyint: parseInteger("tinyint"),
  smallint: parseInteger("smallint"),
  mediumint: parseInteger("mediumint"),
  int: parseInteger("integer"),
  integer: parseInteger("integer"),
  bigint: parseInteger("bigint"),
  bool: plain({ name: "boolean" }),
  boolean: plain({ name: "boolean" }),
  decimal: parseDecimal,
  numeric: parseDecimal,
  dec: parseDecimal,
  fixed: parseDecimal,
  float: parseFloat,
  double: parseDouble,
  "double precision": parseDouble,
  real: parseDouble,
  char: sized("char", 1),
  character: sized("char", 1),
  varchar: sized("varchar"),
  binary: sized("binary", 1),
  varbinary: sized("varbinary"),
  bit: sized("bit", 1),
  text: parseLarge("text"),
  blob: parseLarge("blob"),
  tinytext: plain({ name: "tinytext" }),
  mediumtext: plain({ name: "mediumtext" }),
  longtext: plain({ name: "longtext" }),
  tinyblob: plain({ name: "tinyblob" }),
  mediumblob: plain({ name: "mediumblob" }),
  longblob: plain({ name: "longblob" }),
  date: plain({ name: "date" }),
  year: plain({ name: "year" }),
  time: ({ sizes: [precision] }) => ({ name: "time", ...fractional(precision) }),
  datetime: ({ sizes: [precision] }) => ({ name: "timestamp", ...fractional(precision) }),
  timestamp: ({ sizes: [precision] }) => ({
    name: "timestamp",
    tz: true,
    ...fractional(precision),
  }),
  json: plain({ name: "json" }),
  uuid: plain({ name: "uuid" }),
  enum: ({ values }) => ({ name: "enum", values }),
  set: ({ values }) => ({ name: "set", values }),
};

const SHAPE =
  /^\s*(?<word>[a-z]+(?: precision)?)\s*(?:\((?<inside>(?:[^'")]|'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*")*)\))?(?<rest>[\sa-z]*)$/i;

/** A type from the server's (or a user's) spelling; what has no word of ours stays as it stands. */
export function parseType(sql: string): ColumnType {
  const raw: ColumnType = { name: "raw", sql: sql.trim().replace(/\s+/g, " ") };
  const { word, inside = "", rest = "" } = SHAPE.exec(sql)?.groups ?? {};
  const parse = word === undefined ? undefined : parsers[word.toLowerCase()];
  const flags = new Set(rest.toLowerCase().split(/\s+/).filter(Boolean));
  const known = ["unsigned", "zerofill", "signed"].filter((flag) => flags.delete(flag));
  if (parse === undefined || flags.size > 0) return raw;
  const tokens = tokenize(inside);
  return parse({
    sizes: tokens.filter((token) => token.kind === "number").map((token) => Number(token.value)),
    values: tokens
      .filter((token) => token.kind === "string")
      .map((token) => unquote(inside.slice(token.start, token.end))),
    flags: {
      ...(known.includes("unsigned") ? { unsigned: true } : {}),
      ...(known.includes("zerofill") ? { zerofill: true } : {}),
    },
  });
}

/** The one form that a type has: what the server would give back. */
export function canonicalType(type: ColumnType, flavor: Flavor): ColumnType {
  return parseType(compileType(type, flavor));
}
