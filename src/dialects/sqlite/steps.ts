import { CHANGES, type AlterMap, type AlterOperation } from "./change.ts";
import { tableName } from "./compile.ts";
import { sameName } from "./names.ts";
import type { Operation } from "../../operations/operation.ts";

/** An operation with its place in the list that was given. */
export interface Numbered<O extends Operation = Operation> {
  readonly operation: O;
  readonly number: number;
}

/** One step of the plan: the changes of one table together, or one other operation. */
export type Step =
  | { readonly kind: "alter"; readonly table: string; readonly items: Numbered<AlterOperation>[] }
  | { readonly kind: "single"; readonly item: Numbered };

function isAlter(operation: Operation): operation is AlterOperation {
  return operation.kind in (CHANGES satisfies Record<keyof AlterMap, unknown>);
}

/** A column that changes its name too is renamed first: rows, views and triggers follow. */
function apart(operation: Operation): readonly Operation[] {
  if (operation.kind !== "alterColumn" || operation.from.name === operation.to.name)
    return [operation];
  const { table, from, to } = operation;
  return [
    { kind: "renameColumn", table, from: from.name, to: to.name },
    { ...operation, from: { ...from, name: to.name } },
  ];
}

/** Whether a change of a table may be made before a step: with foreign keys off, tables do not mind one another. */
function commutes(step: Step, table: string): boolean {
  if (step.kind === "alter") return true;
  const { operation } = step.item;
  if (operation.kind === "createTable") return !sameName(operation.table.name, table);
  return operation.kind === "dropTable" && !sameName(operation.table.name, table);
}

/** Brings the changes of each table together, for one rebuild, where nothing stands between them. */
export function stepsOf(operations: readonly Operation[]): readonly Step[] {
  const steps: Step[] = [];
  const numbered = operations.flatMap((operation, number) =>
    apart(operation).map((piece) => ({ operation: piece, number })),
  );
  for (const { operation, number } of numbered) {
    if (!isAlter(operation)) {
      steps.push({ kind: "single", item: { operation, number } });
      continue;
    }
    const table = tableName(operation.table);
    const item = { operation, number };
    const barrier = steps.findLastIndex((step) => !commutes(step, table));
    const run = steps
      .slice(barrier + 1)
      .find((step) => step.kind === "alter" && sameName(step.table, table));
    if (run?.kind === "alter") run.items.push(item);
    else steps.push({ kind: "alter", table, items: [item] });
  }
  return steps;
}
