import type { PlanContext, ReflectFilter, Statement } from "../dialects/contract.ts";
import { applyOperations } from "../operations/apply.ts";
import { describe, type Description } from "../operations/describe.ts";
import { createRecorder } from "../operations/recorder.ts";
import type { Operation } from "../operations/operation.ts";
import { planDowngrade, planUpgrade, type Direction, type PlanStep } from "../revisions/plan.ts";
import type { Revision } from "../revisions/revision.ts";
import { sameTable } from "../schema/collect.ts";
import type { Expression } from "../schema/expression.ts";
import type { MetaData } from "../schema/types.ts";
import { redact } from "../util/redact.ts";
import { messageOf, RevlineError } from "../errors.ts";
import { checkInterrupted, planContext, versionTableOf, type RunOptions } from "./context.ts";
import { revisionFailure } from "./failure.ts";
import { JournalTable } from "./journal-table.ts";
import { rollBack } from "./rollback.ts";
import { loadScript } from "./script.ts";

/** What one revision would do. */
export interface DryRevision {
  readonly revision: Revision;
  readonly direction: Direction;
  readonly operations: readonly Operation[];
  readonly descriptions: readonly Description[];
  readonly statements: readonly Statement[];
  /** The statements of the version table. */
  readonly versionStatements: readonly Statement[];
  /** What a person must know to read it right. */
  readonly notes: readonly string[];
}

export interface DryRunResult {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly revisions: readonly DryRevision[];
  readonly warnings: readonly string[];
}

/** The database as it would be after the operations so far. Each set of schemas is read once. */
class TrackedState {
  readonly #options: RunOptions;
  readonly #read = new Map<string, MetaData>();
  #operations: readonly Operation[] = [];

  constructor(options: RunOptions) {
    this.#options = options;
  }

  add(operations: readonly Operation[]): void {
    this.#operations = [...this.#operations, ...operations];
  }

  /** For a plan: the tables asked for, as the earlier operations leave them. */
  readonly reflect = async (filter: ReflectFilter): Promise<MetaData> => {
    const { connection, dialect } = this.#options;
    const { tables, ...whole } = filter;
    const key = JSON.stringify(whole);
    const live = this.#read.get(key) ?? (await dialect.reflect(connection, whole));
    this.#read.set(key, live);
    const now = applyOperations(live, this.#operations);
    if (tables === undefined) return now;
    return {
      ...now,
      tables: now.tables.filter((table) => tables.some((wanted) => sameTable(wanted, table))),
    };
  };
}

/**
 * Says what a run would do, and changes nothing: no lock, no table, no row.
 *
 * @throws RevlineError as `run` does before it begins; revision-failed where a revision's function throws
 */
export async function dryRun(options: RunOptions): Promise<DryRunResult> {
  const { map, direction, target, signal } = options;
  const versions = versionTableOf(options);
  const before = await versions.rows();
  const hasTable = await versions.exists();
  const plan = (direction === "upgrade" ? planUpgrade : planDowngrade)(map, before, target);
  const state = new TrackedState(options);
  const revisions: DryRevision[] = [];
  for (const step of plan.steps) {
    checkInterrupted(signal);
    const creates = !hasTable && revisions.length === 0;
    revisions.push(
      await rehearse(options, step, state, { first: revisions.length === 0, creates }),
    );
  }
  return {
    before,
    after: plan.after,
    revisions,
    warnings: [...plan.warnings, ...(await interruptedRuns(options))],
  };
}

/** A run that was killed is finished before anything else, where the database needs that. */
async function interruptedRuns(options: RunOptions): Promise<readonly string[]> {
  const record = await new JournalTable(options).read();
  if (record === undefined) return [];
  const { direction, failed, revision } = record.header;
  return [
    `An earlier ${direction} of ${revision} was ${failed ? "ended by an error" : "interrupted"} after ${record.done} statements; the next run finishes it first.`,
  ];
}

interface Position {
  /** Nothing else is pending, so that the live database still is what the revision will find. */
  readonly first: boolean;
  /** The version table is not there yet. */
  readonly creates: boolean;
}

async function rehearse(
  options: RunOptions,
  step: PlanStep,
  state: TrackedState,
  { first, creates }: Position,
): Promise<DryRevision> {
  const { dialect } = options;
  const { revision, direction } = step;
  const script = await loadScript(revision, direction, options.loadRevision);
  const notes: string[] = [];
  const operations: Operation[] = [];
  const recorder = createRecorder(async (statement) => {
    operations.push(...recorder.take().map(({ operation }) => operation));
    if (first && operations.length === 0) return answerLive(options, statement);
    notes.push(
      `A query depends on data that is not there yet (${textOf(statement)}): what follows is shown as if it had found nothing.`,
    );
    return [];
  });
  try {
    await script(recorder.op);
  } catch (error) {
    if (notes.length === 0)
      throw revisionFailure(error, { revision, direction, state: ["Nothing was run."] });
    notes.push(`Without that data the revision stops here: ${messageOf(error)}`);
  }
  if (recorder.unfinished > 0 && notes.length === 0) {
    throw revisionFailure(
      new RevlineError("query-not-awaited", "A query was not awaited when the function ended.", {
        hint: "Write `await op.query(…)`.",
      }),
      { revision, direction, state: ["Nothing was run."] },
    );
  }
  operations.push(...recorder.take().map(({ operation }) => operation));
  const statements = await planOrFail(
    options,
    step,
    operations,
    planContext(options, state.reflect),
  );
  state.add(operations);
  const { versionTable } = options;
  const changes = step.changes.map((change): Statement => {
    if (change.kind === "update")
      return dialect.versionTable.update(versionTable, change.from, change.to);
    return dialect.versionTable[change.kind](versionTable, change.version);
  });
  return {
    revision,
    direction,
    operations,
    descriptions: operations.map(describe),
    statements,
    versionStatements: [
      ...(creates ? [dialect.versionTable.create(versionTable)] : []),
      ...changes,
    ],
    notes,
  };
}

async function planOrFail(
  options: RunOptions,
  { revision, direction }: PlanStep,
  operations: readonly Operation[],
  context: PlanContext,
): Promise<readonly Statement[]> {
  try {
    return await options.dialect.plan(operations, context);
  } catch (error) {
    throw revisionFailure(error, { revision, direction, state: ["Nothing was run."] });
  }
}

/** Runs a query and takes back whatever it may have changed. */
async function answerLive(
  options: RunOptions,
  expression: Expression,
): Promise<readonly Record<string, unknown>[]> {
  const { connection, dialect } = options;
  const { sql, params } = dialect.statement(expression, connection.server);
  const own = !connection.inTransaction;
  if (own) await connection.begin();
  try {
    const rows = await connection.query(sql, params);
    return rows.map((row) => ({ ...row }));
  } finally {
    if (own) await rollBack(connection);
  }
}

function textOf(expression: Expression): string {
  const text = expression.parts
    .map((part) =>
      typeof part === "string" ? part : "value" in part ? "?" : part.identifier.join("."),
    )
    .join("");
  return redact(text).trim().replace(/\s+/g, " ").slice(0, 100);
}
