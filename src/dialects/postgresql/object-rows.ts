import { scopeOf } from "./scope.ts";
import { maybeText, text } from "./rows.ts";
import { inspect, nameList, notOfExtension } from "./session.ts";
import type { Connection, ReflectFilter, Row } from "../contract.ts";
import type { TableName } from "../../schema/types.ts";

/** The schema of a row, as column `schema`: none for the default one. */
export const SCHEMA = "CASE WHEN n.nspname <> current_schema() THEN n.nspname::text END AS schema";

/** Which objects of a catalog are ours: in the schemas of `$1`, and made by no extension. */
export function ours(catalog: string, oid: string): string {
  return `n.nspname IN (SELECT json_array_elements_text($1::json)) AND ${notOfExtension(catalog, oid)}`;
}

/** A column `comment`. */
export function commentOf(catalog: string, oid: string): string {
  return `obj_description(${oid}, '${catalog}') AS comment`;
}

/**
 * Rows of objects beside tables, under fixed settings.
 *
 * @param sql with the schemas as `$1`
 */
export function objectRows(
  connection: Connection,
  filter: ReflectFilter,
  sql: string,
): Promise<readonly Row[]> {
  // some tables alone: what stands beside them is not asked for
  if (filter.tables !== undefined) return Promise.resolve([]);
  return inspect(connection, async () => {
    const { schemas } = await scopeOf(connection, filter);
    return connection.query(sql, [nameList(schemas)]);
  });
}

/** Schema and name of a row. */
export function nameOfRow(row: Row): TableName {
  const schema = maybeText(row, "schema");
  return { ...(schema === undefined ? {} : { schema }), name: text(row, "name") };
}

/** Texts by names, of a column that holds a JSON object or NULL. */
export function textsByName(row: Row, key: string): Readonly<Record<string, string>> | undefined {
  const value: unknown = row[key];
  if (typeof value !== "object" || value === null) return undefined;
  return Object.fromEntries(Object.entries(value).map(([name, words]) => [name, String(words)]));
}

/** A comment that says something. */
export function words(comment: string | undefined): { readonly comment?: string } {
  return comment === undefined || comment === "" ? {} : { comment };
}

/** An object of names that says something. */
export function nonEmpty<V>(
  values: Readonly<Record<string, V>> | undefined,
): Readonly<Record<string, V>> | undefined {
  return values === undefined || Object.keys(values).length === 0 ? undefined : values;
}
