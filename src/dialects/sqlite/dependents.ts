import { RevlineError } from "../../errors.ts";
import type { Expression } from "../../schema/expression.ts";
import { mayMention } from "./change.ts";
import type { Definition } from "./definition.ts";
import { sameName } from "./names.ts";
import { rebuild } from "./rebuild.ts";
import type { Replica, TableState } from "./replica.ts";
import { render } from "./spelling.ts";

/** The columns that are no more. */
export function droppedNames(before: Definition, after: Definition): readonly string[] {
  const names = before.columns.map(({ column }) => column.name);
  return names.filter((name) => !after.columns.some(({ column }) => sameName(column.name, name)));
}

/** Runs a change after which views and triggers must work that worked before. @throws RevlineError statement-failed */
export async function sparingOthers(
  table: string,
  replica: Replica,
  run: () => Promise<void>,
): Promise<void> {
  const before = await replica.problems();
  await run();
  for (const [what, message] of await replica.problems()) {
    if (before.has(what)) continue;
    throw new RevlineError(
      "statement-failed",
      `The change of table "${table}" would break ${what}: ${message}`,
      {
        hint: "Drop it before the change and create it anew behind it, with op.execute in the same revision.",
      },
    );
  }
}

/**
 * The definition without the checks and indexes whose expressions need a dropped column. Which ones do,
 * SQLite says: each that may is tried by itself.
 */
export async function withoutDependents(
  before: Definition,
  after: Definition,
  state: TableState,
  replica: Replica,
): Promise<Definition> {
  const dropped = droppedNames(before, after);
  const mayNeed = (expressions: readonly (Expression | undefined)[]): boolean =>
    expressions.some(
      (given) => given !== undefined && dropped.some((name) => mayMention(render(given), name)),
    );
  const checks = after.constraints.filter(
    ({ constraint }) => constraint.kind === "check" && mayNeed([constraint.expression]),
  );
  const indexes = after.indexes.filter(({ index }) =>
    mayNeed([index.where, ...index.elements.map(({ expression }) => expression)]),
  );
  const without = (gone: ReadonlySet<unknown>): Definition => ({
    ...after,
    constraints: after.constraints.filter((part) => !gone.has(part)),
    indexes: after.indexes.filter((part) => !gone.has(part)),
  });
  const candidates = [...checks, ...indexes];
  if (candidates.length === 0 || (await replica.works(rebuild(before, after, state)))) return after;
  const needing = new Set<unknown>();
  for (const candidate of candidates) {
    const others = new Set(candidates.filter((other) => other !== candidate));
    if (!(await replica.works(rebuild(before, without(others), state)))) needing.add(candidate);
  }
  return without(needing);
}
