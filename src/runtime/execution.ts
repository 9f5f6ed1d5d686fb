import type { PlanContext, Statement } from "../dialects/contract.ts";
import { createRecorder, type Recorded } from "../operations/recorder.ts";
import type { Expression } from "../schema/expression.ts";
import { RevlineError } from "../errors.ts";
import { checkInterrupted, type RunOptions } from "./context.ts";
import type { Script } from "./script.ts";

/** A revision's function while it runs: what it records is planned and executed, in order. */
export class Execution {
  readonly #options: RunOptions;
  readonly #context: PlanContext;
  readonly #done: Statement[] = [];
  #pending: readonly Statement[] = [];
  #stack: string | undefined;
  /** Queries asked for at the same time take turns. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: RunOptions, context: PlanContext) {
    this.#options = options;
    this.#context = context;
  }

  /** Statements that were executed. */
  get done(): readonly Statement[] {
    return this.#done;
  }

  /** Statements that were planned and not executed; the first of them failed or was not begun. */
  get pending(): readonly Statement[] {
    return this.#pending;
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
    const recorder = createRecorder(async (statement) => {
      const answer = this.#turn.then(async () => {
        await this.#execute(recorder.take());
        return this.#query(statement);
      });
      this.#turn = answer.then(undefined, () => undefined);
      return answer;
    });
    await script(recorder.op);
    if (recorder.unfinished > 0) {
      throw new RevlineError("query-not-awaited", "A query was not awaited when the function ended.", {
        hint: "Write `await op.query(…)`, and `await` or return everything that waits for it.",
      });
    }
    await this.#execute(recorder.take());
  }

  async #execute(recorded: readonly Recorded[]): Promise<void> {
    if (recorded.length === 0) return;
    const { connection, dialect } = this.#options;
    this.#stack = recorded[0]?.stack;
    const statements = await dialect.plan(
      recorded.map(({ operation }) => operation),
      this.#context,
    );
    this.#pending = statements;
    for (const statement of statements) {
      const { sql, params, operation } = statement;
      this.#stack = operation === undefined ? undefined : recorded[operation]?.stack;
      await this.#whileNotInterrupted(() => connection.execute(sql, params));
      this.#done.push(statement);
      this.#pending = this.#pending.slice(1);
    }
    this.#stack = undefined;
  }

  async #query(expression: Expression): Promise<readonly Record<string, unknown>[]> {
    const { connection, dialect } = this.#options;
    const { sql, params } = dialect.statement(expression, connection.server);
    const rows = await this.#whileNotInterrupted(() => connection.query(sql, params));
    return rows.map((row) => ({ ...row }));
  }

  /**
   * Runs a statement, and stops it when the signal is given. Where nothing can be rolled back, a revision
   * that has begun is finished: a half of it is nobody's friend.
   */
  async #whileNotInterrupted<T>(statement: () => Promise<T>): Promise<T> {
    const { dialect, connection, signal } = this.#options;
    const mustFinish = !dialect.capabilities.transactionalDdl && this.#done.length > 0 && !connection.inTransaction;
    if (signal === undefined || mustFinish) return statement();
    checkInterrupted(signal);
    let cancelling: Promise<void> | undefined;
    const cancel = (): void => {
      cancelling = connection.cancel?.();
    };
    signal.addEventListener("abort", cancel, { once: true });
    try {
      return await statement();
    } catch (error) {
      checkInterrupted(signal);
      throw error;
    } finally {
      signal.removeEventListener("abort", cancel);
      await cancelling;
    }
  }
}
