import type { Dialect, PlanContext, Statement } from "../dialects/contract.ts";
import { describe, type Description } from "../operations/describe.ts";
import type { MigrationContext } from "../operations/operations.ts";
import type { Operation } from "../operations/operation.ts";
import { createRecorder, type Recorded } from "../operations/recorder.ts";
import type { Direction, PlanStep } from "../revisions/plan.ts";
import type { Revision } from "../revisions/revision.ts";
import type { VersionChange } from "../revisions/version-rows.ts";
import type { Expression } from "../schema/expression.ts";
import type { TableName } from "../schema/types.ts";
import { RevlineError } from "../errors.ts";
import type { ScriptOptions } from "./context.ts";
import { revisionFailure } from "./failure.ts";
import { inMode, runsOf, withRows } from "./runs.ts";
import { loadScript } from "./script.ts";

/** What one revision would do. */
export interface DryRevision {
  readonly revision: Revision;
  readonly direction: Direction;
  readonly operations: readonly Operation[];
  readonly descriptions: readonly Description[];
  readonly statements: readonly Statement[];
  /** Makes the version table, where the revision is the first. */
  readonly preparation: readonly Statement[];
  /** The changes of the version table's rows. */
  readonly versionStatements: readonly Statement[];
  /** What a person must know to read it right. */
  readonly notes: readonly string[];
}

const NOTHING_RUN = ["Nothing was run."];

/** Where nothing is executed. */
export interface Rehearsal {
  readonly options: ScriptOptions;
  readonly context: MigrationContext;
  /** @param isFirst nothing was recorded before */
  answer(statement: Expression, isFirst: boolean): Promise<readonly Record<string, unknown>[]>;
  /** True: an error of the function is none, what was recorded so far is what there is. */
  excuse?(error: unknown): boolean;
}

/**
 * What a revision's function records, without running any of it.
 *
 * @throws RevlineError revision-failed, query-not-awaited, revision-invalid
 */
export async function recordRevision(
  { revision, direction }: Pick<PlanStep, "revision" | "direction">,
  { options, context, answer, excuse }: Rehearsal,
): Promise<readonly Recorded[]> {
  const script = await loadScript(revision, direction, options);
  const recorded: Recorded[] = [];
  let asked: string | undefined;
  let isExcused = false;
  const recorder = createRecorder({
    context,
    connect: async (stack) => {
      asked = stack;
      throw new RevlineError("offline-query", "It asks for the connection, and nothing is run.", {
        hint: "Do without op.connection() where op.getContext().isOffline is true.",
      });
    },
    answer: async (statement, stack) => {
      recorded.push(...(await withRows(recorder.take())));
      asked = stack;
      const rows = await answer(statement, recorded.length === 0);
      asked = undefined;
      return rows;
    },
  });
  const fail = (error: unknown): RevlineError =>
    revisionFailure(error, { revision, direction, stack: asked, state: NOTHING_RUN });
  try {
    await script(recorder.op, context);
  } catch (error) {
    if (excuse?.(error) !== true) throw fail(error);
    isExcused = true;
  }
  if (recorder.unfinished > 0 && !isExcused) {
    throw fail(
      new RevlineError("query-not-awaited", "A query was not awaited when the function ended.", {
        hint: "Write `await op.query(…)`.",
      }),
    );
  }
  return [...recorded, ...(await withRows(recorder.take()))];
}

/** Operations, and the statements that were planned for them. */
export interface Planned {
  readonly operations: readonly Operation[];
  readonly statements: readonly Statement[];
}

/**
 * The SQL of what was recorded.
 *
 * @param advance told of each part, so that the context's state follows
 * @throws RevlineError of the plan, with the revision's place
 */
export async function planRevision(
  { revision, direction }: Pick<PlanStep, "revision" | "direction">,
  recorded: readonly Recorded[],
  context: PlanContext & { readonly dialect: Dialect },
  advance: (part: Planned) => Promise<void> | void,
): Promise<Planned> {
  const all: Statement[] = [];
  let before = 0;
  for (const run of runsOf(recorded)) {
    const operations = run.map(({ operation }) => operation);
    let statements: readonly Statement[];
    try {
      statements = inMode(await context.dialect.plan(operations, context), run);
      await advance({ operations, statements });
    } catch (error) {
      throw revisionFailure(error, { revision, direction, state: NOTHING_RUN });
    }
    for (const { operation, ...statement } of statements) {
      const place = operation === undefined ? {} : { operation: before + operation };
      all.push({ ...statement, ...place });
    }
    before += run.length;
  }
  return { operations: recorded.map(({ operation }) => operation), statements: all };
}

/** The version table's statements for changes of its rows. */
export function versionStatements(
  { versionTable: sql }: Pick<Dialect, "versionTable">,
  table: TableName,
  changes: readonly VersionChange[],
): readonly Statement[] {
  return changes.map((change) =>
    change.kind === "update"
      ? sql.update(table, change.from, change.to)
      : sql[change.kind](table, change.version),
  );
}

/** A revision as it would be run. */
export function dryRevision(
  { revision, direction }: PlanStep,
  parts: Omit<DryRevision, "revision" | "direction" | "descriptions">,
): DryRevision {
  return { revision, direction, ...parts, descriptions: parts.operations.map(describe) };
}
