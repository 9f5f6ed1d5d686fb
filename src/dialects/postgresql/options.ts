import type { Options } from "../../schema/types.ts";

/** A number where it is one; `off` stays `off`, as the catalog keeps what was typed. */
export function optionValue(value: string): string | number | boolean {
  return /^-?\d+(\.\d+)?$/.test(value) && String(Number(value)) === value ? Number(value) : value;
}

/** What a value means: `off`, `false` and `FALSE` are one. */
function meaning(value: Options[string] | undefined): unknown {
  const text = String(value).toLowerCase();
  return /^(?:on|true)$/.test(text) ? true : /^(?:off|false)$/.test(text) ? false : text;
}

/** The database's spelling of the options that mean the same there. */
export function adoptOptions(options: Options, live: Options | undefined): Options {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => {
      const there = live?.[key];
      return [key, there !== undefined && meaning(there) === meaning(value) ? there : value];
    }),
  );
}

/**
 * Storage parameters of `pg_class c` in SQL; those of its TOAST table are written `toast.name`.
 * https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-STORAGE-PARAMETERS
 */
export const STORAGE_PARAMETERS =
  "c.reloptions || (SELECT array_agg('toast.' || p) FROM pg_class w, unnest(w.reloptions) p WHERE w.oid = c.reltoastrelid)";

/** `reloptions`: a list of `name=value`. */
export function optionsOf(reloptions: readonly string[]): Options {
  return canonicalOptions(
    Object.fromEntries(
      reloptions.map((option) => {
        const at = option.indexOf("=");
        return [option.slice(0, at), option.slice(at + 1)] as const;
      }),
    ),
  );
}

/** Keys in lower case; numbers are numbers. */
export function canonicalOptions(options: Options): Options {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [
      key.toLowerCase(),
      typeof value === "boolean" ? value : optionValue(String(value)),
    ]),
  );
}

/** The inside of `WITH (…)` or `SET (…)`. */
export function optionList(options: Options): string {
  return Object.entries(options)
    .map(
      ([key, value]) =>
        `${key} = ${typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value)}`,
    )
    .join(", ");
}

/** What a table's options say beside storage parameters, by our own words. */
const OWN = [
  "unlogged",
  "partitionBy",
  "partitionOf",
  "values",
  "inherits",
  "tablespace",
  "replicaIdentity",
  "rowSecurity",
  "forceRowSecurity",
] as const;

/** Storage parameters, and what else a table is. */
export interface TableOptions {
  readonly own: Options;
  readonly storage: Options;
}

export function splitOptions(options: Options | undefined): TableOptions {
  const isOwn = (key: string): boolean => OWN.some((word) => word === key);
  const pick = (wanted: boolean): Options =>
    Object.fromEntries(
      Object.entries(options ?? {}).filter(
        ([key, value]) => isOwn(key) === wanted && !(wanted && (value === false || value === "")),
      ),
    );
  return { own: pick(true), storage: pick(false) };
}

/** An option that is text. */
export function textOption(options: Options, key: string): string | undefined {
  const value = options[key];
  return typeof value === "string" ? value : undefined;
}
