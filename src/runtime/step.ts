import type { PlanStep } from "../revisions/plan.ts";
import { isRevlineError } from "../errors.ts";
import { planContext, type RunOptions } from "./context.ts";
import { HistoryTable } from "./history.ts";
import { Execution } from "./execution.ts";
import { revisionFailure } from "./failure.ts";
import { beginInTurn } from "./begin.ts";
import { rollBack } from "./rollback.ts";
import { runPiecemeal } from "./piecemeal.ts";
import { ProgressTable } from "./progress.ts";
import { checksumOf, load, type LoadedScript } from "./script.ts";
import { commitUnknown, leftToCaller, rolledBack, type Aftermath } from "./state.ts";
import type { VersionTable } from "./version-table.ts";

/** What is to be run, decided from the rows that are found when its turn has come. */
export interface Turn {
  /** The rows as they were after the last step. */
  readonly rows: readonly string[];
  /** The step from the given rows; undefined: it is done already. */
  stepFrom(rows: readonly string[]): PlanStep | undefined;
}

export interface StepResult {
  /** The rows afterwards. */
  readonly after: readonly string[];
  /** Undefined: there was nothing to do. */
  readonly statements: number | undefined;
}

/**
 * Runs one revision with its version row.
 *
 * @throws RevlineError revision-failed and others, saying what state the database is in
 */
export async function runStep(
  options: RunOptions,
  versions: VersionTable,
  turn: Turn,
): Promise<StepResult> {
  const { connection } = options;
  const step = turn.stepFrom(turn.rows);
  if (step === undefined) return { after: turn.rows, statements: undefined };
  const script = await loadOrFail(options, step);
  if (connection.inTransaction) return inCallersTransaction(options, versions, turn, script);
  const table = ProgressTable.of(options);
  return table === undefined
    ? inTransaction(options, versions, turn, script)
    : statementByStatement(options, versions, table, turn, script);
}

async function loadOrFail(options: RunOptions, step: PlanStep): Promise<LoadedScript> {
  const { revision, direction } = step;
  try {
    return await load(revision, direction, options.loadRevision);
  } catch (error) {
    if (isRevlineError(error)) throw error;
    throw revisionFailure(error, { revision, direction, ...rolledBack(step.before) });
  }
}

function executionOf(options: RunOptions): Execution {
  const { connection, dialect } = options;
  return new Execution(
    options,
    planContext(options, (filter) => dialect.reflect(connection, filter)),
  );
}

/** The revision's statements and its version row. */
async function perform(
  options: RunOptions,
  execution: Execution,
  versions: VersionTable,
  step: PlanStep,
  loaded: LoadedScript,
): Promise<StepResult> {
  const { revision, direction } = step;
  const begun = performance.now();
  const history = HistoryTable.of(options);
  await versions.ensure();
  const recorded = await history?.ensure();
  await execution.run(loaded.script);
  await versions.write(step.changes);
  if (recorded === true) {
    const milliseconds = performance.now() - begun;
    await history?.record({
      revision: revision.id,
      direction,
      milliseconds,
      ...checksumOf(loaded),
    });
  }
  return { after: step.after, statements: execution.done.length };
}

async function inTransaction(
  options: RunOptions,
  versions: VersionTable,
  turn: Turn,
  script: LoadedScript,
): Promise<StepResult> {
  const { connection } = options;
  const execution = executionOf(options);
  let step = turn.stepFrom(turn.rows);
  let committing = false;
  await beginInTurn(options);
  try {
    const rows = await versions.rows();
    step = turn.stepFrom(rows);
    if (step === undefined) {
      await connection.rollback();
      return { after: rows, statements: undefined };
    }
    const result = await perform(options, execution, versions, step, script);
    committing = true;
    await connection.commit();
    return result;
  } catch (error) {
    const lost = isRevlineError(error) && error.code === "connection-failed";
    await rollBack(connection);
    if (step === undefined) throw error;
    throw failure(
      error,
      execution,
      step,
      committing && lost ? commitUnknown(step.revision) : rolledBack(step.before),
    );
  }
}

async function inCallersTransaction(
  options: RunOptions,
  versions: VersionTable,
  turn: Turn,
  script: LoadedScript,
): Promise<StepResult> {
  const rows = await versions.rows();
  const step = turn.stepFrom(rows);
  if (step === undefined) return { after: rows, statements: undefined };
  const execution = executionOf(options);
  try {
    return await perform(options, execution, versions, step, script);
  } catch (error) {
    throw failure(error, execution, step, leftToCaller());
  }
}

async function statementByStatement(
  options: RunOptions,
  versions: VersionTable,
  table: ProgressTable,
  turn: Turn,
  script: LoadedScript,
): Promise<StepResult> {
  const rows = await versions.rows();
  const step = turn.stepFrom(rows);
  if (step === undefined) return { after: rows, statements: undefined };
  return {
    after: step.after,
    statements: await runPiecemeal(options, versions, table, step, script),
  };
}

function failure(
  error: unknown,
  { stack }: Execution,
  { revision, direction }: PlanStep,
  aftermath: Aftermath,
): unknown {
  return revisionFailure(error, { revision, direction, stack, ...aftermath });
}
