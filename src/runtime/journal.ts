import type { Statement } from "../dialects/contract.ts";
import type { Operation } from "../operations/operation.ts";
import type { PlanStep } from "../revisions/plan.ts";
import { RevlineError } from "../errors.ts";
import { catalogDigest } from "./catalog.ts";
import { digest } from "./codec.ts";
import type { VersionOptions } from "./context.ts";
import type { Answer, Journal } from "./execution.ts";
import {
  JournalTable,
  plannedStatements,
  abridged,
  type JournalHeader,
  type JournalRecord,
  type Part,
  type PlannedStatement,
  type StatementsPart,
} from "./journal-table.ts";
import { rollBack } from "./rollback.ts";

/** On record where a revision was given the driver's client. */
const CONNECTION = "connection";

/** The revision that is run. */
export interface JournalStep extends Pick<PlanStep, "direction"> {
  readonly id: string;
  /** Of its file. */
  readonly checksum?: string;
}

/** What a run did before it failed. */
export interface HalfRun {
  readonly done: readonly PlannedStatement[];
  readonly left: readonly Pick<Statement, "sql">[];
  /** So many of those that are left were done, and were rolled back. */
  readonly back: number;
}

/**
 * Keeps on record what a revision does where a transaction does not hold all of it together: each step is
 * written down before it is done, and how far it came after; data and their record are one transaction,
 * so the number is exact for all but a statement outside of transactions that was running when the process
 * was killed. A database whose changes of the schema are part of transactions needs no record until the
 * first statement that leaves them.
 *
 * The next run plays the revision's function again: what is on record is not planned, asked or done once
 * more, but taken as it was.
 */
export class RunJournal implements Journal {
  readonly #options: VersionOptions;
  readonly #table: JournalTable;
  readonly #step: JournalStep;
  /** What an earlier run has written down. */
  readonly #recalled: readonly Part[];
  /** So many statements were applied by the earlier run. */
  readonly #resumeAt: number;
  readonly #parts: Part[] = [];
  readonly #statements: PlannedStatement[] = [];
  #executed = 0;
  #committed = 0;
  #written: boolean;
  #replanning = false;

  constructor(options: VersionOptions, step: JournalStep, earlier?: JournalRecord) {
    this.#options = options;
    this.#table = new JournalTable(options);
    this.#step = step;
    this.#recalled = earlier?.parts ?? [];
    this.#resumeAt = earlier?.done ?? 0;
    this.#written = earlier !== undefined;
  }

  get mustFinish(): boolean {
    return this.#committed > 0 || this.#resumeAt > 0;
  }

  /** Something is on record, and must be taken off it. */
  get isWritten(): boolean {
    return this.#written;
  }

  recall(operations: readonly Operation[]): readonly Statement[] | undefined {
    const part = this.#next("statements", digest(operations));
    if (part?.kind !== "statements") return undefined;
    this.#replanning = part.statements === undefined || part.abridged === true;
    if (this.#replanning) return undefined;
    this.#statements.push(...(part.statements ?? []));
    return part.statements;
  }

  async planned(
    operations: readonly Operation[],
    statements: readonly Statement[],
    isPortion: boolean,
  ): Promise<void> {
    const repeats = this.#options.dialect.journal.isRepeatable;
    const planned = plannedStatements(operations, statements, repeats);
    const part: StatementsPart = {
      kind: "statements",
      digest: digest(operations),
      operations,
      statements: planned,
    };
    const kept = isPortion ? abridged(part) : part;
    this.#statements.push(...(kept.statements ?? []));
    if (this.#replanning) this.#replanning = false;
    else await this.#add(kept);
  }

  skips(): boolean {
    if (this.#executed >= this.#resumeAt) return false;
    this.#executed += 1;
    return true;
  }

  async begins(statement?: Statement): Promise<void> {
    const { connection, dialect } = this.#options;
    const isPart = statement === undefined || dialect.journal.isTransactional(statement);
    if (statement?.commitsBefore === true && connection.inTransaction) await this.#commit();
    if (!dialect.capabilities.transactionalDdl || !isPart) await this.#write();
    if (!isPart) await this.#look();
    if (isPart || !dialect.capabilities.transactionalDdl) {
      if (!connection.inTransaction) await connection.begin();
    } else if (connection.inTransaction) await this.#commit();
  }

  async ended({ autocommit }: Statement): Promise<void> {
    const { connection, dialect } = this.#options;
    this.#executed += 1;
    if (!connection.inTransaction) this.#committed = this.#executed;
    else if (autocommit === true) return this.#commit();
    // a schema's change that is part of a transaction is counted when that is committed
    else if (dialect.capabilities.transactionalDdl) return;
    if (this.#written) await this.#table.advance(this.#executed);
  }

  async connects(): Promise<void> {
    if (this.#next("answer", CONNECTION) === undefined) {
      await this.begins();
      await this.#add({ kind: "answer", digest: CONNECTION, rows: [] });
      return;
    }
    throw new RevlineError(
      "revision-changed",
      `Revision ${this.#step.id} was applied in part, and what it did through op.connection() is not on record.`,
      {
        hint: "Undo what was applied with --abort, or do the rest by hand and say with `migrate stamp` that it is done.",
      },
    );
  }

  async #commit(): Promise<void> {
    await this.#write();
    await this.#table.advance(this.#executed);
    await this.#options.connection.commit();
    this.#committed = this.#executed;
  }

  async answer(query: Statement, ask: () => Promise<Answer>): Promise<Answer> {
    const key = digest([query.sql, query.params ?? []]);
    const part = this.#next("answer", key);
    if (part?.kind === "answer" && part.rows !== undefined) return part.rows;
    const rows = await ask();
    if (part === undefined) await this.#add({ kind: "answer", digest: key, rows });
    return rows;
  }

  /** Takes the revision off the record; in the transaction of its version row. */
  async clear(): Promise<void> {
    if (this.#written) await this.#table.clear();
  }

  /** After that transaction. */
  async close(): Promise<void> {
    if (this.#written) await this.#table.drop();
  }

  /** After a failure: takes back what can be, and keeps on record what cannot. */
  async fail(pending: readonly Statement[]): Promise<HalfRun> {
    await rollBack(this.#options.connection);
    const found = this.#written ? await this.#table.read() : undefined;
    const applied = found?.done ?? 0;
    if (applied > 0) await this.#table.rewrite(this.#header(true));
    else if (this.#written) await this.#table.drop();
    const statements = this.#statements.length > 0 ? this.#statements : pending;
    return {
      done: this.#statements.slice(0, applied),
      left: statements.slice(applied),
      back: Math.max(0, this.#executed - applied),
    };
  }

  /** The next part of the earlier run; undefined: it came no further. */
  #next(kind: Part["kind"], key: string): Part | undefined {
    const part = this.#recalled[this.#parts.length];
    if (part === undefined) return undefined;
    if (part.kind !== kind || part.digest !== key) throw strayed(this.#step.id);
    this.#parts.push(part);
    return part;
  }

  async #add(part: Part): Promise<void> {
    this.#parts.push(part);
    if (this.#written) await this.#table.add(this.#parts.length, part);
  }

  async #write(): Promise<void> {
    if (this.#written) return;
    await this.#table.begin(this.#header(false), this.#parts, this.#executed);
    this.#written = true;
  }

  /** Where nothing else shows that the next statement was applied, the whole catalog does. */
  async #look(): Promise<void> {
    const next = this.#statements[this.#executed];
    if (next === undefined || next.repeatable || next.effects.length > 0) return;
    if (!this.#options.dialect.journal.isVisible(next.sql)) return;
    await this.#table.advance(this.#executed, await catalogDigest(this.#options));
  }

  #header(failed: boolean): JournalHeader {
    const { id: revision, direction, checksum } = this.#step;
    return { revision, direction, ...(checksum === undefined ? {} : { checksum }), failed };
  }
}

function strayed(id: string): RevlineError {
  return new RevlineError(
    "revision-changed",
    `Revision ${id} was applied in part, and does not do now what it did then.`,
    {
      hint: "It must do the same when it is run again, but for what `op.query` answers: take out what depends on time, chance or other files; or undo what was applied with --abort.",
    },
  );
}
