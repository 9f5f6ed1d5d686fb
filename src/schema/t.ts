import { ColumnBuilder, DECLARATION, type AnyColumnBuilder, type Decimal } from "./column.ts";
import type { ColumnType, IntegerType } from "./types.ts";

interface IntegerOptions {
  readonly unsigned?: boolean;
  readonly zerofill?: boolean;
  readonly width?: number;
}
interface NumberOptions {
  readonly unsigned?: boolean;
  readonly zerofill?: boolean;
}
interface TimeOptions {
  readonly tz?: boolean;
  readonly precision?: number;
}
interface CharOptions {
  readonly charset?: string;
}

/** In a revision, where no `enumType` value is at hand: the named type that the column is of. */
interface EnumOptions {
  readonly enumName?: string;
  readonly schema?: string;
}

type NameOrOptions<O> = string | O;

/** Takes `(name)`, `(options)` or `(options, name)` apart. */
function optionsAndName<O extends object>(
  first: NameOrOptions<O> | undefined,
  name: string | undefined,
): { options: Partial<O>; name: string | undefined } {
  return typeof first === "string" ? { options: {}, name: first } : { options: first ?? {}, name };
}

function integer<T extends number | bigint>(word: IntegerType["name"]) {
  return (first?: NameOrOptions<IntegerOptions>, name?: string): ColumnBuilder<T> => {
    const given = optionsAndName(first, name);
    return ColumnBuilder.of<T>({ name: word, ...given.options }, given.name);
  };
}

function sized<T>(
  type: (size: { length?: number }, options: CharOptions) => ColumnType,
  args: readonly (number | NameOrOptions<CharOptions> | undefined)[],
): ColumnBuilder<T> {
  const [length, ...others] = args;
  const size = typeof length === "number" ? { length } : {};
  const [first, name] =
    others.length > 0 && (typeof length === "number" || length === undefined) ? others : args;
  const given = optionsAndName(
    isNumber(first) ? undefined : first,
    typeof name === "string" ? name : undefined,
  );
  return ColumnBuilder.of<T>(type(size, given.options), given.name);
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

function characters(word: "char" | "varchar" | "text") {
  return (
    length?: number | NameOrOptions<CharOptions>,
    options?: NameOrOptions<CharOptions>,
    name?: string,
  ): ColumnBuilder<string> =>
    sized<string>(
      (size, charset) => ({ name: word, ...size, ...charset }),
      [length, options, name],
    );
}

function bytes(word: "binary" | "varbinary" | "blob") {
  return (length?: number | string, name?: string): ColumnBuilder<Uint8Array> =>
    sized<Uint8Array>((size) => ({ name: word, ...size }), [length, name]);
}

function bits(word: "bit" | "varbit") {
  return (length?: number | string, name?: string): ColumnBuilder<string> =>
    sized<string>((size) => ({ name: word, ...size }), [length, name]);
}

function longText(word: "tinytext" | "mediumtext" | "longtext") {
  return (first?: NameOrOptions<CharOptions>, name?: string): ColumnBuilder<string> => {
    const given = optionsAndName(first, name);
    return ColumnBuilder.of<string>({ name: word, ...given.options }, given.name);
  };
}

function simple<T>(type: ColumnType) {
  return (name?: string): ColumnBuilder<T> => ColumnBuilder.of<T>(type, name);
}

function approximate(word: "float" | "double") {
  return (
    precision?: number | NameOrOptions<NumberOptions & { scale?: number }>,
    options?: NameOrOptions<NumberOptions & { scale?: number }>,
    name?: string,
  ): ColumnBuilder<number> => {
    const size = typeof precision === "number" ? { precision } : {};
    const given = optionsAndName(
      typeof precision === "number" ? options : precision,
      typeof options === "string" ? options : name,
    );
    return ColumnBuilder.of<number>({ name: word, ...size, ...given.options }, given.name);
  };
}

function temporal(word: "time" | "timestamp") {
  return <T extends Date | string>(
    first?: NameOrOptions<TimeOptions>,
    name?: string,
  ): ColumnBuilder<T> => {
    const given = optionsAndName(first, name);
    return ColumnBuilder.of<T>({ name: word, ...given.options }, given.name);
  };
}

function numeric(
  precision?: number | NameOrOptions<NumberOptions>,
  scale?: number | NameOrOptions<NumberOptions>,
  options?: NameOrOptions<NumberOptions>,
  name?: string,
): ColumnBuilder<string, Decimal> {
  const rest = [precision, scale, options, name].filter((argument) => typeof argument !== "number");
  const [first, last] = rest.filter((argument) => argument !== undefined);
  const given = optionsAndName<NumberOptions>(first, typeof last === "string" ? last : undefined);
  return ColumnBuilder.of<string, Decimal>(
    {
      name: "numeric",
      ...(typeof precision === "number" ? { precision } : {}),
      ...(typeof scale === "number" ? { scale } : {}),
      ...given.options,
    },
    given.name,
  );
}

/** The types of columns. Each takes its arguments, then the column's name where it is not the key. */
export const t = {
  tinyint: integer<number>("tinyint"),
  smallint: integer<number>("smallint"),
  mediumint: integer<number>("mediumint"),
  integer: integer<number>("integer"),
  /** In TypeScript a number by default; `.$as<bigint>()` for values past 2^53. */
  bigint: integer<number>("bigint"),
  /** Exact decimals; strings in TypeScript, so that no digit is lost. */
  numeric,
  decimal: numeric,
  real: simple<number>({ name: "real" }),
  float: approximate("float"),
  double: approximate("double"),
  boolean: simple<boolean>({ name: "boolean" }),
  char: characters("char"),
  varchar: characters("varchar"),
  text: characters("text"),
  tinytext: longText("tinytext"),
  mediumtext: longText("mediumtext"),
  longtext: longText("longtext"),
  binary: bytes("binary"),
  varbinary: bytes("varbinary"),
  blob: bytes("blob"),
  tinyblob: simple<Uint8Array>({ name: "tinyblob" }),
  mediumblob: simple<Uint8Array>({ name: "mediumblob" }),
  longblob: simple<Uint8Array>({ name: "longblob" }),
  bit: bits("bit"),
  varbit: bits("varbit"),
  date: simple<Date>({ name: "date" }),
  year: simple<number>({ name: "year" }),
  time: (first?: NameOrOptions<TimeOptions>, name?: string): ColumnBuilder<string> =>
    temporal("time")<string>(first, name),
  timestamp: (first?: NameOrOptions<TimeOptions>, name?: string): ColumnBuilder<Date> =>
    temporal("timestamp")<Date>(first, name),
  interval: (
    first?: NameOrOptions<{ fields?: string; precision?: number }>,
    name?: string,
  ): ColumnBuilder<string> => {
    const given = optionsAndName(first, name);
    return ColumnBuilder.of<string>({ name: "interval", ...given.options }, given.name);
  },
  uuid: simple<string>({ name: "uuid" }),
  json: <T = unknown>(name?: string): ColumnBuilder<T> =>
    ColumnBuilder.of<T>({ name: "json" }, name),
  jsonb: <T = unknown>(name?: string): ColumnBuilder<T> =>
    ColumnBuilder.of<T>({ name: "jsonb" }, name),
  /** An enum of this column alone (MySQL's ENUM, a check elsewhere is yours); for a named type see `enumType`. */
  enum: <const V extends readonly string[]>(
    values: V,
    first?: NameOrOptions<EnumOptions & CharOptions>,
    name?: string,
  ): ColumnBuilder<V[number]> => {
    const given = optionsAndName(first, name);
    return ColumnBuilder.of<V[number]>({ name: "enum", values, ...given.options }, given.name);
  },
  /** MySQL's SET. */
  set: (
    values: readonly string[],
    first?: NameOrOptions<CharOptions>,
    name?: string,
  ): ColumnBuilder<string> => {
    const given = optionsAndName(first, name);
    return ColumnBuilder.of<string>({ name: "set", values, ...given.options }, given.name);
  },
  /** PostgreSQL's arrays: `t.array(t.integer())`. */
  array: <T>(
    element: AnyColumnBuilder & { readonly $type?: T },
    name?: string,
  ): ColumnBuilder<T[]> =>
    ColumnBuilder.of<T[]>({ name: "array", element: elementType(element) }, name),
  /** The database's own spelling, for anything else. */
  raw: <T = unknown>(spelling: string, name?: string): ColumnBuilder<T> =>
    ColumnBuilder.of<T>({ name: "raw", sql: spelling }, name),
};

function elementType(element: AnyColumnBuilder): ColumnType {
  return element[DECLARATION].column.type;
}
