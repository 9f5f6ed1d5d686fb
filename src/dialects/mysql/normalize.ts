import type { Defaults } from "./catalog.ts";
import {
  charsetOfType,
  collationOptions,
  inCharset,
  tableCollation,
  withShortCollation,
} from "./charset.ts";
import { optionsFor } from "./compile.ts";
import { canonicalDefault, storable } from "./defaults.ts";
import type { Flavor } from "./flavor.ts";
import { currentTimestamp } from "./now.ts";
import { expressionSql } from "./quote.ts";
import { columnOptions, indexOptions, placement } from "./normalize-options.ts";
import { canonicalPartitions } from "./partitions.ts";
import { canonicalType } from "./types.ts";
import { unwrap } from "./tokens.ts";
import { columnFor } from "../ddl.ts";
import { text, type Expression } from "../../schema/expression.ts";
import type {
  CheckConstraint,
  Column,
  ColumnType,
  Constraint,
  ForeignKey,
  Index,
  IndexElement,
  Options,
  PrimaryKey,
  ReferentialAction,
  ServerDefault,
  Table,
  UniqueConstraint,
} from "../../schema/types.ts";
import { omit } from "../../util/equal.ts";

/** What bringing tables to canonical form needs to know of the server. */
export interface Surroundings {
  readonly flavor: Flavor;
  readonly database: string;
  readonly defaults: Defaults;
}

function flat(expression: Expression, flavor: Flavor): Expression {
  return text(unwrap(expressionSql(expression, flavor)));
}

/** `CURRENT_TIMESTAMP(n)` with the precision that MySQL demands: the column's. */
function canonicalOnUpdate(given: Expression, type: ColumnType, flavor: Flavor): Expression {
  const sql = expressionSql(given, flavor);
  const now = currentTimestamp(sql);
  const digits = type.name === "timestamp" ? (type.precision ?? 0) : 0;
  return text(
    now === "CURRENT_TIMESTAMP" && digits > 0 && !flavor.mariadb
      ? `${now}(${String(digits)})`
      : (now ?? sql),
  );
}

function presentOptions(options: Options | undefined): { readonly options?: Options } {
  return options === undefined || Object.keys(options).length === 0 ? {} : { options };
}

/** MariaDB gives `0000-00-00 00:00:00` to a NOT NULL column that has ON UPDATE and no default. */
function isZeroDefault(given: ServerDefault | undefined): boolean {
  return (
    given !== undefined &&
    "value" in given &&
    /^0000-00-00 00:00:00(?:\.0+)?$/.test(String(given.value))
  );
}

function storableValues(type: ColumnType): ColumnType {
  return type.name === "enum" || type.name === "set"
    ? { ...type, values: type.values.map(storable) }
    : type;
}

function canonicalDefaultOf(
  { default: given, computed, onUpdate, nullable, options }: Column,
  type: ColumnType,
  flavor: Flavor,
): ServerDefault | undefined {
  if (computed !== undefined) return undefined;
  const found = given === undefined ? undefined : canonicalDefault(given, type, flavor);
  if (!flavor.mariadb || nullable) return found;
  if (isZeroDefault(found) && onUpdate !== undefined) return undefined;
  // MariaDB gives a compressed column one of its own
  return found === undefined && options?.["compressed"] === true ? { value: "" } : found;
}

/** A column in canonical form, but for expressions: those are spelled by the server (`spell.ts`). */
export function normalizeColumn(
  given: Column,
  collation: string,
  { flavor, defaults }: Surroundings,
): Column {
  const chosen = columnFor(given, flavor.name);
  const parsed = canonicalType(chosen.type, flavor);
  const type = inCharset(storableValues(parsed), charsetOfType(chosen.type));
  const { identity, computed, onUpdate, comment, invisible } = chosen;
  const options = columnOptions(chosen.options ?? {}, flavor);
  const value = canonicalDefaultOf(chosen, parsed, flavor);
  const nullable =
    options["row"] === undefined &&
    ((computed !== undefined && !flavor.notNullGenerated) || chosen.nullable);
  return withShortCollation(
    {
      name: chosen.name,
      type,
      nullable,
      ...(value === undefined ? {} : { default: value }),
      ...(identity === undefined ? {} : { identity: {} }),
      ...(computed === undefined
        ? {}
        : { computed: { expression: flat(computed.expression, flavor), stored: computed.stored } }),
      ...(chosen.collation === undefined ? {} : { collation: chosen.collation }),
      ...(comment === undefined || comment === "" ? {} : { comment: storable(comment) }),
      ...(onUpdate === undefined ? {} : { onUpdate: canonicalOnUpdate(onUpdate, parsed, flavor) }),
      ...(invisible === true ? { invisible } : {}),
      ...presentOptions(options),
    },
    collation,
    defaults,
  );
}

function action(given: ReferentialAction | undefined): ReferentialAction | undefined {
  return given === "restrict" || given === "no action" ? undefined : given;
}

function normalizeForeignKey(key: ForeignKey, { database }: Surroundings): ForeignKey {
  const { name, columns, references, match, comment: _comment } = key;
  const onDelete = action(key.onDelete);
  const onUpdate = action(key.onUpdate);
  const { schema, ...target } = references;
  return {
    kind: "foreignKey",
    ...(name === undefined ? {} : { name }),
    columns,
    references: schema === undefined || schema === database ? target : { schema, ...target },
    ...(onDelete === undefined ? {} : { onDelete }),
    ...(onUpdate === undefined ? {} : { onUpdate }),
    ...(key.deferrable === true ? { deferrable: true } : {}),
    ...(match === undefined ? {} : { match }),
  };
}

const LENGTHS: ReadonlySet<string> = new Set(["char", "varchar", "binary", "varbinary"]);

/** A prefix as long as its column is no prefix: the server drops it. */
function normalizeElement(
  element: IndexElement,
  columns: ReadonlyMap<string, Column>,
  flavor: Flavor,
): IndexElement {
  const { column, expression, order, length } = element;
  const type = column === undefined ? undefined : columns.get(column)?.type;
  const full =
    type !== undefined && LENGTHS.has(type.name) && "length" in type ? type.length : undefined;
  return {
    ...(column === undefined ? {} : { column }),
    ...(expression === undefined ? {} : { expression: flat(expression, flavor) }),
    ...(order === "desc" ? { order } : {}),
    ...(length === undefined || (full !== undefined && length >= full) ? {} : { length }),
  };
}

/** Engines that index by hash unless told otherwise. */
const HASH_ENGINES = /^(?:memory|heap|ndb)/i;

function normalizeMethod(method: string | undefined, engine: string): string | undefined {
  const lower = method?.toLowerCase();
  if (lower === "hash") return undefined;
  return lower === "btree" && !HASH_ENGINES.test(engine) ? undefined : lower;
}

function normalizeIndex(
  index: Index,
  columns: ReadonlyMap<string, Column>,
  engine: string,
  flavor: Flavor,
): Index {
  const method = normalizeMethod(index.method, engine);
  const { name, unique, invisible, comment } = index;
  return {
    ...(name === undefined ? {} : { name }),
    elements: index.elements.map((element) => normalizeElement(element, columns, flavor)),
    ...(unique === true ? { unique } : {}),
    ...(method === undefined ? {} : { method }),
    ...(index.where === undefined ? {} : { where: index.where }),
    ...(index.include === undefined ? {} : { include: index.include }),
    ...(invisible === true ? { invisible } : {}),
    ...(comment === undefined || comment === "" ? {} : { comment: storable(comment) }),
    ...presentOptions(indexOptions(index.options ?? {}, engine)),
  };
}

/** A plain unique index is a unique constraint: the server does not tell them apart. */
function uniqueOf(index: Index): UniqueConstraint | undefined {
  const columns = index.elements.flatMap(({ column, order, length }) =>
    column === undefined || order !== undefined || length !== undefined ? [] : [column],
  );
  if (
    index.unique !== true ||
    index.method !== undefined ||
    index.where !== undefined ||
    index.include !== undefined
  )
    return undefined;
  if (columns.length !== index.elements.length) return undefined;
  const { name, comment, invisible, options } = index;
  return {
    kind: "unique",
    ...(name === undefined ? {} : { name }),
    columns,
    ...(comment === undefined ? {} : { comment }),
    ...presentOptions({ ...options, ...(invisible === true ? { invisible } : {}) }),
  };
}

function normalizePrimaryKey(key: PrimaryKey, engine: string): PrimaryKey {
  const { columns, comment, options = {} } = key;
  const { method: given, ...rest } = options;
  const method = normalizeMethod(given === undefined ? undefined : String(given), engine);
  return {
    kind: "primaryKey",
    columns,
    ...(comment === undefined || comment === "" ? {} : { comment: storable(comment) }),
    ...presentOptions(
      indexOptions({ ...rest, ...(method === undefined ? {} : { method }) }, engine),
    ),
  };
}

function normalizeConstraint(
  constraint: Constraint,
  engine: string,
  around: Surroundings,
): Constraint {
  switch (constraint.kind) {
    case "primaryKey":
      return normalizePrimaryKey(constraint, engine);
    case "foreignKey":
      return normalizeForeignKey(constraint, around);
    case "check":
      return normalizeCheck(constraint, around.flavor);
    default:
      return constraint;
  }
}

function normalizeCheck(check: CheckConstraint, flavor: Flavor): CheckConstraint {
  return {
    kind: "check",
    ...(check.name === undefined ? {} : { name: check.name }),
    expression: flat(check.expression, flavor),
    ...(check.notEnforced === true ? { notEnforced: true } : {}),
  };
}

/** The table's engine as the server writes it. */
function engineOf(options: Options, { engine, engines }: Defaults): string {
  const given = String(options["engine"] ?? engine);
  return engines.find((name) => name.toLowerCase() === given.toLowerCase()) ?? given;
}

/** `xx (a, b)` however it was spaced. */
function canonicalPeriod(given: string | number | boolean): string {
  return String(given)
    .trim()
    .replaceAll(/\s*,\s*/g, ", ")
    .replaceAll(/\s*\(\s*/g, " (")
    .replaceAll(/\s*\)/g, ")");
}

function normalizeOptions(
  table: Table,
  options: Options,
  collation: string,
  { defaults, flavor }: Surroundings,
): Options {
  const { engine: _engine, charset: _charset, collation: _collation, ...rest } = options;
  const engine = engineOf(options, defaults);
  const { rowFormat: format, partitionBy, systemVersioning, systemPeriod, period, ...plain } = rest;
  const history = {
    ...(systemVersioning === true ? { systemVersioning } : {}),
    ...(systemPeriod === undefined ? {} : { systemPeriod: canonicalPeriod(systemPeriod) }),
    ...(period === undefined ? {} : { period: canonicalPeriod(period) }),
  };
  return {
    ...placement(plain),
    ...(flavor.mariadb ? history : {}),
    ...(partitionBy === undefined ? {} : { partitionBy: canonicalPartitions(String(partitionBy)) }),
    ...(engine.toLowerCase() === defaults.engine.toLowerCase() ? {} : { engine }),
    ...collationOptions(collation, table.schema, defaults),
    ...(format === undefined || String(format).toLowerCase() === "default"
      ? {}
      : { rowFormat: String(format).toUpperCase() }),
  };
}

/** A table in canonical form, but for the spelling of expressions and the indexes behind foreign keys. */
export function normalizeTable(table: Table, around: Surroundings): Table {
  const { flavor, database, defaults } = around;
  const located: Table = table.schema === database ? omit(table, "schema") : table;
  const given = optionsFor(table, flavor);
  const collation = tableCollation(located, given, defaults);
  const options = normalizeOptions(located, given, collation, around);
  const inKey = new Set(
    table.constraints.flatMap((constraint) =>
      constraint.kind === "primaryKey" ? constraint.columns : [],
    ),
  );
  const columns = table.columns
    .map((column) => normalizeColumn(column, collation, around))
    .map((column) =>
      inKey.has(column.name) && column.computed === undefined
        ? { ...column, nullable: false }
        : column,
    );
  const byName = new Map(columns.map((column) => [column.name, column]));
  const engine = engineOf(given, defaults);
  const indexes = table.indexes.map((index) => normalizeIndex(index, byName, engine, flavor));
  return {
    ...(located.schema === undefined ? {} : { schema: located.schema }),
    name: located.name,
    columns,
    constraints: [
      ...table.constraints.map((constraint) => normalizeConstraint(constraint, engine, around)),
      ...indexes.flatMap((index) => uniqueOf(index) ?? []),
    ],
    indexes: indexes.filter((index) => uniqueOf(index) === undefined),
    ...(table.comment === undefined || table.comment === ""
      ? {}
      : { comment: storable(table.comment) }),
    ...(Object.keys(options).length === 0 ? {} : { options: { mysql: options } }),
  };
}
