import type { Connection, Dialect, ProgressSql, Statement } from "../dialects/contract.ts";
import type { Operation } from "../operations/operation.ts";
import type { Direction } from "../revisions/plan.ts";
import type { TableName } from "../schema/types.ts";
import { effectsOf, isRepeatable, type Effect } from "./effects.ts";
import type { VersionOptions } from "./context.ts";
import { besideVersionTable } from "./own-tables.ts";

/** A statement as it is written down before it is run. */
export interface PlannedStatement {
  readonly sql: string;
  /** What shows that it was applied. */
  readonly effects: readonly Effect[];
  /** It may be given a second time. */
  readonly repeatable: boolean;
}

/** What is written down about a revision that is being run. */
export interface ProgressContent {
  readonly direction: Direction;
  /** Of the revision's file. */
  readonly checksum?: string;
  /** All its statements so far. */
  readonly statements: readonly PlannedStatement[];
  /** No more will come: the function has ended. */
  readonly complete: boolean;
  /** The run ended with an error, which was told. */
  readonly failed: boolean;
}

export interface Progress {
  readonly revision: string;
  readonly content: ProgressContent;
  /** How many of the statements were applied; of the next one nobody knows. */
  readonly done: number;
}

/** More than this is not written down: such a revision can be told of, not finished. */
const LARGEST = 1_000_000;

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isContent(value: unknown): value is ProgressContent {
  return (
    isObject(value) &&
    "direction" in value &&
    "statements" in value &&
    Array.isArray(value.statements) &&
    "complete" in value &&
    "failed" in value
  );
}

/** The progress table of a database whose changes of the schema commit by themselves. */
export class ProgressTable {
  readonly #connection: Connection;
  readonly #dialect: Dialect;
  readonly #sql: ProgressSql;
  readonly #table: TableName;

  private constructor(
    connection: Connection,
    dialect: Dialect,
    sql: ProgressSql,
    table: TableName,
  ) {
    this.#connection = connection;
    this.#dialect = dialect;
    this.#sql = sql;
    this.#table = table;
  }

  /** Undefined where a transaction does all of it. */
  static of({
    connection,
    dialect,
    versionTable,
  }: Pick<VersionOptions, "connection" | "dialect" | "versionTable">): ProgressTable | undefined {
    const sql = dialect.versionTable.progress;
    return sql === undefined
      ? undefined
      : new ProgressTable(
          connection,
          dialect,
          sql,
          besideVersionTable(dialect, versionTable, "journal"),
        );
  }

  async exists(): Promise<boolean> {
    const { sql, params } = this.#dialect.versionTable.exists(this.#table, this.#connection.server);
    return (await this.#connection.query(sql, params)).length > 0;
  }

  /** What an earlier run has left; undefined: nothing. */
  async read(): Promise<Progress | undefined> {
    if (!(await this.exists())) return undefined;
    const [row] = await this.#connection.query(this.#sql.select(this.#table).sql);
    if (row === undefined) return undefined;
    const content: unknown = JSON.parse(String(row["content"]));
    return isContent(content)
      ? { revision: String(row["revision"]), content, done: Number(row["done"]) }
      : undefined;
  }

  /** Makes the table. */
  async create(): Promise<void> {
    await this.#execute(this.#sql.create(this.#table));
  }

  async put({ revision, content, done }: Progress): Promise<void> {
    const text = JSON.stringify(content);
    const short =
      text.length <= LARGEST
        ? text
        : JSON.stringify({ ...content, statements: [], complete: false });
    await this.#execute(this.#sql.put(this.#table, { revision, content: short, done }));
  }

  async advance(done: number): Promise<void> {
    await this.#execute(this.#sql.advance(this.#table, done));
  }

  async clear(): Promise<void> {
    await this.#execute(this.#sql.clear(this.#table));
  }

  async drop(): Promise<void> {
    await this.#execute(this.#sql.drop(this.#table));
  }

  isTransactional(sql: string): boolean {
    return this.#sql.isTransactional(sql);
  }

  async #execute({ sql, params }: Statement): Promise<void> {
    await this.#connection.execute(sql, params);
  }
}

/** Statements with what shows that they were applied: those of one statement are its own and the next ones that have none. */
export function plannedStatements(
  operations: readonly Operation[],
  statements: readonly Statement[],
): readonly PlannedStatement[] {
  return statements.map((statement, index): PlannedStatement => {
    const { sql, operation: first } = statement;
    const siblings = statements.filter((other) => other.operation === first).length;
    if (first === undefined || siblings > 1) return { sql, effects: [], repeatable: false };
    const next =
      statements.slice(index + 1).find((other) => other.operation !== undefined)?.operation ??
      operations.length;
    const own = operations.slice(first, Math.max(next, first + 1));
    return { sql, effects: effectsOf(own), repeatable: isRepeatable(own) };
  });
}
