import { executeStatement } from "../dialects/execute.ts";
import type { PlanContext, Statement } from "../dialects/contract.ts";
import type { Operation } from "../operations/operation.ts";
import { createRecorder, type Recorded } from "../operations/recorder.ts";
import type { Expression } from "../schema/expression.ts";
import { messageOf, RevlineError } from "../errors.ts";
import type { MigrationContext } from "../operations/operations.ts";
import type { PlanStep } from "../revisions/plan.ts";
import { checkInterrupted, migrationContext, planContext, type RunOptions } from "./context.ts";
import type { Script } from "./script.ts";

/** What a query found. */
export type Answer = readonly Record<string, unknown>[];

/** Told of each step, where a transaction does not hold all of them together. */
export interface Journal {
  planned(operations: readonly Operation[], statements: readonly Statement[]): Promise<void>;
  /** The statements that an earlier run has planned for these operations; undefined: they are to be planned. */
  recall(operations: readonly Operation[]): readonly Statement[] | undefined;
  /** True when an earlier run has done the next statement. */
  skips(): boolean;
  /** Before a statement or a query. */
  begins(statement?: Statement): Promise<void>;
  /** After a statement. */
  ended(): Promise<void>;
  /** The answer that an earlier run was given, else that of the database. */
  answer(query: Statement, ask: () => Promise<Answer>): Promise<Answer>;
  /** A part of the revision cannot be taken back any more. */
  readonly mustFinish: boolean;
}

/** A revision's function while it runs: what it records is planned and executed, in order. */
export class Execution {
  readonly #options: RunOptions;
  readonly #context: PlanContext;
  readonly #done: Statement[] = [];
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

  /** Statements that were executed. */
  get done(): readonly Statement[] {
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
      answer: async (statement, stack) => {
        const answer = this.#turn.then(async () => {
          await this.#execute(recorder.take());
          return this.#query(statement, stack);
        });
        this.#turn = answer.then(undefined, () => undefined);
        return answer;
      },
    });
    await script(recorder.op, this.#migration);
    if (recorder.unfinished > 0) {
      throw new RevlineError(
        "query-not-awaited",
        "A query was not awaited when the function ended.",
        {
          hint: "Write `await op.query(…)`, and `await` or return everything that waits for it.",
        },
      );
    }
    await this.#execute(recorder.take());
  }

  async #execute(recorded: readonly Recorded[]): Promise<void> {
    if (recorded.length === 0) return;
    const { connection, dialect } = this.#options;
    // which of several operations cannot be planned is in the message alone
    this.#stack = recorded.length === 1 ? recorded[0]?.stack : undefined;
    const operations = recorded.map(({ operation }) => operation);
    const recalled = this.#journal?.recall(operations);
    const statements = recalled ?? (await dialect.plan(operations, this.#context));
    this.#pending = statements;
    this.#next = 0;
    if (recalled === undefined) await this.#journal?.planned(operations, statements);
    for (const [index, statement] of statements.entries()) {
      const { operation } = statement;
      this.#stack = operation === undefined ? undefined : recorded[operation]?.stack;
      if (this.#journal?.skips() !== true) {
        await this.#whileNotInterrupted(() => executeStatement(connection, statement), statement);
        await this.#journal?.ended();
        this.#done.push(statement);
      }
      this.#next = index + 1;
    }
    this.#pending = [];
    this.#stack = undefined;
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

  /**
   * Runs a statement, and stops it when the signal is given. A revision of which a part cannot be taken
   * back is finished: a half of it is nobody's friend.
   */
  async #whileNotInterrupted<T>(run: () => Promise<T>, statement?: Statement): Promise<T> {
    const { connection, signal, onEvent } = this.#options;
    if (this.#journal?.mustFinish !== true) checkInterrupted(signal);
    await this.#journal?.begins(statement);
    if (signal === undefined || this.#journal?.mustFinish === true) return run();
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
      return await run();
    } catch (error) {
      checkInterrupted(signal);
      throw error;
    } finally {
      signal.removeEventListener("abort", cancel);
      await cancelling;
    }
  }
}
