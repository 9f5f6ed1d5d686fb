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

/** The name of an index that a change of a table brings: all tables of a database share them. */
function broughtBy(operation: AlterOperation): string | undefined {
  if (operation.kind === "createIndex") return operation.index.name;
  return operation.kind === "renameIndex" ? operation.to : undefined;
}

/** Whether an operation frees the name of an index; what a dropped table had is not always known. */
function frees(operation: Operation, name: string): boolean {
  if (operation.kind === "dropIndex") return sameName(operation.name, name);
  if (operation.kind === "renameIndex") return sameName(operation.from, name);
  if (operation.kind !== "dropTable") return false;
  const { dropped } = operation;
  return dropped === undefined || dropped.indexes.some((index) => sameName(index.name ?? "", name));
}

/**
 * Whether a change of a table may be made before a step: with foreign keys off, tables do not mind one
 * another, but for the names of their indexes.
 */
function commutes(step: Step, operation: AlterOperation, table: string): boolean {
  const brought = broughtBy(operation);
  const before = step.kind === "alter" ? step.items : [step.item];
  if (brought !== undefined && before.some((item) => frees(item.operation, brought)))
    return step.kind === "alter" && sameName(step.table, table);
  if (step.kind === "alter") return true;
  const { operation: other } = step.item;
  if (other.kind === "createTable") return !sameName(other.table.name, table);
  return other.kind === "dropTable" && !sameName(other.table.name, table);
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
    const barrier = steps.findLastIndex((step) => !commutes(step, operation, table));
    const run = steps
      .slice(barrier + 1)
      .find((step) => step.kind === "alter" && sameName(step.table, table));
    if (run?.kind === "alter") run.items.push(item);
    else steps.push({ kind: "alter", table, items: [item] });
  }
  return steps;
}
