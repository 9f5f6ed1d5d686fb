import type { Statement } from "../dialects/contract.ts";
import type { Operation } from "../operations/operation.ts";
import type { PlanStep } from "../revisions/plan.ts";
import type { VersionOptions } from "./context.ts";
import type { Journal } from "./execution.ts";
import { HistoryTable } from "./history.ts";
import {
  plannedStatements,
  type PlannedStatement,
  type Progress,
  type ProgressTable,
} from "./progress.ts";
import { rollBack } from "./rollback.ts";
import type { VersionTable } from "./version-table.ts";

/** The revision that is run. */
export interface JournalStep extends Pick<PlanStep, "direction" | "changes"> {
  readonly id: string;
  /** Of its file. */
  readonly checksum?: string;
}

/**
 * Keeps the progress of a revision on a database whose changes of the schema commit by themselves: what
 * is to be done is written down before it is done, and how far it came with every statement; data and
 * their progress are one transaction, so the number is exact for all but a change of the schema that was
 * running when the process was killed.
 */
export class ProgressJournal implements Journal {
  readonly #options: VersionOptions;
  readonly #table: ProgressTable;
  readonly #step: JournalStep;
  readonly #begun = performance.now();
  /** What an earlier run told about when it failed. */
  readonly #earlier: Progress | undefined;
  #planned: readonly PlannedStatement[] = [];
  #complete = false;
  #executed = 0;
  #committed = 0;
  #created = false;

  constructor(
    options: VersionOptions,
    table: ProgressTable,
    step: JournalStep,
    earlier?: Progress,
  ) {
    this.#options = options;
    this.#table = table;
    this.#step = step;
    this.#earlier = earlier;
  }

  get mustFinish(): boolean {
    return this.#committed > 0;
  }

  async planned(
    operations: readonly Operation[],
    statements: readonly Statement[],
    last: boolean,
  ): Promise<void> {
    if (!this.#created) await this.#table.create();
    this.#created = true;
    this.#planned = [...this.#planned, ...plannedStatements(operations, statements)];
    this.#complete = last;
    await this.#put(false, this.#executed);
  }

  /** Takes up what an earlier run has written down. */
  resume(progress: Progress, done: number): void {
    this.#created = true;
    this.#planned = progress.content.statements;
    this.#complete = progress.content.complete;
    this.#executed = done;
    this.#committed = done;
  }

  async begins(): Promise<void> {
    const { connection } = this.#options;
    if (!connection.inTransaction) await connection.begin();
  }

  async ended(): Promise<void> {
    this.#executed += 1;
    if (!this.#options.connection.inTransaction) this.#committed = this.#executed;
    // the last one is followed by the version row at once
    if (!this.#complete || this.#executed < this.#planned.length)
      await this.#table.advance(this.#executed);
  }

  /** The version row, and the end of the progress, in one transaction with the data that came last. */
  async finish(versions: VersionTable): Promise<void> {
    const { connection } = this.#options;
    await this.begins();
    await versions.write(this.#step.changes);
    await this.#record();
    if (this.#created) await this.#table.clear();
    await connection.commit();
    if (this.#created) await this.#table.drop();
  }

  async #record(): Promise<void> {
    const { id: revision, direction, checksum } = this.#step;
    const milliseconds = performance.now() - this.#begun;
    await HistoryTable.of(this.#options)?.record({
      ...{ revision, direction, milliseconds },
      ...(checksum === undefined ? {} : { checksum }),
    });
  }

  /**
   * After a failure: takes back what can be, and keeps on record what cannot.
   *
   * @returns the statements that stay, and those that do not; and what an earlier run has left
   */
  async fail(pending: readonly Statement[]): Promise<{
    readonly done: readonly PlannedStatement[];
    readonly left: readonly Pick<Statement, "sql">[];
    readonly earlier: Progress | undefined;
  }> {
    await rollBack(this.#options.connection);
    const found = this.#created ? await this.#table.read() : undefined;
    const applied = found?.done ?? 0;
    const done = this.#planned.slice(0, applied);
    const left = this.#planned.length > 0 ? this.#planned.slice(applied) : pending;
    if (applied > 0) await this.#put(true, applied);
    else if (this.#created && this.#earlier !== undefined) await this.#table.put(this.#earlier);
    else if (this.#created) await this.#table.drop();
    return { done, left, earlier: applied > 0 ? undefined : this.#earlier };
  }

  async #put(failed: boolean, done: number): Promise<void> {
    const { id, direction, checksum } = this.#step;
    await this.#table.put({
      revision: id,
      content: {
        direction,
        ...(checksum === undefined ? {} : { checksum }),
        statements: this.#planned,
        complete: this.#complete,
        failed,
      },
      done,
    });
  }
}
