import { tableKey } from "../../schema/collect.ts";
import type { MetaData, Table } from "../../schema/types.ts";
import { deepEqual } from "../../util/equal.ts";

/** Columns in any order: PostgreSQL cannot put one between others. */
function shape(table: Table | undefined): Readonly<Record<string, unknown>> {
  return Object.fromEntries((table?.columns ?? []).map(({ name, type }) => [name, type]));
}

/** The tables whose columns the models change: what a text means that speaks of them is not certain before. */
export function questionableNames(database: MetaData, models: MetaData): ReadonlySet<string> {
  const live = new Map(database.tables.map((table) => [tableKey(table), table]));
  const wanted = new Map(models.tables.map((table) => [tableKey(table), table]));
  const keys = new Set([...live.keys(), ...wanted.keys()]);
  return new Set(
    [...keys].flatMap((key) => {
      const [before, after] = [live.get(key), wanted.get(key)];
      const name = (before ?? after)?.name;
      return name === undefined || deepEqual(shape(before), shape(after)) ? [] : [name];
    }),
  );
}
