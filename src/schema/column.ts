import type {
  Column,
  ColumnType,
  ColumnVariant,
  Computed,
  Deferrability,
  DialectName,
  Identity,
  Options,
  ReferentialAction,
  ServerDefault,
} from "./types.ts";
import { COLUMN_NAME, isExpression, type Expression } from "./expression.ts";
import { RevlineError } from "../errors.ts";

/** What the types of a declared column know: whether it may be null, has a default, is generated. */
export interface Flags {
  readonly notNull: boolean;
  readonly hasDefault: boolean;
  readonly generated: boolean;
  /** A decimal: a string in TypeScript whose default may be a number. */
  readonly decimal: boolean;
}
type Plain = {
  readonly notNull: false;
  readonly hasDefault: false;
  readonly generated: false;
  readonly decimal: false;
};
/** Where a decimal column starts. */
export type Decimal = {
  readonly notNull: false;
  readonly hasDefault: false;
  readonly generated: false;
  readonly decimal: true;
};
type With<F extends Flags, Changed extends Partial<Flags>> = {
  readonly [K in keyof Flags]: K extends keyof Changed ? Exclude<Changed[K], undefined> : F[K];
};

export interface ReferenceOptions extends Deferrability {
  readonly name?: string;
  readonly onDelete?: ReferentialAction;
  readonly onUpdate?: ReferentialAction;
  readonly match?: "full" | "partial";
  /** The table it points to stands outside of the models. */
  readonly external?: boolean;
  /** What one database alone knows. */
  readonly options?: Options;
}

/**
 * A reference as declared: a column (lazily, so that tables may be in any order), `"table.column"` or
 * `"schema.table.column"`, or an object for names with dots.
 */
export type ReferenceTarget = string | (() => unknown) | TargetColumn;

export interface TargetColumn {
  readonly schema?: string;
  readonly table: string;
  readonly column: string;
}

/** All that a column's declaration says: the column and what hangs on it alone. */
export interface ColumnDeclaration {
  readonly name: string | undefined;
  readonly column: Omit<Column, "name">;
  readonly primaryKey?: { readonly name?: string };
  readonly unique?: { readonly name?: string; readonly nullsNotDistinct?: boolean };
  readonly index?: { readonly name?: string };
  readonly references?: { readonly target: ReferenceTarget; readonly options: ReferenceOptions };
  readonly checks?: readonly { readonly name?: string; readonly expression: Expression }[];
}

/** Where a column stands, once its table is declared. */
export interface ColumnOwner {
  readonly schema: string | undefined;
  readonly table: string;
  readonly column: string;
}

const BRAND = Symbol.for("revline.column");
/** Key of a builder's declaration. */
export const DECLARATION: unique symbol = Symbol.for("revline.declaration");

/** Any declared column, whatever its types. */
export interface AnyColumnBuilder {
  readonly [DECLARATION]: ColumnDeclaration;
  readonly [COLUMN_NAME]: () => string;
  /** @throws RevlineError model-invalid when no table holds the column */
  owner(): ColumnOwner;
  /** The same column, in its table. Called by the table that declares it; a column may be declared in several. */
  at(owner: ColumnOwner): AnyColumnBuilder;
  readonly $type?: unknown;
  readonly $flags?: Flags;
}

/** True for a declared column, of any copy of the package. */
export function isColumnBuilder(value: unknown): value is AnyColumnBuilder {
  return typeof value === "object" && value !== null && BRAND in value;
}

/** The options of {@link ColumnBuilder.identity}. Numbers may be given as number or bigint. */
export interface IdentityOptions {
  readonly always?: boolean;
  readonly serial?: boolean;
  readonly start?: number | bigint;
  readonly increment?: number | bigint;
  readonly minValue?: number | bigint;
  readonly maxValue?: number | bigint;
  readonly cache?: number | bigint;
  readonly cycle?: boolean;
}

/** What a default may be: a value of the column's type, or SQL. */
export type DefaultOf<T, IsDecimal extends boolean = false> =
  | Expression
  | (unknown extends T
      ? string | number | bigint | boolean
      : IsDecimal extends true
        ? string | number | bigint
        : ValueDefault<T>);
type ValueDefault<T> = T extends boolean
  ? boolean | 0 | 1
  : T extends number | bigint
    ? number | bigint | string
    : T extends string
      ? T
      : string;

function identityOf(options: IdentityOptions): Identity {
  const { start, increment, minValue, maxValue, cache, ...flags } = options;
  const numbers = { start, increment, minValue, maxValue, cache };
  const given = Object.entries(numbers).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, BigInt(value)] as const],
  );
  return { ...flags, ...Object.fromEntries(given) };
}

function serverDefault(value: unknown): ServerDefault | undefined {
  if (value === null || value === undefined) return undefined;
  if (isExpression(value)) return { expression: value };
  switch (typeof value) {
    case "string":
    case "number":
    case "bigint":
    case "boolean":
      return { value };
    default:
      throw new RevlineError(
        "model-invalid",
        "A default must be a string, number, bigint, boolean or sql`…`.",
        {
          hint: "Write the value as SQL: .default(sql`'…'`).",
        },
      );
  }
}

function isTargetColumn(target: unknown): target is TargetColumn {
  return typeof target === "object" && target !== null && "table" in target && "column" in target;
}

/** @throws RevlineError model-invalid when it is no function, text or object that names a column */
export function referenceTarget(target: unknown): ReferenceTarget {
  if (typeof target === "string" || isFunction(target) || isTargetColumn(target)) return target;
  throw new RevlineError("model-invalid", "A foreign key points to what is not a column.", {
    hint: 'Write () => table.column or "table.column".',
  });
}

function isFunction(value: unknown): value is () => unknown {
  return typeof value === "function";
}

/**
 * A column in a model or a revision. Immutable: every method returns a new builder.
 *
 * @example
 * t.varchar(255).notNull().unique()
 * t.integer("organisation_id").references(() => organisations.id, { onDelete: "set null" })
 */
export class ColumnBuilder<
  T = unknown,
  F extends Flags = Plain,
  R = never,
> implements AnyColumnBuilder {
  /** Only for the compiler: the type of the column's values. */
  declare readonly $type?: T;
  declare readonly $flags?: F;
  /** Only for the compiler: what {@link references} was given, read by `Row` and `Insert`. */
  declare readonly $references?: R;
  readonly [DECLARATION]: ColumnDeclaration;
  readonly #owner: ColumnOwner | undefined;

  constructor(declaration: ColumnDeclaration, owner?: ColumnOwner) {
    this[DECLARATION] = declaration;
    this.#owner = owner;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** A new column of a type. */
  static of<T, F extends Flags = Plain>(type: ColumnType, name?: string): ColumnBuilder<T, F> {
    return new ColumnBuilder<T, F>({ name, column: { type, nullable: true } });
  }

  [COLUMN_NAME](): string {
    return this.#owner?.column ?? this[DECLARATION].name ?? this.owner().column;
  }

  owner(): ColumnOwner {
    if (this.#owner === undefined) {
      throw new RevlineError("model-invalid", "A column is used before its table is declared.", {
        hint: "Refer to it as () => table.column, and let the table hold this very column.",
      });
    }
    return this.#owner;
  }

  at(owner: ColumnOwner): ColumnBuilder<T, F, R> {
    return new ColumnBuilder<T, F, R>(this[DECLARATION], owner);
  }

  #with<NewF extends Flags = F>(change: Partial<ColumnDeclaration>): ColumnBuilder<T, NewF, R> {
    return new ColumnBuilder<T, NewF, R>({ ...this[DECLARATION], ...change });
  }

  #column<NewF extends Flags = F>(
    change: Partial<Omit<Column, "name">>,
  ): ColumnBuilder<T, NewF, R> {
    return this.#with<NewF>({ column: { ...this[DECLARATION].column, ...change } });
  }

  /** `NOT NULL`. */
  notNull(): ColumnBuilder<T, With<F, { notNull: true }>, R> {
    return this.#column({ nullable: false });
  }

  /** Part of the primary key (alone, or with every other column that says so, in their order). */
  primaryKey(name?: string): ColumnBuilder<T, With<F, { notNull: true }>, R> {
    return this.#with<With<F, { notNull: true }>>({
      column: { ...this[DECLARATION].column, nullable: false },
      primaryKey: name === undefined ? {} : { name },
    });
  }

  /** A unique constraint over this column. */
  unique(name?: string, options: { nullsNotDistinct?: boolean } = {}): ColumnBuilder<T, F, R> {
    return this.#with({ unique: { ...options, ...(name === undefined ? {} : { name }) } });
  }

  /** An index over this column. */
  index(name?: string): ColumnBuilder<T, F, R> {
    return this.#with({ index: name === undefined ? {} : { name } });
  }

  /** The server default: a value, or SQL. */
  default(value: DefaultOf<T, F["decimal"]>): ColumnBuilder<T, With<F, { hasDefault: true }>, R> {
    const given = serverDefault(value);
    return this.#column(given === undefined ? {} : { default: given });
  }

  /**
   * A foreign key over this column: to a column, to `"table.column"` or `"schema.table.column"`, or to an object
   * for names with dots.
   *
   * The compiler does not look behind the arrow here, so that tables may point to themselves and to each
   * other with no annotation; `Row` and `Insert` do, and refuse a column of another type.
   */
  references<Target extends string | TargetColumn | (() => void)>(
    target: Target,
    options: ReferenceOptions = {},
  ): ColumnBuilder<T, F, Target> {
    return new ColumnBuilder<T, F, Target>({
      ...this[DECLARATION],
      references: { target: referenceTarget(target), options },
    });
  }

  /** A check constraint. In the expression, name the column as in SQL. */
  check(expression: Expression, name?: string): ColumnBuilder<T, F, R> {
    const added = name === undefined ? { expression } : { expression, name };
    return this.#with({ checks: [...(this[DECLARATION].checks ?? []), added] });
  }

  /**
   * The database numbers the rows: identity column (PostgreSQL), AUTO_INCREMENT (MySQL, MariaDB),
   * AUTOINCREMENT (SQLite). `{ serial: true }`: PostgreSQL's serial.
   */
  identity(
    options: IdentityOptions = {},
  ): ColumnBuilder<T, With<F, { notNull: true; hasDefault: true }>, R> {
    return this.#column({ nullable: false, identity: identityOf(options) });
  }

  /** The same as {@link identity}, under the name SQLAlchemy and MySQL give it. */
  autoincrement(): ColumnBuilder<T, With<F, { notNull: true; hasDefault: true }>, R> {
    return this.identity();
  }

  /** A column that the database computes. Stored unless `{ stored: false }`. */
  generatedAs(
    expression: Expression,
    options: { stored?: boolean } = {},
  ): ColumnBuilder<T, With<F, { generated: true }>, R> {
    const computed: Computed = { expression, stored: options.stored ?? true };
    return this.#column({ computed });
  }

  collate(collation: string): ColumnBuilder<T, F, R> {
    return this.#column({ collation });
  }

  comment(comment: string): ColumnBuilder<T, F, R> {
    return this.#column({ comment });
  }

  /** MySQL and MariaDB: `ON UPDATE CURRENT_TIMESTAMP`. */
  onUpdate(expression: Expression): ColumnBuilder<T, F, R> {
    return this.#column({ onUpdate: expression });
  }

  /** MySQL 8.0.23, MariaDB 10.3: not in `SELECT *`. */
  invisible(): ColumnBuilder<T, F, R> {
    return this.#column({ invisible: true });
  }

  /** What a single database knows of a column. */
  options(options: Options): ColumnBuilder<T, F, R> {
    return this.#column({ options: { ...this[DECLARATION].column.options, ...options } });
  }

  /**
   * Another spelling for one database: a type as SQL text, or single attributes.
   *
   * @example
   * t.boolean().variant("mysql", "tinyint(1)")
   * t.text().variant("mysql", { type: t.varchar(255), collation: "utf8mb4_bin" })
   */
  variant(
    dialect: DialectName,
    spelling:
      | string
      | {
          type?: AnyColumnBuilder | string;
          default?: DefaultOf<unknown> | null;
          collation?: string | null;
          generatedAs?: Computed | null;
        },
  ): ColumnBuilder<T, F, R> {
    const given = typeof spelling === "string" ? { type: spelling } : spelling;
    const variant: ColumnVariant = {
      ...(given.type === undefined
        ? {}
        : {
            type:
              typeof given.type === "string"
                ? { name: "raw", sql: given.type }
                : given.type[DECLARATION].column.type,
          }),
      ...(given.default === undefined ? {} : { default: serverDefault(given.default) ?? null }),
      ...(given.collation === undefined ? {} : { collation: given.collation }),
      ...(given.generatedAs === undefined ? {} : { computed: given.generatedAs }),
    };
    const variants = this[DECLARATION].column.variants ?? {};
    return this.#column({
      variants: { ...variants, [dialect]: { ...variants[dialect], ...variant } },
    });
  }

  /** Another type for the values in TypeScript; nothing changes in the database. */
  $as<NewT>(): ColumnBuilder<NewT, F, R> {
    return new ColumnBuilder<NewT, F, R>(this[DECLARATION]);
  }
}
