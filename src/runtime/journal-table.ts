import type { Connection, Dialect, Statement } from "../dialects/contract.ts";
import type { Operation } from "../operations/operation.ts";
import type { Direction } from "../revisions/plan.ts";
import type { TableName } from "../schema/types.ts";
import { decode, encode } from "./codec.ts";
import { effectsOf, isRepeatable, type Effect } from "./effects.ts";
import type { VersionOptions } from "./context.ts";
import { besideVersionTable } from "./own-tables.ts";

/** A statement as it is written down before it is run. */
export interface PlannedStatement extends Statement {
  /** What shows that it was applied. */
  readonly effects: readonly Effect[];
  /** It may be given a second time. */
  readonly repeatable: boolean;
}

/** Operations that were planned together. */
export interface StatementsPart {
  readonly kind: "statements";
  /** Of the operations. */
  readonly digest: string;
  /** Absent where they are too large to be kept. */
  readonly operations?: readonly Operation[];
  readonly statements?: readonly PlannedStatement[];
  /** Of each statement the beginning alone is kept: it must be planned again. */
  readonly abridged?: true;
}

/** Characters of a statement that show what it is. */
const BEGINNING = 100;

/** The part without what makes it large. */
export function abridged({ digest, statements = [] }: StatementsPart): StatementsPart {
  const short = statements.map(({ params: _, ...statement }): PlannedStatement => ({
    ...statement,
    // a slice would keep the whole text in memory: V8 makes it point into that
    sql: Buffer.from(statement.sql.slice(0, BEGINNING)).toString(),
  }));
  return { kind: "statements", digest, statements: short, abridged: true };
}

/** What a revision does between two queries, or the answer of a query; in the order of its function. */
export type Part =
  | StatementsPart
  | {
      readonly kind: "answer";
      /** Of the query. */
      readonly digest: string;
      /** Absent where they are too large to be kept. */
      readonly rows?: readonly Record<string, unknown>[];
    };

/** The revision that is being run. */
export interface JournalHeader {
  readonly revision: string;
  readonly direction: Direction;
  /** Of its file. */
  readonly checksum?: string;
  /** The run ended with an error, which was told. */
  readonly failed: boolean;
}

/** What an earlier run has left. */
export interface JournalRecord {
  readonly header: JournalHeader;
  readonly parts: readonly Part[];
  /** How many of the statements were applied; of the next one nobody knows. */
  readonly done: number;
  /** Digest of the database before the next statement. */
  readonly seen?: string;
}

/** More characters than this are not written down; MySQL takes 16 MB in one statement at least. */
const LARGEST = 4_000_000;

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isHeader(value: unknown): value is JournalHeader {
  return isObject(value) && "revision" in value && "direction" in value && "failed" in value;
}

function isPart(value: unknown): value is Part {
  return isObject(value) && "kind" in value && "digest" in value;
}

function textOf(part: Part): string {
  const text = encode(part);
  if (text.length <= LARGEST) return text;
  return encode(
    part.kind === "statements" ? abridged(part) : { kind: part.kind, digest: part.digest },
  );
}

/** The journal of a database: empty, or the one revision that is being run. */
export class JournalTable {
  readonly #connection: Connection;
  readonly #dialect: Dialect;
  readonly #table: TableName;

  constructor({
    connection,
    dialect,
    versionTable,
  }: Pick<VersionOptions, "connection" | "dialect" | "versionTable">) {
    this.#connection = connection;
    this.#dialect = dialect;
    this.#table = besideVersionTable(dialect, versionTable, "journal");
  }

  async exists(): Promise<boolean> {
    const { sql, params } = this.#dialect.versionTable.exists(this.#table, this.#connection.server);
    return (await this.#connection.query(sql, params)).length > 0;
  }

  /** What an earlier run has left; undefined: nothing. */
  async read(): Promise<JournalRecord | undefined> {
    if (!(await this.exists())) return undefined;
    const rows = await this.#connection.query(this.#dialect.journal.select(this.#table).sql);
    const [first, ...others] = rows;
    if (first === undefined) return undefined;
    const header = decode(String(first["content"]));
    if (!isHeader(header)) return undefined;
    const { done, seen } = first;
    return {
      header,
      parts: others.map((row) => decode(String(row["content"]))).filter(isPart),
      done: Number(done),
      ...(typeof seen === "string" ? { seen } : {}),
    };
  }

  /** Makes the table, and begins with a revision; on MySQL outside a transaction. */
  async begin(header: JournalHeader, parts: readonly Part[], done: number): Promise<void> {
    const { create, clear, insert } = this.#dialect.journal;
    await this.#execute(create(this.#table));
    await this.#execute(clear(this.#table));
    await this.#execute(insert(this.#table, 0, encode(header), done));
    for (const [index, part] of parts.entries()) await this.add(index + 1, part);
  }

  async add(step: number, part: Part): Promise<void> {
    await this.#execute(this.#dialect.journal.insert(this.#table, step, textOf(part), 0));
  }

  async rewrite(header: JournalHeader): Promise<void> {
    await this.#execute(this.#dialect.journal.rewrite(this.#table, 0, encode(header)));
  }

  async advance(done: number, seen?: string): Promise<void> {
    await this.#execute(this.#dialect.journal.advance(this.#table, done, seen));
  }

  async clear(): Promise<void> {
    await this.#execute(this.#dialect.journal.clear(this.#table));
  }

  async drop(): Promise<void> {
    if (await this.exists()) await this.#execute(this.#dialect.journal.drop(this.#table));
  }

  async #execute({ sql, params }: Statement): Promise<void> {
    await this.#connection.execute(sql, params);
  }
}

/** The operations that a statement does: its own, and the next ones that have no statement. */
export function operationsOf(
  index: number,
  operations: readonly Operation[],
  statements: readonly Statement[],
): readonly Operation[] {
  const first = statements[index]?.operation;
  if (first === undefined) return [];
  const next =
    statements
      .slice(index + 1)
      .find(({ operation }) => operation !== undefined && operation > first)?.operation ??
    operations.length;
  return operations.slice(first, Math.max(next, first + 1));
}

/** Statements with what shows that they were applied. */
export function plannedStatements(
  operations: readonly Operation[],
  statements: readonly Statement[],
  repeats: (sql: string) => boolean,
): readonly PlannedStatement[] {
  const counts = new Map<number | undefined, number>();
  for (const { operation } of statements) counts.set(operation, (counts.get(operation) ?? 0) + 1);
  return statements.map((statement, index): PlannedStatement => {
    const { sql, operation } = statement;
    const alone = operation !== undefined && counts.get(operation) === 1;
    const own = alone ? operationsOf(index, operations, statements) : [];
    return {
      ...statement,
      effects: effectsOf(own),
      repeatable: repeats(sql) || isRepeatable(own),
    };
  });
}
