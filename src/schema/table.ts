import { DECLARATION, isColumnBuilder, type AnyColumnBuilder } from "./column.ts";
import type { TableItem } from "./items.ts";
import type { DialectName, Options } from "./types.ts";
import { RevlineError } from "../errors.ts";

export type ColumnMap = Readonly<Record<string, AnyColumnBuilder>>;

export interface TableOptions<C> {
  readonly schema?: string | undefined;
  readonly comment?: string | undefined;
  /** Constraints and indexes over several columns or with expressions. */
  readonly with?: ((columns: C) => readonly TableItem[]) | undefined;
  /** SQLite: `strict`, `withoutRowid`. */
  readonly sqlite?: Options | undefined;
  /** MySQL and MariaDB: `engine`, `charset`, `collation`, `rowFormat`. */
  readonly mysql?: Options | undefined;
  /** MariaDB, where it differs from `mysql`. */
  readonly mariadb?: Options | undefined;
  /** PostgreSQL: `unlogged`, storage parameters such as `fillfactor`. */
  readonly postgresql?: Options | undefined;
}

/** A declared table before its references are resolved. */
export interface TableDeclaration {
  readonly schema: string | undefined;
  readonly name: string;
  /** In their order; the builders know the table and their name in it. */
  readonly columns: readonly AnyColumnBuilder[];
  readonly items: () => readonly TableItem[];
  readonly comment: string | undefined;
  readonly options: Partial<Record<DialectName, Options>>;
}

/** Key of a table's declaration, on a `table()` value and on a `Model` class. */
export const TABLE: unique symbol = Symbol.for("revline.table");

/** What `table()` returns: its columns as properties. */
export type TableValue<C extends ColumnMap> = C & DeclaresTable & { readonly $columns?: C };

/** Anything that declares a table. */
export interface DeclaresTable {
  readonly [TABLE]: TableDeclaration;
}

/** True for a `table()` value or a `Model` class with a table, of any copy of the package. */
export function declaresTable(value: unknown): value is DeclaresTable {
  const holds = (typeof value === "object" && value !== null) || typeof value === "function";
  return holds && TABLE in value && value[TABLE] !== undefined;
}

/** Puts every column into its table. */
export function bindColumns(
  table: { readonly schema?: string | undefined; readonly name: string },
  columns: object,
): Record<string, AnyColumnBuilder> {
  const bound = Object.entries(columns).map(([key, builder]): [string, AnyColumnBuilder] => {
    if (!isColumnBuilder(builder)) {
      throw new RevlineError(
        "model-invalid",
        `"${key}" of table "${table.name}" is not a column.`,
        {
          hint: "Declare columns with t, for instance t.integer().",
        },
      );
    }
    const column = builder[DECLARATION].name ?? key;
    return [key, builder.at({ schema: table.schema, table: table.name, column })];
  });
  return Object.fromEntries(bound);
}

/** A copy of a set of columns, each in its table: the same keys, the same types. */
export function bindInto<C extends object>(
  table: { readonly schema?: string | undefined; readonly name: string },
  columns: C,
): C {
  return Object.assign({ ...columns }, bindColumns(table, columns));
}

/** The declaration of a table from bound columns. */
export function declare<C extends object>(
  name: string,
  bound: C,
  options: TableOptions<C>,
): TableDeclaration {
  const { sqlite, mysql, mariadb, postgresql } = options;
  return {
    schema: options.schema,
    name,
    columns: Object.values(bound).filter(isColumnBuilder),
    items: () => options.with?.(bound) ?? [],
    comment: options.comment,
    options: {
      ...(sqlite && { sqlite }),
      ...(mysql && { mysql }),
      ...(mariadb && { mariadb }),
      ...(postgresql && { postgresql }),
    },
  };
}

/**
 * Declares a table. The keys are the columns' names unless a column has its own.
 *
 * @throws RevlineError model-invalid
 * @example
 * export const users = table("users", {
 *   id: t.integer().identity().primaryKey(),
 *   email: t.varchar(255).notNull().unique(),
 * }, { with: (c) => [check("ck_users_email", sql`length(${c.email}) > 3`)] });
 */
export function table<const C extends ColumnMap>(
  name: string,
  columns: C,
  options: TableOptions<C> = {},
): TableValue<C> {
  const value = bindInto({ schema: options.schema, name }, columns);
  const declaration = declare(name, { ...value }, options);
  return Object.assign(value, { [TABLE]: declaration });
}
