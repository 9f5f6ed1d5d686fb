import type {
  ColumnsCallback,
  CreateForeignKeyOptions,
  CreateTableOptions,
  IndexPart,
  InSchema,
  ItemBuilders,
} from "./operations.ts";
import { checkOwnColumns, nameOnly, tableOf } from "../schema/collect.ts";
import { DECLARATION, isColumnBuilder, type AnyColumnBuilder } from "../schema/column.ts";
import { isExpression, type Expression } from "../schema/expression.ts";
import { check, exclude, foreignKey, index, part, primaryKey, unique } from "../schema/items.ts";
import { declare } from "../schema/table.ts";
import { t } from "../schema/t.ts";
import type { Column, Constraint, Index, Table, TableName } from "../schema/types.ts";
import { RevlineError } from "../errors.ts";

/** What `with` of `op.createTable` is given. */
export const BUILDERS: ItemBuilders = { primaryKey, unique, foreignKey, check, exclude, index };

/** A name with its schema, if it has one. */
export function tableName(name: string, { schema }: InSchema): TableName {
  return nameOnly({ schema, name });
}

/** The object without its undefined values. */
export function withoutUndefined<T extends object>(object: T): T {
  const copy = { ...object };
  for (const [key, value] of Object.entries(copy)) {
    if (value === undefined) Reflect.deleteProperty(copy, key);
  }
  return copy;
}

/** Puts a column into its table, under its own name or else its key. */
function bind(table: TableName, key: string | undefined, builder: unknown): AnyColumnBuilder {
  if (!isColumnBuilder(builder)) {
    throw new RevlineError(
      "model-invalid",
      `A column of table "${table.name}" is not made with t.`,
      {
        hint: "Write (t) => ({ id: t.integer() }).",
      },
    );
  }
  const column = builder[DECLARATION].name ?? key;
  if (column === undefined) {
    throw new RevlineError("model-invalid", `A column of table "${table.name}" has no name.`, {
      hint: 'In a list, give the name to the type: t.integer("id").',
    });
  }
  return builder.at({ schema: table.schema, table: table.name, column });
}

/** A table as the callback of `op.createTable` declares it. @throws RevlineError model-invalid, duplicate-column, unknown-column */
export function buildTable(
  name: string,
  columns: ColumnsCallback,
  options: CreateTableOptions,
): Table {
  const at = tableName(name, options);
  const given = columns(t);
  const bound = Array.isArray(given)
    ? given.map((builder: unknown) => bind(at, undefined, builder))
    : Object.entries(given).map(([key, builder]) => bind(at, key, builder));
  const { with: items, ifNotExists: _, prefix: __, suffix: ___, ...rest } = options;
  const declaration = declare(name, bound, { ...rest, with: () => items?.(BUILDERS) ?? [] });
  const table = tableOf(declaration);
  checkOwnColumns(table);
  return table;
}

/** A column alone: constraints that hang on it come back beside it. */
export function buildColumn(
  table: TableName,
  name: string,
  builder: AnyColumnBuilder,
): { column: Column; constraints: readonly Constraint[]; indexes: readonly Index[] } {
  const declaration = declare(table.name, [bind(table, name, builder)], { schema: table.schema });
  const built = tableOf(declaration);
  const [column] = built.columns;
  if (column === undefined) throw new RevlineError("internal", `Column "${name}" was not built.`);
  return { column, constraints: built.constraints, indexes: built.indexes };
}

/** A foreign key of `op.createForeignKey`. */
export function foreignKeyOf(
  name: string | null,
  referencedTable: string,
  columns: readonly string[],
  referencedColumns: readonly string[],
  options: CreateForeignKeyOptions,
): Constraint {
  const { schema: _, referencedSchema, ...rest } = options;
  const referenced = tableName(
    referencedTable,
    referencedSchema === undefined ? {} : { schema: referencedSchema },
  );
  return {
    kind: "foreignKey",
    ...(name === null ? {} : { name }),
    columns,
    references: { ...referenced, columns: referencedColumns },
    ...withoutUndefined(rest),
  };
}

/** A part of an index. */
export function elementOf(target: IndexPart): Index["elements"][number] {
  return typeof target === "string" || isExpression(target) ? part(target) : target;
}

/** The constraint without a name that is to be dropped, as far as its columns or expression tell. */
export function droppedConstraint(
  type: Constraint["kind"],
  {
    columns,
    references = "",
    expression,
  }: { columns?: readonly string[]; references?: string; expression?: Expression },
): Constraint | undefined {
  if (type === "check" && expression !== undefined) return { kind: "check", expression };
  if (columns === undefined) return undefined;
  if (type === "unique" || type === "primaryKey") return { kind: type, columns };
  if (type === "foreignKey")
    return { kind: "foreignKey", columns, references: { name: references, columns: [] } };
  return undefined;
}
