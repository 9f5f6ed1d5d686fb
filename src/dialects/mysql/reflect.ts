import { withoutDatabase } from "./sequence-names.ts";
import { charsetOf, inCharset } from "./charset.ts";
import { readLiteralDefaults } from "./literal-defaults.ts";
import { modern, read, readDefaults, readSchema, schemasOf, type SchemaRows } from "./catalog.ts";
import { columnChecksOf } from "./column-checks.ts";
import { catalogDefault, unescapeCatalog } from "./defaults.ts";
import { isObscure, readDetails } from "./details.ts";
import { flavorOf, type Flavor } from "./flavor.ts";
import { hidesSomething, type Suspect } from "./hidden.ts";
import { normalizeTable, type Surroundings } from "./normalize.ts";
import { skippedOf } from "./skipped.ts";
import { parseType } from "./types.ts";
import { expressionKey } from "./tokens.ts";
import { quoteName } from "./quote.ts";
import type { Connection, ReflectFilter, Row } from "../contract.ts";
import { sameTable } from "../../schema/collect.ts";
import { text } from "../../schema/expression.ts";
import { isConstraint } from "../../schema/naming.ts";
import type {
  CheckConstraint,
  Column,
  ColumnType,
  Constraint,
  ForeignKey,
  Index,
  IndexElement,
  MetaData,
  Options,
  ReferentialAction,
  SkippedObject,
  Table,
  UniqueConstraint,
} from "../../schema/types.ts";
import { omit } from "../../util/equal.ts";

/** Rows by the table they belong to. */
function byTable(rows: readonly Row[]): (table: string) => readonly Row[] {
  const groups = group(rows, (row) => read(row, "table_name") ?? "");
  return (table) => groups.get(table) ?? [];
}

function group(
  rows: readonly Row[],
  key: (row: Row) => string,
): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const known = groups.get(key(row));
    if (known === undefined) groups.set(key(row), [row]);
    else known.push(row);
  }
  return groups;
}

/** How MariaDB marks a column whose values it compresses. */
const COMPRESSED = /\s*\/\*M?!\d+ COMPRESSED\*\//i;

function typeOf(row: Row, { mariadb }: Flavor): ColumnType {
  const type = parseType((read(row, "type") ?? "").replace(COMPRESSED, ""));
  const srid = read(row, "srid");
  return srid === undefined
    ? type
    : {
        name: "raw",
        sql: `${read(row, "type") ?? ""} ${mariadb ? "ref_system_id=" : "srid "}${srid}`,
      };
}

/** MariaDB's JSON is an alias: longtext in utf8mb4_bin with a check of its own. */
function isJsonAlias(row: Row, check: string | undefined): boolean {
  const name = read(row, "name") ?? "";
  return (
    /^longtext$/i.test(read(row, "type") ?? "") &&
    read(row, "collation") === "utf8mb4_bin" &&
    check !== undefined &&
    expressionKey(check) === expressionKey(`json_valid(${quoteName(name)})`)
  );
}

/** What stands in the catalog's column EXTRA. */
function extrasOf(extra: string): Pick<Column, "identity" | "onUpdate" | "invisible"> {
  const onUpdate = /\bon update (current_timestamp(?:\(\d*\))?)/i.exec(extra)?.[1];
  return {
    ...(/\bauto_increment\b/i.test(extra) ? { identity: {} } : {}),
    ...(onUpdate === undefined ? {} : { onUpdate: text(onUpdate) }),
    ...(/\bINVISIBLE\b/i.test(extra) ? { invisible: true } : {}),
  };
}

/** What has no place of its own in a column: options of this database. */
function optionsOf(row: Row, check: string | undefined): Options | undefined {
  const extra = read(row, "extra") ?? "";
  const period = /^ROW (START|END)$/i.exec(read(row, "computed") ?? "")?.[1]?.toLowerCase();
  const options: Options = {
    ...(check === undefined ? {} : { check }),
    ...(COMPRESSED.test(read(row, "type") ?? "") ? { compressed: true } : {}),
    ...(period === undefined ? {} : { row: period }),
    ...(/\bWITHOUT SYSTEM VERSIONING\b/i.test(extra) ? { systemVersioning: false } : {}),
    ...(/\bNOT SECONDARY\b/i.test(extra) ? { secondary: false } : {}),
  };
  return Object.keys(options).length === 0 ? undefined : options;
}

function columnOf(
  row: Row,
  checks: ReadonlyMap<string, string>,
  { flavor, database }: Surroundings,
): Column {
  const name = read(row, "name") ?? "";
  const extra = read(row, "extra") ?? "";
  const check = checks.get(name);
  const isJson = flavor.mariadb && isJsonAlias(row, check);
  const type: ColumnType = isJson ? { name: "json" } : typeOf(row, flavor);
  const options = optionsOf(row, isJson ? undefined : check);
  const generated =
    options?.["row"] === undefined
      ? /\b(VIRTUAL|STORED|PERSISTENT) GENERATED\b/i.exec(extra)?.[1]
      : undefined;
  const computed = read(row, "computed") ?? "";
  const collation = isJson ? undefined : read(row, "collation");
  const value =
    generated === undefined
      ? catalogDefault(withoutDatabase(read(row, "value"), database), extra, type, flavor)
      : undefined;
  const comment = read(row, "comment") ?? "";
  return {
    name,
    type: collation === undefined ? type : inCharset(type, charsetOf(collation)),
    nullable: read(row, "nullable") === "YES",
    ...(value === undefined ? {} : { default: value }),
    ...extrasOf(extra),
    ...(generated === undefined
      ? {}
      : {
          computed: {
            expression: text(flavor.mariadb ? computed : unescapeCatalog(computed)),
            stored: generated.toUpperCase() !== "VIRTUAL",
          },
        }),
    ...(collation === undefined ? {} : { collation: modern(collation) }),
    ...(comment === "" ? {} : { comment }),
    ...(options === undefined ? {} : { options }),
  };
}

function elementOf(row: Row, kind: string): IndexElement {
  const column = read(row, "column_name");
  const expression = read(row, "expression");
  const length = read(row, "length");
  return {
    ...(column === undefined ? {} : { column }),
    ...(expression === undefined ? {} : { expression: text(unescapeCatalog(expression)) }),
    ...(read(row, "direction") === "D" ? { order: "desc" } : {}),
    ...(length === undefined || kind === "SPATIAL" || kind === "FULLTEXT"
      ? {}
      : { length: Number(length) }),
  };
}

function keyItem(name: string, rows: readonly Row[]): Constraint | Index {
  const [first = {}] = rows;
  const kind = (read(first, "type") ?? "BTREE").toUpperCase();
  const elements = rows.map((row) => elementOf(row, kind));
  const comment = read(first, "comment") ?? "";
  if (name === "PRIMARY") {
    const columns = elements.flatMap(({ column }) => column ?? []);
    const parts = elements.flatMap<readonly [string, string | number]>(
      ({ column = "", length, order }) => [
        ...(length === undefined ? [] : [[`length.${column}`, length] as const]),
        ...(order === undefined ? [] : [[`order.${column}`, order] as const]),
      ],
    );
    const options: Options = { ...Object.fromEntries(parts), method: kind.toLowerCase() };
    return { kind: "primaryKey", columns, options, ...(comment === "" ? {} : { comment }) };
  }
  return {
    name,
    elements,
    ...(read(first, "non_unique") === "0" ? { unique: true } : {}),
    method: kind === "RTREE" ? "spatial" : kind.toLowerCase(),
    ...(read(first, "hidden") === "1" ? { invisible: true } : {}),
    ...(comment === "" ? {} : { comment }),
  };
}

const ACTIONS: Readonly<Record<string, ReferentialAction>> = {
  CASCADE: "cascade",
  "SET NULL": "set null",
  "SET DEFAULT": "set default",
};

function foreignKeyOf(
  name: string,
  rows: readonly Row[],
  rule: Row | undefined,
  database: string,
): ForeignKey {
  const [first = {}] = rows;
  const schema = read(first, "target_schema");
  const onDelete = ACTIONS[(rule && read(rule, "on_delete")) ?? ""];
  const onUpdate = ACTIONS[(rule && read(rule, "on_update")) ?? ""];
  return {
    kind: "foreignKey",
    name,
    columns: rows.flatMap((row) => read(row, "column_name") ?? []),
    references: {
      ...(schema === undefined || schema === database ? {} : { schema }),
      name: read(first, "target") ?? "",
      columns: rows.flatMap((row) => read(row, "target_column") ?? []),
    },
    ...(onDelete === undefined ? {} : { onDelete }),
    ...(onUpdate === undefined ? {} : { onUpdate }),
  };
}

function checkOf(row: Row, { flavor }: Surroundings): CheckConstraint {
  const clause = read(row, "clause") ?? "";
  return {
    kind: "check",
    name: read(row, "name") ?? "",
    expression: text(flavor.mariadb ? clause : unescapeCatalog(clause)),
    ...(read(row, "enforced") === "NO" ? { notEnforced: true } : {}),
  };
}

/** `row_format=DYNAMIC DATA DIRECTORY='/d/' `PAGE_COMPRESSED`=1`, in camel case. */
function createOptions(given: string): Options {
  const option = /`?((?:(?:DATA|INDEX) )?\w+)`?=(?:'((?:[^']|'')*)'|"((?:[^"]|"")*)"|(\S+))/gi;
  const pairs = [...given.matchAll(option)].map(
    ([, key = "", single, double, bare]): [string, string | number] => {
      const value = single?.replaceAll("''", "'") ?? double?.replaceAll('""', '"') ?? bare ?? "";
      return [
        key.toLowerCase().replace(/[_ ](\w)/g, (_, letter: string) => letter.toUpperCase()),
        /^\d+$/.test(value) ? Number(value) : value,
      ];
    },
  );
  // whether a secondary engine has the rows is their state
  return omit(Object.fromEntries(pairs), "secondaryLoad");
}

function tableOptionsOf(row: Row): Options {
  const engine = read(row, "engine");
  const collation = read(row, "collation");
  return {
    ...createOptions(read(row, "options") ?? ""),
    ...(engine === undefined ? {} : { engine }),
    ...(collation === undefined ? {} : { collation: modern(collation) }),
  };
}

/** A key that the server adds by itself, hidden from everybody (MySQL 8.0.30, sql_generate_invisible_primary_key). */
function isGeneratedKey(column: Column, rows: readonly Row[]): boolean {
  return (
    column.name === "my_row_id" &&
    column.invisible === true &&
    column.identity !== undefined &&
    rows.length === 1
  );
}

function tablesOf(
  rows: SchemaRows,
  around: Surroundings,
  hides: (table: Suspect) => boolean,
): {
  readonly tables: readonly Table[];
  readonly skipped: readonly SkippedObject[];
  readonly obscure: ReadonlySet<Table>;
} {
  const obscure = new Set<Table>();
  const columns = byTable(rows.columns);
  const statistics = byTable(rows.statistics);
  const keyColumns = byTable(rows.keyColumns);
  const references = byTable(rows.references);
  const checks = byTable(rows.checks);
  const skipped: SkippedObject[] = [];
  const located = rows.schema === undefined ? {} : { schema: rows.schema };
  const tables = rows.tables
    .filter((row) => /^(?:BASE TABLE|SYSTEM VERSIONED)$/i.test(read(row, "type") ?? ""))
    .map((row): Table => {
      const name = read(row, "name") ?? "";
      const inColumns = columnChecksOf(
        checks(name),
        columns(name).map((column) => read(column, "name") ?? ""),
      );
      const all = columns(name).map((column) => columnOf(column, inColumns.checks, around));
      const keys = group(statistics(name), (index) => read(index, "name") ?? "");
      const hidden = all.filter((column) => isGeneratedKey(column, keys.get("PRIMARY") ?? []));
      for (const column of hidden) {
        skipped.push({
          kind: "generated invisible primary key",
          ...located,
          name: column.name,
          table: name,
          reason: "The server made it by itself; it is no part of the models.",
        });
      }
      const items = [...keys]
        .filter(([key]) => hidden.length === 0 || key !== "PRIMARY")
        .map(([key, parts]) => keyItem(key, parts));
      const rules = new Map(references(name).map((rule) => [read(rule, "name") ?? "", rule]));
      const foreignKeys = [...group(keyColumns(name), (key) => read(key, "name") ?? "")].map(
        ([key, parts]) => foreignKeyOf(key, parts, rules.get(key), around.database),
      );
      const tableChecks = checks(name)
        .filter((check) => !/^column$/i.test(read(check, "level") ?? ""))
        .map((check) => checkOf(check, around));
      const comment = read(row, "comment") ?? "";
      const table: Table = {
        ...located,
        name,
        columns: all.filter((column) => !hidden.includes(column)),
        constraints: [...items.filter(isConstraint), ...foreignKeys, ...tableChecks],
        indexes: items.filter((item): item is Index => !isConstraint(item)),
        ...(comment === "" ? {} : { comment }),
        options: { mysql: tableOptionsOf(row) },
      };
      const marks = `${read(row, "type") ?? ""} ${read(row, "options") ?? ""}`;
      const isPartitioned = read(row, "is_partitioned") === "1";
      const suspect = { name, engine: read(row, "engine") ?? "" };
      const isHidden = isPartitioned || !inColumns.isCertain || hides(suspect);
      if (isHidden || isObscure(table, marks, around.flavor.mariadb)) obscure.add(table);
      return table;
    });
  return { tables, skipped, obscure };
}

/** Sorted as people read: keys first, then by name. */
function sorted(table: Table): Table {
  const rank = { primaryKey: 0, unique: 1, foreignKey: 2, check: 3, exclude: 4 } as const;
  const byName = (a: { readonly name?: string }, b: { readonly name?: string }): number =>
    (a.name ?? "") < (b.name ?? "") ? -1 : 1;
  const uniques = table.constraints.filter(
    (constraint): constraint is UniqueConstraint => constraint.kind === "unique",
  );
  const others = table.constraints.filter((constraint) => constraint.kind !== "unique");
  return {
    ...table,
    constraints: [...others, ...uniques].toSorted(
      (a, b) => rank[a.kind] - rank[b.kind] || byName(a, b),
    ),
    indexes: table.indexes.toSorted(byName),
  };
}

/**
 * The tables of the schemas that a filter names, in nine queries a schema (MySQL: thirteen) and three more, whatever the
 * number of tables. (A table of which the catalog does not tell all costs one or two more: partitions, FULLTEXT indexes,
 * system versioning, tablespaces, engines other than InnoDB, defaults that it garbles.)
 */
export async function reflect(connection: Connection, filter: ReflectFilter): Promise<MetaData> {
  const { server } = connection;
  const asked = await schemasOf(filter, connection);
  const defaults = await readDefaults(connection, asked);
  const around: Surroundings = { flavor: flavorOf(server), database: server.database, defaults };
  const excluded = (filter.exclude ?? []).map((table) =>
    table.schema === server.database ? { name: table.name } : table,
  );
  const tables: Table[] = [];
  const skipped: SkippedObject[] = [];
  const schemas = asked.filter((schema) => schema === undefined || defaults.collations.has(schema));
  for (const schema of schemas) {
    const rows = await readSchema(connection, schema, filter.tables);
    // the few tables that a revision changes are known whole: what no operation names of them stays
    const hides =
      filter.tables === undefined
        ? await hidesSomething(connection, schema ?? server.database)
        : () => true;
    const found = tablesOf(rows, around, hides);
    const ours = found.tables.filter((table) => !excluded.some((other) => sameTable(other, table)));
    const detailed = await readDetails(connection, ours, found.obscure);
    tables.push(
      ...(await readLiteralDefaults(connection, detailed.tables, around.flavor)).map((table) =>
        sorted(normalizeTable(table, around)),
      ),
    );
    const isOurs = (object: SkippedObject): boolean =>
      !excluded.some((other) =>
        sameTable(other, {
          ...(object.schema === undefined ? {} : { schema: object.schema }),
          name: object.table ?? object.name,
        }),
      );
    skipped.push(...[...found.skipped, ...detailed.skipped, ...skippedOf(rows)].filter(isOurs));
  }
  return {
    tables,
    objects: [],
    schemas: schemas.filter((schema) => schema !== undefined),
    skipped,
  };
}
