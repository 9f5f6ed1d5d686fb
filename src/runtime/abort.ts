import { executeStatement } from "../dialects/execute.ts";
import { describe, type Description } from "../operations/describe.ts";
import type { Operation } from "../operations/operation.ts";
import { reverse } from "../operations/reverse.ts";
import type { Direction } from "../revisions/plan.ts";
import type { Revision } from "../revisions/revision.ts";
import { sameTable } from "../schema/collect.ts";
import { readCatalog } from "./catalog.ts";
import { checkInterrupted, planContext, versionTableOf, type RunOptions } from "./context.ts";
import { effectsOf, wasApplied } from "./effects.ts";
import { allStatements, countDone, halfway, leftover, type Leftover } from "./interrupted.ts";
import { JournalTable, operationsOf, type JournalRecord } from "./journal-table.ts";
import { withLock } from "./lock.ts";

/** What was undone of a revision that had been applied in part. */
export interface AbortResult {
  /** The rows of the version table, which are as they were. */
  readonly rows: readonly string[];
  /** Undefined: no revision was applied in part. */
  readonly revision: Revision | undefined;
  readonly direction: Direction | undefined;
  /** In the order of time. */
  readonly undone: readonly Description[];
}

/**
 * Undoes what an earlier run has applied of a revision that it did not finish, so that the database is as
 * the version table says.
 *
 * @throws RevlineError lock-timeout, interrupted; revision-failed where something cannot be undone:
 *   nothing is, then
 */
export async function abort(options: RunOptions): Promise<AbortResult> {
  return withLock(options, async (held) => {
    const versions = versionTableOf(options);
    const left = await leftover(options, versions);
    const rows = await versions.rows();
    if (left === undefined) return { rows, revision: undefined, direction: undefined, undone: [] };
    const applied = await appliedOperations(options, left);
    const undone: Description[] = [];
    for (const operation of undoing(left, applied)) {
      checkInterrupted(options.signal);
      await held.guard?.();
      if (await undo(options, operation)) undone.push(describe(operation));
    }
    await new JournalTable(options).drop();
    return { rows, revision: left.step.revision, direction: left.step.direction, undone };
  });
}

/** The operations that were applied, in order; their last may have been applied in part. */
async function appliedOperations(
  options: RunOptions,
  { record, label }: Leftover,
): Promise<readonly Operation[]> {
  // one that was in the middle is looked at again before it is undone
  const done = (await countDone(options, record)) ?? record.done + 1;
  if (done > 0 && allStatements(record).length === 0)
    throw halfway(record, label, "it was too large to be written down");
  return operationsIn(record, done);
}

function operationsIn({ parts }: JournalRecord, done: number): readonly Operation[] {
  let left = done;
  return parts.flatMap((part) => {
    if (part.kind !== "statements") return [];
    const { operations = [], statements = [] } = part;
    const count = Math.min(left, statements.length);
    left -= count;
    const found = statements
      .slice(0, count)
      .flatMap((_, index) => operationsOf(index, operations, statements));
    return [...new Set(found)];
  });
}

/** What undoes them, the last first. @throws RevlineError revision-failed */
function undoing({ record, label }: Leftover, applied: readonly Operation[]): readonly Operation[] {
  const created = applied.flatMap((operation) =>
    operation.kind === "createTable" ? [operation.table] : [],
  );
  // rows go with the table
  const relevant = applied.filter(
    (operation) =>
      operation.kind !== "bulkInsert" ||
      !created.some((table) => sameTable(table, operation.table)),
  );
  const stuck = relevant.filter((operation) => reverse(operation) === undefined);
  const [first] = stuck;
  if (first !== undefined) {
    const what = stuck.length === 1 ? describe(first).text : `${stuck.length} operations`;
    throw halfway(record, label, `what undoes it is not known (${what})`);
  }
  return relevant.toReversed().flatMap((operation) => reverse(operation) ?? []);
}

/** @returns false when somebody has done it already */
async function undo(options: RunOptions, operation: Operation): Promise<boolean> {
  const { connection, dialect } = options;
  const effects = effectsOf([operation]);
  const schemas = [...new Set(effects.map(({ table }) => table.schema))];
  const isDone =
    effects.length > 0 && wasApplied(effects, await readCatalog(options, schemas)) === "yes";
  if (isDone) return false;
  const context = planContext(options, connection.server, (filter) =>
    dialect.reflect(connection, filter),
  );
  for (const statement of await dialect.plan([operation], context))
    await executeStatement(connection, statement);
  return true;
}
