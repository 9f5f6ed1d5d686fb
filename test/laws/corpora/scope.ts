import type { SkippedObject } from "../../../src/schema/index.ts";
import { MODELLED, only, type Json, type Snapshot } from "../judge/index.ts";
import type { Workplace } from "../workplace.ts";

/** Sequences of identity and serial columns follow the table's persistence on newer servers alone. */
function isOwned(thing: Json): boolean {
  return typeof thing === "object" && thing !== null && "owner" in thing;
}

/** What a snapshot says of the kinds that are modelled, without what the product said it skips. */
export function modelled(snapshot: Snapshot, skipped: readonly SkippedObject[]): Snapshot {
  const tables = skipped
    .filter(({ kind }) => /table|partition/.test(kind))
    .map(({ schema, name }) => [schema ?? "public", name] as const);
  const single = skipped.filter(({ table }) => table !== undefined);
  const others = skipped.filter(({ table }) => table === undefined);
  const isSkipped = (kind: string, name: string): boolean =>
    tables.some(([schema, table]) =>
      [table, `${schema}.${table}`].some(
        (label) => name === label || (kind !== "table" && name.startsWith(`${label}.`)),
      ),
    ) ||
    others.some(
      (item) =>
        item.kind === kind &&
        // a routine of PostgreSQL has its arguments behind its name
        [item.name, `${item.schema ?? "public"}.${item.name}`].includes(name.replace(/\(.*$/s, "")),
    ) ||
    single.some((item) =>
      [
        `${String(item.table)}.${item.name}`,
        `${item.schema ?? "public"}.${String(item.table)}.${item.name}`,
        `${item.schema ?? "public"}.${item.name}`,
        item.name,
      ].includes(name),
    );
  const kept = (kind: string, name: string, thing: Json): boolean =>
    !isSkipped(kind, name) && !(["index", "sequence"].includes(kind) && ownedBy(thing, tables));
  // a schema that holds nothing else that is modelled cannot be told by the models
  const holds = (schema: string): boolean =>
    [
      "table",
      "enum",
      "sequence",
      "view",
      "domain",
      "composite type",
      "range type",
      "collation",
    ].some((kind) =>
      Object.keys(snapshot[kind] ?? {}).some(
        (name) => name.startsWith(`${schema}.`) && !isSkipped(kind, name),
      ),
    );
  return Object.fromEntries(
    Object.entries(only(snapshot, MODELLED)).map(([kind, things]) => [
      kind,
      kind === "schema"
        ? Object.fromEntries(Object.entries(things).filter(([name]) => holds(name)))
        : Object.fromEntries(
            Object.entries(things)
              .filter(([name, thing]) => kept(kind, name, thing))
              .map(([name, thing]) => [
                name,
                kind === "sequence" && isOwned(thing) ? withoutPersistence(thing) : thing,
              ]),
          ),
    ]),
  );
}

/** Older servers made a logged sequence for an unlogged table. */
function withoutPersistence(thing: Json): Json {
  return typeof thing === "object" && thing !== null && !Array.isArray(thing)
    ? { ...thing, persistence: null }
    : thing;
}

/** An index's name does not say its table; what the catalog says of it does. */
function ownedBy(thing: Json, tables: readonly (readonly [string, string])[]): boolean {
  const text = JSON.stringify(thing).replaceAll('\\"', "");
  return tables.some(([schema, table]) =>
    [
      ` ON ${schema}.${table} `,
      ` ON ONLY ${schema}.${table} `,
      `"a ${schema}.${table}.`,
      `"i ${schema}.${table}.`,
      `"a ${table}.`,
      `"i ${table}.`,
    ].some((owner) => text.includes(owner)),
  );
}

/** The schemas of a PostgreSQL database beside the default one. */
export async function schemasOf(...places: readonly Workplace[]): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const place of places) {
    if (place.kind !== "postgresql") continue;
    const rows = await place.run(
      `SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', 'public')`,
    );
    for (const { nspname } of rows) found.add(String(nspname));
  }
  return [...found];
}
