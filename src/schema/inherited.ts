import { sameTable, tableKey } from "./collect.ts";
import { allColumns, ancestorsOf, parentsOf, type FindTable } from "./parents.ts";
import type { Column, Table, TableName } from "./types.ts";
import { deepEqual, omit } from "../util/equal.ts";

/** All tables below a table. */
export function heirsOf(name: TableName, tables: readonly Table[]): readonly Table[] {
  const own = tables.filter((table) => parentsOf(table).some((parent) => sameTable(parent, name)));
  return [...new Set(own.flatMap((heir) => [heir, ...heirsOf(heir, tables)]))];
}

/** Comments, and what numbers the rows, are not handed down. */
function same(a: Column | undefined, b: Column | undefined): boolean {
  const handedDown = (column: Column): unknown => omit(column, "comment", "identity");
  return a !== undefined && b !== undefined && deepEqual(handedDown(a), handedDown(b));
}

function byKey(tables: readonly Table[]): ReadonlyMap<string, Table> {
  return new Map(tables.map((table) => [tableKey(table), table]));
}

/**
 * Whether a column or check that a table has of its parent is also its own, no ALTER TABLE changes: models
 * that differ in this alone say what is there.
 */
export function adoptInherited(
  models: readonly Table[],
  database: readonly Table[],
): readonly Table[] {
  const [model, live] = [byKey(models), byKey(database)];
  return models.map((table) => {
    const there = live.get(tableKey(table));
    return there === undefined || parentsOf(table).length === 0
      ? table
      : adoptOwn(table, there, (name) => model.get(tableKey(name)));
  });
}

function adoptOwn(model: Table, live: Table, find: FindTable): Table {
  const inherited = allColumns({ ...model, columns: [] }, find) ?? [];
  const ancestors = ancestorsOf(model, find) ?? [];
  if (ancestors.length === 0) return model;
  const above = (name: string): Column | undefined =>
    inherited.find((column) => column.name === name);
  const has = (table: Table, name: string): boolean =>
    table.columns.some((column) => column.name === name);
  const checks = new Set(
    ancestors.flatMap(({ constraints }) =>
      constraints.flatMap((item) => (item.kind === "check" ? [item.name] : [])),
    ),
  );
  const hasCheck = (table: Table, name: string | undefined): boolean =>
    table.constraints.some((item) => item.kind === "check" && item.name === name);
  return {
    ...model,
    columns: [
      ...model.columns.filter(
        (column) => has(live, column.name) || !same(column, above(column.name)),
      ),
      ...live.columns.filter(
        (column) => !has(model, column.name) && same(column, above(column.name)),
      ),
    ],
    constraints: [
      ...model.constraints.filter(
        (item) => item.kind !== "check" || hasCheck(live, item.name) || !checks.has(item.name),
      ),
      ...live.constraints.filter(
        (item) => item.kind === "check" && checks.has(item.name) && !hasCheck(model, item.name),
      ),
    ],
  };
}
