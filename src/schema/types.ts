/**
 * The vocabulary: a whole database as immutable plain data, the same whether it came from models or
 * from reflection. References are by name; there are no classes and no cycles, so a value can be
 * printed, compared, frozen and sent as JSON.
 */
import type { Expression } from "./expression.ts";
import type { SchemaObject } from "./objects/types.ts";

export type { SchemaObject, SchemaObjectMap } from "./objects/types.ts";

/** The names of the databases; MariaDB has its own where it differs from MySQL. */
export type DialectName = "sqlite" | "postgresql" | "mysql" | "mariadb";

/**
 * A column's type. `name` is the generic (SQLAlchemy) word; a dialect compiles it to its own spelling
 * and parses its own spelling back. What a dialect does not know is `raw`: the type's text as it stands.
 */
export type ColumnType =
  | IntegerType
  | {
      readonly name: "numeric";
      readonly precision?: number;
      readonly scale?: number;
      readonly unsigned?: boolean;
      readonly zerofill?: boolean;
    }
  | { readonly name: "real" }
  /** `float(p)`: binary precision on PostgreSQL (1 to 53), display digits on MySQL. */
  | {
      readonly name: "float";
      readonly precision?: number;
      readonly scale?: number;
      readonly unsigned?: boolean;
      readonly zerofill?: boolean;
    }
  | {
      readonly name: "double";
      readonly precision?: number;
      readonly scale?: number;
      readonly unsigned?: boolean;
      readonly zerofill?: boolean;
    }
  | { readonly name: "boolean" }
  | { readonly name: "char" | "varchar"; readonly length?: number; readonly charset?: string }
  | {
      readonly name: "text" | "tinytext" | "mediumtext" | "longtext";
      readonly length?: number;
      readonly charset?: string;
    }
  | { readonly name: "binary" | "varbinary"; readonly length?: number }
  | { readonly name: "blob" | "tinyblob" | "mediumblob" | "longblob"; readonly length?: number }
  | { readonly name: "bit" | "varbit"; readonly length?: number }
  | { readonly name: "date" | "year" }
  | { readonly name: "time"; readonly tz?: boolean; readonly precision?: number }
  /** A date with a time; `tz`: with time zone. MySQL: `datetime`, with `tz` `timestamp`. */
  | { readonly name: "timestamp"; readonly tz?: boolean; readonly precision?: number }
  | { readonly name: "interval"; readonly fields?: string; readonly precision?: number }
  | { readonly name: "uuid" | "json" | "jsonb" }
  /** A named enum of the database where it has such (PostgreSQL), the values inline elsewhere. */
  | {
      readonly name: "enum";
      readonly values: readonly string[];
      readonly enumName?: string;
      readonly schema?: string;
      readonly charset?: string;
    }
  | { readonly name: "set"; readonly values: readonly string[]; readonly charset?: string }
  /** PostgreSQL's arrays; several dimensions are one (PostgreSQL does not keep the number). */
  | { readonly name: "array"; readonly element: ColumnType }
  /** The database's own spelling, for anything else; `""` is SQLite's column without a type. */
  | { readonly name: "raw"; readonly sql: string };

export interface IntegerType {
  readonly name: "tinyint" | "smallint" | "mediumint" | "integer" | "bigint";
  readonly unsigned?: boolean;
  readonly zerofill?: boolean;
  /** MySQL's and MariaDB's display width; means nothing for what is stored. */
  readonly width?: number;
}

/** The word that tells one {@link ColumnType} from another. */
export type TypeName = ColumnType["name"];

/**
 * What the column holds when no value is given. A `value` is quoted by the dialect; an expression is
 * SQL. (`null` is no default.)
 */
export type ServerDefault =
  { readonly value: string | number | bigint | boolean } | { readonly expression: Expression };

/** `GENERATED … AS IDENTITY`, PostgreSQL's `serial`, MySQL's AUTO_INCREMENT, SQLite's AUTOINCREMENT. */
export interface Identity {
  /** PostgreSQL: `ALWAYS` (true) or `BY DEFAULT` (false, the default). */
  readonly always?: boolean;
  /** PostgreSQL: a sequence owned by the column and a default, as `serial` makes it. */
  readonly serial?: boolean;
  readonly start?: bigint;
  readonly increment?: bigint;
  readonly minValue?: bigint;
  readonly maxValue?: bigint;
  readonly cache?: bigint;
  readonly cycle?: boolean;
}

/** A column whose value the database computes. */
export interface Computed {
  readonly expression: Expression;
  /** Stored on disk, else computed when read (`VIRTUAL`). */
  readonly stored: boolean;
}

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  readonly default?: ServerDefault;
  readonly identity?: Identity;
  readonly computed?: Computed;
  readonly collation?: string;
  readonly comment?: string;
  /** MySQL: `ON UPDATE CURRENT_TIMESTAMP(n)`. */
  readonly onUpdate?: Expression;
  /** MySQL 8.0.23, MariaDB 10.3: not in `SELECT *`. */
  readonly invisible?: boolean;
  /** What only one database knows, by its own word (for instance SQLite's `onConflict`). */
  readonly options?: Options;
  /** Spellings for single databases; taken out when a dialect brings the column to canonical form. */
  readonly variants?: Partial<Record<DialectName, ColumnVariant>>;
}

/** The parts of a column that may differ from database to database. */
export interface ColumnVariant {
  readonly type?: ColumnType;
  readonly default?: ServerDefault | null;
  readonly collation?: string | null;
  readonly computed?: Computed | null;
}

export type Options = Readonly<Record<string, string | number | boolean>>;

/** Where a table is. No schema: the connection's default one. */
export interface TableName {
  readonly schema?: string;
  readonly name: string;
}

export type ReferentialAction = "no action" | "restrict" | "cascade" | "set null" | "set default";

export interface Deferrability {
  readonly deferrable?: boolean;
  readonly initiallyDeferred?: boolean;
}

export interface PrimaryKey extends Deferrability {
  readonly kind: "primaryKey";
  readonly name?: string;
  readonly columns: readonly string[];
  /** PostgreSQL 18: the last column is a range, and no two rows alike in the others have one in common. */
  readonly withoutOverlaps?: boolean;
  readonly include?: readonly string[];
  readonly comment?: string;
  readonly options?: Options;
}

export interface UniqueConstraint extends Deferrability {
  readonly kind: "unique";
  readonly name?: string;
  readonly columns: readonly string[];
  /** PostgreSQL 18, as of a primary key. */
  readonly withoutOverlaps?: boolean;
  readonly include?: readonly string[];
  /** PostgreSQL 15. */
  readonly nullsNotDistinct?: boolean;
  readonly comment?: string;
  readonly options?: Options;
}

export interface ForeignKey extends Deferrability {
  readonly kind: "foreignKey";
  readonly name?: string;
  readonly columns: readonly string[];
  readonly references: TableName & { readonly columns: readonly string[] };
  /** Absent: `NO ACTION`. */
  readonly onDelete?: ReferentialAction;
  readonly onUpdate?: ReferentialAction;
  /** PostgreSQL 15: the columns that `ON DELETE SET NULL (…)` or `SET DEFAULT (…)` touches. */
  readonly onDeleteColumns?: readonly string[];
  readonly match?: "full" | "partial";
  /** PostgreSQL 18: the last column is a range, which those of the rows that it points to cover. */
  readonly period?: boolean;
  readonly notValid?: boolean;
  /** PostgreSQL 18. */
  readonly notEnforced?: boolean;
  /** While models are declared: the table it points to is not one of them. It says nothing about the database. */
  readonly external?: boolean;
  readonly comment?: string;
  readonly options?: Options;
}

export interface CheckConstraint extends Deferrability {
  readonly kind: "check";
  readonly name?: string;
  readonly expression: Expression;
  readonly noInherit?: boolean;
  readonly notValid?: boolean;
  readonly notEnforced?: boolean;
  readonly comment?: string;
  readonly options?: Options;
}

/** PostgreSQL's `EXCLUDE`; `definition` is what follows the word EXCLUDE. */
export interface ExcludeConstraint extends Deferrability {
  readonly kind: "exclude";
  readonly name?: string;
  readonly definition: Expression;
  readonly comment?: string;
}

export type Constraint =
  PrimaryKey | UniqueConstraint | ForeignKey | CheckConstraint | ExcludeConstraint;
export type ConstraintKind = Constraint["kind"];

/** One part of an index: a column or an expression, with what may stand behind it. */
export interface IndexElement {
  readonly column?: string;
  readonly expression?: Expression;
  readonly order?: "desc";
  /** Only where it is not the default of the order (PostgreSQL: ASC last, DESC first). */
  readonly nulls?: "first" | "last";
  readonly collation?: string;
  /** PostgreSQL: the operator class, with its parameters. */
  readonly operatorClass?: string;
  /** MySQL: how many characters or bytes of the column are in the index. */
  readonly length?: number;
}

export interface Index {
  readonly name?: string;
  readonly elements: readonly IndexElement[];
  readonly unique?: boolean;
  /** Access method: `gin`, `hash`, …; MySQL also `fulltext`, `spatial`. Absent: the default (btree). */
  readonly method?: string;
  readonly where?: Expression;
  readonly include?: readonly string[];
  readonly nullsNotDistinct?: boolean;
  readonly invisible?: boolean;
  readonly comment?: string;
  /** PostgreSQL: storage parameters; MySQL: parser, key block size. */
  readonly options?: Options;
}

export interface Table extends TableName {
  readonly columns: readonly Column[];
  readonly constraints: readonly Constraint[];
  readonly indexes: readonly Index[];
  readonly comment?: string;
  /**
   * What a single database knows of a table. SQLite: `strict`, `withoutRowid`. MySQL: `engine`,
   * `charset`, `collation`, `rowFormat`. PostgreSQL: `unlogged`, `rowSecurity`, `forceRowSecurity`, storage parameters.
   */
  readonly options?: Partial<Record<DialectName, Options>>;
}

/** A named enum type (PostgreSQL). */
export interface EnumType {
  readonly kind: "enum";
  readonly schema?: string;
  readonly name: string;
  readonly values: readonly string[];
  readonly comment?: string;
}

/** Something the database holds that is not modelled: kept, never dropped, and said. */
export interface SkippedObject {
  /** `view`, `trigger`, `function`, `partitioned table`, `check constraint`, … */
  readonly kind: string;
  readonly schema?: string;
  readonly name: string;
  /** The table it belongs to. */
  readonly table?: string;
  /** Why it takes no part in the comparison. */
  readonly reason: string;
  /** Its SQL where the database gives it: SQLite's rebuild makes triggers and views again from it. */
  readonly definition?: string;
}

/** How constraints and indexes without a name are called; the tokens are SQLAlchemy's. */
export interface NamingConvention {
  readonly ix?: string;
  readonly uq?: string;
  readonly ck?: string;
  readonly fk?: string;
  readonly pk?: string;
}

/** A whole database. */
export interface MetaData {
  readonly tables: readonly Table[];
  readonly objects: readonly SchemaObject[];
  /** Schemas beside the default one that the models use or the database has. */
  readonly schemas: readonly string[];
  readonly skipped: readonly SkippedObject[];
}

export const EMPTY_METADATA: MetaData = { tables: [], objects: [], schemas: [], skipped: [] };
