import { tableKey } from "../schema/collect.ts";
import type { MetaData, Options, Table } from "../schema/types.ts";

const KEYS = ["rowSecurity", "forceRowSecurity"] as const;

function securityOf(options: Options | undefined): readonly (readonly [string, true])[] {
  return KEYS.flatMap((key) => (options?.[key] === true ? [[key, true] as const] : []));
}

/**
 * The models with the row security that the database has, on tables that say nothing of it: where policies
 * take no part, nobody has asked to lay the rows open.
 */
export function keepRowSecurity(database: MetaData, models: MetaData): MetaData {
  const live = new Map(database.tables.map((table) => [tableKey(table), table]));
  const keep = (table: Table): Table => {
    const own = table.options?.postgresql;
    if (KEYS.some((key) => own?.[key] !== undefined)) return table;
    const kept = securityOf(live.get(tableKey(table))?.options?.postgresql);
    if (kept.length === 0) return table;
    return {
      ...table,
      options: { ...table.options, postgresql: { ...own, ...Object.fromEntries(kept) } },
    };
  };
  return { ...models, tables: models.tables.map(keep) };
}
