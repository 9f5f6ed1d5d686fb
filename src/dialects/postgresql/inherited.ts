import { allColumns, ancestorsOf, type FindTable } from "../../schema/parents.ts";
import type { Column, Table } from "../../schema/types.ts";
import { deepEqual, omit } from "../../util/equal.ts";

/** Comments, and what numbers the rows, are not handed down. */
function same(a: Column | undefined, b: Column | undefined): boolean {
  const handedDown = (column: Column): unknown => omit(column, "comment", "identity");
  return a !== undefined && b !== undefined && deepEqual(handedDown(a), handedDown(b));
}

/**
 * Whether a column or check that a table has of its parent is also its own, no ALTER TABLE changes: a model
 * that differs in this alone says what is there.
 */
export function adoptInherited(model: Table, live: Table, find: FindTable): Table {
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
