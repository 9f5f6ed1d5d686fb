import type { Suspended } from "./foreign-keys.ts";
import type { PlanState } from "./state.ts";
import type { Operation } from "../../operations/operation.ts";
import { nameOnly, sameTable } from "../../schema/collect.ts";
import type { Constraint, ForeignKey, Index, TableName } from "../../schema/types.ts";

/** Columns of a table that a foreign key may refer to. */
export interface Key {
  readonly table: TableName;
  readonly columns: ReadonlySet<string>;
}

function keyOf(table: TableName, item: Constraint | Index | undefined): Key | undefined {
  if (item === undefined) return undefined;
  if ("kind" in item)
    return item.kind === "primaryKey" || item.kind === "unique"
      ? { table, columns: new Set(item.columns) }
      : undefined;
  const columns = item.elements.flatMap(({ column }) => column ?? []);
  return item.unique === true && item.where === undefined && columns.length === item.elements.length
    ? { table, columns: new Set(columns) }
    : undefined;
}

/** What the operation drops, as the database has it: a revision's file says no more than the name. */
async function droppedKey(operation: Operation, state: PlanState): Promise<Key | undefined> {
  if (operation.kind !== "dropConstraint" && operation.kind !== "dropIndex") return undefined;
  const { table: name, dropped } = operation;
  if (dropped !== undefined) return keyOf(name, dropped);
  const { table } = await state.table(name);
  const items = [...(table?.constraints ?? []), ...(table?.indexes ?? [])];
  return keyOf(
    name,
    items.find((item) => item.name === operation.name),
  );
}

/** The key that the operation makes. */
export function madeKey(operation: Operation): Key | undefined {
  if (operation.kind === "addConstraint") return keyOf(operation.table, operation.constraint);
  return operation.kind === "createIndex" ? keyOf(operation.table, operation.index) : undefined;
}

function isSame(a: Key, b: Key): boolean {
  return (
    sameTable(a.table, b.table) &&
    a.columns.size === b.columns.size &&
    [...a.columns].every((column) => b.columns.has(column))
  );
}

/** True where a foreign key may stand on the key. */
export function standsOn({ references }: ForeignKey, key: Key): boolean {
  return isSame(key, { table: nameOnly(references), columns: new Set(references.columns) });
}

/**
 * The foreign keys that refer to a key which goes and comes again in another form (a primary key becomes
 * a unique one): the server lets no key go that others stand on.
 *
 * @param after the operations that follow
 */
export async function keysOnReplaced(
  operation: Operation,
  after: readonly Operation[],
  state: PlanState,
): Promise<readonly Suspended[]> {
  if (operation.kind !== "dropConstraint" && operation.kind !== "dropIndex") return [];
  const made = after
    .flatMap((other) => madeKey(other) ?? [])
    .filter(({ table }) => sameTable(table, operation.table));
  if (made.length === 0) return [];
  const dropped = await droppedKey(operation, state);
  if (dropped === undefined || !made.some((key) => isSame(dropped, key))) return [];
  const { tables } = await state.reflect({ allSchemas: true });
  return tables.flatMap((table) =>
    table.constraints.flatMap((constraint): readonly Suspended[] =>
      constraint.kind === "foreignKey" &&
      constraint.name !== undefined &&
      standsOn(constraint, dropped)
        ? [{ table: nameOnly(table), key: { ...constraint, name: constraint.name } }]
        : [],
    ),
  );
}
