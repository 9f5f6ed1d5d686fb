import type { State } from "./state.ts";
import type { Operation } from "../../operations/operation.ts";
import type { Options } from "../../schema/types.ts";

/** Options of a column that MODIFY takes away unless it says them again, and that models seldom name (MySQL). */
const UNNAMED = ["columnFormat", "storage", "engineAttribute", "secondaryEngineAttribute"] as const;

/** The change of a column with those of the column's options that neither side of it names: they stay. */
export function keepUnnamed(operation: Operation, state: State): Operation {
  if (operation.kind !== "alterColumn") return operation;
  const { table, from, to } = operation;
  const known = state.column(table, from.name)?.options ?? {};
  const named = { ...from.options, ...to.options };
  const kept: Options = Object.fromEntries(
    UNNAMED.flatMap((key) =>
      known[key] === undefined || named[key] !== undefined ? [] : [[key, known[key]]],
    ),
  );
  return Object.keys(kept).length === 0
    ? operation
    : { ...operation, to: { ...to, options: { ...kept, ...to.options } } };
}
