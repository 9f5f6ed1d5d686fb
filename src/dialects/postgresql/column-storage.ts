import { optionsOf } from "./options.ts";
import { maybeText, texts } from "./rows.ts";
import { quote, quoteTable } from "./spelling.ts";
import { compileType } from "./types.ts";
import type { Row } from "../contract.ts";
import type { Column, ColumnType, Options, TableName } from "../../schema/types.ts";

/**
 * How the server keeps and samples the values of a column, as options of the column: `storage`, `compression`
 * (14), `statistics`, and the parameters `n_distinct` and `n_distinct_inherited`.
 *
 * @see https://www.postgresql.org/docs/current/sql-altertable.html
 */
const PARAMETERS = ["n_distinct", "n_distinct_inherited"];
const STORAGE: Readonly<Record<string, string>> = {
  p: "plain",
  e: "external",
  m: "main",
  x: "extended",
};
const COMPRESSION: Readonly<Record<string, string>> = { p: "pglz", l: "lz4" };

/** The columns of a query of `pg_attribute a` and its type `t` that {@link storageOptions} reads. */
export function storageColumns(versionNumber: number): string {
  const compression = versionNumber >= 140000 ? "NULLIF(a.attcompression::text, '')" : "NULL";
  return `CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage::text END AS storage, ${compression} AS compression,
  CASE WHEN a.attstattarget >= 0 THEN a.attstattarget::text END AS statistics, a.attoptions AS parameters`;
}

/** What a column's row says of it; empty where all is as the type has it. */
export function storageOptions(row: Row): Options {
  const [storage, compression, statistics] = ["storage", "compression", "statistics"].map((key) =>
    maybeText(row, key),
  );
  return storageOf({
    ...(storage === undefined ? {} : { storage: STORAGE[storage] ?? storage }),
    ...(compression === undefined ? {} : { compression: COMPRESSION[compression] ?? compression }),
    ...(statistics === undefined ? {} : { statistics: Number(statistics) }),
    ...optionsOf(texts(row, "parameters")),
  });
}

const MAIN = /^(?:numeric|inet|cidr)\b/;
const PLAIN =
  /^(?:smallint|integer|bigint|boolean|real|double precision|date|time|timestamp|interval|uuid|money|oid|"?char"?$|name|macaddr8?|point|lseg|box|line|circle|tid|xid8?|pg_lsn)\b/;

/** The storage of a type; of one that is not the server's own, the most usual. */
function defaultStorage(type: ColumnType): string {
  const name = compileType(type);
  if (name.endsWith("]")) return "extended";
  return MAIN.test(name) ? "main" : PLAIN.test(name) ? "plain" : "extended";
}

/** The options of these kinds among others, in one spelling; what the type has anyway is left out. */
export function storageOf(options: Options | undefined, type?: ColumnType): Options {
  const { storage, compression, statistics, ...others } = options ?? {};
  const word = (value: Options[string] | undefined): string => String(value ?? "").toLowerCase();
  const isSaid = (value: string, usual: string | undefined): boolean =>
    value !== "" && value !== "default" && value !== usual;
  return {
    ...(isSaid(word(storage), type && defaultStorage(type)) ? { storage: word(storage) } : {}),
    ...(isSaid(word(compression), undefined) ? { compression: word(compression) } : {}),
    ...(statistics === undefined || Number(statistics) < 0
      ? {}
      : { statistics: Number(statistics) }),
    ...Object.fromEntries(Object.entries(others).filter(([key]) => PARAMETERS.includes(key))),
  };
}

function actions(from: Options, { name, type, options }: Column): readonly string[] {
  const to = storageOf(options);
  const alter = `ALTER COLUMN ${quote(name)}`;
  const isChanged = (key: string): boolean => from[key] !== to[key];
  const set = PARAMETERS.filter((key) => to[key] !== undefined && isChanged(key));
  const reset = PARAMETERS.filter((key) => to[key] === undefined && isChanged(key));
  return [
    ...(isChanged("storage")
      ? [`${alter} SET STORAGE ${String(to["storage"] ?? defaultStorage(type)).toUpperCase()}`]
      : []),
    ...(isChanged("compression")
      ? [`${alter} SET COMPRESSION ${String(to["compression"] ?? "default")}`]
      : []),
    ...(isChanged("statistics")
      ? [`${alter} SET STATISTICS ${String(to["statistics"] ?? -1)}`]
      : []),
    ...(set.length === 0
      ? []
      : [`${alter} SET (${set.map((key) => `${key} = ${String(to[key])}`).join(", ")})`]),
    ...(reset.length === 0 ? [] : [`${alter} RESET (${reset.join(", ")})`]),
  ];
}

/**
 * The statement that gives columns their storage; none where there is nothing to say.
 *
 * @param before what each of them has
 */
export function setStorage(
  table: TableName,
  columns: readonly Column[],
  before: (column: Column) => Options = () => ({}),
): readonly string[] {
  const parts = columns.flatMap((column) => actions(before(column), column));
  return parts.length === 0 ? [] : [`ALTER TABLE ${quoteTable(table)} ${parts.join(", ")}`];
}

/** What is left of a column's storage when its type has changed: the server takes the new type's. */
export function storageAfterRetyping(options: Options | undefined): Options {
  const { storage: _storage, compression: _compression, ...kept } = storageOf(options);
  return kept;
}
