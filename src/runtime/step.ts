import type { PlanStep } from "../revisions/plan.ts";
import { isRevlineError } from "../errors.ts";
import type { RunOptions } from "./context.ts";
import { HistoryTable } from "./history.ts";
import { Execution } from "./execution.ts";
import { revisionFailure } from "./failure.ts";
import { beginInTurn } from "./begin.ts";
import { rollBack } from "./rollback.ts";
import { withRetries } from "./retry.ts";
import { withTimeouts } from "./timeouts.ts";
import { RunJournal } from "./journal.ts";
import type { JournalRecord } from "./journal-table.ts";
import { checksumOf, load, type LoadedScript } from "./script.ts";
import {
  commitUnknown,
  connectionLost,
  halfApplied,
  leftToCaller,
  rolledBack,
  type Aftermath,
} from "./state.ts";
import type { VersionTable } from "./version-table.ts";

/** What is to be run, decided from the rows that are found when its turn has come. */
export interface Turn {
  /** The rows as they were after the last step. */
  readonly rows: readonly string[];
  /** The step from the given rows; undefined: it is done already. */
  stepFrom(rows: readonly string[]): PlanStep | undefined;
  /** What becomes of the transaction that is open already when the revision fails; absent: it is the caller's. */
  readonly aftermath?: Aftermath;
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
  await options.guard?.();
  if (connection.inTransaction) {
    const own = withOwnTimeouts(options, script);
    return withTimeouts(own, () => inOpenTransaction(own, versions, turn, script));
  }
  return withRetries(options, () => runAlone(options, versions, { turn, script }));
}

export async function loadOrFail(options: RunOptions, step: PlanStep): Promise<LoadedScript> {
  const { revision, direction } = step;
  try {
    return await load(revision, direction, options);
  } catch (error) {
    if (isRevlineError(error)) throw error;
    throw revisionFailure(error, { revision, direction, ...rolledBack(step.before) });
  }
}

function withOwnTimeouts(options: RunOptions, { timeouts }: LoadedScript): RunOptions {
  return timeouts === undefined
    ? options
    : { ...options, timeouts: { ...options.timeouts, ...timeouts } };
}

/** A revision while it runs. */
interface Running {
  readonly step: PlanStep;
  readonly script: LoadedScript;
  readonly execution: Execution;
  readonly journal?: RunJournal;
}

/** The revision's statements, its version row and its line of the history. */
async function perform(
  options: RunOptions,
  versions: VersionTable,
  { step, script, execution, journal }: Running,
): Promise<StepResult> {
  const { revision, direction } = step;
  const begun = performance.now();
  const history = HistoryTable.of(options);
  await versions.ensure();
  const recorded = await history?.ensure();
  await execution.run(script.script);
  await journal?.begins();
  await options.guard?.();
  await versions.write(step.changes);
  if (recorded === true) {
    const milliseconds = performance.now() - begun;
    await history?.record({
      revision: revision.id,
      direction,
      milliseconds,
      ...checksumOf(script),
    });
  }
  const { connection, onVersionApply } = options;
  const { before, after } = step;
  await onVersionApply?.({ direction, revision: revision.id, before, after, connection });
  await journal?.clear();
  return { after: step.after, statements: execution.done };
}

/** What is to be run, in transactions of its own. */
export interface Alone {
  readonly turn: Turn;
  readonly script: LoadedScript;
  /** What an earlier run has left of it. */
  readonly earlier?: JournalRecord;
}

/**
 * Runs a revision in a transaction, or as many as its statements and the database make of it.
 *
 * @throws RevlineError revision-failed and others, saying what state the database is in
 */
export async function runAlone(
  options: RunOptions,
  versions: VersionTable,
  alone: Alone,
): Promise<StepResult> {
  const own = withOwnTimeouts(options, alone.script);
  return withTimeouts(own, () => runUnderTimeouts(own, versions, alone));
}

async function runUnderTimeouts(
  options: RunOptions,
  versions: VersionTable,
  { turn, script, earlier }: Alone,
): Promise<StepResult> {
  const { connection, dialect } = options;
  const planned = turn.stepFrom(turn.rows);
  if (dialect.capabilities.transactionalDdl) await beginInTurn(options);
  let running: Running | undefined;
  let committing = false;
  try {
    const rows = await versions.rows();
    const step = turn.stepFrom(rows);
    if (step === undefined) {
      await rollBack(connection);
      return { after: rows, statements: undefined };
    }
    const { id } = step.revision;
    const journal = new RunJournal(
      options,
      { id, direction: step.direction, ...checksumOf(script) },
      earlier,
    );
    running = { step, script, journal, execution: new Execution(options, step, journal) };
    const result = await perform(options, versions, running);
    committing = true;
    await connection.commit();
    await journal.close();
    return result;
  } catch (error) {
    if (running === undefined) {
      await rollBack(connection);
      if (planned === undefined) throw error;
      throw revisionFailure(error, { ...planned, ...rolledBack(planned.before) });
    }
    throw failure(error, running, await aftermathOf(error, options, running, committing));
  }
}

async function aftermathOf(
  error: unknown,
  { connection, dialect }: RunOptions,
  { step, journal, execution }: Running,
  committing: boolean,
): Promise<Aftermath> {
  const { revision, direction, before } = step;
  const isWhole = dialect.capabilities.transactionalDdl && journal?.isWritten !== true;
  if (isRevlineError(error) && error.code === "connection-failed") {
    await rollBack(connection);
    if (!isWhole) return connectionLost();
    return committing ? commitUnknown(revision) : rolledBack(before);
  }
  if (isWhole || journal === undefined) {
    await rollBack(connection);
    return rolledBack(before);
  }
  const half = await journal.fail(execution.pending);
  return halfApplied({ revision, direction, rows: before, ...half });
}

async function inOpenTransaction(
  options: RunOptions,
  versions: VersionTable,
  turn: Turn,
  script: LoadedScript,
): Promise<StepResult> {
  const rows = await versions.rows();
  const step = turn.stepFrom(rows);
  if (step === undefined) return { after: rows, statements: undefined };
  const running = { step, script, execution: new Execution(options, step) };
  try {
    return await perform(options, versions, running);
  } catch (error) {
    throw failure(error, running, turn.aftermath ?? leftToCaller());
  }
}

function failure(
  error: unknown,
  { execution: { stack }, step: { revision, direction } }: Running,
  aftermath: Aftermath,
): unknown {
  return revisionFailure(error, { revision, direction, stack, ...aftermath });
}
