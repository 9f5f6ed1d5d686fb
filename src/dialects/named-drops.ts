import type { PlanContext } from "./contract.ts";
import { applyOperations } from "../operations/apply.ts";
import type { DropConstraint, Operation } from "../operations/operation.ts";
import { columnReferences } from "../operations/rename.ts";
import { sameTable } from "../schema/collect.ts";
import type { MetaData } from "../schema/types.ts";
import { deepEqual } from "../util/equal.ts";

function isNameless(operation: Operation): operation is DropConstraint {
  return operation.kind === "dropConstraint" && operation.name === undefined;
}

/**
 * Gives a name to the drop of a constraint without one, where the database has named it: a revision
 * written against SQLite, which leaves constraints nameless, then runs on the others too. A drop says
 * by its columns which constraint it means.
 */
export async function nameDrops(
  operations: readonly Operation[],
  context: PlanContext,
): Promise<readonly Operation[]> {
  const nameless = operations.filter(isNameless);
  if (nameless.length === 0) return operations;
  // what an earlier operation of the same list has renamed or made must be seen under its new name
  const named: Operation[] = [];
  const renamed = operations.flatMap((operation) =>
    operation.kind === "renameTable" ? [operation.from] : [],
  );
  let state = await context.reflect({
    tables: [...nameless.map(({ table }) => table), ...renamed],
  });
  for (const operation of operations) {
    const resolved = isNameless(operation) ? nameOf(operation, state) : operation;
    named.push(resolved);
    state = applyOperations(state, [resolved]);
  }
  return named;
}

function nameOf(operation: DropConstraint, state: MetaData): DropConstraint {
  const { table, type, dropped } = operation;
  const candidates = (
    state.tables.find((known) => sameTable(known, table))?.constraints ?? []
  ).filter(
    (constraint) =>
      constraint.kind === type &&
      constraint.name !== undefined &&
      (type === "primaryKey" ||
        (dropped !== undefined &&
          "columns" in dropped &&
          deepEqual(columnReferences(constraint), columnReferences(dropped)))),
  );
  const [found, ...others] = candidates;
  return found?.name === undefined || others.length > 0
    ? operation
    : { ...operation, name: found.name };
}
