import type { PlanStep } from "../revisions/plan.ts";
import { AppliedRevisions, versionChanges } from "../revisions/version-rows.ts";
import { isRevlineError, RevlineError } from "../errors.ts";
import { planContext, type RunOptions } from "./context.ts";
import { wasApplied } from "./effects.ts";
import { Execution } from "./execution.ts";
import { revisionFailure, revisionLabel } from "./failure.ts";
import { ProgressJournal } from "./journal.ts";
import { ProgressTable, type Progress } from "./progress.ts";
import { HistoryTable } from "./history.ts";
import { checksumOf, type LoadedScript } from "./script.ts";
import { connectionLost, halfApplied, halfDone } from "./state.ts";
import type { VersionTable } from "./version-table.ts";

/**
 * Runs a revision on a database whose changes of the schema commit by themselves.
 *
 * @returns how many statements it took
 * @throws RevlineError revision-failed and others, saying which statements stay
 */
export async function runPiecemeal(
  options: RunOptions,
  versions: VersionTable,
  table: ProgressTable,
  step: PlanStep,
  loaded: LoadedScript,
): Promise<number> {
  const { connection, dialect } = options;
  const { direction, revision, before, changes } = step;
  await versions.ensure();
  await HistoryTable.of(options)?.ensure();
  const left = await table.read();
  const earlier =
    left?.revision === revision.id && left.content.direction === direction ? left : undefined;
  const journal = new ProgressJournal(
    options,
    table,
    { id: revision.id, direction, changes, ...checksumOf(loaded) },
    earlier,
  );
  const execution = new Execution(
    options,
    planContext(options, (filter) => dialect.reflect(connection, filter)),
    journal,
  );
  try {
    await execution.run(loaded.script);
    await journal.finish(versions);
    return execution.done.length;
  } catch (error) {
    if (isLost(error))
      throw revisionFailure(error, { ...step, stack: execution.stack, ...connectionLost() });
    const aftermath = await journal.fail(execution.pending);
    throw revisionFailure(error, {
      ...step,
      stack: execution.stack,
      ...halfApplied({ revision, direction, rows: before, ...aftermath }),
    });
  }
}

function isLost(error: unknown): boolean {
  return isRevlineError(error) && error.code === "connection-failed";
}

/**
 * Finishes the revision that a killed process left in the middle, where it can be told how far it had
 * come. What failed and was told of is left to the person.
 *
 * @throws RevlineError revision-failed, saying what a person has to do
 */
export async function finishInterrupted(
  options: RunOptions,
  versions: VersionTable,
): Promise<void> {
  const table = ProgressTable.of(options);
  if (table === undefined || options.connection.inTransaction) return;
  if (!(await table.exists())) return;
  const progress = await table.read();
  // killed when all was done but this
  if (progress === undefined) return table.drop();
  if (progress.content.failed) return;
  const { connection, map, onEvent } = options;
  const { revision: id, content } = progress;
  const { direction, statements } = content;
  if (!map.has(id)) throw halfway(progress, id, "its file is not here");
  const rows = await versions.rows();
  const state = new AppliedRevisions(map, rows);
  if (state.has(id) === (direction === "upgrade")) return table.drop();
  const done = await countDone(options, table, progress);
  const label = revisionLabel(map.get(id));
  if (done === undefined) throw halfway(progress, label, "it is not certain how far it came");
  await HistoryTable.of(options)?.ensure();
  onEvent?.({
    kind: "warning",
    message: `The ${direction} of ${label} was interrupted after ${done} of ${statements.length} statements; it is finished first.`,
  });
  const after = direction === "upgrade" ? state.upgrade(id) : state.downgrade(id);
  const journal = new ProgressJournal(options, table, {
    id,
    direction,
    changes: versionChanges(rows, after),
    ...(content.checksum === undefined ? {} : { checksum: content.checksum }),
  });
  journal.resume(progress, done);
  try {
    await table.advance(done);
    for (const { sql } of statements.slice(done)) {
      await journal.begins();
      await connection.execute(sql);
      await journal.ended();
    }
    await journal.finish(versions);
  } catch (error) {
    const revision = map.get(id);
    if (isLost(error)) throw revisionFailure(error, { revision, direction, ...connectionLost() });
    throw revisionFailure(error, {
      revision,
      direction,
      ...halfApplied({ revision, direction, rows, ...(await journal.fail([])) }),
    });
  }
}

/** How many statements were applied; undefined: nobody can tell. */
async function countDone(
  { connection, dialect }: RunOptions,
  table: ProgressTable,
  { content, done }: Progress,
): Promise<number | undefined> {
  if (!content.complete) return done === 0 && content.statements.length === 0 ? 0 : undefined;
  const next = content.statements[done];
  // what is part of a transaction was rolled back with it
  if (next === undefined || next.repeatable || table.isTransactional(next.sql)) return done;
  const schemas = [...new Set(next.effects.map(({ table: { schema } }) => schema))];
  const verdict = wasApplied(next.effects, await dialect.reflect(connection, { schemas }));
  return { yes: done + 1, no: done, unknown: undefined }[verdict];
}

function halfway({ content, done }: Progress, label: string, why: string): RevlineError {
  const { direction, statements } = content;
  const { state, hint } = halfDone({
    direction,
    done: statements.slice(0, done),
    left: statements.slice(done),
    first: "perhaps applied",
  });
  return new RevlineError(
    "revision-failed",
    `The ${direction} of ${label} was interrupted after ${done} statements, and ${why}.`,
    {
      hint,
      details: state,
    },
  );
}
