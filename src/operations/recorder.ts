import type { Operation } from "./operation.ts";
import type {
  AddColumnOptions,
  ColumnCallback,
  ColumnsCallback,
  CreateForeignKeyOptions,
  CreateIndexOptions,
  CreateTableOptions,
  CreateUniqueOptions,
  IndexPart,
  InSchema,
  ItemBuilders,
  MigrationContext,
  Operations,
} from "./operations.ts";
import { objectMethods } from "./object-methods.ts";
import { LazyPromise } from "./lazy-promise.ts";
import { checkOwnColumns, nameOnly, tableOf } from "../schema/collect.ts";
import { DECLARATION, isColumnBuilder, type AnyColumnBuilder } from "../schema/column.ts";
import { isExpression, sql, type Expression } from "../schema/expression.ts";
import { check, exclude, foreignKey, index, part, primaryKey, unique } from "../schema/items.ts";
import { declare } from "../schema/table.ts";
import { t } from "../schema/t.ts";
import type { Column, Constraint, EnumType, Index, Table, TableName } from "../schema/types.ts";
import { RevlineError } from "../errors.ts";

/** One recorded operation and where in the revision it was called. */
export interface Recorded {
  readonly operation: Operation;
  /** The stack at the call, for the file and line of a failing statement. */
  readonly stack: string;
}

export interface Recorder {
  readonly op: Operations;
  /** What was recorded since the last call. */
  take(): readonly Recorded[];
  /** Queries that were asked for and not awaited to their end. */
  readonly unfinished: number;
}

/** Answers a query of a revision; called after the runtime ran what {@link Recorder.take} gives. */
export type AnswerQuery = (
  statement: Expression,
  stack: string,
) => Promise<readonly Record<string, unknown>[]>;

/** What a recorder needs of the runtime. */
export interface RecorderOptions {
  readonly answer: AnswerQuery;
  readonly context: MigrationContext;
}

const BUILDERS: ItemBuilders = { primaryKey, unique, foreignKey, check, exclude, index };

function tableName(name: string, { schema }: InSchema): TableName {
  return nameOnly({ schema, name });
}

function expressionOf(statement: Expression | string): Expression {
  return isExpression(statement) ? statement : sql.raw(statement);
}

function withoutUndefined<T extends object>(object: T): T {
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

function buildTable(name: string, columns: ColumnsCallback, options: CreateTableOptions): Table {
  const at = tableName(name, options);
  const given = columns(t);
  const bound = Array.isArray(given)
    ? given.map((builder: unknown) => bind(at, undefined, builder))
    : Object.entries(given).map(([key, builder]) => bind(at, key, builder));
  const { with: items, ...rest } = options;
  const declaration = declare(name, bound, { ...rest, with: () => items?.(BUILDERS) ?? [] });
  const table = tableOf(declaration);
  checkOwnColumns(table);
  return table;
}

/** A column alone: constraints that hang on it come back beside it. */
function buildColumn(
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

function foreignKeyOf(
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

function elementOf(target: IndexPart): Index["elements"][number] {
  return typeof target === "string" || isExpression(target) ? part(target) : target;
}

/**
 * Makes the `op` of a revision. Nothing runs here: the runtime takes what was recorded, and answers
 * queries.
 */
export function createRecorder({ answer, context }: RecorderOptions): Recorder {
  let recorded: Recorded[] = [];
  let unfinished = 0;

  const record = (operation: Operation): void => {
    recorded.push({ operation, stack: new Error().stack ?? "" });
  };
  const addConstraint = (table: string, options: InSchema, constraint: Constraint): void =>
    record({ kind: "addConstraint", table: tableName(table, options), constraint });

  const op: Operations = {
    ...objectMethods(record),
    sql,
    getContext: () => context,
    createTable: (name, columns, options = {}) =>
      record({ kind: "createTable", table: buildTable(name, columns, options) }),
    dropTable: (name, options = {}) =>
      record({ kind: "dropTable", table: tableName(name, options) }),
    renameTable: (from, to, options = {}) =>
      record({ kind: "renameTable", from: tableName(from, options), to: tableName(to, options) }),

    addColumn: (table, name, column: ColumnCallback, options: AddColumnOptions = {}) => {
      const at = tableName(table, options);
      const built = buildColumn(at, name, column(t));
      const { after } = options;
      record({
        kind: "addColumn",
        table: at,
        column: built.column,
        ...(after === undefined ? {} : { after }),
      });
      for (const constraint of built.constraints)
        record({ kind: "addConstraint", table: at, constraint });
      for (const added of built.indexes) record({ kind: "createIndex", table: at, index: added });
    },
    dropColumn: (table, name, options = {}) =>
      record({ kind: "dropColumn", table: tableName(table, options), name }),
    alterColumn: (table, name, column, options = {}) => {
      const at = tableName(table, options);
      const { from, to } = column(t);
      const { using } = options;
      record({
        kind: "alterColumn",
        table: at,
        from: buildColumn(at, name, from).column,
        to: buildColumn(at, name, to).column,
        ...(using === undefined ? {} : { using }),
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
      });
    },
    renameConstraint: (table, from, to, type, options = {}) =>
      record({ kind: "renameConstraint", table: tableName(table, options), type, from, to }),

    createIndex: (name, table, parts, options: CreateIndexOptions = {}) => {
      const { schema: _, unique: isUnique, ...rest } = options;
      const created: Index = {
        ...(name === null ? {} : { name }),
        elements: parts.map(elementOf),
        ...(isUnique === true ? { unique: true } : {}),
        ...withoutUndefined(rest),
      };
      record({ kind: "createIndex", table: tableName(table, options), index: created });
    },
    dropIndex: (name, table, options = {}) =>
      record({ kind: "dropIndex", table: tableName(table, options), name }),
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
        from: change.from,
        to: change.to,
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

    execute: (statement) => record({ kind: "execute", sql: expressionOf(statement) }),
    query: <R extends object>(statement: Expression | string): Promise<readonly R[]> => {
      unfinished += 1;
      const stack = new Error().stack ?? "";
      return new LazyPromise<readonly R[]>(async () => {
        try {
          const rows = await answer(expressionOf(statement), stack);
          return rows.map((row) => rowAs<R>(row));
        } finally {
          unfinished -= 1;
        }
      });
    },
    bulkInsert: (table, rows, options = {}) =>
      record({ kind: "bulkInsert", table: tableName(table, options), rows }),
  };

  return {
    op,
    take: () => {
      const taken = recorded;
      recorded = [];
      return taken;
    },
    get unfinished() {
      return unfinished;
    },
  };
}

/** The caller of `op.query<R>` says what the rows are; nothing but the database could prove it. */
function rowAs<R extends object>(row: object): R {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return row as R;
}

function droppedConstraint(
  type: Constraint["kind"],
  { columns, expression }: { columns?: readonly string[]; expression?: Expression },
): Constraint | undefined {
  if (type === "check" && expression !== undefined) return { kind: "check", expression };
  if (columns === undefined) return undefined;
  if (type === "unique" || type === "primaryKey") return { kind: type, columns };
  if (type === "foreignKey")
    return { kind: "foreignKey", columns, references: { name: "", columns: [] } };
  return undefined;
}
