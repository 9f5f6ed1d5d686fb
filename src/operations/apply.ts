import { isMoot } from "./condition.ts";
import { dispatch, type Operation, type OperationTable } from "./operation.ts";
import {
  columnReferences,
  renameInColumn,
  renameInConstraint,
  renameInIndex,
  renameInOptions,
} from "./rename.ts";
import { renameEnumValue } from "./rename-enum-value.ts";
import { renamePublishedColumn, renamePublishedTable } from "./rename-published.ts";
import { isOpen, objectKey } from "../schema/objects/declare.ts";
import type { OpenObject, Sequence } from "../schema/objects/types.ts";
import { heirsOf, withParentsLeft } from "../schema/inherited.ts";
import { renameParent, type FindTable } from "../schema/parents.ts";
import { nameOnly, sameTable } from "../schema/collect.ts";
import type {
  Column,
  ColumnType,
  Constraint,
  EnumType,
  MetaData,
  SchemaObject,
  Table,
  TableName,
} from "../schema/types.ts";
import { deepEqual, omit } from "../util/equal.ts";

type Apply = (metadata: MetaData) => MetaData;

function onTable(name: TableName, change: (table: Table) => Table): Apply {
  return (metadata) => ({
    ...metadata,
    tables: metadata.tables.map((table) => (sameTable(table, name) ? change(table) : table)),
  });
}

function place(
  columns: readonly Column[],
  column: Column,
  after: string | null | undefined,
): readonly Column[] {
  if (after === undefined) return [...columns, column];
  const at = after === null ? 0 : columns.findIndex(({ name }) => name === after) + 1;
  return [...columns.slice(0, at), column, ...columns.slice(at)];
}

/** A column's drop takes with it what stands on it alone or names it. */
function withoutColumn(table: Table, name: string): Table {
  return {
    ...table,
    columns: table.columns.filter((column) => column.name !== name),
    constraints: table.constraints.filter(
      (constraint) => !columnReferences(constraint).includes(name),
    ),
    indexes: table.indexes.filter(
      ({ elements }) => !elements.some(({ column }) => column === name),
    ),
  };
}

/** Of a table and its heirs, which have the column under the new name at once. */
function renameColumn(metadata: MetaData, name: TableName, from: string, to: string): MetaData {
  return [name, ...heirsOf(name, metadata.tables)].reduce(
    (renamed, table) => renameOwnColumn(renamed, nameOnly(table), from, to),
    metadata,
  );
}

function renameOwnColumn(metadata: MetaData, name: TableName, from: string, to: string): MetaData {
  const isOwned = (object: SchemaObject): object is Sequence =>
    object.kind === "sequence" &&
    object.schema === name.schema &&
    object.ownedBy?.table === name.name &&
    object.ownedBy.column === from;
  return {
    ...metadata,
    objects: metadata.objects.map((object) => {
      if (object.kind === "publication") return renamePublishedColumn(object, name, from, to);
      return isOwned(object) ? withOwner(object, { column: to }) : object;
    }),
    tables: metadata.tables.map((table) => {
      const own = sameTable(table, name);
      return {
        ...table,
        ...(own ? renameInOptions(table, from, to) : {}),
        columns: own
          ? table.columns.map((column) => renameInColumn(column, from, to))
          : table.columns,
        constraints: table.constraints.map((constraint) =>
          renameInConstraint(constraint, { own, table: name, from, to }),
        ),
        indexes: own ? table.indexes.map((index) => renameInIndex(index, from, to)) : table.indexes,
      };
    }),
  };
}

function onOtherTable<O extends OpenObject>(object: O, to: TableName): O {
  const moved: O & { schema?: string; table?: string } = { ...object, table: to.name };
  if (to.schema === undefined) delete moved.schema;
  else moved.schema = to.schema;
  return moved;
}

function renameTable(metadata: MetaData, from: TableName, to: TableName): MetaData {
  const moved = (references: TableName): TableName =>
    sameTable(references, from) ? to : references;
  return {
    ...metadata,
    tables: metadata.tables.map((table) => ({
      ...omit(table, "schema"),
      ...(sameTable(table, from) ? to : nameOnly(table)),
      ...(table.options?.postgresql === undefined
        ? {}
        : {
            options: {
              ...table.options,
              postgresql: renameParent(table.options.postgresql, from, to),
            },
          }),
      constraints: table.constraints.map((constraint) =>
        constraint.kind === "foreignKey"
          ? {
              ...constraint,
              references: {
                columns: constraint.references.columns,
                ...moved(nameOnly(constraint.references)),
              },
            }
          : constraint,
      ),
    })),
    objects: metadata.objects.map((object) => {
      if (object.kind === "publication") return renamePublishedTable(object, from, to);
      if (!isOpen(object) || object.schema !== from.schema) return object;
      if (object.kind === "sequence" && object.ownedBy?.table === from.name)
        return withOwner(inSchema(object, to.schema), { table: to.name });
      return object.table === from.name ? onOtherTable(object, to) : object;
    }),
    skipped: metadata.skipped.map((object) =>
      object.table === from.name && object.schema === from.schema
        ? { ...object, table: to.name }
        : object,
    ),
  };
}

function inSchema(sequence: Sequence, schema: string | undefined): Sequence {
  return { ...omit(sequence, "schema"), ...(schema === undefined ? {} : { schema }) };
}

/** A sequence goes with its table, and with its column. */
function withOwner(sequence: Sequence, change: Partial<Sequence["ownedBy"]>): Sequence {
  const { ownedBy } = sequence;
  return ownedBy === undefined ? sequence : { ...sequence, ownedBy: { ...ownedBy, ...change } };
}

function isDropped(
  constraint: Constraint,
  operation: { name?: string; type: Constraint["kind"]; dropped?: Constraint },
): boolean {
  if (constraint.kind !== operation.type) return false;
  if (operation.name !== undefined) return constraint.name === operation.name;
  if (operation.type === "primaryKey") return true;
  const { dropped } = operation;
  if (dropped === undefined || constraint.name !== undefined) return false;
  if (deepEqual(constraint, dropped)) return true;
  return (
    constraint.kind !== "check" &&
    deepEqual(columnReferences(constraint), columnReferences(dropped))
  );
}

function withObjects(change: (objects: readonly SchemaObject[]) => readonly SchemaObject[]): Apply {
  return (metadata) => ({ ...metadata, objects: change(metadata.objects) });
}

function withValues(type: ColumnType, named: TableName, values: readonly string[]): ColumnType {
  if (type.name === "array") return { ...type, element: withValues(type.element, named, values) };
  const isIt = type.name === "enum" && type.enumName === named.name && type.schema === named.schema;
  return isIt ? { ...type, values } : type;
}

function changeEnum({ from, to }: { from: EnumType; to: EnumType }): Apply {
  return (metadata) => ({
    ...metadata,
    // a change that says nothing of the comment leaves it
    objects: metadata.objects.map((object) =>
      sameTable(object, from) ? (from.comment === to.comment ? { ...object, ...to } : to) : object,
    ),
    tables: metadata.tables.map((table) => ({
      ...table,
      columns: table.columns.map((column) => ({
        ...column,
        type: withValues(column.type, from, to.values),
      })),
    })),
  });
}

const APPLY: OperationTable<Apply> = {
  createTable:
    ({ table }) =>
    (metadata) => ({ ...metadata, tables: [...metadata.tables, table] }),
  dropTable:
    ({ table }) =>
    (metadata) => ({
      ...metadata,
      tables: metadata.tables.filter((other) => !sameTable(other, table)),
      skipped: metadata.skipped.filter(
        (object) => object.table !== table.name || object.schema !== table.schema,
      ),
    }),
  renameTable:
    ({ from, to }) =>
    (metadata) =>
      renameTable(metadata, from, to),
  addColumn: ({ table, column, after }) =>
    onTable(table, (before) => ({ ...before, columns: place(before.columns, column, after) })),
  dropColumn: ({ table, name }) => onTable(table, (before) => withoutColumn(before, name)),
  alterColumn:
    ({ table, from, to, after }) =>
    (metadata) => {
      const renamed =
        from.name === to.name ? metadata : renameColumn(metadata, table, from.name, to.name);
      const replace = (columns: readonly Column[]): readonly Column[] =>
        after === undefined
          ? columns.map((column) => (column.name === to.name ? to : column))
          : place(
              columns.filter(({ name }) => name !== to.name),
              to,
              after,
            );
      return onTable(table, (before) => ({ ...before, columns: replace(before.columns) }))(renamed);
    },
  renameColumn:
    ({ table, from, to }) =>
    (metadata) =>
      renameColumn(metadata, table, from, to),
  addConstraint: ({ table, constraint }) =>
    onTable(table, (before) => ({ ...before, constraints: [...before.constraints, constraint] })),
  dropConstraint: (operation) =>
    onTable(operation.table, (before) => ({
      ...before,
      constraints: before.constraints.filter((constraint) => !isDropped(constraint, operation)),
    })),
  renameConstraint: ({ table, type, from, to }) =>
    onTable(table, (before) => ({
      ...before,
      constraints: before.constraints.map((constraint) =>
        constraint.kind === type && constraint.name === from
          ? { ...constraint, name: to }
          : constraint,
      ),
    })),
  createIndex: ({ table, index }) =>
    onTable(table, (before) => ({ ...before, indexes: [...before.indexes, index] })),
  dropIndex: ({ table, name }) =>
    onTable(table, (before) => ({
      ...before,
      indexes: before.indexes.filter((index) => index.name !== name),
    })),
  renameIndex: ({ table, from, to }) =>
    onTable(table, (before) => ({
      ...before,
      indexes: before.indexes.map((index) =>
        index.name === from ? { ...index, name: to } : index,
      ),
    })),
  setTableComment: ({ table, to }) =>
    onTable(table, (before) => ({
      ...omit(before, "comment"),
      ...(to === null ? {} : { comment: to }),
    })),
  setTableOptions:
    ({ table, dialect, from, to }) =>
    (metadata) =>
      onTable(table, (before) => {
        const kept = Object.entries(before.options?.[dialect] ?? {}).filter(
          ([key]) => !(key in from) || key in to,
        );
        const options = { ...before.options, [dialect]: { ...Object.fromEntries(kept), ...to } };
        const find: FindTable = (name) => metadata.tables.find((other) => sameTable(other, name));
        return withParentsLeft(before, { ...before, options }, find);
      })(metadata),
  createSchema:
    ({ name }) =>
    (metadata) => ({ ...metadata, schemas: [...metadata.schemas, name].toSorted() }),
  dropSchema:
    ({ name }) =>
    (metadata) => ({ ...metadata, schemas: metadata.schemas.filter((other) => other !== name) }),
  execute: () => (metadata) => metadata,
  bulkInsert: () => (metadata) => metadata,
  createObject: (operation) => withObjects((objects) => [...objects, operation.object]),
  dropObject: ({ type, object: gone }) =>
    withObjects((objects) =>
      objects.filter((object) => objectKey(object.kind, object) !== objectKey(type, gone)),
    ),
  alterObject: ({ from, to }) =>
    withObjects((objects) =>
      objects.map((object) =>
        objectKey(object.kind, object) === objectKey(from.kind, from) ? to : object,
      ),
    ),
  invoke: () => (metadata) => metadata,
  createEnum: (operation) => withObjects((objects) => [...objects, operation.enum]),
  dropEnum: (operation) =>
    withObjects((objects) =>
      objects.filter((object) => object.kind !== "enum" || !sameTable(object, operation.enum)),
    ),
  alterEnum: changeEnum,
  renameEnumValue: (operation) => (metadata) => renameEnumValue(metadata, operation),
};

/**
 * The MetaData after the operations: what a dry run and SQLite's planner take for the database's state.
 * SQL of the user's own changes nothing here.
 */
export function applyOperations(metadata: MetaData, operations: readonly Operation[]): MetaData {
  return operations.reduce(
    (state, operation) => (isMoot(state, operation) ? state : dispatch(APPLY, operation)(state)),
    metadata,
  );
}
