import { hasCharset } from "./charset.ts";
import { isLarge } from "./compile-column.ts";
import { currentTimestamp } from "./now.ts";
import { tokenize, unquote, unwrap, withoutIntroducers, wrap } from "./tokens.ts";
import type { Flavor } from "./flavor.ts";
import type { ColumnType, ServerDefault } from "../../schema/types.ts";
import { text } from "../../schema/expression.ts";
import { compileType } from "./types.ts";
import { expressionSql } from "./quote.ts";

const NUMERIC: ReadonlySet<ColumnType["name"]> = new Set([
  "tinyint",
  "smallint",
  "mediumint",
  "integer",
  "bigint",
  "boolean",
]);

/** A whole number in the smallest TypeScript type that holds it. */
function whole(value: bigint): number | bigint {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value;
}

function toInteger(value: string | number | bigint | boolean): number | bigint | string {
  if (typeof value === "boolean") return Number(value);
  const trimmed = String(value).trim();
  return /^[+-]?\d+(?:\.0*)?$/.test(trimmed)
    ? whole(BigInt(trimmed.replace(/\..*/, "").replace("+", "")))
    : trimmed;
}

/** `1` in a `numeric(10,2)` is `1.00`. Digits that would have to be rounded are the server's business. */
function toDecimal(value: string, scale: number): string {
  const match =
    /^([+-]?)0*(\d+)(?:\.(\d*))?$/.exec(value.trim()) ??
    /^([+-]?)0*(\d*)\.(\d+)$/.exec(value.trim());
  if (match === null) return value;
  const [, sign = "", whole = "", fraction = ""] = match;
  const kept = fraction.slice(0, scale).padEnd(scale, "0");
  if (/[1-9]/.test(fraction.slice(scale))) return value;
  return `${sign === "-" ? "-" : ""}${whole === "" ? "0" : whole}${scale === 0 ? "" : `.${kept}`}`;
}

function toTemporal(value: string, type: ColumnType & { readonly precision?: number }): string {
  const match = /^(\d{4}-\d\d-\d\d)?(?:[ T]?(\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?)?$/.exec(value);
  const [, date, time, fraction = ""] = match ?? [];
  if (match === null || (date === undefined) !== (type.name === "time")) return value;
  const digits = type.precision ?? 0;
  if (/[1-9]/.test(fraction.slice(digits))) return value;
  const clock = `${time ?? "00:00:00"}${digits === 0 ? "" : `.${fraction.slice(0, digits).padEnd(digits, "0")}`}`;
  return date === undefined ? clock : `${date} ${clock}`;
}

const PRINTABLE = /^[\x20-\x7e]*$/;

/** Bytes as text where they are printable ASCII, else as a hexadecimal literal. */
export function bytesDefault(bytes: Uint8Array): ServerDefault {
  const ascii = Buffer.from(bytes).toString("latin1");
  return PRINTABLE.test(ascii)
    ? { value: ascii }
    : { expression: text(`0x${Buffer.from(bytes).toString("hex").toUpperCase()}`) };
}

/** The catalogs of both servers keep three-byte UTF-8 only: what lies beyond becomes `?` in comments and the values of enums. */
export function storable(given: string): string {
  return given.replace(/[\u{10000}-\u{10ffff}]/gu, "?");
}

function isList(type: ColumnType): boolean {
  return type.name === "enum" || type.name === "set";
}

/** A value as the column keeps it. */
export function typedValue(
  value: string | number | bigint | boolean,
  type: ColumnType,
): ServerDefault {
  if (NUMERIC.has(type.name)) {
    const number = toInteger(value);
    if (type.name === "boolean" && (number === 0 || number === 1)) return { value: number === 1 };
    return { value: number };
  }
  const plain = typeof value === "boolean" ? String(Number(value)) : String(value);
  switch (type.name) {
    case "bit":
      return typeof value === "string" && !/^\d+$/.test(value)
        ? { value }
        : { expression: text(`b'${BigInt(value).toString(2)}'`) };
    case "numeric":
      return { value: toDecimal(plain, type.scale ?? 0) };
    case "float":
    case "double":
      return {
        value: plain.trim() !== "" && Number.isFinite(Number(plain)) ? Number(plain) : plain,
      };
    case "time":
    case "timestamp":
      return { value: toTemporal(plain, type) };
    case "binary":
      // the server pads to the length with zero bytes and shows them or not
      return bytesDefault(Buffer.from(plain.replace(/\0+$/, ""), "utf8"));
    case "varbinary":
      return bytesDefault(Buffer.from(plain, "utf8"));
    default:
      return { value: isList(type) ? storable(plain) : plain };
  }
}

/** The value of a literal; undefined when the SQL is more than a literal. */
function literalValue(sql: string): ServerDefault | null | undefined {
  const bare = withoutIntroducers(sql);
  const tokens = tokenize(bare);
  const [first, second] = tokens;
  if (tokens.length === 1 && first !== undefined) {
    if (first.kind === "string") return { value: unquote(bare.slice(first.start, first.end)) };
    if (first.kind === "number")
      return first.value.startsWith("0x")
        ? { expression: text(`0x${first.value.slice(2).toUpperCase()}`) }
        : { value: first.value };
    if (/^true$/i.test(first.value)) return { value: true };
    if (/^false$/i.test(first.value)) return { value: false };
    return /^null$/i.test(first.value) && first.kind === "word" ? null : undefined;
  }
  if (tokens.length !== 2 || first === undefined || second === undefined) return undefined;
  if (first.value === "-" && second.kind === "number") return { value: `-${second.value}` };
  if (first.kind !== "word" || second.kind !== "string" || first.end !== second.start)
    return undefined;
  if (/^b$/i.test(first.value))
    return { expression: text(`b'${second.value.replace(/^0+(?=.)/, "")}'`) };
  return /^x$/i.test(first.value)
    ? { expression: text(`0x${second.value.toUpperCase()}`) }
    : undefined;
}

function fromHex(sql: string): Uint8Array | undefined {
  const digits = /^0x([0-9a-f]*)$/i.exec(sql)?.[1];
  return digits === undefined ? undefined : Buffer.from(digits, "hex");
}

/**
 * A default in its one form: literals are values of the column's type, CURRENT_TIMESTAMP has one
 * spelling, everything else is text. `(1)` stays an expression on MySQL, whose catalog tells it from `1`.
 */
export function canonicalDefault(
  given: ServerDefault,
  type: ColumnType,
  flavor: Flavor,
): ServerDefault | undefined {
  if ("value" in given) return typedValue(given.value, type);
  const sql = expressionSql(given.expression, flavor).trim();
  const now = currentTimestamp(sql);
  if (now !== undefined && type.name === "timestamp") {
    const digits = type.precision ?? 0;
    return {
      expression: text(
        now === "CURRENT_TIMESTAMP" && digits > 0 && !flavor.mariadb
          ? `${now}(${String(digits)})`
          : now,
      ),
    };
  }
  const keepsWrapped = !flavor.mariadb && !isLarge(compileType(type, flavor));
  const found = literalValue(keepsWrapped ? sql : unwrap(sql));
  if (found === null) return undefined;
  if (found === undefined) return { expression: text(keepsWrapped ? wrap(sql) : unwrap(sql)) };
  if ("value" in found) return typedValue(found.value, type);
  const hex = fromHex(expressionSql(found.expression, flavor));
  if (hex !== undefined && hasCharset(type))
    return typedValue(Buffer.from(hex).toString("utf8"), type);
  const bytes = type.name === "binary" || type.name === "varbinary" ? hex : undefined;
  return bytes === undefined
    ? found
    : bytesDefault(type.name === "binary" ? trimZeros(bytes) : bytes);
}

/** BINARY(n) is padded with zero bytes: they say nothing. */
export function trimZeros(bytes: Uint8Array): Uint8Array {
  let { length } = bytes;
  while (length > 0 && bytes[length - 1] === 0) length -= 1;
  return bytes.subarray(0, length);
}

const ESCAPED: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  "0": "\0",
  Z: "\x1a",
  t: "\t",
};

/** MySQL takes the bytes of an expression for Latin-1 and encodes them as UTF-8 once more. */
function decodedOnce(sql: string): string {
  // oxlint-disable-next-line no-control-regex -- the range of bytes
  if (!/[\x80-\xff]/.test(sql) || /[^\0-\xff]/.test(sql)) return sql;
  const decoded = Buffer.from(sql, "latin1").toString("utf8");
  return decoded.includes("\ufffd") ? sql : decoded;
}

/** MySQL's information_schema shows expressions with their quotes and backslashes escaped once more. */
export function unescapeCatalog(sql: string): string {
  return decodedOnce(sql).replace(
    /\\([\s\S])/g,
    (_, character: string) => ESCAPED[character] ?? character,
  );
}

/** The default of a column as the catalog has it. */
export function catalogDefault(
  value: string | undefined,
  extra: string,
  type: ColumnType,
  flavor: Flavor,
): ServerDefault | undefined {
  if (value === undefined) return undefined;
  if (flavor.mariadb) return canonicalDefault({ expression: text(value) }, type, flavor);
  if (/\bDEFAULT_GENERATED\b/i.test(extra)) {
    const sql = unescapeCatalog(value);
    const isNow = currentTimestamp(sql) !== undefined && type.name === "timestamp";
    return canonicalDefault({ expression: text(isNow ? sql : `(${sql})`) }, type, flavor);
  }
  if (type.name === "bit") return canonicalDefault({ expression: text(value) }, type, flavor);
  const bytes = type.name === "binary" || type.name === "varbinary" ? fromHex(value) : undefined;
  return bytes === undefined
    ? typedValue(value, type)
    : bytesDefault(type.name === "binary" ? trimZeros(bytes) : bytes);
}
