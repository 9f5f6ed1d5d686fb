import type { ReflectFilter } from "../dialects/contract.ts";
import { applyOperations } from "../operations/apply.ts";
import type { Operation } from "../operations/operation.ts";
import { planDowngrade, planUpgrade, type PlanStep } from "../revisions/plan.ts";
import { sameTable } from "../schema/collect.ts";
import type { Expression } from "../schema/expression.ts";
import type { MetaData, Table, TableName } from "../schema/types.ts";
import { redact } from "../util/redact.ts";
import { messageOf } from "../errors.ts";
import {
  checkInterrupted,
  migrationContext,
  planContext,
  versionTableOf,
  type RunOptions,
} from "./context.ts";
import { countHazards } from "./hazard-counts.ts";
import { JournalTable } from "./journal-table.ts";
import {
  dryRevision,
  planRevision,
  recordRevision,
  versionStatements,
  type DryRevision,
} from "./rehearse.ts";
import { rollBack } from "./rollback.ts";

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

  async #live(filter: ReflectFilter): Promise<MetaData> {
    const { connection, dialect } = this.#options;
    const key = JSON.stringify(filter);
    const live = this.#read.get(key) ?? (await dialect.reflect(connection, filter));
    this.#read.set(key, live);
    return live;
  }

  /** A table as it is now. */
  readonly find = async (name: TableName): Promise<Table | undefined> => {
    const { tables } = await this.#live({ schemas: [name.schema] });
    return tables.find((table) => sameTable(table, name));
  };

  /** For a plan: the tables asked for, as the earlier operations leave them. */
  readonly reflect = async (filter: ReflectFilter): Promise<MetaData> => {
    const { connection, dialect } = this.#options;
    const { tables, ...whole } = filter;
    const live = await this.#live(whole);
    const { follow } = dialect.offline;
    const now =
      follow === undefined
        ? applyOperations(live, this.#operations)
        : this.#operations.reduce(
            (state, operation) => follow(state, operation, connection.server),
            live,
          );
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
  const { dialect, versionTable, connection } = options;
  const notes: string[] = [];
  const recorded = await recordRevision(step, {
    options,
    context: migrationContext(options, step, connection.server, true),
    answer: async (statement, isFirst) => {
      if (first && isFirst) return answerLive(options, statement);
      notes.push(
        `A query depends on data that is not there yet (${textOf(statement)}): what follows is shown as if it had found nothing.`,
      );
      return [];
    },
    excuse: (error) => {
      if (notes.length === 0) return false;
      notes.push(`Without that data the revision stops here: ${messageOf(error)}`);
      return true;
    },
  });
  const context = { ...planContext(options, connection.server, state.reflect), dialect };
  const { operations, statements } = await planRevision(step, recorded, context, (part) =>
    state.add(part.operations),
  );
  const commits = statements.filter(({ commitsBefore }) => commitsBefore === true).length;
  if (commits > 0) {
    notes.push(
      `The locks of all statements do not fit into the server's memory: they are run in ${commits + 1} transactions, and gone on with after a failure.`,
    );
  }
  const rehearsed = dryRevision(step, {
    operations,
    statements,
    preparation: creates ? [dialect.versionTable.create(versionTable)] : [],
    versionStatements: versionStatements(dialect, versionTable, step.changes),
    notes,
  });
  const descriptions = await countHazards(options, operations, rehearsed.descriptions, state.find);
  return { ...rehearsed, descriptions };
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
