import type { DialectName } from "./types.ts";

/** A value that may stand in SQL: as a parameter where the statement takes them, else as a literal. */
export type SqlValue = string | number | bigint | boolean | null | Date | Uint8Array;

/**
 * SQL in pieces, so that names and values are quoted by the dialect and never by hand: text as it is,
 * an identifier, or a value.
 */
export type SqlPart =
  string | { readonly identifier: readonly string[] } | { readonly value: SqlValue };

/** A piece of SQL. `variants`: other text for single databases. */
export interface Expression {
  readonly parts: readonly SqlPart[];
  readonly variants?: Partial<Record<DialectName, Expression>>;
}

const BRAND = Symbol.for("revline.expression");

/** What a `${…}` of the {@link sql} tag may be. */
export type SqlArgument = SqlValue | Expression | NamedColumn;

/** Anything that stands in SQL as a column's name. */
export interface NamedColumn {
  readonly [COLUMN_NAME]: () => string;
}

/** Key under which a declared column tells its name to the {@link sql} tag. */
export const COLUMN_NAME: unique symbol = Symbol.for("revline.columnName");

/** True for what {@link sql} made, by any copy of the package. */
export function isExpression(value: unknown): value is Expression {
  return typeof value === "object" && value !== null && BRAND in value;
}

function branded(expression: Expression): Expression {
  // not enumerable: deep equality and printing see plain data
  return Object.defineProperty(expression, BRAND, { value: true });
}

/** An expression from ready parts. */
export function expression(
  parts: readonly SqlPart[],
  variants?: Expression["variants"],
): Expression {
  return branded(
    variants === undefined ? { parts: merge(parts) } : { parts: merge(parts), variants },
  );
}

/** SQL text as it stands: what reflection makes. */
export function text(value: string): Expression {
  return expression([value]);
}

function merge(parts: readonly SqlPart[]): readonly SqlPart[] {
  const merged: SqlPart[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (typeof part === "string" && typeof last === "string")
      merged[merged.length - 1] = last + part;
    else if (part !== "") merged.push(part);
  }
  return merged;
}

function isParts(value: unknown): value is Expression {
  return (
    typeof value === "object" && value !== null && "parts" in value && Array.isArray(value.parts)
  );
}

/**
 * A copy of plain data with every expression in it changed.
 *
 * @example
 * mapExpressions(table, (found) => text(spell(found)))
 */
export function mapExpressions<T>(value: T, change: (found: Expression) => Expression): T {
  const copy = structuredClone(value);
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    for (const [key, child] of Object.entries(node))
      if (isParts(child)) Reflect.set(node, key, change(expression(child.parts, child.variants)));
      else visit(child);
  };
  visit(copy);
  return copy;
}

function isNamedColumn(argument: SqlArgument): argument is NamedColumn {
  return typeof argument === "object" && argument !== null && COLUMN_NAME in argument;
}

function partsOf(argument: SqlArgument): readonly SqlPart[] {
  if (isNamedColumn(argument)) return [{ identifier: [argument[COLUMN_NAME]()] }];
  return isExpression(argument) ? argument.parts : [{ value: argument }];
}

function template(strings: TemplateStringsArray, ...values: readonly SqlArgument[]): Expression {
  return expression(
    strings.flatMap((piece, at) =>
      at < values.length ? [piece, ...partsOf(values[at] ?? null)] : [piece],
    ),
  );
}

/**
 * SQL with names and values in it. A column stands as its quoted name, a value as a parameter (in
 * `op.execute` and `op.query`) or as a literal (in a default, a check, an index).
 *
 * @example
 * check("ck_balance", sql`${c.balance} >= ${0}`)
 * sql.identifier("odd name")            // quoted as the database wants it
 * sql.raw("now()")                      // text as it stands
 * sql.variants(sql`now()`, { sqlite: sql`CURRENT_TIMESTAMP` })
 */
export const sql: {
  (strings: TemplateStringsArray, ...values: readonly SqlArgument[]): Expression;
  raw(value: string): Expression;
  identifier(...names: readonly string[]): Expression;
  variants(fallback: Expression, variants: Partial<Record<DialectName, Expression>>): Expression;
} = Object.assign(template, {
  raw: text,
  identifier: (...names: readonly string[]): Expression => expression([{ identifier: names }]),
  variants: (
    fallback: Expression,
    variants: Partial<Record<DialectName, Expression>>,
  ): Expression => expression(fallback.parts, variants),
});

/** The parts that hold for one database. */
export function partsFor(expr: Expression, dialect: DialectName): readonly SqlPart[] {
  const variant =
    expr.variants?.[dialect] ?? (dialect === "mariadb" ? expr.variants?.mysql : undefined);
  return variant?.parts ?? expr.parts;
}

/** Functions that every database has, under the name SQLAlchemy gives them. */
export const func: { now(): Expression; currentDate(): Expression; currentTime(): Expression } = {
  now: () => text("CURRENT_TIMESTAMP"),
  currentDate: () => text("CURRENT_DATE"),
  currentTime: () => text("CURRENT_TIME"),
};
