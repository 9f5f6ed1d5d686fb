import { executeStatement } from "../dialects/execute.ts";
import type { PlanContext, Statement } from "../dialects/contract.ts";
import type { Operation } from "../operations/operation.ts";
import { createRecorder, type Recorded } from "../operations/recorder.ts";
import type { Expression } from "../schema/expression.ts";
import { messageOf, RevlineError } from "../errors.ts";
import type { MigrationContext } from "../operations/operations.ts";
import type { PlanStep } from "../revisions/plan.ts";
import { checkInterrupted, migrationContext, planContext, type RunOptions } from "./context.ts";
import { inMode, portionsOf, runsOf } from "./runs.ts";
import type { Script } from "./script.ts";

/** What a query found. */
export type Answer = readonly Record<string, unknown>[];

/** Told of each step, where a transaction does not hold all of them together. */
export interface Journal {
  /** @param isPortion one of many that need not be kept: they can be planned again */
  planned(
    operations: readonly Operation[],
    statements: readonly Statement[],
    isPortion: boolean,
  ): Promise<void>;
  /** The statements that an earlier run has planned for these operations; undefined: they are to be planned. */
  recall(operations: readonly Operation[]): readonly Statement[] | undefined;
  /** True when an earlier run has done the next statement. */
  skips(): boolean;
  /** Before a statement or a query. */
  begins(statement?: Statement): Promise<void>;
  /** After a statement. */
  ended(statement: Statement): Promise<void>;
  /** The revision is given the driver's client. @throws RevlineError where it has used it in an earlier run */
  connects(): Promise<void>;
  /** The answer that an earlier run was given, else that of the database. */
  answer(query: Statement, ask: () => Promise<Answer>): Promise<Answer>;
  /** A part of the revision cannot be taken back any more. */
  readonly mustFinish: boolean;
}

/** A revision's function while it runs: what it records is planned and executed, in order. */
export class Execution {
  readonly #options: RunOptions;
  readonly #context: PlanContext;
  #done = 0;
  /** Rows of a bulk insert are being taken from the revision. */
  #isTaking = false;
  #pending: readonly Statement[] = [];
  #next = 0;
  #stack: string | undefined;
  /** Queries asked for at the same time take turns. */
  #turn: Promise<unknown> = Promise.resolve();

  readonly #journal: Journal | undefined;

  readonly #migration: MigrationContext;

  constructor(
    options: RunOptions,
    step: Pick<PlanStep, "revision" | "direction">,
    journal?: Journal,
  ) {
    const { connection, dialect } = options;
    this.#options = options;
    this.#context = planContext(options, connection.server, (filter) =>
      dialect.reflect(connection, filter),
    );
    this.#migration = migrationContext(options, step, connection.server, false);
    this.#journal = journal;
  }

  /** How many statements were executed. */
  get done(): number {
    return this.#done;
  }

  /** Statements that were planned and not executed; the first of them failed or was not begun. */
  get pending(): readonly Statement[] {
    return this.#pending.slice(this.#next);
  }

  /** The stack of the call that recorded what is being executed. */
  get stack(): string | undefined {
    return this.#stack;
  }

  /**
   * Runs the function and all that it records.
   *
   * @throws RevlineError of the statements, query-not-awaited, interrupted; and what the function throws
   */
  async run(script: Script): Promise<void> {
    const recorder = createRecorder({
      context: this.#migration,
      connect: (stack) =>
        this.#inTurn(async () => {
          await this.#execute(recorder.take());
          this.#stack = stack;
          await this.#journal?.connects();
          this.#stack = undefined;
          return this.#options.connection.client;
        }),
      answer: (statement, stack) =>
        this.#inTurn(async () => {
          await this.#execute(recorder.take());
          return this.#query(statement, stack);
        }),
    });
    await script(recorder.op, this.#migration);
    if (recorder.unfinished > 0) {
      throw new RevlineError(
        "query-not-awaited",
        "A query was not awaited when the function ended.",
        {
          hint: "Write `await op.query(…)` (`op.connection`, `op.autocommitBlock`), and `await` or return everything that waits for it.",
        },
      );
    }
    await this.#execute(recorder.take());
  }

  /** One after the other, whatever the revision asks for at the same time. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isTaking) {
      throw new RevlineError("unsupported", "The rows of a bulk insert ask the database.", {
        hint: "Ask before, and hand the rows over; or insert with INSERT … SELECT.",
      });
    }
    const result = this.#turn.then(work);
    this.#turn = result.then(undefined, () => undefined);
    return result;
  }

  async #execute(recorded: readonly Recorded[]): Promise<void> {
    for (const run of runsOf(recorded)) {
      const [first] = run;
      if (first?.rows === undefined) await this.#executeRun(run, false);
      else await this.#stream(first);
    }
  }

  async #stream(recorded: Recorded): Promise<void> {
    const portions = portionsOf(recorded);
    for (;;) {
      this.#isTaking = true;
      const next = await portions.next().finally(() => {
        this.#isTaking = false;
      });
      if (next.done === true) return;
      await this.#executeRun([{ ...recorded, operation: next.value }], true);
    }
  }

  async #executeRun(run: readonly Recorded[], isPortion: boolean): Promise<void> {
    const { connection, dialect } = this.#options;
    // which of several operations cannot be planned is in the message alone
    this.#stack = run.length === 1 ? run[0]?.stack : undefined;
    const operations = run.map(({ operation }) => operation);
    const recalled = this.#journal?.recall(operations);
    const statements = recalled ?? inMode(await dialect.plan(operations, this.#context), run);
    this.#pending = statements;
    this.#next = 0;
    if (recalled === undefined) await this.#journal?.planned(operations, statements, isPortion);
    for (const [index, statement] of statements.entries()) {
      const { operation } = statement;
      this.#stack = operation === undefined ? undefined : run[operation]?.stack;
      if (this.#journal?.skips() !== true) {
        this.#checkMode(statement);
        await this.#whileNotInterrupted(() => executeStatement(connection, statement), statement);
        await this.#journal?.ended(statement);
        this.#done += 1;
      }
      this.#next = index + 1;
    }
    this.#pending = [];
    this.#stack = undefined;
  }

  /** Without a journal the transaction is not ours to end. */
  #checkMode({ autocommit }: Statement): void {
    if (autocommit !== true || this.#journal !== undefined) return;
    throw new RevlineError(
      "unsupported",
      "This runs outside of transactions, and the transaction around this run is not the revision's own.",
      {
        hint: "Run it on a connection without an open transaction, and without `transactionPerMigration: false`.",
      },
    );
  }

  async #query(expression: Expression, stack: string): Promise<readonly Record<string, unknown>[]> {
    const { connection, dialect } = this.#options;
    this.#stack = stack;
    const query = dialect.statement(expression, connection.server);
    const ask = async (): Promise<Answer> => {
      const rows = await this.#whileNotInterrupted(() => connection.query(query.sql, query.params));
      return rows.map((row) => ({ ...row }));
    };
    const rows = await (this.#journal === undefined ? ask() : this.#journal.answer(query, ask));
    this.#stack = undefined;
    return rows;
  }

  /** Cancels a statement that takes too long, where the server does not do it. */
  async #inTime<T>(run: () => Promise<T>): Promise<T> {
    const { connection, dialect, timeouts, onEvent } = this.#options;
    const limit = timeouts?.statement ?? 0;
    if (limit === 0 || dialect.timeouts?.endsStatements(connection.server) !== false) return run();
    let cancelling: Promise<void> | undefined;
    const timer = setTimeout(() => {
      onEvent?.({
        kind: "warning",
        message: `A statement took longer than ${limit / 1000} s, and is stopped.`,
      });
      cancelling = connection.cancel?.();
    }, limit);
    try {
      return await run();
    } finally {
      clearTimeout(timer);
      await cancelling;
    }
  }

  /**
   * Runs a statement, and stops it when the signal is given. A revision of which a part cannot be taken
   * back is finished: a half of it is nobody's friend.
   */
  async #whileNotInterrupted<T>(run: () => Promise<T>, statement?: Statement): Promise<T> {
    const { connection, signal, onEvent } = this.#options;
    if (this.#journal?.mustFinish !== true) checkInterrupted(signal);
    await this.#journal?.begins(statement);
    if (signal === undefined || this.#journal?.mustFinish === true) return this.#inTime(run);
    let cancelling: Promise<void> | undefined;
    const cancel = (): void => {
      cancelling = connection.cancel?.().catch((error: unknown) => {
        onEvent?.({
          kind: "warning",
          message: `The statement that runs cannot be stopped: ${messageOf(error)}`,
        });
      });
    };
    signal.addEventListener("abort", cancel, { once: true });
    try {
      return await this.#inTime(run);
    } catch (error) {
      checkInterrupted(signal);
      throw error;
    } finally {
      signal.removeEventListener("abort", cancel);
      await cancelling;
    }
  }
}
