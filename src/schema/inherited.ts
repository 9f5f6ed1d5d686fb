import { sameTable, tableKey } from "./collect.ts";
import { allColumns, ancestorsOf, parentPath, parentsOf, type FindTable } from "./parents.ts";
import type { Column, Constraint, Table, TableName } from "./types.ts";
import { deepEqual, omit } from "../util/equal.ts";

/** All tables below a table. */
export function heirsOf(name: TableName, tables: readonly Table[]): readonly Table[] {
  const own = tables.filter((table) => parentsOf(table).some((parent) => sameTable(parent, name)));
  return [...new Set(own.flatMap((heir) => [heir, ...heirsOf(heir, tables)]))];
}

/** The parents of a table but for the given ones. */
export function parentsBut(
  table: Pick<Table, "options">,
  others: readonly TableName[],
): readonly TableName[] {
  return parentsOf(table).filter((name) => !others.some((other) => sameTable(other, name)));
}

/** The default of a serial column, as PostgreSQL writes it. */
export const NEXT_VALUE = /^nextval\('.*'::regclass\)$/s;

/** True where the default is the next number of a sequence. */
export function takesNextValue({ default: value }: Column): boolean {
  return (
    value !== undefined &&
    "expression" in value &&
    NEXT_VALUE.test(String(value.expression.parts[0]))
  );
}

/** Comments, and what numbers the rows, are not handed down, but the default of a serial column is. */
function same(own: Column | undefined, above: Column | undefined): boolean {
  if (own === undefined || above === undefined) return false;
  const isSerial = above.identity?.serial === true && takesNextValue(own);
  const handedDown = (column: Column): unknown =>
    omit(column, "comment", "identity", ...(isSerial ? (["default"] as const) : []));
  return deepEqual(handedDown(own), handedDown(above));
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

/** The table with the columns and checks of its parents for its own: as it is when they let it go. */
export function inheritAll(table: Table, find: FindTable): Table {
  const all = allColumns(table, find);
  const ancestors = ancestorsOf(table, find);
  if (all === undefined || ancestors === undefined || ancestors.length === 0) return table;
  // what numbers the parent's rows, and is said of its columns, stays the parent's
  const columns = all.map((column) =>
    table.columns.includes(column) ? column : omit(column, "identity", "comment"),
  );
  const constraints: Constraint[] = [...table.constraints];
  // a check of the same name is one and the same
  const checks = new Set(constraints.flatMap((item) => (item.kind === "check" ? [item.name] : [])));
  for (const { constraints: above } of ancestors)
    for (const item of above)
      if (item.kind === "check" && item.noInherit !== true && !checks.has(item.name))
        constraints.push(omit(item, "comment"));
  return { ...table, columns, constraints };
}

/** The table after a change of its parents: what it had of those that it leaves stays with it. */
export function withParentsLeft(before: Table, after: Table, find: FindTable): Table {
  const left = parentsBut(before, parentsOf(after));
  if (left.length === 0) return after;
  const postgresql = { inherits: left.map(parentPath).join(", ") };
  return {
    ...inheritAll({ ...after, options: { postgresql } }, find),
    options: after.options ?? {},
  };
}
