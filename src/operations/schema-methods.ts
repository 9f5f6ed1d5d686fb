import {
  buildColumn,
  buildTable,
  droppedConstraint,
  elementOf,
  foreignKeyOf,
  tableName,
  withoutUndefined,
} from "./build.ts";
import type { Operation } from "./operation.ts";
import type {
  AddColumnOptions,
  ColumnCallback,
  CreateIndexOptions,
  CreateUniqueOptions,
  InSchema,
  SchemaMethods,
} from "./operations.ts";
import { nameOnly } from "../schema/collect.ts";
import { t } from "../schema/t.ts";
import type { Constraint, EnumType, Index } from "../schema/types.ts";

/** A key that is there or not, never false. */
function flag<K extends string>(key: K, value: boolean | undefined): { readonly [P in K]?: true } {
  const set: { [P in K]?: true } = {};
  if (value === true) set[key] = true;
  return set;
}

/** The methods of `op` that change tables and what belongs to them. */
export function schemaMethods(record: (operation: Operation) => void): SchemaMethods {
  const addConstraint = (table: string, options: InSchema, constraint: Constraint): void =>
    record({ kind: "addConstraint", table: tableName(table, options), constraint });

  return {
    createTable: (name, columns, options = {}) =>
      record({
        kind: "createTable",
        table: buildTable(name, columns, options),
        ...flag("ifNotExists", options.ifNotExists),
        ...(options.prefix !== undefined && { prefix: options.prefix }),
        ...(options.suffix !== undefined && { suffix: options.suffix }),
      }),
    dropTable: (name, options = {}) =>
      record({
        kind: "dropTable",
        table: tableName(name, options),
        ...flag("ifExists", options.ifExists),
        ...(options.partitionOf === undefined ? {} : { partitionOf: options.partitionOf }),
      }),
    renameTable: (from, to, { newSchema, ...options } = {}) =>
      record({
        kind: "renameTable",
        from: tableName(from, options),
        to:
          newSchema === undefined
            ? tableName(to, options)
            : nameOnly({ schema: newSchema ?? undefined, name: to }),
      }),

    addColumn: (table, name, column: ColumnCallback, options: AddColumnOptions = {}) => {
      const at = tableName(table, options);
      const built = buildColumn(at, name, column(t));
      const { after, ifNotExists } = options;
      record({
        kind: "addColumn",
        table: at,
        column: built.column,
        ...(after === undefined ? {} : { after }),
        ...flag("ifNotExists", ifNotExists),
      });
      for (const constraint of built.constraints)
        record({ kind: "addConstraint", table: at, constraint });
      for (const added of built.indexes) record({ kind: "createIndex", table: at, index: added });
    },
    dropColumn: (table, name, options = {}) =>
      record({
        kind: "dropColumn",
        table: tableName(table, options),
        name,
        ...flag("ifExists", options.ifExists),
      }),
    alterColumn: (table, name, column, options = {}) => {
      const at = tableName(table, options);
      const { from, to } = column(t);
      const { using, after } = options;
      record({
        kind: "alterColumn",
        table: at,
        from: buildColumn(at, name, from).column,
        to: buildColumn(at, name, to).column,
        ...(using === undefined ? {} : { using }),
        ...(after === undefined ? {} : { after }),
      });
    },
    renameColumn: (table, from, to, options = {}) =>
      record({ kind: "renameColumn", table: tableName(table, options), from, to }),

    createPrimaryKey: (name, table, columns, options = {}) => {
      const { schema: _, ...rest } = options;
      addConstraint(table, options, {
        kind: "primaryKey",
        ...(name === null ? {} : { name }),
        columns,
        ...withoutUndefined(rest),
      });
    },
    createUniqueConstraint: (name, table, columns, options: CreateUniqueOptions = {}) => {
      const { schema: _, ...rest } = options;
      addConstraint(table, options, {
        kind: "unique",
        ...(name === null ? {} : { name }),
        columns,
        ...withoutUndefined(rest),
      });
    },
    createForeignKey: (name, table, referencedTable, columns, referencedColumns, options = {}) =>
      addConstraint(
        table,
        options,
        foreignKeyOf(name, referencedTable, columns, referencedColumns, options),
      ),
    createCheckConstraint: (name, table, expression, options = {}) => {
      const { schema: _, ...rest } = options;
      addConstraint(table, options, {
        kind: "check",
        ...(name === null ? {} : { name }),
        expression,
        ...withoutUndefined(rest),
      });
    },
    createExcludeConstraint: (name, table, definition, options = {}) => {
      const { schema: _, ...rest } = options;
      addConstraint(table, options, {
        kind: "exclude",
        name,
        definition,
        ...withoutUndefined(rest),
      });
    },
    dropConstraint: (name, table, type, options = {}) => {
      const dropped = droppedConstraint(type, options);
      record({
        kind: "dropConstraint",
        table: tableName(table, options),
        type,
        ...(name === null ? {} : { name }),
        ...(name === null && dropped !== undefined ? { dropped } : {}),
        ...flag("ifExists", options.ifExists),
      });
    },
    renameConstraint: (table, from, to, type, options = {}) =>
      record({ kind: "renameConstraint", table: tableName(table, options), type, from, to }),

    createIndex: (name, table, parts, options: CreateIndexOptions = {}) => {
      const { schema: _, unique: isUnique, ifNotExists, concurrently, ...rest } = options;
      const created: Index = {
        ...(name === null ? {} : { name }),
        elements: parts.map(elementOf),
        ...(isUnique === true ? { unique: true } : {}),
        ...withoutUndefined(rest),
      };
      record({
        kind: "createIndex",
        table: tableName(table, options),
        index: created,
        ...flag("ifNotExists", ifNotExists),
        ...flag("concurrently", concurrently),
      });
    },
    dropIndex: (name, table, options = {}) =>
      record({
        kind: "dropIndex",
        table: tableName(table, options),
        name,
        ...flag("ifExists", options.ifExists),
        ...flag("concurrently", options.concurrently),
      }),
    renameIndex: (table, from, to, options = {}) =>
      record({ kind: "renameIndex", table: tableName(table, options), from, to }),

    setTableComment: (table, comment, options = {}) =>
      record({
        kind: "setTableComment",
        table: tableName(table, options),
        from: options.from ?? null,
        to: comment,
      }),
    setTableOptions: (table, dialect, change, options = {}) =>
      record({
        kind: "setTableOptions",
        table: tableName(table, options),
        dialect,
        ...change,
      }),

    createSchema: (name) => record({ kind: "createSchema", name }),
    dropSchema: (name) => record({ kind: "dropSchema", name }),

    createEnum: (name, values, options = {}) => {
      const { comment } = options;
      record({
        kind: "createEnum",
        enum: {
          kind: "enum",
          ...tableName(name, options),
          values,
          ...(comment === undefined ? {} : { comment }),
        },
      });
    },
    dropEnum: (name, options = {}) => record({ kind: "dropEnum", enum: tableName(name, options) }),
    alterEnum: (name, { from, to, comment }, options = {}) => {
      const side = (values: readonly string[], words: string | null = null): EnumType => ({
        kind: "enum",
        ...tableName(name, options),
        values,
        ...(words === null ? {} : { comment: words }),
      });
      record({ kind: "alterEnum", from: side(from, comment?.from), to: side(to, comment?.to) });
    },
    renameEnumValue: (name, from, to, options = {}) =>
      record({ kind: "renameEnumValue", enum: tableName(name, options), from, to }),
  };
}
