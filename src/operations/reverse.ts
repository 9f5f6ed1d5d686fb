import { objectName } from "../schema/objects/declare.ts";
import { nameOnly } from "../schema/collect.ts";
import { dispatch, type Operation, type OperationTable } from "./operation.ts";
import { omit } from "../util/equal.ts";

/** What undoes each operation; undefined where the operation does not say enough, or is the user's own SQL. */
const REVERSE: OperationTable<Operation | undefined> = {
  createTable: ({ table, ifNotExists }) => ({
    kind: "dropTable",
    table: nameOnly(table),
    dropped: table,
    ...(ifNotExists && { ifExists: true }),
  }),
  dropTable: ({ dropped, ifExists }) =>
    dropped && { kind: "createTable", table: dropped, ...(ifExists && { ifNotExists: true }) },
  renameTable: (op) => ({ ...op, from: op.to, to: op.from }),
  addColumn: (op) => ({
    ...omit(omit(op, "column"), "ifNotExists"),
    kind: "dropColumn",
    name: op.column.name,
    dropped: op.column,
    ...(op.ifNotExists && { ifExists: true }),
  }),
  dropColumn: ({ dropped, ifExists, ...op }) =>
    dropped && {
      ...omit(op, "name"),
      kind: "addColumn",
      column: dropped,
      ...(ifExists && { ifNotExists: true }),
    },
  alterColumn: (op) => ({
    ...omit(op, "using", "after", "wasAfter"),
    from: op.to,
    to: op.from,
    ...(op.wasAfter === undefined ? {} : { after: op.wasAfter }),
    ...(op.after === undefined ? {} : { wasAfter: op.after }),
  }),
  renameColumn: (op) => ({ ...op, from: op.to, to: op.from }),
  addConstraint: ({ table, constraint }) => ({
    kind: "dropConstraint",
    table,
    ...(constraint.name === undefined ? {} : { name: constraint.name }),
    type: constraint.kind,
    dropped: constraint,
  }),
  dropConstraint: ({ table, dropped }) =>
    dropped && { kind: "addConstraint", table, constraint: dropped },
  renameConstraint: (op) => ({ ...op, from: op.to, to: op.from }),
  createIndex: ({ table, index, ifNotExists, concurrently }) =>
    index.name === undefined
      ? undefined
      : {
          kind: "dropIndex",
          table,
          name: index.name,
          dropped: index,
          ...(ifNotExists && { ifExists: true }),
          ...(concurrently && { concurrently }),
        },
  dropIndex: ({ table, dropped, ifExists, concurrently }) =>
    dropped && {
      kind: "createIndex",
      table,
      index: dropped,
      ...(ifExists && { ifNotExists: true }),
      ...(concurrently && { concurrently }),
    },
  renameIndex: (op) => ({ ...op, from: op.to, to: op.from }),
  setTableComment: (op) => ({ ...op, from: op.to, to: op.from }),
  setTableOptions: (op) => ({ ...op, from: op.to, to: op.from }),
  createSchema: (op) => ({ ...op, kind: "dropSchema" }),
  dropSchema: (op) => ({ ...op, kind: "createSchema" }),
  execute: () => undefined,
  bulkInsert: () => undefined,
  createObject: ({ object }) => ({
    kind: "dropObject",
    type: object.kind,
    object: objectName(object),
    dropped: object,
  }),
  dropObject: ({ dropped }) => dropped && { kind: "createObject", object: dropped },
  alterObject: (op) => ({ ...op, from: op.to, to: op.from }),
  invoke: ({ name, data, undo }) => undo && { kind: "invoke", ...undo, undo: { name, data } },
  createEnum: (op) => ({ kind: "dropEnum", enum: nameOnly(op.enum), dropped: op.enum }),
  dropEnum: ({ dropped }) => dropped && { kind: "createEnum", enum: dropped },
  alterEnum: (op) => ({ ...op, from: op.to, to: op.from }),
  renameEnumValue: (op) => ({ ...op, from: op.to, to: op.from }),
};

/** The operation that undoes one, where there is one. */
export function reverse(operation: Operation): Operation | undefined {
  return dispatch(REVERSE, operation);
}

/** The downgrade of a list: reversed operations in reversed order; those without a reverse are left out. */
export function reverseAll(operations: readonly Operation[]): readonly Operation[] {
  return operations.toReversed().flatMap((operation) => reverse(operation) ?? []);
}
