import { quote, quoteText } from "./spelling.ts";
import type { Connection } from "../contract.ts";

/**
 * What decides how the server spells types and expressions. With the default schema alone on the path,
 * its names stand unqualified and all others qualified, whatever the user's own path is.
 */
function settings(defaultSchema: string): string {
  return `SET LOCAL search_path = ${quote(defaultSchema)};
SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres'; SET LOCAL TimeZone = 'UTC';
SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; SET LOCAL quote_all_identifiers = off;
SET LOCAL standard_conforming_strings = on; SET LOCAL check_function_bodies = off`;
}

/**
 * Runs `work` under fixed settings in a transaction (a savepoint, inside one) that is always rolled
 * back: what it set, locked or made is gone afterwards.
 */
export async function inspect<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  const path = settings(connection.server.defaultSchema ?? "public");
  const inside = connection.inTransaction;
  await connection.execute(`${inside ? "SAVEPOINT revline_inspect" : "BEGIN"}; ${path}`);
  const end = inside
    ? "ROLLBACK TO SAVEPOINT revline_inspect; RELEASE SAVEPOINT revline_inspect"
    : "ROLLBACK";
  let result: T;
  try {
    result = await work();
  } catch (error) {
    // a lost connection has ended the transaction by itself; what happened first is what counts
    if (connection.inTransaction) await connection.execute(end);
    throw error;
  }
  await connection.execute(end);
  return result;
}

/** A list of names for a query: one text, taken apart by the server. */
export function nameList(names: readonly string[]): string {
  return JSON.stringify(names);
}

/** Identifiers of catalog rows for a query: `ANY ($1::oid[])`. */
export function oidList(oids: readonly string[]): string {
  return `{${oids.join(",")}}`;
}

/** A condition that leaves out what an extension has made. */
export function notOfExtension(catalog: string, oid: string): string {
  return `NOT EXISTS (SELECT FROM pg_depend own WHERE own.classid = ${quoteText(`pg_catalog.${catalog}`)}::regclass
    AND own.objid = ${oid} AND own.deptype = 'e')`;
}
