import type {
  Column,
  Constraint,
  ConstraintKind,
  EnumType,
  Index,
  NamingConvention,
  Options,
  Table,
  TableName,
} from "../schema/types.ts";
import type { CustomData, ObjectName, OpenKind, OpenObject } from "../schema/objects/types.ts";
import type { DialectName } from "../schema/types.ts";
import type { Expression, SqlValue } from "../schema/expression.ts";

/**
 * What can happen to a database, as plain immutable data. One list of operations feeds reverse,
 * describe, render (TypeScript), plan (SQL), dry run and check. Drops carry what they drop where it is
 * known, so that they can be reversed; a hand-written drop knows the name only.
 */
export interface CreateTable {
  readonly kind: "createTable";
  readonly table: Table;
  readonly ifNotExists?: true;
  /** Between CREATE and TABLE: `TEMPORARY`. */
  readonly prefix?: string;
  /** Behind all else: what no option says, such as `PARTITION BY …`. */
  readonly suffix?: Expression;
}
export interface DropTable {
  readonly kind: "dropTable";
  readonly table: TableName;
  /** PostgreSQL: the table (its path) whose partition it is; where keys point to that, it has to be let go first. */
  readonly partitionOf?: string;
  readonly dropped?: Table;
  readonly ifExists?: true;
}
export interface RenameTable {
  readonly kind: "renameTable";
  readonly from: TableName;
  readonly to: TableName;
}
export interface AddColumn extends InBatch {
  readonly kind: "addColumn";
  readonly table: TableName;
  readonly column: Column;
  /** MySQL: the column it stands behind; null is the first place; absent is the last. */
  readonly after?: string | null;
  readonly ifNotExists?: true;
}
export interface DropColumn extends InBatch {
  readonly kind: "dropColumn";
  readonly table: TableName;
  readonly name: string;
  readonly dropped?: Column;
  readonly after?: string | null;
  readonly ifExists?: true;
}
/** How SQLite, whose ALTER can do little, is to make the changes of one table. The other databases need none of it. */
export interface Batch {
  /** `always`: by making the table anew, `never`: by ALTER or not at all. Absent: by ALTER where that is enough. */
  readonly recreate?: "always" | "never";
  /** What the table is taken for, instead of what the database says of it. */
  readonly copyFrom?: Table;
  /** What single columns are taken for. */
  readonly reflectArgs?: readonly Column[];
  /** Names for constraints that have none, so that they can be dropped by name. */
  readonly naming?: NamingConvention;
}
/** A change inside a table. */
interface InBatch {
  readonly batch?: Batch;
}
/** Whole columns on both sides: reverse is a swap, MySQL's MODIFY needs no guess. Other names: a rename too. */
export interface AlterColumn extends InBatch {
  readonly kind: "alterColumn";
  readonly table: TableName;
  readonly from: Column;
  readonly to: Column;
  /** PostgreSQL: how the old value becomes the new one, where no implicit cast does it. */
  readonly using?: Expression;
  /** MySQL, MariaDB, SQLite: it moves behind this column; null is the first place; absent: it stays where it is. */
  readonly after?: string | null;
  /** Where it moves from, for the way back. */
  readonly wasAfter?: string | null;
}
export interface RenameColumn {
  readonly kind: "renameColumn";
  readonly table: TableName;
  readonly from: string;
  readonly to: string;
}
export interface AddConstraint extends InBatch {
  readonly kind: "addConstraint";
  readonly table: TableName;
  readonly constraint: Constraint;
}
export interface DropConstraint extends InBatch {
  readonly kind: "dropConstraint";
  readonly table: TableName;
  /** Absent for what has no name (SQLite): `dropped` says which. */
  readonly name?: string;
  readonly type: ConstraintKind;
  readonly dropped?: Constraint;
  readonly ifExists?: true;
}
export interface RenameConstraint extends InBatch {
  readonly kind: "renameConstraint";
  readonly table: TableName;
  readonly type: ConstraintKind;
  readonly from: string;
  readonly to: string;
}
export interface CreateIndex extends InBatch {
  readonly kind: "createIndex";
  readonly table: TableName;
  readonly index: Index;
  readonly ifNotExists?: true;
  /** PostgreSQL: without keeping writers out, and outside the transaction. */
  readonly concurrently?: true;
}
export interface DropIndex extends InBatch {
  readonly kind: "dropIndex";
  readonly table: TableName;
  readonly name: string;
  readonly dropped?: Index;
  readonly ifExists?: true;
  /** As of {@link CreateIndex}. */
  readonly concurrently?: true;
}
export interface RenameIndex extends InBatch {
  readonly kind: "renameIndex";
  readonly table: TableName;
  readonly from: string;
  readonly to: string;
}
export interface SetTableComment extends InBatch {
  readonly kind: "setTableComment";
  readonly table: TableName;
  readonly from: string | null;
  readonly to: string | null;
}
/** The options of one database; a key that is in one of the two only is added or taken away. */
export interface SetTableOptions extends InBatch {
  readonly kind: "setTableOptions";
  readonly table: TableName;
  readonly dialect: DialectName;
  readonly from: Options;
  readonly to: Options;
  /**
   * PostgreSQL: the names that a partition's keys and indexes get as it is detached, by the names of the parent's
   * that they are part of: the server lets them have any.
   */
  readonly detachedNames?: Readonly<Record<string, string>>;
}
export interface CreateSchema {
  readonly kind: "createSchema";
  readonly name: string;
}
export interface DropSchema {
  readonly kind: "dropSchema";
  readonly name: string;
}
/** SQL of the user's own: data, or what no operation says. */
export interface Execute {
  readonly kind: "execute";
  readonly sql: Expression;
}
export interface BulkInsert {
  readonly kind: "bulkInsert";
  readonly table: TableName;
  readonly rows: readonly Readonly<Record<string, SqlValue>>[];
}

/** The closed core: a dialect answers every one. */
export interface CoreOperationMap {
  createTable: CreateTable;
  dropTable: DropTable;
  renameTable: RenameTable;
  addColumn: AddColumn;
  dropColumn: DropColumn;
  alterColumn: AlterColumn;
  renameColumn: RenameColumn;
  addConstraint: AddConstraint;
  dropConstraint: DropConstraint;
  renameConstraint: RenameConstraint;
  createIndex: CreateIndex;
  dropIndex: DropIndex;
  renameIndex: RenameIndex;
  setTableComment: SetTableComment;
  setTableOptions: SetTableOptions;
  createSchema: CreateSchema;
  dropSchema: DropSchema;
  execute: Execute;
  bulkInsert: BulkInsert;
}

export interface CreateEnum {
  readonly kind: "createEnum";
  readonly enum: EnumType;
}
export interface DropEnum {
  readonly kind: "dropEnum";
  readonly enum: TableName;
  readonly dropped?: EnumType;
}
export interface AlterEnum {
  readonly kind: "alterEnum";
  readonly from: EnumType;
  readonly to: EnumType;
}
export interface RenameEnumValue {
  readonly kind: "renameEnumValue";
  readonly enum: TableName;
  readonly from: string;
  readonly to: string;
}

/** Objects of the open kinds, whole: a view, a function, a trigger, … */
export interface CreateObject {
  readonly kind: "createObject";
  readonly object: OpenObject;
}
export interface DropObject {
  readonly kind: "dropObject";
  readonly type: OpenKind;
  readonly object: ObjectName;
  readonly dropped?: OpenObject;
}
/** Both sides are of one kind and have one name. */
export interface AlterObject {
  readonly kind: "alterObject";
  readonly from: OpenObject;
  readonly to: OpenObject;
}

/** An operation of the project's own. */
export interface Invoke {
  readonly kind: "invoke";
  readonly name: string;
  readonly data: CustomData;
  /** What undoes it, where something does. */
  readonly undo?: { readonly name: string; readonly data: CustomData };
}

/** The open edge: operations of the kinds in `objects/`. */
export interface ObjectOperationMap {
  createObject: CreateObject;
  dropObject: DropObject;
  alterObject: AlterObject;
  invoke: Invoke;
  createEnum: CreateEnum;
  dropEnum: DropEnum;
  alterEnum: AlterEnum;
  renameEnumValue: RenameEnumValue;
}

export interface OperationMap extends CoreOperationMap, ObjectOperationMap {}
export type OperationKind = keyof OperationMap;
export type CoreOperation = CoreOperationMap[keyof CoreOperationMap];
export type ObjectOperation = ObjectOperationMap[keyof ObjectOperationMap];
export type Operation = CoreOperation | ObjectOperation;

/** A table with one answer for every kind: a missing row does not compile. */
export type OperationTable<Result, Rest extends readonly unknown[] = []> = {
  readonly [K in OperationKind]: (operation: OperationMap[K], ...rest: Rest) => Result;
};

/** Looks the answer for one operation up in an {@link OperationTable}. */
export function dispatch<Result, Rest extends readonly unknown[]>(
  table: OperationTable<Result, Rest>,
  operation: Operation,
  ...rest: Rest
): Result {
  return callRow(table, operation, rest);
}

function callRow<K extends OperationKind, Result, Rest extends readonly unknown[]>(
  table: { readonly [P in K]: (operation: OperationMap[P], ...rest: Rest) => Result },
  operation: OperationMap[K] & { readonly kind: K },
  rest: Rest,
): Result {
  return table[operation.kind](operation, ...rest);
}
