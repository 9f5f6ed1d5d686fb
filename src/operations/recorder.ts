import { batchMethods } from "./batch.ts";
import { tableName } from "./build.ts";
import { LazyPromise } from "./lazy-promise.ts";
import { expressionOf, type NamedValues } from "./named-values.ts";
import { objectMethods } from "./object-methods.ts";
import type { Operation } from "./operation.ts";
import type { MigrationContext, Operations, Rows } from "./operations.ts";
import { schemaMethods } from "./schema-methods.ts";
import { sql, type Expression } from "../schema/expression.ts";

/** One recorded operation and where in the revision it was called. */
export interface Recorded {
  readonly operation: Operation;
  /** The stack at the call, for the file and line of a failing statement. */
  readonly stack: string;
  /** It was called in an autocommit block. */
  readonly autocommit?: true;
  /** Of a bulk insert whose rows come one after the other: they are taken when its turn has come. */
  readonly rows?: Exclude<Rows, readonly unknown[]>;
}

export interface Recorder {
  readonly op: Operations;
  /** What was recorded since the last call. */
  take(): readonly Recorded[];
  /** Queries and blocks that were begun and not awaited to their end. */
  readonly unfinished: number;
}

/** Answers a query of a revision; called after the runtime ran what {@link Recorder.take} gives. */
export type AnswerQuery = (
  statement: Expression,
  stack: string,
) => Promise<readonly Record<string, unknown>[]>;

/** What a recorder needs of the runtime. */
export interface RecorderOptions {
  readonly answer: AnswerQuery;
  /** Gives the driver's own client, after the runtime ran what {@link Recorder.take} gives. */
  readonly connect: (stack: string) => Promise<unknown>;
  readonly context: MigrationContext;
}

/**
 * Makes the `op` of a revision. Nothing runs here: the runtime takes what was recorded, and answers
 * queries.
 */
export function createRecorder({ answer, connect, context }: RecorderOptions): Recorder {
  let recorded: Recorded[] = [];
  let unfinished = 0;
  let isAutocommit = false;

  const add = (operation: Operation, more: Pick<Recorded, "rows"> = {}): void => {
    const mode = isAutocommit ? { autocommit: true as const } : {};
    recorded.push({ operation, stack: new Error().stack ?? "", ...mode, ...more });
  };
  const record = (operation: Operation): void => add(operation);
  /** Work that somebody must wait for. */
  const lazily = <T>(work: (stack: string) => Promise<T>): Promise<T> => {
    unfinished += 1;
    const stack = new Error().stack ?? "";
    return new LazyPromise<T>(async () => {
      try {
        return await work(stack);
      } finally {
        unfinished -= 1;
      }
    });
  };

  const op: Operations = {
    ...objectMethods(record),
    ...schemaMethods(record),
    sql,
    getContext: () => context,
    batchAlterTable: (table, changes, options = {}) =>
      changes(batchMethods(record, table, options)),
    execute: (statement, values) =>
      record({ kind: "execute", sql: expressionOf(statement, values) }),
    query: <R extends object>(
      statement: Expression | string,
      values?: NamedValues,
    ): Promise<readonly R[]> => {
      const asked = expressionOf(statement, values);
      return lazily(async (stack) => (await answer(asked, stack)).map((row) => as<R>(row)));
    },
    connection: <C>(): Promise<C> => lazily(async (stack) => as<C>(await connect(stack))),
    bulkInsert: (table, rows, options = {}) => {
      const operation = { kind: "bulkInsert", table: tableName(table, options) } as const;
      if (isList(rows)) record({ ...operation, rows });
      else add({ ...operation, rows: [] }, { rows });
    },
    autocommitBlock: <R extends void | Promise<void>>(body: () => R): R => {
      const before = isAutocommit;
      const end = (): void => {
        isAutocommit = before;
      };
      isAutocommit = true;
      let running: R;
      try {
        running = body();
      } catch (error) {
        end();
        throw error;
      }
      if (!(running instanceof Promise)) {
        end();
        return running;
      }
      unfinished += 1;
      const settled = (): void => {
        end();
        unfinished -= 1;
      };
      running.then(settled, settled);
      return running;
    },
  };

  return {
    op,
    take: () => {
      const taken = recorded;
      recorded = [];
      return taken;
    },
    get unfinished() {
      return unfinished;
    },
  };
}

/** The caller of `op.query<R>` and `op.connection<C>` says what comes; nothing but the database could prove it. */
function as<T>(value: unknown): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return value as T;
}

function isList(rows: Rows): rows is Extract<Rows, readonly unknown[]> {
  return Array.isArray(rows);
}
