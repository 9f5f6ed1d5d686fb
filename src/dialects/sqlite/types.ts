import type { RawValue } from "../contract.ts";
import type { ColumnType, TypeName } from "../../schema/types.ts";
import { tokenize } from "./tokens.ts";

function sized(word: string, length: number | undefined): string {
  return length === undefined ? word : `${word}(${length})`;
}

function scaled(word: string, precision: number | undefined, scale: number | undefined): string {
  if (precision === undefined) return word;
  return scale === undefined ? `${word}(${precision})` : `${word}(${precision}, ${scale})`;
}

type TypeOf<N extends TypeName> = ColumnType & { readonly name: N };
type Compilers = { readonly [N in TypeName]: (type: TypeOf<N>) => string };

/**
 * The spellings. Chosen by affinity (https://sqlite.org/datatype3.html): what must stay text as it was
 * written (intervals, bits) may not be called by a word that makes numbers of it.
 */
const SPELLINGS: Compilers = {
  tinyint: () => "TINYINT",
  smallint: () => "SMALLINT",
  mediumint: () => "MEDIUMINT",
  integer: () => "INTEGER",
  bigint: () => "BIGINT",
  numeric: ({ precision, scale }) => scaled("NUMERIC", precision, scale),
  real: () => "REAL",
  float: ({ precision }) => sized("FLOAT", precision),
  double: () => "DOUBLE",
  boolean: () => "BOOLEAN",
  char: ({ length }) => sized("CHAR", length),
  varchar: ({ length }) => sized("VARCHAR", length),
  text: () => "TEXT",
  tinytext: () => "TEXT",
  mediumtext: () => "TEXT",
  longtext: () => "TEXT",
  binary: ({ length }) => sized("BINARY", length),
  varbinary: ({ length }) => sized("VARBINARY", length),
  blob: () => "BLOB",
  tinyblob: () => "BLOB",
  mediumblob: () => "BLOB",
  longblob: () => "BLOB",
  bit: ({ length }) => sized("CHAR", length),
  varbit: ({ length }) => sized("VARCHAR", length),
  date: () => "DATE",
  year: () => "INTEGER",
  time: () => "TIME",
  timestamp: () => "DATETIME",
  interval: () => "TEXT",
  uuid: () => "CHAR(36)",
  json: () => "JSON",
  jsonb: () => "JSONB",
  enum: () => "TEXT",
  set: () => "TEXT",
  array: () => "JSON",
  raw: ({ sql }) => sql,
};

type StrictWord = "INTEGER" | "REAL" | "TEXT" | "BLOB";
/** A STRICT table takes six words only; decimals are text there, so that no digit is lost. */
const STRICT: { readonly [N in Exclude<TypeName, "raw">]: StrictWord } = {
  tinyint: "INTEGER",
  smallint: "INTEGER",
  mediumint: "INTEGER",
  integer: "INTEGER",
  bigint: "INTEGER",
  numeric: "TEXT",
  real: "REAL",
  float: "REAL",
  double: "REAL",
  boolean: "INTEGER",
  char: "TEXT",
  varchar: "TEXT",
  text: "TEXT",
  tinytext: "TEXT",
  mediumtext: "TEXT",
  longtext: "TEXT",
  binary: "BLOB",
  varbinary: "BLOB",
  blob: "BLOB",
  tinyblob: "BLOB",
  mediumblob: "BLOB",
  longblob: "BLOB",
  bit: "TEXT",
  varbit: "TEXT",
  date: "TEXT",
  year: "INTEGER",
  time: "TEXT",
  timestamp: "TEXT",
  interval: "TEXT",
  uuid: "TEXT",
  json: "TEXT",
  jsonb: "BLOB",
  enum: "TEXT",
  set: "TEXT",
  array: "TEXT",
};

function spell<N extends TypeName>(
  compilers: { readonly [P in N]: (type: TypeOf<P>) => string },
  type: TypeOf<N>,
): string {
  return compilers[type.name](type);
}

/** The type as it stands in `CREATE TABLE`. */
export function compileType(type: ColumnType, strict = false): string {
  if (strict && type.name !== "raw") return STRICT[type.name];
  return spell(SPELLINGS, type);
}

/** Type text with one spelling of white space, in the case it was written in. */
export function foldType(text: string): string {
  const tokens = tokenize(text);
  return tokens
    .map((token, at) => {
      const before = tokens[at - 1];
      const joined =
        before === undefined ||
        token.text === ")" ||
        token.text === "," ||
        token.text === "(" ||
        before.text === "(" ||
        /^[-+]$/.test(before.text);
      return joined ? token.text : ` ${token.text}`;
    })
    .join("");
}

const WORDS: ReadonlyMap<string, ColumnType> = new Map<string, ColumnType>([
  ["TINYINT", { name: "tinyint" }],
  ["SMALLINT", { name: "smallint" }],
  ["MEDIUMINT", { name: "mediumint" }],
  ["INTEGER", { name: "integer" }],
  ["BIGINT", { name: "bigint" }],
  ["NUMERIC", { name: "numeric" }],
  ["REAL", { name: "real" }],
  ["FLOAT", { name: "float" }],
  ["DOUBLE", { name: "double" }],
  ["BOOLEAN", { name: "boolean" }],
  ["CHAR", { name: "char" }],
  ["VARCHAR", { name: "varchar" }],
  ["TEXT", { name: "text" }],
  ["BINARY", { name: "binary" }],
  ["VARBINARY", { name: "varbinary" }],
  ["BLOB", { name: "blob" }],
  ["DATE", { name: "date" }],
  ["TIME", { name: "time" }],
  ["DATETIME", { name: "timestamp" }],
  ["JSON", { name: "json" }],
  ["JSONB", { name: "jsonb" }],
]);

/** The type that a spelling means; what {@link compileType} would not spell so again is `raw`. */
export function parseType(text: string): ColumnType {
  const folded = foldType(text);
  const [, word = "", first, second] =
    /^([A-Z]+)(?:\((\d+)(?:, (\d+))?\))?$/.exec(folded.toUpperCase()) ?? [];
  const plain = WORDS.get(word);
  const candidates = plain === undefined ? [] : [plain, withNumbers(plain, first, second)];
  const found = candidates.find((type) => compileType(type) === folded.toUpperCase());
  return found ?? { name: "raw", sql: folded };
}

function withNumbers(
  type: ColumnType,
  first: string | undefined,
  second: string | undefined,
): ColumnType {
  if (first === undefined) return type;
  if (type.name === "numeric")
    return {
      ...type,
      precision: Number(first),
      ...(second === undefined ? {} : { scale: Number(second) }),
    };
  if (type.name === "float") return { ...type, precision: Number(first) };
  const takesLength =
    type.name === "char" ||
    type.name === "varchar" ||
    type.name === "binary" ||
    type.name === "varbinary";
  return takesLength ? { ...type, length: Number(first) } : type;
}

/** By affinity, as far as it tells; a point has that of numbers by chance. */
export function rawValue(spelling: string): RawValue | undefined {
  const isReal = /real|floa|doub/i.test(spelling);
  if (/int/i.test(spelling) && (isReal || !/point/i.test(spelling))) return "number";
  if (/char|clob|text/i.test(spelling)) return "string";
  return isReal && !/blob/i.test(spelling) ? "number" : undefined;
}
