import type { Expression } from "../expression.ts";
import type { DialectName, EnumType, Options, TableName } from "../types.ts";

/** What tells one object from the others of its kind. */
export interface ObjectName extends TableName {
  /** The table (or view) it belongs to, in the same schema: a trigger, a policy. */
  readonly table?: string;
  /** The types of a routine's parameters, where routines of one name may differ by them (PostgreSQL). */
  readonly arguments?: string;
  /** Which of the project's own kinds it is of. */
  readonly type?: string;
}

/** A stored query. */
export interface View extends ObjectName {
  readonly kind: "view";
  /** Names for the columns, where they are not those of the query. */
  readonly columns?: readonly string[];
  readonly query: Expression;
  readonly comment?: string;
  /** PostgreSQL: `security_barrier`, `security_invoker`, `check_option`. MySQL: `algorithm`, `security`, `checkOption`. */
  readonly options?: Partial<Record<DialectName, Options>>;
}

/** What a project's own objects and operations say: plain data and SQL. */
export type CustomValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Expression
  | readonly CustomValue[]
  | { readonly [key: string]: CustomValue };
export type CustomData = Readonly<Record<string, CustomValue>>;

/** An object of a kind that a plugin of the project defines. */
export interface CustomObject extends ObjectName {
  readonly kind: "custom";
  readonly type: string;
  readonly definition: CustomData;
}

/** Kinds of objects beside tables: a line here, a builder beside this file, a folder in `objects/`. */
export interface SchemaObjectMap {
  enum: EnumType;
  view: View;
  custom: CustomObject;
}
export type SchemaObject = SchemaObjectMap[keyof SchemaObjectMap];

/** The kinds whose objects are created, dropped and altered as a whole; an enum has operations of its own. */
export type OpenKind = Exclude<keyof SchemaObjectMap, "enum">;
export type OpenObject = SchemaObjectMap[OpenKind];
