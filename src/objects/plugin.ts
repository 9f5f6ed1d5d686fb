import type { Row, ServerInfo } from "../dialects/contract.ts";
import type { Expression, SqlValue } from "../schema/expression.ts";
import type { CustomData, ObjectName } from "../schema/objects/types.ts";
import type { DialectName } from "../schema/types.ts";

/** SQL of a plugin: text, or a tagged template whose names and values are quoted. */
export type CustomSql = string | Expression;

/** What a plugin is told about the database it makes SQL for. */
export interface CustomContext {
  readonly dialect: DialectName;
  readonly server: ServerInfo;
  /** Quotes a name, or a dotted path of names. */
  quote(...names: readonly string[]): string;
  literal(value: SqlValue): string;
}

/** What a plugin may ask the database. */
export interface CustomQuery extends CustomContext {
  query(sql: string, params?: readonly SqlValue[]): Promise<readonly Row[]>;
}

/** An operation of the project's own, called by `op.invoke(name, data)`. */
export interface CustomOperation<Data extends CustomData = CustomData> {
  readonly operation: string;
  /** The statements, in order. */
  compile(data: Data, context: CustomContext): readonly CustomSql[];
}

/** One object of a kind of the project's own. */
export interface CustomInstance<Data extends CustomData = CustomData> extends Pick<
  ObjectName,
  "schema" | "name" | "table"
> {
  readonly definition: Data;
}

/** A kind of objects of the project's own: declared in models, compared, and made by revisions. */
export interface CustomKind<Data extends CustomData = CustomData> {
  readonly kind: string;
  /** The databases that have it. Default: all. */
  readonly dialects?: readonly DialectName[];
  /** All objects of the kind that the database holds; the fewer queries the better. */
  reflect(database: CustomQuery): Promise<readonly CustomInstance<Data>[]>;
  /** The spelling in which two definitions are the same exactly when the database holds them the same. Default: as it is. */
  canonicalize?(definition: Data, database: CustomQuery): Data | Promise<Data>;
  create(object: CustomInstance<Data>, context: CustomContext): readonly CustomSql[];
  /** `definition` is known where autogenerate wrote the operation. */
  drop(
    object: Pick<ObjectName, "schema" | "name" | "table">,
    context: CustomContext,
  ): readonly CustomSql[];
  /** Default: drop and create. */
  alter?(
    change: { readonly from: CustomInstance<Data>; readonly to: CustomInstance<Data> },
    context: CustomContext,
  ): readonly CustomSql[];
}

/** What the config's `plugins` lists. */
export type Plugin = CustomOperation | CustomKind;

/**
 * Types an operation of the project's own; returns it as it is.
 *
 * @example
 * export const refresh = defineOperation<{ view: string }>({
 *   operation: "refresh",
 *   compile: ({ view }, { quote }) => [`REFRESH MATERIALIZED VIEW ${quote(view)}`],
 * });
 * // in the config: plugins: [refresh]; in a revision: op.invoke("refresh", { view: "totals" });
 */
export function defineOperation<Data extends CustomData>(
  plugin: CustomOperation<Data>,
): CustomOperation<Data> {
  return plugin;
}

/**
 * Types a kind of objects of the project's own; returns it as it is. Where a change of the schema commits
 * by itself (MySQL, MariaDB) each statement should be one that can be given a second time.
 */
export function defineObjectKind<Data extends CustomData>(
  plugin: CustomKind<Data>,
): CustomKind<Data> {
  return plugin;
}
