import type { Clause } from "./batch.ts";
import * as clause from "./clauses.ts";
import { foreignKeysOf, isPlainOver, serves } from "./implicit.ts";
import { keepEndangered } from "./keep-endangered.ts";
import { mark, type Planner } from "./planner.ts";
import type { DropConstraint, OperationMap } from "../../operations/operation.ts";
import { qualifiedName, sameTable } from "../../schema/collect.ts";
import type { Constraint, Index, TableName, UniqueConstraint } from "../../schema/types.ts";
import { deepEqual } from "../../util/equal.ts";
import { RevlineError } from "../../errors.ts";

/** Drops an index or the index behind a constraint; a foreign key that needs one gets its own first. */
export function dropIndexed(
  planner: Planner,
  table: TableName,
  item: Constraint | Index | undefined,
  drop: Clause,
): void {
  const { state, batch, flavor, at } = planner;
  const stranded = item === undefined ? [] : state.stranded(table, item);
  if (item !== undefined) planner.dropped.set(mark(table, "index", item.name), item);
  if (batch.takeBack(table, drop.touches[0] ?? "", "add")) return;
  batch.alter(table, "change", at, [drop]);
  for (const key of stranded) {
    if (key.name === undefined || planner.suspended.has(table, key)) continue;
    const own: Index = { name: key.name, elements: key.columns.map((column) => ({ column })) };
    batch.alter(table, "change", at, [clause.addIndex(own, flavor)]);
    state.addIndex(table, own);
  }
}

function columnsOfIndex(item: Constraint | Index): unknown {
  if (!("kind" in item)) return [item.unique === true, item.elements];
  return item.kind === "unique" ? [true, item.columns.map((column) => ({ column }))] : item;
}

/**
 * Dropped and added over the same columns in one statement, an index stays as it is: both servers pass over a
 * change of visibility or comment then.
 */
export function separate(
  { dropped, batch }: Planner,
  table: TableName,
  added: Constraint | Index,
): void {
  const before = dropped.get(mark(table, "index", added.name));
  if (before !== undefined && deepEqual(columnsOfIndex(before), columnsOfIndex(added)))
    batch.flush();
}

/**
 * The index that a foreign key has of its own under the name of a new one: the server itself gives up only what it
 * has made. One that is called after a column, and that the key goes on to need, is called after the key from now on.
 */
export function freeName(
  { state, flavor }: Planner,
  table: TableName,
  added: Index | UniqueConstraint,
): readonly Clause[] {
  const found = state.table(table);
  const namesake = found?.indexes.find(
    ({ name }) => name?.toLowerCase() === added.name?.toLowerCase(),
  );
  if (found === undefined || namesake?.name === undefined) return [];
  const key = foreignKeysOf(found).find(({ columns }) => isPlainOver(namesake, columns));
  if (key === undefined) return [];
  state.removeIndex(table, namesake.name);
  const isNeeded = !serves(added, key.columns, flavor);
  if (!isNeeded || key.name === undefined || key.name === namesake.name)
    return [clause.dropIndex(namesake.name)];
  state.addIndex(table, { ...namesake, name: key.name });
  return [clause.renameIndex(namesake.name, key.name)];
}

/** A new index takes the place of those that foreign keys had of their own. */
export function replaceOwned(planner: Planner, table: TableName, added: Constraint | Index): void {
  const { state, batch, at } = planner;
  const found = state.table(table);
  for (const key of found?.constraints ?? []) {
    if (key.kind !== "foreignKey" || !serves(added, key.columns, planner.flavor)) continue;
    const own = state.owned(table, key);
    if (own?.name === undefined || planner.made.has(mark(table, "index", own.name))) continue;
    if (!batch.takeBack(table, clause.indexTouch(own.name), "add"))
      batch.alter(table, "change", at, [clause.dropIndex(own.name)]);
    state.removeIndex(table, own.name);
  }
}

function findConstraint(
  planner: Planner,
  { table, type, name, dropped }: DropConstraint,
): Constraint | undefined {
  const known = planner.state.table(table)?.constraints ?? [];
  if (type === "primaryKey") return known.find(({ kind }) => kind === type);
  const asked =
    name === undefined ? undefined : (planner.renamed.get(mark(table, type, name)) ?? name);
  if (asked !== undefined)
    return known.find(
      (constraint) =>
        constraint.kind === type && constraint.name?.toLowerCase() === asked.toLowerCase(),
    );
  const bare = (constraint: Constraint): unknown => ({ ...constraint, name: null });
  return dropped === undefined
    ? undefined
    : known.find((constraint) => deepEqual(bare(constraint), bare(dropped)));
}

export function dropConstraint(operation: DropConstraint, planner: Planner): void {
  const { table, type, dropped } = operation;
  const { state, batch, flavor, at, suspended, gone } = planner;
  const found =
    findConstraint(planner, operation) ??
    (dropped !== undefined && operation.name === dropped.name ? dropped : undefined);
  const name = found?.name ?? operation.name;
  if (gone.has(mark(table, type, name))) return;
  if (name === undefined && type !== "primaryKey") {
    throw new RevlineError(
      "revision-invalid",
      `A constraint without a name is to be dropped from table "${qualifiedName(table)}".`,
      {
        hint: "Give its name as the first argument of op.dropConstraint; SHOW CREATE TABLE shows it.",
      },
    );
  }
  const drop = clause.dropConstraint(type, name, flavor);
  if (type === "unique" || type === "primaryKey") return dropIndexed(planner, table, found, drop);
  if (type !== "foreignKey" || found?.kind !== "foreignKey") {
    batch.alter(table, type === "foreignKey" ? "dropKeys" : "change", at, [drop]);
    return;
  }
  const own = state.owned(table, found);
  const away = suspended.forget(table, found);
  batch.alter(table, "dropKeys", at, [
    ...(away ? [] : [drop]),
    ...(own?.name === undefined ? [] : [clause.dropIndex(own.name)]),
  ]);
  if (own?.name !== undefined) state.removeIndex(table, own.name);
}

export function dropColumn({ table, name }: OperationMap["dropColumn"], planner: Planner): void {
  const { state, batch, flavor, at, gone, suspended } = planner;
  for (const { table: owner, key } of state.keysOver(table, name)) {
    if (!sameTable(owner, table) || key.name === undefined) continue;
    dropConstraint(
      { kind: "dropConstraint", table, type: "foreignKey", name: key.name, dropped: key },
      planner,
    );
    suspended.forget(owner, key);
    gone.add(mark(table, "foreignKey", key.name));
    state.change(table, (before) => ({
      ...before,
      constraints: before.constraints.filter((constraint) => constraint !== key),
    }));
  }
  // MySQL would quietly cut the column out of every index it is part of
  const { constraints, indexes } = state.keysWith(table, name);
  for (const item of [...constraints, ...indexes]) {
    const drop =
      "kind" in item
        ? clause.dropConstraint(item.kind, item.name, flavor)
        : clause.dropIndex(item.name ?? "");
    dropIndexed(planner, table, item, drop);
    gone.add(mark(table, "kind" in item ? item.kind : "index", item.name));
  }
  for (const check of state.users(table, name).checks) {
    batch.alter(table, "change", at, [clause.dropConstraint("check", check.name, flavor)]);
    gone.add(mark(table, "check", check.name));
    state.change(table, (before) => ({
      ...before,
      constraints: before.constraints.filter((constraint) => constraint !== check),
    }));
  }
  batch.alter(table, "change", at, [clause.dropColumn(name)]);
}

export function renameConstraint(
  operation: OperationMap["renameConstraint"],
  planner: Planner,
): void {
  const { table, type, from, to } = operation;
  const { batch, state, flavor, at } = planner;
  const found = findConstraint(planner, { kind: "dropConstraint", table, type, name: from });
  if (type === "primaryKey") return;
  if (type === "unique") return batch.alter(table, "change", at, [clause.renameIndex(from, to)]);
  if (found === undefined) {
    throw new RevlineError(
      "unknown-table",
      `Table "${qualifiedName(table)}" has no constraint "${from}" to rename.`,
      { hint: "Check the name with SHOW CREATE TABLE." },
    );
  }
  const added = clause.addConstraint({ ...found, name: to }, flavor);
  const drop = clause.dropConstraint(type, found.name, flavor);
  if (found.kind !== "foreignKey") return batch.alter(table, "change", at, [drop, added]);
  const own = state.owned(table, found);
  const away = planner.suspended.has(table, found);
  batch.alter(table, "dropKeys", at, [
    ...(away ? [] : [drop]),
    ...(own?.name === undefined ? [] : [clause.renameIndex(own.name, to)]),
  ]);
  if (away) planner.suspended.renameKey(table, found, to);
  else batch.alter(table, "addKeys", at, [added]);
  if (own?.name !== undefined) {
    state.removeIndex(table, own.name);
    state.addIndex(table, { ...own, name: to });
  }
}

export function addConstraint(
  { table, constraint }: OperationMap["addConstraint"],
  planner: Planner,
): void {
  const { batch, flavor, at, state } = planner;
  const added = clause.addConstraint(constraint, flavor);
  if (constraint.kind === "unique") separate(planner, table, constraint);
  batch.alter(table, constraint.kind === "foreignKey" ? "addKeys" : "change", at, [
    ...keepEndangered(state, flavor, table, constraint),
    ...(constraint.kind === "unique" ? freeName(planner, table, constraint) : []),
    added,
  ]);
  if (constraint.kind === "unique" || constraint.kind === "primaryKey")
    replaceOwned(planner, table, constraint);
}
