import { nameOnly, sameTable, tableKey } from "../schema/collect.ts";
import type { Operation } from "../operations/operation.ts";
import type { Column, MetaData, Table } from "../schema/types.ts";

/** The places of the longest run of numbers, in the given order, that only grow. */
export function longestGrowing(numbers: readonly number[]): ReadonlySet<number> {
  const lengths: number[] = [];
  const previous: number[] = [];
  let best = -1;
  for (const [at, number] of numbers.entries()) {
    const earlier = numbers.slice(0, at).map((_, place) => place);
    const behind = earlier
      .filter((place) => (numbers[place] ?? 0) < number)
      .reduce((one, other) => ((lengths[other] ?? 0) > (lengths[one] ?? 0) ? other : one), -1);
    lengths.push((lengths[behind] ?? 0) + 1);
    previous.push(behind);
    if (best < 0 || (lengths[at] ?? 0) > (lengths[best] ?? 0)) best = at;
  }
  const found = new Set<number>();
  for (let at = best; at >= 0; at = previous[at] ?? -1) found.add(at);
  return found;
}

/** The moves that bring one table's columns into the order of the other's, as few as possible. */
function movesOf(now: Table, wanted: Table): readonly Operation[] {
  const columns = new Map(now.columns.map((column) => [column.name, column]));
  const order = wanted.columns.map(({ name }) => name).filter((name) => columns.has(name));
  if (now.columns.every(({ name }, at) => name === order[at])) return [];
  const staying = longestGrowing(now.columns.map(({ name }) => order.indexOf(name)));
  const stay = new Set([...staying].map((at) => now.columns[at]?.name));
  let names = now.columns.map(({ name }) => name);
  const behind = (list: readonly string[], name: string): string | null =>
    list[list.indexOf(name) - 1] ?? null;
  return order.flatMap((name): readonly Operation[] => {
    const column: Column | undefined = columns.get(name);
    if (column === undefined || stay.has(name)) return [];
    const [wasAfter, after] = [behind(names, name), behind(order, name)];
    const others = names.filter((other) => other !== name);
    names = others.toSpliced(after === null ? 0 : others.indexOf(after) + 1, 0, name);
    if (wasAfter === after) return [];
    return [
      { kind: "alterColumn", table: nameOnly(wanted), from: column, to: column, after, wasAfter },
    ];
  });
}

/**
 * What is left to do in a database that can move columns, when everything else is done.
 *
 * @param after the database then
 */
export function moveColumns(after: MetaData, models: MetaData): readonly Operation[] {
  const wanted = new Map(models.tables.map((table) => [tableKey(table), table]));
  return after.tables.flatMap((table) => {
    const other = wanted.get(tableKey(table));
    return other === undefined || !sameTable(other, table) ? [] : movesOf(table, other);
  });
}
