import { COLUMN_NAME, isExpression, type Expression, type NamedColumn } from "./expression.ts";
import { referenceTarget, type ReferenceTarget } from "./column.ts";
import type {
  Constraint,
  Deferrability,
  Index,
  IndexElement,
  Options,
  ReferentialAction,
} from "./types.ts";
import { RevlineError } from "../errors.ts";

/** A foreign key whose target is still to be resolved. */
export interface PendingForeignKey extends Deferrability {
  readonly kind: "pendingForeignKey";
  readonly name?: string;
  readonly columns: readonly string[];
  readonly targets: readonly ReferenceTarget[];
  readonly onDelete?: ReferentialAction;
  readonly onUpdate?: ReferentialAction;
  readonly onDeleteColumns?: readonly string[];
  readonly match?: "full" | "partial";
  readonly period?: boolean;
  readonly notValid?: boolean;
  readonly notEnforced?: boolean;
  /** The table it points to stands outside of the models. */
  readonly external?: boolean;
  readonly comment?: string;
  readonly options?: Options;
}

/** What the `with` callback of a table returns a list of. */
export type TableItem =
  | {
      readonly item: "constraint";
      readonly constraint: Exclude<Constraint, { kind: "foreignKey" }> | PendingForeignKey;
    }
  | { readonly item: "index"; readonly index: Index };

type ColumnRef = NamedColumn | string;

function nameOf(column: ColumnRef): string {
  return typeof column === "string" ? column : column[COLUMN_NAME]();
}

function named(name: string | undefined): { name?: string } {
  return name === undefined ? {} : { name };
}

export interface PrimaryKeyOptions extends Deferrability {
  readonly withoutOverlaps?: boolean;
  readonly include?: readonly string[];
  readonly comment?: string;
  readonly options?: Options;
}

export interface UniqueOptions extends PrimaryKeyOptions {
  readonly nullsNotDistinct?: boolean;
}

type KeyArgument = string | readonly ColumnRef[] | object | undefined;

function isColumnList(value: unknown): value is readonly ColumnRef[] {
  return Array.isArray(value);
}

/** Takes `([columns], options?)` or `(name, [columns], options?)` apart. */
function keyArguments(
  word: string,
  args: readonly KeyArgument[],
): { name?: string; columns: readonly string[] } {
  const [first, ...others] = args;
  const hasName = typeof first === "string";
  const [columns, options] = hasName ? others : args;
  if (!isColumnList(columns) || isColumnList(options) || typeof options === "string") {
    throw new RevlineError("model-invalid", `${word}() takes a list of columns.`, {
      hint: `Write ${word}([c.a, c.b]) or ${word}("name", [c.a, c.b]).`,
    });
  }
  return { ...named(hasName ? first : undefined), columns: columns.map(nameOf), ...options };
}

/**
 * A primary key over several columns, with a name first if it has one.
 *
 * @throws RevlineError model-invalid
 * @example
 * primaryKey(c.orderId, c.productId)
 * primaryKey("pk_order_products", c.orderId, c.productId)
 * primaryKey(["order_id", "product_id"], { deferrable: true })   // a list, where options follow or names are strings
 */
export function primaryKey(columns: readonly ColumnRef[], options?: PrimaryKeyOptions): TableItem;
export function primaryKey(
  name: string,
  columns: readonly ColumnRef[],
  options?: PrimaryKeyOptions,
): TableItem;
export function primaryKey(...args: readonly ColumnRef[]): TableItem;
export function primaryKey(...args: readonly (KeyArgument | ColumnRef)[]): TableItem {
  const [first, ...others] = args;
  const listed = args.some(isColumnList)
    ? args
    : typeof first === "string"
      ? [first, others]
      : [args];
  return {
    item: "constraint",
    constraint: { kind: "primaryKey", ...keyArguments("primaryKey", listed) },
  };
}

/**
 * A unique constraint over several columns.
 *
 * @throws RevlineError model-invalid
 * @example
 * unique("uq_member", [c.userId, c.organisationId])
 * unique([c.userId, c.organisationId])
 */
export function unique(columns: readonly ColumnRef[], options?: UniqueOptions): TableItem;
export function unique(
  name: string,
  columns: readonly ColumnRef[],
  options?: UniqueOptions,
): TableItem;
export function unique(...args: readonly KeyArgument[]): TableItem {
  return { item: "constraint", constraint: { kind: "unique", ...keyArguments("unique", args) } };
}

export interface CheckOptions extends Deferrability {
  readonly noInherit?: boolean;
  readonly notValid?: boolean;
  readonly notEnforced?: boolean;
  readonly comment?: string;
  readonly options?: Options;
}

/** A check constraint: `check(sql…)` or `check("name", sql…)`. */
export function check(expression: Expression, options?: CheckOptions): TableItem;
export function check(name: string, expression: Expression, options?: CheckOptions): TableItem;
export function check(
  first: string | Expression,
  second?: Expression | CheckOptions,
  third?: CheckOptions,
): TableItem {
  const hasName = typeof first === "string";
  const expression = hasName ? second : first;
  const options = hasName ? third : second;
  if (!isExpression(expression)) {
    throw new RevlineError("model-invalid", "check() takes an expression.", {
      hint: 'Write check(sql`…`) or check("name", sql`…`).',
    });
  }
  return {
    item: "constraint",
    constraint: {
      kind: "check",
      ...named(hasName ? first : undefined),
      expression,
      ...(isExpression(options) ? {} : options),
    },
  };
}

export type ForeignKeyOptions = Omit<PendingForeignKey, "kind" | "columns" | "targets">;

/**
 * A foreign key over several columns, to as many: functions that give a column, `"table.column"`, or objects for
 * names with dots.
 *
 * The compiler takes any targets, since it could not look at two functions without asking for the type of the
 * table that is just being declared; what is no target is refused when the models are read.
 *
 * @throws RevlineError model-invalid
 * @example
 * foreignKey([c.a, c.b], [() => other.a, () => other.b], { onDelete: "cascade" })
 */
export function foreignKey<Target>(
  columns: readonly ColumnRef[],
  targets: readonly Target[],
  options: ForeignKeyOptions = {},
): TableItem {
  return {
    item: "constraint",
    constraint: {
      kind: "pendingForeignKey",
      columns: columns.map(nameOf),
      targets: targets.map((target) => referenceTarget(target)),
      ...options,
    },
  };
}

/** PostgreSQL: `exclude("name", sql`USING gist (room WITH =, during WITH &&)`)`. */
export function exclude(
  name: string,
  definition: Expression,
  options: Deferrability & { readonly comment?: string } = {},
): TableItem {
  return { item: "constraint", constraint: { kind: "exclude", name, definition, ...options } };
}

export interface ElementOptions {
  readonly order?: "asc" | "desc";
  readonly nulls?: "first" | "last";
  readonly collation?: string;
  readonly operatorClass?: string;
  readonly length?: number;
}

/** A part of an index with its options: `index().on(part(c.createdAt, { order: "desc" }))`. */
export function part(target: ColumnRef | Expression, options: ElementOptions = {}): IndexElement {
  const { order, ...rest } = options;
  const base = isExpression(target) ? { expression: target } : { column: nameOf(target) };
  return { ...base, ...rest, ...(order === "desc" ? { order } : {}) };
}

/** Descending order in an index: `index().on(desc(c.createdAt))`. */
export function desc(
  target: ColumnRef | Expression,
  options: Omit<ElementOptions, "order"> = {},
): IndexElement {
  return part(target, { ...options, order: "desc" });
}

type IndexTarget = ColumnRef | Expression | IndexElement;

function elementOf(target: IndexTarget): IndexElement {
  if (typeof target === "string" || isExpression(target) || COLUMN_NAME in target)
    return part(target);
  return target;
}

/** An index under construction; each method returns a new one. */
export interface IndexBuilder {
  readonly item: "index";
  readonly index: Index;
  /** Columns, expressions, or parts with options. */
  on(...targets: readonly IndexTarget[]): IndexBuilder;
  /** A partial index. */
  where(condition: Expression): IndexBuilder;
  /** `gin`, `gist`, `hash`, `brin`; MySQL `hash`, `fulltext`, `spatial`. */
  using(method: string): IndexBuilder;
  include(...columns: readonly ColumnRef[]): IndexBuilder;
  unique(): IndexBuilder;
  nullsNotDistinct(): IndexBuilder;
  invisible(): IndexBuilder;
  comment(comment: string): IndexBuilder;
  /** Storage parameters (PostgreSQL), parser or block size (MySQL). */
  options(options: Options): IndexBuilder;
}

function indexBuilder(current: Index): IndexBuilder {
  const change = (more: Partial<Index>): IndexBuilder => indexBuilder({ ...current, ...more });
  return {
    item: "index",
    index: current,
    on: (...targets) => change({ elements: targets.map(elementOf) }),
    where: (condition) => change({ where: condition }),
    using: (method) => change({ method }),
    include: (...columns) => change({ include: columns.map(nameOf) }),
    unique: () => change({ unique: true }),
    nullsNotDistinct: () => change({ nullsNotDistinct: true }),
    invisible: () => change({ invisible: true }),
    comment: (comment) => change({ comment }),
    options: (options) => change({ options }),
  };
}

/** An index: `index("ix_name").on(c.a, sql`lower(${c.b})`)`. Without a name: by convention. */
export function index(name?: string): IndexBuilder {
  return indexBuilder({ ...named(name), elements: [] });
}

/** A unique index; for a plain unique constraint see {@link unique}. */
export function uniqueIndex(name?: string): IndexBuilder {
  return index(name).unique();
}
