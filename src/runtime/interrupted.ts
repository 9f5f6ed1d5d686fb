import { revisionChecksum } from "../revisions/checksum.ts";
import type { PlanStep } from "../revisions/plan.ts";
import { AppliedRevisions, versionChanges } from "../revisions/version-rows.ts";
import { RevlineError } from "../errors.ts";
import { readCatalog } from "./catalog.ts";
import { digest } from "./codec.ts";
import type { RunOptions, VersionOptions } from "./context.ts";
import { remaining, wasApplied } from "./effects.ts";
import { revisionLabel } from "./failure.ts";
import { JournalTable, type JournalRecord, type PlannedStatement } from "./journal-table.ts";
import { halfDone } from "./state.ts";
import { loadOrFail, runAlone, type StepResult } from "./step.ts";
import type { VersionTable } from "./version-table.ts";

/** A revision that an earlier run has left in the middle, finished. */
export interface Finished extends StepResult {
  readonly step: PlanStep;
}

/**
 * Finishes the revision that an earlier run has left in the middle: one that was killed, or that failed
 * when a part of it was applied. Undefined: there is none.
 *
 * @throws RevlineError revision-changed, revision-failed, saying what a person has to do
 */
export async function finishInterrupted(
  options: RunOptions,
  versions: VersionTable,
): Promise<Finished | undefined> {
  const left = await leftover(options, versions);
  if (left === undefined) return undefined;
  const { record, step, label } = left;
  const { direction } = step;
  const now = revisionChecksum(step.revision);
  const done = await countDone(options, record);
  const statements = allStatements(record);
  if (done === 0) {
    await new JournalTable(options).drop();
    return undefined;
  }
  if (record.header.checksum !== undefined && now !== undefined && record.header.checksum !== now)
    throw changed(record, label);
  if (done === undefined) throw halfway(record, label, "it is not certain how far it came");
  await checkGround(options, record, done, label);
  options.onEvent?.({
    kind: "warning",
    message: `The ${direction} of ${label} was ${record.header.failed ? "ended by an error" : "interrupted"} after ${done} of ${statements.length} statements; it is finished first.`,
  });
  await new JournalTable(options).advance(done);
  const script = await loadOrFail(options, step);
  const turn = { rows: step.before, stepFrom: () => step };
  const result = await runAlone(options, versions, { turn, script, earlier: { ...record, done } });
  return { ...result, step };
}

/** What is on record of a revision that is not done, and the step it was. */
export interface Leftover {
  readonly record: JournalRecord;
  readonly step: PlanStep;
  readonly label: string;
}

/** @throws RevlineError revision-failed when the revision has no file */
export async function leftover(
  options: VersionOptions,
  versions: VersionTable,
): Promise<Leftover | undefined> {
  const table = new JournalTable(options);
  const { map, connection } = options;
  if (connection.inTransaction || !(await table.exists())) return undefined;
  const record = await table.read();
  const { revision: id, direction } = record?.header ?? {};
  // killed when all was done but this
  if (record === undefined || id === undefined || direction === undefined) {
    await table.drop();
    return undefined;
  }
  if (!map.has(id)) throw halfway(record, id, "its file is not here");
  const rows = await versions.rows();
  const state = new AppliedRevisions(map, rows);
  if (state.has(id) === (direction === "upgrade")) {
    await table.drop();
    return undefined;
  }
  const after = direction === "upgrade" ? state.upgrade(id) : state.downgrade(id);
  const revision = map.get(id);
  const changes = versionChanges(rows, after);
  const step = { direction, revision, before: rows, after, changes };
  return { record, step, label: revisionLabel(revision) };
}

/** All statements on record, in order. */
export function allStatements({ parts }: JournalRecord): readonly PlannedStatement[] {
  return parts.flatMap((part) => (part.kind === "statements" ? (part.statements ?? []) : []));
}

/** How many statements were applied; undefined: nobody can tell. */
export async function countDone(
  options: VersionOptions,
  record: JournalRecord,
): Promise<number | undefined> {
  const { connection, dialect } = options;
  const { done, seen, header } = record;
  const next = allStatements(record)[done];
  if (next === undefined || dialect.journal.isTransactional(next)) return done;
  const remains = dialect.journal.remains?.(next.sql);
  if (remains !== undefined) {
    const [found] = await connection.query(remains.find.sql, remains.find.params);
    if (found?.["state"] === "half") {
      await connection.execute(remains.remove.sql, remains.remove.params);
      return done;
    }
    return found === undefined ? done : done + 1;
  }
  // what was part of a transaction was rolled back with it; what failed did nothing
  if (header.failed || next.repeatable) return done;
  if (next.effects.length > 0) {
    const schemas = [...new Set(next.effects.map(({ table: { schema } }) => schema))];
    const verdict = wasApplied(next.effects, await readCatalog(options, schemas));
    if (verdict !== "unknown") return verdict === "yes" ? done + 1 : done;
  }
  // whoever had begun it would have looked before
  if (seen === undefined) return dialect.journal.isVisible(next.sql) ? done : undefined;
  return seen === digest(await readCatalog(options)) ? done : done + 1;
}

/** What was applied must still be there: nobody goes on from a place that somebody has tidied up by hand. */
async function checkGround(
  options: VersionOptions,
  record: JournalRecord,
  done: number,
  label: string,
): Promise<void> {
  const effects = allStatements(record)
    .slice(0, done)
    .flatMap((statement) => statement.effects);
  const schemas = [...new Set(effects.map(({ table: { schema } }) => schema))];
  if (schemas.length === 0) return;
  const gone = remaining(effects, await readCatalog(options, schemas));
  if (gone.length === 0) return;
  throw halfway(
    record,
    label,
    `what was applied is not there any more (${gone.join(", ")})`,
    "Run the same command with --abort: it undoes what is left of it, and forgets that it was begun.",
  );
}

function changed(record: JournalRecord, label: string): RevlineError {
  const { direction } = record.header;
  const { state } = halfDone(half(record));
  return new RevlineError(
    "revision-changed",
    `The file of ${label} was changed after its ${direction} was applied in part.`,
    {
      hint: "Put the file back as it was and run the same command again, which goes on; or run it with --abort, which undoes what was applied, and then as it is now.",
      details: state,
    },
  );
}

function half({ header, done, parts, seen }: JournalRecord): Parameters<typeof halfDone>[0] {
  const statements = allStatements({
    header,
    done,
    parts,
    ...(seen === undefined ? {} : { seen }),
  });
  return {
    direction: header.direction,
    done: statements.slice(0, done),
    left: statements.slice(done),
    first: header.failed ? "not applied" : "perhaps applied",
  };
}

/** An error that leaves the rest to a person. */
export function halfway(
  record: JournalRecord,
  label: string,
  why: string,
  advice?: string,
): RevlineError {
  const { state, hint } = halfDone(half(record));
  const { direction, failed } = record.header;
  return new RevlineError(
    "revision-failed",
    `The ${direction} of ${label} was ${failed ? "ended by an error" : "interrupted"} after ${record.done} statements, and ${why}.`,
    { hint: advice ?? hint, details: state },
  );
}
