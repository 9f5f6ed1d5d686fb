import type { Connection, PlanContext } from "../contract.ts";
import type { MetaData, SkippedObject, Table } from "../../schema/types.ts";
import { isRevlineError, messageOf, RevlineError } from "../../errors.ts";
import { createTable } from "./compile.ts";
import { createDefinition, definitionOf } from "./definition.ts";
import { connect } from "./driver.ts";
import { reflect } from "./reflect.ts";
import { fold, sameName } from "./names.ts";
import { sourceOfTable } from "./source.ts";
import { quote } from "./spelling.ts";
import { isDdl, nameOf, tokenize } from "./tokens.ts";

/** A table of the replica with what hangs on it. */
export interface TableState {
  readonly table: Table;
  readonly triggers: readonly string[];
  /** Every name in use. */
  readonly taken: readonly string[];
  /** The tables of statistics that the database has. */
  readonly statistics: readonly string[];
}

/** The texts that make a table and its indexes. */
function textsOf(table: Table): readonly string[] {
  const source = sourceOfTable(table);
  if (source === undefined) return createTable(table);
  const sql = source.outdated ? createDefinition(definitionOf(table), table.name) : source.sql;
  return [sql, ...source.indexes.values()];
}

const BODIES = ["virtual table", "view", "trigger"];

/**
 * The schema without rows, in memory: each planned statement runs here first. So the plan knows the
 * exact text of tables, triggers and views after SQLite itself has renamed in them, and a statement that
 * cannot work fails before the database is touched.
 */
export class Replica {
  readonly #connection: Connection;
  /** What could not be made here, by its folded name, and why. */
  readonly #absent = new Map<string, string>();
  /** A statement of the user's after which the replica is no longer true. */
  #broken: string | undefined;
  /** Tables whose text SQLite would not take any more: it stops every RENAME in the database. */
  readonly #outdated: string[] = [];
  /** Names of the database, whether they are here or not. */
  #elsewhere: readonly string[] = [];
  #statistics: readonly string[] = [];

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** @param touched SQL text or names in which every table that the plan needs is named */
  static async of(context: PlanContext, touched: readonly string[]): Promise<Replica> {
    const metadata = await context.reflect({});
    const connection = await connect("sqlite::memory:");
    const replica = new Replica(connection);
    await connection.query("PRAGMA foreign_keys = OFF");
    await replica.#load(metadata, touched);
    return replica;
  }

  /** Views and triggers, the tables they name, and those that are touched: DDL in a large schema is slow. */
  async #load(metadata: MetaData, touched: readonly string[]): Promise<void> {
    const bodies = metadata.skipped.filter(({ kind }) => BODIES.includes(kind));
    const words = [...touched, ...bodies.flatMap(({ definition }) => definition ?? [])].flatMap(
      (sql) => tokenize(sql),
    );
    const named = new Set([...touched, ...words.map(nameOf)].map(fold));
    const [first] = metadata.tables;
    await this.#analyze((first && sourceOfTable(first)?.statistics) ?? []);
    this.#elsewhere = [...metadata.tables, ...metadata.skipped].map(({ name }) => name);
    await this.#connection.execute("BEGIN");
    for (const table of metadata.tables) {
      const isOutdated = sourceOfTable(table)?.outdated === true;
      if (isOutdated) this.#outdated.push(table.name);
      if (isOutdated || named.has(fold(table.name))) await this.#make(table.name, textsOf(table));
    }
    for (const kind of BODIES) {
      for (const { name, definition } of metadata.skipped.filter(
        (object) => object.kind === kind,
      )) {
        if (definition !== undefined) await this.#make(name, [definition]);
      }
    }
    await this.#connection.execute("COMMIT");
  }

  /** Makes the tables of statistics, which only SQLite itself may create; those that it knows. */
  async #analyze(tables: readonly string[]): Promise<void> {
    if (tables.length === 0) return;
    await this.#connection.execute("ANALYZE");
    const made = await this.names();
    this.#statistics = tables.filter((name) => made.includes(name));
  }

  async #make(name: string, texts: readonly string[]): Promise<void> {
    const failure = await this.attempt(texts);
    if (failure !== undefined) this.#absent.set(fold(name), failure.message);
  }

  /** Runs all statements or none of them. Resolves to the error where one fails. */
  async attempt(statements: readonly string[]): Promise<RevlineError | undefined> {
    await this.#connection.execute("SAVEPOINT attempt");
    try {
      for (const sql of statements) await this.#connection.execute(sql);
    } catch (error) {
      if (!isRevlineError(error)) throw error;
      await this.#connection.execute("ROLLBACK TO attempt");
      await this.#connection.execute("RELEASE attempt");
      await this.#connection.query("PRAGMA legacy_alter_table = OFF");
      return error;
    }
    await this.#connection.execute("RELEASE attempt");
    return undefined;
  }

  /** Whether statements would work; nothing of them stays. */
  async works(statements: readonly string[]): Promise<boolean> {
    await this.#connection.execute("SAVEPOINT works");
    const failure = await this.attempt(statements);
    await this.#connection.execute("ROLLBACK TO works");
    await this.#connection.execute("RELEASE works");
    return failure === undefined;
  }

  /** Runs planned statements; they must work. */
  async run(statements: readonly string[]): Promise<void> {
    const failure = await this.attempt(statements);
    if (failure !== undefined) throw failure;
  }

  /**
   * A statement of the user's: only DDL is of interest. Where it fails here it may still work there
   * (it may need rows, or functions of the application), so it is an error only for what comes after.
   */
  async runForeign(sql: string): Promise<void> {
    if (!isDdl(sql)) return;
    const failure = await this.attempt([sql]);
    if (failure !== undefined) this.#broken = failure.message;
  }

  /** @throws RevlineError unknown-table, unsupported */
  async state(name: string): Promise<TableState> {
    const reason = this.#broken ?? this.#absent.get(fold(name));
    if (reason !== undefined) {
      throw new RevlineError(
        "unsupported",
        `Table "${name}" cannot be changed, for its state is not known: ${reason}.`,
        {
          hint: "Put the change into a revision of its own, or write it as SQL with op.execute.",
        },
      );
    }
    const metadata = await reflect(this.#connection, { tables: [{ name }] });
    const [table] = metadata.tables;
    if (table === undefined) {
      throw new RevlineError("unknown-table", `Table "${name}" does not exist.`, {
        hint: "Correct the name in the revision, or run the earlier revisions first.",
      });
    }
    const triggers = metadata.skipped.filter(
      (object) => object.kind === "trigger" && sameName(object.table ?? "", table.name),
    );
    return {
      table,
      triggers: triggers.flatMap(({ definition }) => definition ?? []),
      taken: await this.names(),
      statistics: this.#statistics,
    };
  }

  /** The tables that must be made anew before SQLite can rename anything; each is told once. */
  takeOutdated(): readonly string[] {
    return this.#outdated.splice(0);
  }

  async names(): Promise<readonly string[]> {
    const rows = await this.#connection.query("SELECT name FROM sqlite_schema");
    return [...rows.map(({ name }) => String(name)), ...this.#elsewhere];
  }

  /** Views, and what happens on writes to tables with triggers, that do not work; by what to say of them. */
  async problems(): Promise<ReadonlyMap<string, string>> {
    const { tables, skipped } = await reflect(this.#connection, {});
    const found = new Map<string, string>();
    const probe = async (what: string, sql: string): Promise<void> => {
      const failure = await this.attempt([sql]);
      if (failure !== undefined) found.set(what, messageOf(failure));
    };
    for (const { kind, name } of skipped) {
      if (kind === "view") await probe(`view "${name}"`, `SELECT 1 FROM ${quote(name)} LIMIT 0`);
    }
    for (const table of tables) {
      const triggers = skipped.filter(
        (object) => object.kind === "trigger" && sameName(object.table ?? "", table.name),
      );
      if (triggers.length === 0) continue;
      const what = `a trigger of table "${table.name}" (${triggers.map(({ name }) => name).join(", ")})`;
      for (const sql of writesTo(table)) await probe(what, sql);
    }
    return found;
  }

  /** A table of the replica; undefined where it has none of the name. */
  async known(name: string): Promise<Table | undefined> {
    const { tables } = await reflect(this.#connection, { tables: [{ name }] });
    return tables[0];
  }

  /** Views and triggers of the replica. */
  async objects(): Promise<readonly SkippedObject[]> {
    const { skipped } = await reflect(this.#connection, {});
    return skipped;
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }
}

/** Statements that compile every trigger of a table; EXPLAIN runs nothing. */
function writesTo(table: Table): readonly string[] {
  const name = quote(table.name);
  const written = table.columns
    .filter(({ computed }) => computed === undefined)
    .map((column) => quote(column.name));
  return [
    `EXPLAIN DELETE FROM ${name}`,
    `EXPLAIN INSERT INTO ${name} DEFAULT VALUES`,
    ...(written.length === 0
      ? []
      : [
          `EXPLAIN UPDATE ${name} SET ${written.map((column) => `${column} = ${column}`).join(", ")}`,
        ]),
  ];
}
