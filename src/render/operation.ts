import { array, arrow, chain, object, string, word, type Code, type Entry } from "./code.ts";
import { fitsOneLine } from "./layout.ts";
import { columnCode } from "./column.ts";
import { data, entriesOf, optionsArgument, sqlCode, type Style } from "./data.ts";
import { alterObjectCode, createObjectCode, dropObjectCode, invokeCode } from "./object.ts";
import {
  dialectOptions,
  elementCode,
  itemCode,
  split,
  targetsByName,
  type Split,
} from "./table.ts";
import {
  dispatch,
  type CreateTable,
  type Operation,
  type OperationTable,
} from "../operations/operation.ts";
import type { Column, Constraint, ConstraintKind, Table, TableName } from "../schema/types.ts";
import { omit } from "../util/equal.ts";

const REVISION: Style = {
  sql: "op.sql",
  item: (name, args) => chain(word("c"), [{ name, args }]),
  column: string,
  columnInSql: () => undefined,
};

const op = (name: string, ...args: readonly Code[]): Code => chain(word("op"), [{ name, args }]);
const nullable = (name: string | undefined): Code =>
  name === undefined ? word("null") : string(name);
const strings = (values: readonly string[]): Code => array(values.map(string));
const inSchema = ({ schema }: TableName, more: object = {}): readonly Code[] =>
  optionsArgument({ ...more, schema }, REVISION);
const column = (value: Column, style: Style, name?: string): Code =>
  columnCode(value, style, { name });

/** True where an object literal would not keep the columns' order or names. */
function needsList(table: Table): boolean {
  return table.columns.some(({ name }) => /^\d+$/.test(name) || name === "__proto__");
}

function columnsCode(table: Table, { inline }: Split, style: Style): Code {
  const code = ({ name, ...rest }: Column, own?: string): Code =>
    columnCode({ name, ...rest }, style, { inline: inline.get(name) ?? {}, name: own });
  if (needsList(table))
    return arrow("(t)", array(table.columns.map((value) => code(value, value.name))));
  const entries = table.columns.map((value): Entry => [value.name, code(value)]);
  return arrow("(t)", object(entries, true));
}

function createTable({ table, ifNotExists, prefix, suffix }: CreateTable, style: Style): Code {
  const parts = split(table);
  const items = parts.items.map((item) => itemCode(item, REVISION, targetsByName));
  const options: readonly Entry[] = [
    ...entriesOf(
      { schema: table.schema, comment: table.comment, ifNotExists, prefix, suffix },
      REVISION,
    ),
    ...(items.length === 0 ? [] : [["with", arrow("(c)", array(items))] as const]),
    ...dialectOptions(table, REVISION),
  ];
  return op(
    "createTable",
    string(table.name),
    columnsCode(table, parts, style),
    ...(options.length === 0 ? [] : [object(options)]),
  );
}

type ConstraintTable = {
  readonly [K in ConstraintKind]: (
    table: TableName,
    constraint: Extract<Constraint, { readonly kind: K }>,
  ) => Code;
};

const ADD_CONSTRAINT: ConstraintTable = {
  primaryKey: (table, { kind: _kind, name, columns, ...options }) =>
    op(
      "createPrimaryKey",
      nullable(name),
      string(table.name),
      strings(columns),
      ...inSchema(table, options),
    ),
  unique: (table, { kind: _kind, name, columns, ...options }) =>
    op(
      "createUniqueConstraint",
      nullable(name),
      string(table.name),
      strings(columns),
      ...inSchema(table, options),
    ),
  foreignKey: (table, { kind: _kind, name, columns, references, ...options }) =>
    op(
      "createForeignKey",
      nullable(name),
      string(table.name),
      string(references.name),
      strings(columns),
      strings(references.columns),
      ...inSchema(table, { ...options, referencedSchema: references.schema }),
    ),
  check: (table, { kind: _kind, name, expression, ...options }) =>
    op(
      "createCheckConstraint",
      nullable(name),
      string(table.name),
      sqlCode(expression, REVISION),
      ...inSchema(table, options),
    ),
  exclude: (table, { kind: _kind, name, definition, ...options }) =>
    op(
      "createExcludeConstraint",
      string(name ?? ""),
      string(table.name),
      sqlCode(definition, REVISION),
      ...inSchema(table, options),
    ),
};

function addConstraint<K extends ConstraintKind>(
  rows: {
    readonly [P in K]: (
      table: TableName,
      constraint: Extract<Constraint, { readonly kind: P }>,
    ) => Code;
  },
  table: TableName,
  constraint: Extract<Constraint, { readonly kind: K }>,
): Code {
  return rows[constraint.kind](table, constraint);
}

/** What tells a constraint without a name from the others. */
function identityOf(constraint: Constraint | undefined): object {
  if (constraint === undefined || constraint.kind === "exclude") return {};
  if (constraint.kind === "check") return { expression: constraint.expression };
  const { columns } = constraint;
  return constraint.kind === "foreignKey"
    ? { columns, references: constraint.references.name || undefined }
    : { columns };
}

function alterColumn(from: Column, to: Column, style: Style): Code {
  const changed = object([
    ["from", column(from, style)],
    ["to", column(to, style, to.name === from.name ? undefined : to.name)],
  ]);
  const arrowTo = (body: Code): Code => arrow("(t)", body);
  // one line for both where there is room, else one for each
  return fitsOneLine(changed, 70) || changed.is !== "object"
    ? arrowTo(changed)
    : arrowTo({ ...changed, expanded: true });
}

const CALL: OperationTable<Code, [Style]> = {
  createTable,
  dropTable: ({ table, ifExists, partitionOf, dropped }) =>
    op(
      "dropTable",
      string(table.name),
      ...inSchema(table, {
        ifExists,
        partitionOf: partitionOf ?? dropped?.options?.postgresql?.["partitionOf"],
      }),
    ),
  renameTable: ({ from, to }) =>
    op(
      "renameTable",
      string(from.name),
      string(to.name),
      ...inSchema(from, {
        newSchema: from.schema === to.schema ? undefined : (to.schema ?? null),
      }),
    ),
  addColumn: ({ table, column: added, after, ifNotExists }, style) =>
    op(
      "addColumn",
      string(table.name),
      string(added.name),
      arrow("(t)", column(added, style)),
      ...inSchema(table, { after, ifNotExists }),
    ),
  dropColumn: ({ table, name, ifExists }) =>
    op("dropColumn", string(table.name), string(name), ...inSchema(table, { ifExists })),
  alterColumn: ({ table, from, to, using, after }, style) =>
    op(
      "alterColumn",
      string(table.name),
      string(from.name),
      alterColumn(from, to, style),
      ...inSchema(table, { using, after }),
    ),
  renameColumn: ({ table, from, to }) =>
    op("renameColumn", string(table.name), string(from), string(to), ...inSchema(table)),
  addConstraint: ({ table, constraint }) => addConstraint(ADD_CONSTRAINT, table, constraint),
  dropConstraint: ({ table, name, type, dropped, ifExists }) =>
    op(
      "dropConstraint",
      nullable(name),
      string(table.name),
      string(type),
      ...inSchema(table, { ...(name === undefined ? identityOf(dropped) : {}), ifExists }),
    ),
  renameConstraint: ({ table, from, to, type }) =>
    op(
      "renameConstraint",
      string(table.name),
      string(from),
      string(to),
      string(type),
      ...inSchema(table),
    ),
  createIndex: ({ table, index, ifNotExists, concurrently }) =>
    op(
      "createIndex",
      nullable(index.name),
      string(table.name),
      array(index.elements.map((element) => elementCode(element, REVISION))),
      ...inSchema(table, { ...omit(index, "name", "elements"), ifNotExists, concurrently }),
    ),
  dropIndex: ({ table, name, ifExists, concurrently }) =>
    op(
      "dropIndex",
      string(name),
      string(table.name),
      ...inSchema(table, { ifExists, concurrently }),
    ),
  renameIndex: ({ table, from, to }) =>
    op("renameIndex", string(table.name), string(from), string(to), ...inSchema(table)),
  setTableComment: ({ table, from, to }) =>
    op(
      "setTableComment",
      string(table.name),
      data(to, REVISION),
      ...inSchema(table, { from: from ?? undefined }),
    ),
  setTableOptions: ({ table, dialect, from, to, detachedNames }) =>
    op(
      "setTableOptions",
      string(table.name),
      string(dialect),
      data({ from, to, detachedNames }, REVISION),
      ...inSchema(table),
    ),
  createSchema: ({ name }) => op("createSchema", string(name)),
  dropSchema: ({ name }) => op("dropSchema", string(name)),
  execute: ({ sql }) => op("execute", sqlCode(sql, REVISION)),
  bulkInsert: ({ table, rows }) =>
    op("bulkInsert", string(table.name), data(rows, REVISION), ...inSchema(table)),
  createObject: (operation) => createObjectCode(operation, REVISION),
  dropObject: (operation) => dropObjectCode(operation, REVISION),
  alterObject: (operation) => alterObjectCode(operation, REVISION),
  invoke: (operation) => invokeCode(operation, REVISION),
  createEnum: ({ enum: type }) =>
    op(
      "createEnum",
      string(type.name),
      strings(type.values),
      ...inSchema(type, { comment: type.comment }),
    ),
  dropEnum: ({ enum: type }) => op("dropEnum", string(type.name), ...inSchema(type)),
  alterEnum: ({ from, to }) =>
    op(
      "alterEnum",
      string(from.name),
      data(
        {
          from: from.values,
          to: to.values,
          ...(from.comment === undefined && to.comment === undefined
            ? {}
            : { comment: { from: from.comment ?? null, to: to.comment ?? null } }),
        },
        REVISION,
      ),
      ...inSchema(from),
    ),
  renameEnumValue: ({ enum: type, from, to }) =>
    op("renameEnumValue", string(type.name), string(from), string(to), ...inSchema(type)),
};

/**
 * The call of `op` that, recorded, gives the operation again.
 *
 * @param renderItem code of the user's own for pieces of columns
 */
export function operationCode(operation: Operation, renderItem?: Style["renderItem"]): Code {
  const style = renderItem === undefined ? REVISION : { ...REVISION, renderItem };
  return dispatch(CALL, operation, style);
}
