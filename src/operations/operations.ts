import type { BatchMethods, BatchOptions } from "./batch.ts";
import type { NamedValues } from "./named-values.ts";
import type { ObjectMethods } from "./object-methods.ts";
import type { SetTableOptions } from "./operation.ts";
import type { AnyColumnBuilder } from "../schema/column.ts";
import type { sql, Expression, SqlValue } from "../schema/expression.ts";
import type {
  check,
  CheckOptions,
  exclude,
  foreignKey,
  index,
  primaryKey,
  PrimaryKeyOptions,
  TableItem,
  unique,
  UniqueOptions,
} from "../schema/items.ts";
import type { t } from "../schema/t.ts";
import type {
  ConstraintKind,
  Deferrability,
  DialectName,
  IndexElement,
  Options,
  ReferentialAction,
} from "../schema/types.ts";

/** Where a table is, when it is not in the default schema. */
export interface InSchema {
  readonly schema?: string;
}

/** The builders of constraints and indexes, as `revline/schema` has them. */
export interface ItemBuilders {
  readonly primaryKey: typeof primaryKey;
  readonly unique: typeof unique;
  readonly foreignKey: typeof foreignKey;
  readonly check: typeof check;
  readonly exclude: typeof exclude;
  readonly index: typeof index;
}

export interface CreateTableOptions extends InSchema, IfNotExists {
  readonly comment?: string;
  /** Constraints and indexes that do not stand at a column: `(c) => [c.primaryKey(["a", "b"])]`. */
  readonly with?: (builders: ItemBuilders) => readonly TableItem[];
  /** Between CREATE and TABLE: `"TEMPORARY"`. */
  readonly prefix?: string;
  /** SQL behind all else: op.sql`PARTITION BY RANGE (id)`, op.sql`TABLESPACE fast`. */
  readonly suffix?: Expression;
  readonly sqlite?: Options;
  readonly mysql?: Options;
  readonly mariadb?: Options;
  readonly postgresql?: Options;
}

export type ColumnsCallback = (
  types: typeof t,
) => Readonly<Record<string, AnyColumnBuilder>> | readonly AnyColumnBuilder[];
export type ColumnCallback = (types: typeof t) => AnyColumnBuilder;
export type AlterColumnCallback = (types: typeof t) => {
  readonly from: AnyColumnBuilder;
  readonly to: AnyColumnBuilder;
};

export interface AddColumnOptions extends InSchema, IfNotExists {
  /** MySQL, MariaDB: behind this column; null: first. */
  readonly after?: string | null;
}

export interface AlterColumnOptions extends InSchema {
  /** PostgreSQL: `USING` expression for the old rows. */
  readonly using?: Expression;
  /** MySQL, MariaDB, SQLite: moves the column behind this one; null is the first place. PostgreSQL cannot move columns. */
  readonly after?: string | null;
}

export interface CreateIndexOptions extends InSchema, IfNotExists, Concurrently {
  readonly unique?: boolean;
  readonly method?: string;
  readonly where?: Expression;
  readonly include?: readonly string[];
  readonly nullsNotDistinct?: boolean;
  readonly invisible?: boolean;
  readonly comment?: string;
  readonly options?: Options;
}

export interface CreateForeignKeyOptions extends InSchema, Deferrability {
  readonly referencedSchema?: string;
  readonly onDelete?: ReferentialAction;
  readonly onUpdate?: ReferentialAction;
  readonly onDeleteColumns?: readonly string[];
  readonly match?: "full" | "partial";
  readonly period?: boolean;
  readonly notValid?: boolean;
  readonly notEnforced?: boolean;
  readonly comment?: string;
  readonly options?: Options;
}

export interface CreatePrimaryKeyOptions extends InSchema, PrimaryKeyOptions {}
export interface CreateUniqueOptions extends InSchema, UniqueOptions {}
export interface CreateCheckOptions extends InSchema, CheckOptions {}
export interface CreateExcludeOptions extends InSchema, Deferrability {
  readonly comment?: string;
}

export interface EnumChange {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly comment?: { readonly from: string | null; readonly to: string | null };
}

/** Other options of a table. */
export type OptionsChange = Pick<SetTableOptions, "from" | "to" | "detachedNames">;

/** Where a revision runs: `op.getContext()`, and the second parameter of `upgrade` and `downgrade`. */
export interface MigrationContext {
  /** `mariadb` where the server is one. */
  readonly dialect: DialectName;
  /** As the server says it; without a connection what it is taken for. */
  readonly serverVersion: string;
  /** The revision's id. */
  readonly revision: string;
  readonly direction: "upgrade" | "downgrade";
  /** True where statements are shown and not run: `--sql` and `--dry-run`. */
  readonly isOffline: boolean;
  /** The `-x key=value` arguments. */
  readonly x: Readonly<Record<string, string>>;
  /** The text of `--tag`. */
  readonly tag?: string;
  /** With `multidb`: the database that the revision runs on. */
  readonly database?: string;
}

/** A part of an index: a column's name, an expression, or either with options. */
export type IndexPart = string | Expression | IndexElement;

/** Nothing happens where it is there already. */
export interface IfNotExists {
  readonly ifNotExists?: boolean;
}
/** Nothing happens where it is not there. */
export interface IfExists {
  readonly ifExists?: boolean;
}
export interface Concurrently {
  /**
   * PostgreSQL: without keeping writers out. Such an operation leaves the revision's transaction, which is
   * committed before it and begun again after it; a half-built index of an earlier try is built again.
   */
  readonly concurrently?: boolean;
}

/** The methods of `op` that change tables and what belongs to them. */
export interface SchemaMethods {
  createTable(name: string, columns: ColumnsCallback, options?: CreateTableOptions): void;
  /** `partitionOf` (PostgreSQL): the table whose partition it is. */
  dropTable(name: string, options?: InSchema & IfExists & { readonly partitionOf?: string }): void;
  /** Another name, or with `newSchema` (null: the default one) another schema, or both. */
  renameTable(
    from: string,
    to: string,
    options?: InSchema & { readonly newSchema?: string | null },
  ): void;

  addColumn(table: string, name: string, column: ColumnCallback, options?: AddColumnOptions): void;
  dropColumn(table: string, name: string, options?: InSchema & IfExists): void;
  /** The whole column before and after: `op.alterColumn("user", "code", (t) => ({ from: t.varchar(255), to: t.varchar(10) }))`. */
  alterColumn(
    table: string,
    name: string,
    column: AlterColumnCallback,
    options?: AlterColumnOptions,
  ): void;
  renameColumn(table: string, from: string, to: string, options?: InSchema): void;

  createPrimaryKey(
    name: string | null,
    table: string,
    columns: readonly string[],
    options?: CreatePrimaryKeyOptions,
  ): void;
  createUniqueConstraint(
    name: string | null,
    table: string,
    columns: readonly string[],
    options?: CreateUniqueOptions,
  ): void;
  createForeignKey(
    name: string | null,
    table: string,
    referencedTable: string,
    columns: readonly string[],
    referencedColumns: readonly string[],
    options?: CreateForeignKeyOptions,
  ): void;
  createCheckConstraint(
    name: string | null,
    table: string,
    condition: Expression,
    options?: CreateCheckOptions,
  ): void;
  createExcludeConstraint(
    name: string,
    table: string,
    definition: Expression,
    options?: CreateExcludeOptions,
  ): void;
  /**
   * A constraint without a name (SQLite) is named by its columns, a foreign key by the table it points to
   * too: `op.dropConstraint(null, "t", "unique", { columns: ["a"] })`.
   */
  dropConstraint(
    name: string | null,
    table: string,
    type: ConstraintKind,
    options?: InSchema &
      IfExists & {
        readonly columns?: readonly string[];
        readonly references?: string;
        readonly expression?: Expression;
      },
  ): void;
  renameConstraint(
    table: string,
    from: string,
    to: string,
    type: ConstraintKind,
    options?: InSchema,
  ): void;

  createIndex(
    name: string | null,
    table: string,
    parts: readonly IndexPart[],
    options?: CreateIndexOptions,
  ): void;
  dropIndex(name: string, table: string, options?: InSchema & IfExists & Concurrently): void;
  renameIndex(table: string, from: string, to: string, options?: InSchema): void;

  /** Sets or (null) takes away a table's comment. */
  setTableComment(
    table: string,
    comment: string | null,
    options?: InSchema & { readonly from?: string | null },
  ): void;
  /** Changes options that one database knows: `op.setTableOptions("t", "mysql", { from: {…}, to: {…} })`. */
  setTableOptions(
    table: string,
    dialect: DialectName,
    change: OptionsChange,
    options?: InSchema,
  ): void;

  createSchema(name: string): void;
  dropSchema(name: string): void;

  createEnum(
    name: string,
    values: readonly string[],
    options?: InSchema & { readonly comment?: string },
  ): void;
  dropEnum(name: string, options?: InSchema): void;
  /** Other values; `comment` only where it changes (null: none). */
  alterEnum(name: string, change: EnumChange, options?: InSchema): void;
  /** PostgreSQL: another word for a value; rows and defaults keep it. */
  renameEnumValue(name: string, from: string, to: string, options?: InSchema): void;
}

/** Rows to insert: a list, or what gives one row after the other and need not fit into memory. */
export type Rows =
  | readonly Readonly<Record<string, SqlValue>>[]
  | Iterable<Readonly<Record<string, SqlValue>>>
  | AsyncIterable<Readonly<Record<string, SqlValue>>>;

/**
 * `op` of a revision. Every method records; the runtime plans and executes what was recorded when the
 * function ends. Only what returns a promise needs `await`.
 */
export interface Operations extends ObjectMethods, SchemaMethods {
  /** Tagged template for SQL with values and names in it. */
  readonly sql: typeof sql;
  /** Where this runs: the database, the revision, whether anything is executed, the `-x` arguments, the tag. */
  getContext(): MigrationContext;

  /**
   * Several changes of one table. On SQLite, where they come together anyway, the options say how.
   *
   * @example
   * op.batchAlterTable("user", (batch) => {
   *   batch.addColumn("age", (t) => t.integer());
   *   batch.dropColumn("born");
   * }, { recreate: "always" });
   */
  batchAlterTable(
    table: string,
    changes: (batch: BatchMethods) => void,
    options?: BatchOptions,
  ): void;

  /**
   * SQL of your own: a tagged template (values become parameters) or text, with values for its `:name` places.
   *
   * @throws RevlineError model-invalid where places and values do not match
   */
  execute(statement: Expression | string, values?: NamedValues): void;
  /** Runs what was recorded so far, then asks the database. Must be awaited. */
  query<R extends object = Record<string, unknown>>(
    statement: Expression | string,
    values?: NamedValues,
  ): Promise<readonly R[]>;
  /** Rows to insert, in portions that the database takes. A generator's rows are taken when its turn has come. */
  bulkInsert(table: string, rows: Rows, options?: InSchema): void;
  /**
   * Runs what was recorded so far, then gives the driver's own client, in the revision's transaction: a `Client`
   * of pg, a `Connection` of mysql2/promise, a `Database` of better-sqlite3. Must be awaited. The transaction is
   * the runtime's: neither commit it nor roll it back.
   */
  connection<C = unknown>(): Promise<C>;
  /**
   * What the body records runs outside the revision's transaction: that is committed before it, and begun again
   * after it; changes of data are committed one by one. Await it where the body is asynchronous.
   *
   * @example
   * op.autocommitBlock(() => op.execute("VACUUM"));
   */
  autocommitBlock<R extends void | Promise<void>>(body: () => R): R;
}
