import type { Connection, ReflectFilter, Row } from "../contract.ts";
import type { Index, MetaData, SkippedObject, Table } from "../../schema/types.ts";
import { createIndex } from "./compile.ts";
import { NotUnderstood } from "./cursor.ts";
import { parseDefault } from "./default.ts";
import { parseIndex } from "./parse-index.ts";
import { parseTable, type ParsedTable } from "./parse-table.ts";
import { fold } from "./names.ts";
import { literal } from "./spelling.ts";
import { STATISTICS } from "./statistics.ts";
import { rememberSource } from "./source.ts";
import {
  isOutdated,
  keyOf,
  resolveParsed,
  tableFrom,
  type FindParent,
  type Parent,
} from "./table-from.ts";
import { parseType } from "./types.ts";

interface CatalogEntry {
  readonly type: string;
  readonly name: string;
  readonly table: string;
  readonly sql: string | null;
}

interface CatalogColumn {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  readonly default: string | null;
  readonly key: number;
  /** 1 hidden, 2 generated, 3 generated and stored. */
  readonly hidden: number;
}

const ENTRIES = `SELECT type, name, tbl_name AS "table", sql FROM sqlite_schema
  WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' OR name IN (${STATISTICS.map(literal).join(", ")}) ORDER BY rowid`;
/** SQLite 3.37; before, shadow tables are told by their names. */
const KINDS =
  "SELECT name, type FROM pragma_table_list WHERE schema = 'main' AND type IN ('virtual', 'shadow')";
const KINDS_BEFORE_3_37 = `SELECT s.name, 'shadow' AS type FROM sqlite_schema s JOIN sqlite_schema v
  ON v.sql LIKE 'create virtual%' AND s.type = 'table' AND substr(s.name, 1, length(v.name) + 1) = v.name || '_'`;
const COLUMNS = `SELECT m.name AS "table", c.name, c.type, c."notnull", c.dflt_value, c.pk, c.hidden
  FROM sqlite_schema m JOIN pragma_table_xinfo(m.name) c
  WHERE m.type = 'table' AND m.name IN (SELECT value FROM json_each(?)) ORDER BY m.name, c.cid`;

function entryOf(row: Row): CatalogEntry {
  const { type, name, table, sql } = row;
  return {
    type: String(type),
    name: String(name),
    table: String(table),
    sql: sql === null ? null : String(sql),
  };
}

function columnOf(row: Row): CatalogColumn {
  const { name, type, notnull, dflt_value, pk, hidden } = row;
  return {
    name: String(name),
    type: String(type),
    notNull: notnull === 1,
    default: dflt_value === null ? null : String(dflt_value),
    key: Number(pk),
    hidden: Number(hidden),
  };
}

type Understood<T> = { readonly value: T } | { readonly problem: string };

function understand<T>(parse: () => T): Understood<T> {
  try {
    return { value: parse() };
  } catch (error) {
    if (error instanceof NotUnderstood) return { problem: error.message };
    throw error;
  }
}

/** Whether the parser and SQLite read the same: a guard against anything the parser might miss. */
function agrees(parsed: ParsedTable, columns: readonly CatalogColumn[]): boolean {
  return (
    parsed.columns.length === columns.length &&
    parsed.columns.every(({ name, clauses }, at) => {
      const column = columns[at];
      const computed = clauses.find((clause) => clause.computed !== undefined)?.computed;
      const hidden = computed === undefined ? 0 : computed.stored ? 3 : 2;
      const notNull = clauses.some((clause) => clause.notNull);
      return (
        column !== undefined &&
        column.name === name &&
        column.hidden === hidden &&
        (column.notNull === notNull || column.key > 0)
      );
    }) &&
    keyOf(parsed).length === columns.filter(({ key }) => key > 0).length
  );
}

/** What the catalog says of a table whose text is not understood: enough to be seen, not to be changed. */
function bareTable(name: string, columns: readonly CatalogColumn[]): Table {
  const key = columns.filter((column) => column.key > 0).toSorted((a, b) => a.key - b.key);
  return {
    name,
    columns: columns.map((column) => {
      const type = parseType(column.type);
      const given = column.default === null ? {} : { default: parseDefault(column.default, type) };
      return { name: column.name, type, nullable: !column.notNull && column.key === 0, ...given };
    }),
    constraints:
      key.length === 0 ? [] : [{ kind: "primaryKey", columns: key.map((column) => column.name) }],
    indexes: [],
  };
}

const REASONS: Readonly<Record<string, string>> = {
  view: "views are kept and not compared",
  trigger: "triggers are kept and not compared",
  "virtual table": "virtual tables are kept and not compared",
  "shadow table": "it belongs to a virtual table",
};

function skippedOf(entry: CatalogEntry, kind: string): SkippedObject {
  return {
    kind,
    name: entry.name,
    ...(kind === "trigger" ? { table: entry.table } : {}),
    reason: REASONS[kind] ?? "it is not modelled",
    ...(entry.sql === null ? {} : { definition: entry.sql }),
  };
}

/** The catalog as it was read; every question after that is answered in memory. */
class Catalog {
  readonly entries: readonly CatalogEntry[];
  readonly statistics: readonly string[];
  readonly #kinds: ReadonlyMap<string, string>;
  readonly #parsed = new Map<string, Understood<ParsedTable>>();

  constructor(all: readonly CatalogEntry[], kinds: readonly Row[]) {
    const isStatistics = ({ name }: CatalogEntry): boolean => STATISTICS.includes(name);
    this.entries = all.filter((entry) => !isStatistics(entry));
    this.statistics = all.filter(isStatistics).map(({ name }) => name);
    this.#kinds = new Map(kinds.map(({ name, type }) => [String(name), `${String(type)} table`]));
  }

  kindOf(entry: CatalogEntry): string {
    if (entry.type !== "table") return entry.type;
    const isVirtual = /^CREATE VIRTUAL/i.test(entry.sql ?? "");
    return isVirtual ? "virtual table" : (this.#kinds.get(entry.name) ?? "table");
  }

  parsed(entry: CatalogEntry): Understood<ParsedTable> {
    const known = this.#parsed.get(entry.name);
    if (known !== undefined) return known;
    const found = understand(() => parseTable(entry.sql ?? ""));
    this.#parsed.set(entry.name, found);
    return found;
  }

  readonly parentOf: FindParent = (name): Parent | undefined => {
    const entry = this.#tablesByName.get(fold(name));
    const parsed = entry === undefined ? undefined : this.parsed(entry);
    if (entry === undefined || parsed === undefined || "problem" in parsed) return undefined;
    return {
      name: entry.name,
      columns: parsed.value.columns.map((column) => column.name),
      key: keyOf(parsed.value),
    };
  };

  get #tablesByName(): ReadonlyMap<string, CatalogEntry> {
    this.#byName ??= new Map(
      this.entries.filter(({ type }) => type === "table").map((entry) => [fold(entry.name), entry]),
    );
    return this.#byName;
  }
  #byName: ReadonlyMap<string, CatalogEntry> | undefined;
}

interface ReflectedTable {
  readonly table: Table;
  readonly skipped: readonly SkippedObject[];
}

function byName(a: { readonly name?: string }, b: { readonly name?: string }): number {
  return (a.name ?? "") < (b.name ?? "") ? -1 : 1;
}

/** By kind and place; triggers of one table stay in the order in which they were made, for they fire by it. */
function byPlace(a: SkippedObject, b: SkippedObject): number {
  const [left, right] = [a, b].map(({ kind, table, name }) => `${kind} ${table ?? name}`);
  return left === right ? 0 : (left ?? "") < (right ?? "") ? -1 : 1;
}

function reflectTable(
  catalog: Catalog,
  entry: CatalogEntry,
  columns: readonly CatalogColumn[],
  indexes: readonly CatalogEntry[],
): ReflectedTable {
  const sql = entry.sql ?? "";
  const texts = new Map(indexes.map((index) => [index.name, index.sql ?? ""]));
  const skip = (
    kind: string,
    name: string,
    problem: string,
    definition: string | null,
  ): SkippedObject => ({
    kind,
    name,
    ...(kind === "table" ? {} : { table: entry.name }),
    reason: problem,
    ...(definition === null ? {} : { definition }),
  });
  const read = catalog.parsed(entry);
  const problem =
    "problem" in read
      ? read.problem
      : agrees(read.value, columns)
        ? undefined
        : "its definition is read differently by SQLite";
  if (problem !== undefined || "problem" in read) {
    const table = rememberSource(bareTable(entry.name, columns), {
      sql,
      indexes: texts,
      statistics: catalog.statistics,
      problem: problem ?? "",
    });
    return { table, skipped: [skip("table", entry.name, problem ?? "", sql)] };
  }
  const parsedIndexes: Index[] = [];
  const skipped: SkippedObject[] = [];
  for (const index of indexes) {
    const found = understand(() => parseIndex(index.sql ?? ""));
    if ("value" in found) parsedIndexes.push({ ...found.value, name: index.name });
    else skipped.push(skip("index", index.name, found.problem, index.sql));
  }
  const parsed = resolveParsed(read.value, catalog.parentOf);
  const table = tableFrom(entry.name, parsed, parsedIndexes.toSorted(byName));
  const given = new Map(parsedIndexes.map((index) => [index.name, index]));
  const outdated = table.indexes.filter(
    (index) => strings(index) !== strings(given.get(index.name)),
  );
  for (const index of outdated) texts.set(index.name ?? "", createIndex(table, index));
  const isOld = outdated.length > 0 || isOutdated(read.value, parsed);
  return {
    table: rememberSource(table, {
      sql,
      parsed,
      indexes: texts,
      statistics: catalog.statistics,
      ...(isOld ? { outdated: true as const } : {}),
    }),
    skipped,
  };
}

/** The expressions of an index as text. */
function strings(index: Index | undefined): string {
  return JSON.stringify([index?.where, index?.elements.map(({ expression }) => expression)]);
}

function groupBy<T, R>(
  items: readonly T[],
  key: (item: T) => string,
  value: (item: T) => R,
): ReadonlyMap<string, readonly R[]> {
  const groups = new Map<string, R[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [value(item)]);
    else group.push(value(item));
  }
  return groups;
}

/**
 * Reads the schema with three queries: the catalog, which tables are virtual, and all columns. What the
 * pragmas do not tell (constraint names, checks, conflict clauses, …) is read from the texts.
 */
export async function reflect(connection: Connection, filter: ReflectFilter): Promise<MetaData> {
  const isMain = (schema: string | undefined): boolean => schema === undefined || schema === "main";
  if (filter.schemas !== undefined && !filter.schemas.some(isMain))
    return { tables: [], objects: [], schemas: [], skipped: [] };
  const all = (await connection.query(ENTRIES)).map(entryOf);
  const kinds = await connection.query(
    connection.server.versionNumber >= 33700 ? KINDS : KINDS_BEFORE_3_37,
  );
  const catalog = new Catalog(all, kinds);
  const { entries } = catalog;
  const wanted =
    filter.tables &&
    new Set(filter.tables.filter(({ schema }) => isMain(schema)).map(({ name }) => fold(name)));
  const excluded = new Set(
    (filter.exclude ?? []).filter(({ schema }) => isMain(schema)).map(({ name }) => fold(name)),
  );
  const tables = entries
    .filter((entry) => {
      const name = fold(entry.name);
      return (
        catalog.kindOf(entry) === "table" && !excluded.has(name) && (wanted?.has(name) ?? true)
      );
    })
    .toSorted(byName);
  const columnRows = await connection.query(COLUMNS, [
    JSON.stringify(tables.map(({ name }) => name)),
  ]);
  const columns = groupBy(columnRows, (row) => String(row["table"]), columnOf);
  const indexes = groupBy(
    entries.filter(({ type }) => type === "index"),
    (entry) => fold(entry.table),
    (entry) => entry,
  );
  const reflected = tables.map((entry) =>
    reflectTable(
      catalog,
      entry,
      columns.get(entry.name) ?? [],
      indexes.get(fold(entry.name)) ?? [],
    ),
  );
  const others = entries.flatMap((entry) => {
    const kind = catalog.kindOf(entry);
    return kind === "table" || kind === "index" ? [] : [skippedOf(entry, kind)];
  });
  return {
    tables: reflected.map(({ table }) => table),
    objects: [],
    schemas: [],
    skipped: [...reflected.flatMap(({ skipped }) => skipped), ...others].toSorted(byPlace),
  };
}
