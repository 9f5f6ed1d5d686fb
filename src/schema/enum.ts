import { ColumnBuilder } from "./column.ts";
import type { EnumType } from "./types.ts";

/** Key of a declared enum type. */
export const ENUM: unique symbol = Symbol.for("revline.enum");

/** A declared enum: call it to make a column of it. */
export interface EnumValue<V extends readonly string[]> {
  (name?: string): ColumnBuilder<V[number]>;
  readonly [ENUM]: EnumType;
  readonly values: V;
}

/**
 * A named enum: a type of its own on PostgreSQL, ENUM(…) on MySQL and MariaDB, text on SQLite.
 *
 * @example
 * export const role = enumType("role", ["admin", "member"]);
 * export const users = table("users", { role: role().notNull().default("member") });
 */
export function enumType<const V extends readonly string[]>(
  name: string,
  values: V,
  options: { readonly schema?: string; readonly comment?: string } = {},
): EnumValue<V> {
  const schema = options.schema === undefined ? {} : { schema: options.schema };
  const column = (columnName?: string): ColumnBuilder<V[number]> =>
    ColumnBuilder.of<V[number]>({ name: "enum", values, enumName: name, ...schema }, columnName);
  return Object.assign(column, {
    [ENUM]: { kind: "enum" as const, name, values, ...options },
    values,
  });
}

/** True for what {@link enumType} made, in any copy of the package. */
export function isEnumValue(value: unknown): value is EnumValue<readonly string[]> {
  return typeof value === "function" && ENUM in value;
}
