import { OBJECT, type Declared } from "./declare.ts";
import type { CompositeType, Domain, OpenObject, RangeType } from "./types.ts";
import { ColumnBuilder } from "../column.ts";
import { isPlainName } from "../plain-name.ts";
import type { ColumnType, TableName } from "../types.ts";

/** What each of the types is beside its name. */
type Definition<O extends OpenObject> = Omit<O, "kind" | "name" | "table" | "arguments" | "type">;
export type DomainDefinition = Definition<Domain>;
export type CompositeTypeDefinition = Definition<CompositeType>;
export type RangeTypeDefinition = Definition<RangeType>;

/** A declared type: called, it makes a column of it. */
export interface UserType<T, O extends OpenObject> extends Declared<O> {
  (columnName?: string): ColumnBuilder<T>;
}

const word = (name: string): string =>
  isPlainName(name) ? name : `"${name.replaceAll('"', '""')}"`;

/** A type of the user's own as columns name it. */
export function userTypeOf({ schema, name }: TableName): Extract<ColumnType, { name: "raw" }> {
  return { name: "raw", sql: schema === undefined ? word(name) : `${word(schema)}.${word(name)}` };
}

function callable<T, O extends OpenObject>(object: O): UserType<T, O> {
  const column = (columnName?: string): ColumnBuilder<T> =>
    ColumnBuilder.of<T>(userTypeOf(object), columnName);
  return Object.assign(column, { [OBJECT]: object });
}

/** The data of a domain. */
export function domainOf(name: string, definition: DomainDefinition): Domain {
  return { kind: "domain", name, ...definition };
}

/** The data of a composite type. */
export function compositeTypeOf(name: string, definition: CompositeTypeDefinition): CompositeType {
  return { kind: "compositeType", name, ...definition };
}

/** The data of a range type. */
export function rangeTypeOf(name: string, definition: RangeTypeDefinition): RangeType {
  return { kind: "rangeType", name, ...definition };
}

/**
 * Declares a domain of PostgreSQL: a type with checks and a default of its own. Called, it is a column's
 * type; `T` is what TypeScript has its values for.
 *
 * @example
 * export const email = domain<string>("email", {
 *   baseType: "text",
 *   checks: [{ name: "email_has_at", expression: sql`VALUE LIKE '%@%'` }],
 * });
 * export const users = table("users", { email: email().notNull() });
 */
export function domain<T = unknown>(
  name: string,
  definition: DomainDefinition,
): UserType<T, Domain> {
  return callable<T, Domain>(domainOf(name, definition));
}

/**
 * Declares a composite type of PostgreSQL. Called, it is a column's type.
 *
 * @example
 * export const address = compositeType("address", {
 *   attributes: [{ name: "street", type: "text" }, { name: "zip", type: "varchar(10)" }],
 * });
 */
export function compositeType<T = unknown>(
  name: string,
  definition: CompositeTypeDefinition,
): UserType<T, CompositeType> {
  return callable<T, CompositeType>(compositeTypeOf(name, definition));
}

/**
 * Declares a range type of PostgreSQL. Called, it is a column's type.
 *
 * @example
 * export const floatRange = rangeType("float_range", { subtype: "double precision", difference: "float8mi" });
 */
export function rangeType<T = unknown>(
  name: string,
  definition: RangeTypeDefinition,
): UserType<T, RangeType> {
  return callable<T, RangeType>(rangeTypeOf(name, definition));
}
