import { longestGrowing } from "./moves.ts";
import { applyOperations } from "../operations/apply.ts";
import type { Operation } from "../operations/operation.ts";
import { sameTable, tableKey } from "../schema/collect.ts";
import type { MetaData, TableName } from "../schema/types.ts";

/**
 * Says of every added and dropped column what it stands behind, in a database that can place columns.
 * A column at the end needs no word.
 */
export function placeColumns(
  operations: readonly Operation[],
  database: MetaData,
  models: MetaData,
): readonly Operation[] {
  let state = database;
  const columnsOf = (metadata: MetaData, name: TableName): readonly string[] =>
    metadata.tables.find((table) => sameTable(table, name))?.columns.map((column) => column.name) ??
    [];
  const wanted = new Map(
    models.tables.map((table) => [tableKey(table), table.columns.map(({ name }) => name)]),
  );
  return operations.map((operation) => {
    const placed = place(
      operation,
      (table) => columnsOf(state, table),
      (table) => wanted.get(tableKey(table)) ?? [],
    );
    state = applyOperations(state, [placed]);
    return placed;
  });
}

function place(
  operation: Operation,
  now: (table: TableName) => readonly string[],
  wanted: (table: TableName) => readonly string[],
): Operation {
  if (operation.kind === "dropColumn") {
    const columns = now(operation.table);
    const at = columns.indexOf(operation.name);
    return at === columns.length - 1 ? operation : { ...operation, after: columns[at - 1] ?? null };
  }
  if (operation.kind !== "addColumn") return operation;
  const columns = now(operation.table);
  const before = wanted(operation.table);
  const earlier = before.slice(0, before.indexOf(operation.column.name));
  // behind one that moves itself it would have to move again
  const known = columns.filter((name) => before.includes(name));
  const staying = longestGrowing(known.map((name) => before.indexOf(name)));
  const after = earlier.findLast((name) => staying.has(known.indexOf(name))) ?? null;
  return after === columns.at(-1) ? operation : { ...operation, after };
}
