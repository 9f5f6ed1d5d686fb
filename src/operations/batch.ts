import { buildTable, tableName } from "./build.ts";
import type { Batch, Operation } from "./operation.ts";
import type { ColumnsCallback, CreateTableOptions, InSchema, SchemaMethods } from "./operations.ts";
import { schemaMethods } from "./schema-methods.ts";
import type { NamingConvention } from "../schema/types.ts";

type WithoutFirst<F> = F extends (first: never, ...rest: infer Rest) => void
  ? (...rest: Rest) => void
  : never;
type WithoutSecond<F> = F extends (first: infer First, second: never, ...rest: infer Rest) => void
  ? (first: First, ...rest: Rest) => void
  : never;

/** The methods that take the table first. */
type OnTable =
  | "addColumn"
  | "dropColumn"
  | "alterColumn"
  | "renameColumn"
  | "renameConstraint"
  | "renameIndex"
  | "setTableComment"
  | "setTableOptions";
/** The methods that take it behind a name. */
type Named =
  | "createPrimaryKey"
  | "createUniqueConstraint"
  | "createForeignKey"
  | "createCheckConstraint"
  | "createExcludeConstraint"
  | "dropConstraint"
  | "createIndex"
  | "dropIndex";

/** The methods of `op` for one table, without its name. */
export type BatchMethods = { readonly [K in OnTable]: WithoutFirst<SchemaMethods[K]> } & {
  readonly [K in Named]: WithoutSecond<SchemaMethods[K]>;
};

export interface BatchOptions extends InSchema {
  /**
   * SQLite: whether the table is made anew. `auto` (default): where ALTER is not enough; `always`; `never`: a
   * change that ALTER cannot make is an error. The other databases alter the table.
   */
  readonly recreate?: "auto" | "always" | "never";
  /** SQLite: the table as it is before, instead of what the database says of it. */
  readonly copyFrom?: { readonly columns: ColumnsCallback } & Omit<CreateTableOptions, "schema">;
  /** SQLite: single columns as they are before, where the database does not say all of them. */
  readonly reflectArgs?: ColumnsCallback;
  /** SQLite: names for constraints that have none, so that they can be dropped by name. */
  readonly naming?: NamingConvention;
}

function batchOf(table: string, options: BatchOptions): Batch {
  const { recreate = "auto", copyFrom, reflectArgs, naming, schema } = options;
  const where = schema === undefined ? {} : { schema };
  return {
    ...(recreate !== "auto" && { recreate }),
    ...(copyFrom && { copyFrom: buildTable(table, copyFrom.columns, { ...copyFrom, ...where }) }),
    ...(reflectArgs && { reflectArgs: buildTable(table, reflectArgs, where).columns }),
    ...(naming && { naming }),
  };
}

/** The operation as part of a batch; what is no change inside a table stays as it is. */
function inBatch(operation: Operation, batch: Batch): Operation {
  switch (operation.kind) {
    case "addColumn":
    case "dropColumn":
    case "alterColumn":
    case "addConstraint":
    case "dropConstraint":
    case "renameConstraint":
    case "createIndex":
    case "dropIndex":
    case "renameIndex":
    case "setTableComment":
    case "setTableOptions":
      return { ...operation, batch };
    default:
      return operation;
  }
}

/** The `batch` of `op.batchAlterTable`. */
export function batchMethods(
  record: (operation: Operation) => void,
  table: string,
  options: BatchOptions,
): BatchMethods {
  const batch = batchOf(table, options);
  const { name, schema } = tableName(table, options);
  const where = schema === undefined ? {} : { schema };
  const op = schemaMethods((operation) =>
    record(Object.keys(batch).length === 0 ? operation : inBatch(operation, batch)),
  );
  return {
    addColumn: (column, type, more) => op.addColumn(name, column, type, { ...more, ...where }),
    dropColumn: (column, more) => op.dropColumn(name, column, { ...more, ...where }),
    alterColumn: (column, change, more) =>
      op.alterColumn(name, column, change, { ...more, ...where }),
    renameColumn: (from, to, more) => op.renameColumn(name, from, to, { ...more, ...where }),
    renameConstraint: (from, to, type, more) =>
      op.renameConstraint(name, from, to, type, { ...more, ...where }),
    renameIndex: (from, to, more) => op.renameIndex(name, from, to, { ...more, ...where }),
    setTableComment: (comment, more) => op.setTableComment(name, comment, { ...more, ...where }),
    setTableOptions: (dialect, change, more) =>
      op.setTableOptions(name, dialect, change, { ...more, ...where }),
    createPrimaryKey: (key, columns, more) =>
      op.createPrimaryKey(key, name, columns, { ...more, ...where }),
    createUniqueConstraint: (key, columns, more) =>
      op.createUniqueConstraint(key, name, columns, { ...more, ...where }),
    createForeignKey: (key, referenced, columns, referencedColumns, more) =>
      op.createForeignKey(key, name, referenced, columns, referencedColumns, {
        ...more,
        ...where,
      }),
    createCheckConstraint: (key, condition, more) =>
      op.createCheckConstraint(key, name, condition, { ...more, ...where }),
    createExcludeConstraint: (key, definition, more) =>
      op.createExcludeConstraint(key, name, definition, { ...more, ...where }),
    dropConstraint: (key, type, more) => op.dropConstraint(key, name, type, { ...more, ...where }),
    createIndex: (index, parts, more) => op.createIndex(index, name, parts, { ...more, ...where }),
    dropIndex: (index, more) => op.dropIndex(index, name, { ...more, ...where }),
  };
}
