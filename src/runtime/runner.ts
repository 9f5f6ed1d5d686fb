import {
  checkRows,
  planDowngrade,
  planUpgrade,
  type Direction,
  type PlanStep,
} from "../revisions/plan.ts";
import type { Revision } from "../revisions/revision.ts";
import { AppliedRevisions, versionChanges } from "../revisions/version-rows.ts";
import type { Connection } from "../dialects/contract.ts";
import { isRevlineError, RevlineError } from "../errors.ts";
import { beginInTurn } from "./begin.ts";
import { checkInterrupted, versionTableOf, type RunOptions } from "./context.ts";
import { withLock } from "./lock.ts";
import { finishInterrupted } from "./interrupted.ts";
import { rollBack } from "./rollback.ts";
import { allRolledBack, type Aftermath } from "./state.ts";
import { runStep, type Turn } from "./step.ts";
import type { VersionTable } from "./version-table.ts";

/** A revision that was run. */
export interface RevisionDone {
  readonly revision: Revision;
  readonly direction: Direction;
  /** How many statements it took, the version table's own aside. */
  readonly statements: number;
  readonly milliseconds: number;
}

export interface RunResult {
  /** The rows of the version table before. */
  readonly before: readonly string[];
  /** The rows now. */
  readonly after: readonly string[];
  readonly done: readonly RevisionDone[];
  readonly warnings: readonly string[];
}

/**
 * Brings a database to a target: takes the deployers' lock, plans, and runs one revision after the other,
 * each in a transaction of its own with its row of the version table (or all in one), where the database can. A second
 * deployer waits, and finds nothing left to do.
 *
 * @throws RevlineError lock-timeout, interrupted, version-unknown, version-conflict, revision-failed,
 *   revision-invalid, query-not-awaited, and all of identifiers and plans
 * @example
 * await run({ connection, dialect, map, versionTable: { name: "revline_version" }, lockTimeout: 60_000, direction: "upgrade", target: "head" });
 */
export async function run(options: RunOptions): Promise<RunResult> {
  return withLock(options, runLocked);
}

async function runLocked(options: RunOptions): Promise<RunResult> {
  const { map, direction, target, onEvent } = options;
  const versions = versionTableOf(options);
  const before = await versions.rows();
  const done: RevisionDone[] = [];
  const begunAt = performance.now();
  const finished = before.every((row) => map.has(row))
    ? await finishInterrupted(options, versions)
    : undefined;
  if (finished?.statements !== undefined) {
    const { step, statements } = finished;
    const milliseconds = performance.now() - begunAt;
    done.push({ revision: step.revision, direction: step.direction, statements, milliseconds });
  }
  const start = await versions.rows();
  const plan = (direction === "upgrade" ? planUpgrade : planDowngrade)(map, start, target);
  for (const message of plan.warnings) onEvent?.({ kind: "warning", message });
  await versions.requireRoom(plan.steps.flatMap(({ after }) => after));
  const { transactionPerMigration = true, connection, dialect } = options;
  const together =
    !transactionPerMigration && dialect.capabilities.transactionalDdl && !connection.inTransaction;
  const result = together
    ? await runTogether(options, versions, plan.steps, start)
    : await runSteps(options, versions, plan.steps, { rows: start });
  return {
    before,
    after: result.after,
    done: [...done, ...result.done],
    warnings: plan.warnings,
  };
}

/** All revisions or none. */
async function runTogether(
  options: RunOptions,
  versions: VersionTable,
  steps: readonly PlanStep[],
  rows: readonly string[],
): Promise<Pick<RunResult, "after" | "done">> {
  const { connection } = options;
  const aftermath = allRolledBack(rows);
  if (steps.length === 0) return { after: rows, done: [] };
  await beginInTurn(options);
  try {
    const result = await runSteps(options, versions, steps, { rows, aftermath });
    await commitAll(connection, aftermath);
    return result;
  } catch (error) {
    await rollBack(connection);
    throw error;
  }
}

/** What is checked at the end fails here: foreign keys on SQLite, deferred constraints on PostgreSQL. */
async function commitAll(connection: Connection, { state }: Aftermath): Promise<void> {
  try {
    await connection.commit();
  } catch (error) {
    if (!isRevlineError(error) || error.code === "connection-failed") throw error;
    const { code, message, hint, details } = error;
    throw new RevlineError(code, message, {
      ...(hint === undefined ? {} : { hint }),
      details: [...details, ...state],
      cause: error,
    });
  }
}

async function runSteps(
  options: RunOptions,
  versions: VersionTable,
  steps: readonly PlanStep[],
  { rows: start, aftermath }: Omit<Turn, "stepFrom">,
): Promise<Pick<RunResult, "after" | "done">> {
  const { direction, onEvent, signal } = options;
  const done: RevisionDone[] = [];
  let rows = start;
  for (const [index, planned] of steps.entries()) {
    checkInterrupted(signal);
    const { revision } = planned;
    const event = { direction, revision, step: index + 1, of: steps.length };
    onEvent?.({ kind: "started", ...event });
    const begun = performance.now();
    const { after, statements } = await runStep(options, versions, {
      rows,
      stepFrom: (found) => stepFrom(options, planned, found),
      ...(aftermath === undefined ? {} : { aftermath }),
    });
    const milliseconds = performance.now() - begun;
    rows = after;
    if (statements === undefined) continue;
    done.push({ revision, direction, statements, milliseconds });
    onEvent?.({ kind: "finished", ...event, statements, milliseconds });
  }
  return { after: rows, done };
}

/**
 * The planned step, seen from the rows that are really there: as planned, or, when somebody else wrote
 * the version table meanwhile, the same revision from the new rows, or nothing.
 *
 * @throws RevlineError version-unknown, version-conflict
 */
function stepFrom(
  { map, direction }: RunOptions,
  planned: PlanStep,
  rows: readonly string[],
): PlanStep | undefined {
  const { id } = planned.revision;
  if (sameRows(planned.before, rows)) return planned;
  checkRows(map, rows);
  const state = new AppliedRevisions(map, rows);
  if (state.has(id) === (direction === "upgrade")) return undefined;
  const inTheWay =
    direction === "upgrade"
      ? map.parentsOf(id).filter((parent) => !state.has(parent))
      : map.dependentsOf(id).filter((other) => state.has(other));
  if (inTheWay.length > 0) {
    throw new RevlineError(
      "version-conflict",
      `Somebody else changed the version table; it is now at ${rows.join(", ") || "base"}, and ${id} cannot be run from there.`,
      {
        hint: "See `migrate current`, then run the command again.",
      },
    );
  }
  const after = direction === "upgrade" ? state.upgrade(id) : state.downgrade(id);
  return { ...planned, before: rows, after, changes: versionChanges(rows, after) };
}

function sameRows(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((row) => b.includes(row));
}
