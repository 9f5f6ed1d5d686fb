import type { Column, PrimaryKey, Table } from "../../schema/types.ts";
import { sameName } from "./names.ts";
import { compileType } from "./types.ts";

/** What decides how a column of a table is written. */
export interface TableShape {
  readonly columns: readonly Column[];
  readonly key: PrimaryKey | undefined;
  /** The key stands first among the constraints. */
  readonly keyFirst: boolean;
  readonly strict: boolean;
  readonly withoutRowid: boolean;
}

export function shapeOf(table: Pick<Table, "columns" | "constraints" | "options">): TableShape {
  const options = table.options?.sqlite;
  return {
    columns: table.columns,
    key: table.constraints.find((constraint) => constraint.kind === "primaryKey"),
    keyFirst: table.constraints[0]?.kind === "primaryKey",
    strict: options?.["strict"] === true,
    withoutRowid: options?.["withoutRowid"] === true,
  };
}

export function inKey(column: Column, shape: TableShape): boolean {
  return shape.key?.columns.some((name) => sameName(name, column.name)) ?? false;
}

/**
 * True for the column that is another name of the rowid: exactly INTEGER, alone in the primary key, and
 * not `PRIMARY KEY DESC` at the column. https://sqlite.org/lang_createtable.html#rowid
 */
export function isRowidAlias(column: Column, shape: TableShape): boolean {
  const { key } = shape;
  if (key === undefined || key.columns.length !== 1 || !inKey(column, shape)) return false;
  if (shape.withoutRowid || key.options?.["desc"] === true) return false;
  return (
    column.identity !== undefined ||
    compileType(column.type, shape.strict).toUpperCase() === "INTEGER"
  );
}

/** Key columns that SQLite itself keeps from being NULL. */
export function isImplicitlyNotNull(column: Column, shape: TableShape): boolean {
  return (
    inKey(column, shape) && (shape.strict || shape.withoutRowid || isRowidAlias(column, shape))
  );
}

/**
 * Whether NOT NULL is written. Key columns of an ordinary table may be NULL in SQLite
 * (https://sqlite.org/quirks.html): the option `nullable` says that one is left so, and `notNull` that
 * a rowid's other name has a NOT NULL which it does not need.
 */
export function writesNotNull(column: Column, shape: TableShape): boolean {
  if (isRowidAlias(column, shape)) return column.options?.["notNull"] === true;
  if (isImplicitlyNotNull(column, shape)) return true;
  return inKey(column, shape) ? column.options?.["nullable"] !== true : !column.nullable;
}
