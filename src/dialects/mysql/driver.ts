import type { Connection as Session, ConnectionOptions } from "mysql2/promise";
import { connectError, isLost, statementError } from "./errors.ts";
import { readVersion } from "./flavor.ts";
import { literal } from "./quote.ts";
import { tokenize } from "./tokens.ts";
import { targetOf, type Target } from "./url.ts";
import type { Connection, Row, ServerInfo } from "../contract.ts";
import type { SqlValue } from "../../schema/expression.ts";
import { RevlineError } from "../../errors.ts";

/**
 * The mode of our sessions, whatever the server's is: text in backticks and single quotes with
 * backslashes, no silent truncation, no engine put in place of another, zero stays zero in an
 * AUTO_INCREMENT column, and old defaults such as '0000-00-00' can be written again.
 */
const SQL_MODE = "STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION";

/** Settings that some servers do not have or not everybody may change; without them things work on nearly all schemas. */
const WISHES = [
  "SET SESSION explicit_defaults_for_timestamp = 1", // MariaDB before 10.10: off, and TIMESTAMP columns get defaults nobody wrote
  "SET SESSION restrict_fk_on_non_standard_key = 0", // MySQL 8.4: keys that point to a plain index must be creatable again
  "SET SESSION sql_generate_invisible_primary_key = 0", // MySQL 8.0.30
  "SET SESSION sql_require_primary_key = 0", // MySQL 8.0.13
];

async function loadDriver(): Promise<typeof import("mysql2/promise")> {
  try {
    return await import("mysql2/promise");
  } catch (error) {
    throw new RevlineError("driver-missing", "The driver for MySQL and MariaDB is not installed.", {
      hint: "Run: npm install mysql2",
      cause: error,
    });
  }
}

function optionsOf(target: Target): ConnectionOptions {
  return {
    ...(target.socketPath === undefined
      ? { host: target.host, port: target.port }
      : { socketPath: target.socketPath }),
    ...(target.user === undefined ? {} : { user: target.user }),
    ...(target.password === undefined ? {} : { password: target.password }),
    ...(target.ssl === undefined
      ? {}
      : { ssl: typeof target.ssl === "string" ? target.ssl : { ...target.ssl } }),
    database: target.database,
    charset: "utf8mb4",
    // exact values come as text: no digit, microsecond or zero date is lost on the way
    supportBigNumbers: true,
    dateStrings: true,
    multipleStatements: false,
    connectTimeout: target.connectTimeout,
    connectAttributes: { program_name: "revline" },
  };
}

async function openSession(target: Target): Promise<Session> {
  const { createConnection } = await loadDriver();
  try {
    const session = await createConnection(optionsOf(target));
    // without a listener a connection that breaks between two statements would end the process
    session.on("error", () => undefined);
    return session;
  } catch (error) {
    const address = target.socketPath ?? `${target.host}:${String(target.port)}`;
    throw connectError(error, { user: target.user, address, database: target.database });
  }
}

/** Puts literals in the places of `?`, outside strings, names and comments. */
function bind(sql: string, params: readonly SqlValue[]): string {
  let bound = "";
  let from = 0;
  let at = 0;
  for (const token of tokenize(sql)) {
    if (token.kind !== "symbol" || token.value !== "?") continue;
    bound += sql.slice(from, token.start) + literal(params[at] ?? null);
    from = token.end;
    at += 1;
  }
  if (at !== params.length) {
    throw new RevlineError(
      "internal",
      `A statement with ${String(at)} places was given ${String(params.length)} values.`,
      { details: [sql] },
    );
  }
  return bound + sql.slice(from);
}

function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const IN_TRANSACTION = 1; // SERVER_STATUS_IN_TRANS

class MysqlConnection implements Connection {
  readonly server: ServerInfo;
  onStatement?: (
    sql: string,
    params: readonly SqlValue[] | undefined,
    milliseconds: number,
  ) => void;
  readonly #session: Session;
  readonly #target: Target;
  #inTransaction = false;
  #closed = false;

  constructor(session: Session, target: Target, server: ServerInfo) {
    this.#session = session;
    this.#target = target;
    this.server = server;
  }

  get inTransaction(): boolean {
    return this.#inTransaction;
  }

  async #run(sql: string, params?: readonly SqlValue[]): Promise<unknown> {
    const started = performance.now();
    const bound = params === undefined || params.length === 0 ? sql : bind(sql, params);
    try {
      const [result] = await this.#session.query(bound);
      this.#note(result);
      return result;
    } catch (error) {
      if (isLost(error)) this.#inTransaction = false;
      throw statementError(error, sql);
    } finally {
      this.onStatement?.(sql, params, performance.now() - started);
    }
  }

  /** Data definition commits by itself: the server says whether a transaction is still open. */
  #note(result: unknown): void {
    if (!isRow(result)) return;
    const { serverStatus } = result;
    if (typeof serverStatus === "number")
      this.#inTransaction = (serverStatus & IN_TRANSACTION) !== 0;
  }

  async query(sql: string, params?: readonly SqlValue[]): Promise<readonly Row[]> {
    const result = await this.#run(sql, params);
    return Array.isArray(result) ? result.filter(isRow) : [];
  }

  async execute(sql: string, params?: readonly SqlValue[]): Promise<number> {
    const result = await this.#run(sql, params);
    if (Array.isArray(result)) return result.length;
    return isRow(result) && typeof result["affectedRows"] === "number" ? result["affectedRows"] : 0;
  }

  async begin(): Promise<void> {
    if (this.#inTransaction) {
      throw new RevlineError("internal", "A transaction is open already.", {
        hint: "Commit it or roll it back first.",
      });
    }
    await this.#run("START TRANSACTION");
    this.#inTransaction = true;
  }

  async commit(): Promise<void> {
    await this.#run("COMMIT");
    this.#inTransaction = false;
  }

  async rollback(): Promise<void> {
    await this.#run("ROLLBACK");
    this.#inTransaction = false;
  }

  /** KILL QUERY from a second session. */
  async cancel(): Promise<void> {
    if (this.#closed) return;
    const second = await openSession(this.#target);
    try {
      await second.query(`KILL QUERY ${String(this.#session.threadId)}`);
    } catch (error) {
      // 1094: the session is gone, so there is nothing left to stop
      const failure = statementError(error, "KILL QUERY");
      if (!failure.message.includes("error 1094")) throw failure;
    } finally {
      second.destroy();
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.#session.end();
    } catch (error) {
      this.#session.destroy();
      if (!isLost(error)) throw statementError(error, "QUIT");
    }
  }
}

async function prepare(session: Session): Promise<void> {
  await session.query("SET NAMES utf8mb4");
  await session.query(
    `SET SESSION sql_mode = '${SQL_MODE}', autocommit = 1, foreign_key_checks = 1, unique_checks = 1`,
  );
  for (const wish of WISHES) {
    try {
      await session.query(wish);
    } catch (error) {
      if (isLost(error)) throw error;
    }
  }
}

/** Opens one session. @throws RevlineError driver-missing, connection-failed, authentication-failed, database-not-found, url-invalid */
export async function connect(url: string): Promise<Connection> {
  const target = targetOf(url);
  const session = await openSession(target);
  try {
    await prepare(session);
    const [rows] = await session.query(
      "SELECT VERSION() AS version, DATABASE() AS name, @@collation_database AS collation",
    );
    const list: readonly unknown[] = Array.isArray(rows) ? rows : [];
    const row: Row = list.find(isRow) ?? {};
    const version = String(row["version"]);
    const database = String(row["name"]);
    return new MysqlConnection(session, target, {
      ...readVersion(version),
      version,
      database,
      defaultSchema: database,
      defaultCollation: String(row["collation"]),
    });
  } catch (error) {
    session.destroy();
    throw statementError(error, "SET SESSION …");
  }
}
