import {
  type Column,
  type Constraint,
  type Expression,
  type ForeignKey,
  type Index,
  type MetaData,
  type Table,
  type TableName,
} from "../../../src/schema/index.ts";
import { isMysql, type Kind } from "./kinds.ts";
import { enumType, familyOf, isKeyable, longestPrefix, type Family } from "./types.ts";
import { repairOwn } from "./repair-mysql.ts";
import { enumsOf } from "./surroundings.ts";
import { columnsUsed, uses } from "./uses.ts";

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name, at) => name === b[at]);
export const isTable = (a: TableName, b: TableName): boolean =>
  a.name === b.name && a.schema === b.schema;

function repairEnums(metadata: MetaData): MetaData {
  const enums = enumsOf(metadata);
  const fix = (column: Column): Column[] => {
    const { type } = column;
    const element = type.name === "array" ? type.element : type;
    if (element.name !== "enum" || element.enumName === undefined) return [column];
    const found = enums.find(
      (item) => item.name === element.enumName && item.schema === element.schema,
    );
    if (found === undefined) return [];
    const current = enumType(found);
    const { default: given, ...rest } = column;
    const stale =
      given !== undefined &&
      "value" in given &&
      type.name === "enum" &&
      !found.values.includes(String(given.value));
    return [
      {
        ...(stale ? rest : column),
        type: type.name === "array" ? { name: "array", element: current } : current,
      },
    ];
  };
  return {
    ...metadata,
    tables: metadata.tables.map((table) => ({ ...table, columns: table.columns.flatMap(fix) })),
  };
}

/** MySQL allows no expression over an AUTO_INCREMENT column. */
const isNumbered = (column: Column, kind: Kind): boolean =>
  isMysql(kind) && column.identity !== undefined;

function expressionsOf(item: Constraint | Index): readonly Expression[] {
  if ("kind" in item) return item.kind === "check" ? [item.expression] : [];
  return item.elements.flatMap((element) => element.expression ?? []);
}

/** InnoDB lets no foreign key write a column that others are computed from. */
const isBase = (table: Table, name: string, kind: Kind): boolean =>
  table.columns.some(
    (column) =>
      column.computed !== undefined && uses(column.computed.expression, kind).includes(name),
  );

const FIXED: readonly Family[] = [
  "int",
  "decimal",
  "float",
  "date",
  "time",
  "timestamp",
  "timestamptz",
  "binary",
  "bit",
];

/** Takes away what names columns that are gone; again and again, until nothing does. */
function repairTable(table: Table, kind: Kind): Table {
  const names = new Set(table.columns.map(({ name }) => name));
  const columns = table.columns.filter((column) => {
    if (column.computed === undefined) return true;
    const base = uses(column.computed.expression, kind);
    return base.every(
      (name) =>
        names.has(name) &&
        table.columns.some(
          (item) => item.name === name && item.computed === undefined && !isNumbered(item, kind),
        ),
    );
  });
  const here = (item: Constraint | Index): boolean =>
    columnsUsed(item, kind).every((name) => columns.some((column) => column.name === name)) &&
    expressionsOf(item).every((expression) =>
      uses(expression, kind).every(
        (name) => !columns.some((column) => column.name === name && isNumbered(column, kind)),
      ),
    );
  const keyed = (item: Constraint): boolean =>
    item.kind === "check" ||
    (item.kind === "exclude" ? uses(item.definition, kind) : item.columns).every((name) =>
      columns.some((column) => column.name === name && isKeyable(kind, column.type)),
    );
  const constraints = table.constraints.filter((item) => here(item) && keyed(item));
  const indexes = table.indexes
    .filter(here)
    .filter((item) => indexFits(item, columns, kind))
    .map((item) => tellingApart(item, columns));
  const repaired = { ...table, columns, constraints, indexes };
  return columns.length < table.columns.length
    ? repairTable(repaired, kind)
    : repairKeys(repaired, kind);
}

/** Rows that differ may have the same lengths, and whatever else is computed of them. */
function tellingApart(index: Index, columns: readonly Column[]): Index {
  const { unique: _, ...plainIndex } = index;
  const isComputed = index.elements.every((element) =>
    columns.some(({ name, computed }) => name === element.column && computed !== undefined),
  );
  return isComputed ? plainIndex : index;
}

function indexFits(index: Index, columns: readonly Column[], kind: Kind): boolean {
  return index.elements.every((element) => {
    const column = columns.find(({ name }) => name === element.column);
    if (column === undefined) return true;
    const family = familyOf(column.type);
    if (index.method === "fulltext") return family === "string";
    if (index.method === "gin") return column.type.name === "jsonb" || family === "array";
    if (index.method === "gist") return family === "range";
    if (index.method === "hash" || index.method === "brin")
      return [
        "int",
        "date",
        ...(index.method === "hash" ? ["string", "uuid"] : ["timestamp"]),
      ].includes(family);
    if (element.operatorClass !== undefined && column.type.name !== "text") return false;
    if (element.collation !== undefined && family !== "string") return false;
    if (element.length === undefined) return isKeyable(kind, column.type);
    const longest = longestPrefix(column.type);
    return (
      family === "string" &&
      (element.length < longest || (element.length <= longest && longest <= 3))
    );
  });
}

function repairKeys(table: Table, kind: Kind): Table {
  const key = table.constraints.find((item) => item.kind === "primaryKey");
  const inKey = new Set(key?.columns ?? []);
  const sqliteOptions = table.options?.sqlite;
  const firstOfKey = (name: string): boolean =>
    [...table.constraints].some(
      (item) => (item.kind === "primaryKey" || item.kind === "unique") && item.columns[0] === name,
    );
  let numbered = false;
  const columns = table.columns.map((column): Column => {
    const { identity, default: given, ...rest } = column;
    let next: Column = column;
    if (identity !== undefined) {
      const integer = familyOf(column.type) === "int" && column.type.name !== "raw";
      const alone =
        inKey.size === 1 &&
        inKey.has(column.name) &&
        column.type.name === "integer" &&
        sqliteOptions?.["withoutRowid"] !== true;
      const allowed =
        kind === "postgresql"
          ? integer && column.type.name !== "tinyint"
          : isMysql(kind)
            ? integer && firstOfKey(column.name) && !numbered
            : alone;
      numbered ||= allowed;
      next = allowed
        ? { ...rest, nullable: false, identity }
        : { ...rest, nullable: rest.nullable, ...(given === undefined ? {} : { default: given }) };
    }
    if (inKey.has(column.name)) next = { ...next, nullable: false };
    // an invisible column must have something to hold when nothing is given
    const { invisible: _, ...visible } = next;
    return next.invisible === true && !next.nullable && next.default === undefined ? visible : next;
  });
  const hasComputedKey = columns.some(
    (column) => inKey.has(column.name) && column.computed !== undefined,
  );
  const constraints = hasComputedKey
    ? table.constraints.filter((item) => item.kind !== "primaryKey")
    : table.constraints;
  if (
    sqliteOptions?.["withoutRowid"] === true &&
    !constraints.some((item) => item.kind === "primaryKey")
  ) {
    const { withoutRowid: _, ...options } = sqliteOptions;
    const { options: _all, ...bare } = table;
    return {
      ...bare,
      columns,
      constraints,
      ...(Object.keys(options).length === 0 ? {} : { options: { sqlite: options } }),
    };
  }
  return { ...table, columns, constraints };
}

function repairForeignKeys(metadata: MetaData, kind: Kind): MetaData {
  const fits = (table: Table, key: ForeignKey): boolean => {
    const target = metadata.tables.find((item) => isTable(item, key.references));
    const pointed = target?.constraints.some(
      (item) =>
        (item.kind === "primaryKey" || item.kind === "unique") &&
        item.deferrable !== true &&
        same(item.columns, key.references.columns),
    );
    if (target === undefined || pointed !== true) return false;
    // a lasting table may not point to one that is emptied after a crash
    if (
      kind === "postgresql" &&
      target.options?.postgresql?.["unlogged"] === true &&
      table.options?.postgresql?.["unlogged"] !== true
    )
      return false;
    return key.columns.every((name, at) => {
      const own = table.columns.find((column) => column.name === name);
      const other = target.columns.find((column) => column.name === key.references.columns[at]);
      const sameType =
        JSON.stringify(own?.type) === JSON.stringify(other?.type) &&
        own?.collation === other?.collation;
      const sameTables =
        !isMysql(kind) ||
        JSON.stringify(table.options) === JSON.stringify(target.options) ||
        FIXED.includes(familyOf(own?.type ?? { name: "text" }));
      const free =
        !isMysql(kind) ||
        !(isBase(table, name, kind) || isBase(target, key.references.columns[at] ?? "", kind));
      return sameType && sameTables && free && own?.computed === undefined;
    });
  };
  const calm = (table: Table, key: ForeignKey): ForeignKey => {
    const strict = key.columns.some((name) =>
      table.columns.some((column) => column.name === name && !column.nullable),
    );
    const { onDelete, onUpdate, ...rest } = key;
    const target = metadata.tables.find((item) => isTable(item, key.references));
    // MariaDB 10.11.11 refuses what could write a NULL where none may be (MDEV-34392)
    const carriesNull =
      isMysql(kind) &&
      strict &&
      key.references.columns.some((name) =>
        target?.columns.some((column) => column.name === name && column.nullable),
      );
    const allowed = (action: ForeignKey["onDelete"]): boolean =>
      action !== undefined &&
      !(strict && action === "set null") &&
      !(carriesNull && action === "cascade");
    return {
      ...rest,
      ...(allowed(onDelete) && onDelete ? { onDelete } : {}),
      ...(allowed(onUpdate) && onUpdate ? { onUpdate } : {}),
    };
  };
  return {
    ...metadata,
    tables: metadata.tables.map((table) => ({
      ...table,
      constraints: table.constraints.flatMap((item): Constraint[] =>
        item.kind !== "foreignKey" ? [item] : fits(table, item) ? [calm(table, item)] : [],
      ),
    })),
  };
}

/**
 * The nearest valid schema: everything that names what is gone, or what the database does not allow, is
 * taken away. So generators and edits may be careless.
 */
export function repair(metadata: MetaData, kind: Kind): MetaData {
  const kept = repairEnums(metadata).tables.map((table) => repairTable(table, kind));
  const filled = kept.filter((table) =>
    table.columns.some((column) => column.computed === undefined && column.invisible !== true),
  );
  const joined = repairForeignKeys({ ...metadata, tables: filled }, kind);
  const referenced = new Set(
    joined.tables.flatMap(({ constraints }) =>
      constraints.flatMap((item) => (item.kind === "foreignKey" ? [item.references.name] : [])),
    ),
  );
  const next = isMysql(kind)
    ? { ...joined, tables: joined.tables.map((table) => repairOwn(table, referenced, kind)) }
    : joined;
  return JSON.stringify(plain(next)) === JSON.stringify(plain(metadata))
    ? next
    : repair(next, kind);
}

/** For JSON: bigint as text. */
export function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, item: unknown) =>
      typeof item === "bigint" ? `${item.toString()}n` : item,
    ),
  );
}
