import {
  expression,
  viewOf,
  type Column,
  type MetaData,
  type SqlPart,
  type Table,
  type View,
} from "../../../src/schema/index.ts";
import { takenNames } from "./surroundings.ts";
import { isTable } from "./repair.ts";

type Numbers = readonly number[];

const identifier = (name: string): SqlPart => ({ identifier: [name] });

/** A view of some columns of a table, or of all that it has. */
function someView(name: string, table: Table, mask: number, shape: number): View {
  const from = [" FROM ", identifier(table.name)] as const;
  if (shape % 5 === 0) return viewOf(name, { query: expression(["SELECT *", ...from]) });
  const [first] = table.columns;
  const chosen = table.columns.filter((_, at) => (mask >> (at % 12)) % 2 === 1);
  const columns: readonly Column[] = chosen.length === 0 && first !== undefined ? [first] : chosen;
  const list = columns.flatMap((column, at): readonly SqlPart[] => [
    ...(at === 0 ? [] : [", "]),
    identifier(column.name),
  ]);
  const [filter = identifier("id")] = list;
  const where = shape % 5 === 1 ? [" WHERE ", filter, " IS NOT NULL"] : [];
  return viewOf(name, { query: expression(["SELECT ", ...list, ...from, ...where]) });
}

/** The views of both sides: they come, go, and change with the columns of their tables. */
export function withViews(
  pair: { readonly before: MetaData; readonly after: MetaData },
  given: readonly Numbers[],
): { readonly before: MetaData; readonly after: MetaData } {
  const taken = new Set(
    [...takenNames(pair.before), ...takenNames(pair.after)].map((name) => name.toLowerCase()),
  );
  const before: View[] = [];
  const after: View[] = [];
  for (const [at, numbers] of given.entries()) {
    const [shape = 0, place = 0, mask = 0, later = 0, presence = 0] = numbers;
    const name = `v_${String(at + 1)}`;
    const table = pair.before.tables[place % Math.max(pair.before.tables.length, 1)];
    const next =
      pair.after.tables.find((other) => table !== undefined && isTable(other, table)) ??
      pair.after.tables[place % Math.max(pair.after.tables.length, 1)];
    if (taken.has(name)) continue;
    if (table !== undefined && presence % 4 !== 0) before.push(someView(name, table, mask, shape));
    if (next !== undefined && presence % 4 !== 1)
      after.push(someView(name, next, presence % 4 === 2 ? mask : later, shape));
    // a view on a view
    const above = `${name}_above`;
    if (at === 0 && before.length > 0 && after.length > 0 && !taken.has(above)) {
      const all = viewOf(above, { query: expression(["SELECT * FROM ", identifier(name)]) });
      before.push(all);
      after.push(all);
    }
  }
  return {
    before: { ...pair.before, objects: [...pair.before.objects, ...before] },
    after: { ...pair.after, objects: [...pair.after.objects, ...after] },
  };
}
