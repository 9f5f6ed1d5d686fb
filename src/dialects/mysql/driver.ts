import type { Connection as Session, ConnectionOptions } from "mysql2/promise";
import { connectError, isLost, statementError } from "./errors.ts";
import { readVersion } from "./flavor.ts";
import { literal } from "./quote.ts";
import { text } from "./script.ts";
import { SQL_MODE } from "./session.ts";
import { targetOf, type Target } from "./url.ts";
import type { Adoption, Connection, Row, ServerInfo } from "../contract.ts";
import type { SqlValue } from "../../schema/expression.ts";
import { RevlineError } from "../../errors.ts";

/** Settings that some servers do not have or not everybody may change; without them things work on nearly all schemas. */
const WISHES = [
  "SET SESSION explicit_defaults_for_timestamp = 1", // MariaDB before 10.10: off, and TIMESTAMP columns get defaults nobody wrote
  "SET SESSION restrict_fk_on_non_standard_key = 0", // MySQL 8.4: keys that point to a plain index must be creatable again
  "SET SESSION sql_generate_invisible_primary_key = 0", // MySQL 8.0.30
  "SET SESSION sql_require_primary_key = 0", // MySQL 8.0.13
  "SET SESSION system_versioning_alter_history = KEEP", // MariaDB: a table with a history is not altered otherwise (4119)
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

function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

type Restore = () => Promise<void>;

/** How rows are read, whatever a connection of somebody else's is set to. */
const READING = {
  supportBigNumbers: true,
  bigNumberStrings: false,
  dateStrings: true,
  typeCast: true,
  rowsAsArray: false,
  nestTables: false,
} as const;

const IN_TRANSACTION = 1; // SERVER_STATUS_IN_TRANS

class MysqlConnection implements Connection {
  readonly server: ServerInfo;
  onStatement?: (
    sql: string,
    params: readonly SqlValue[] | undefined,
    milliseconds: number,
  ) => void;
  readonly #session: Session;
  /** Where to; or, for a connection of somebody else's, what gives it its settings back. */
  readonly #target: Target | Restore;
  #inTransaction = false;
  #closed = false;

  constructor(session: Session, target: Target | Restore, server: ServerInfo) {
    this.#session = session;
    this.#target = target;
    this.server = server;
  }

  get client(): Session {
    return this.#session;
  }

  /** Asks whether a transaction is open: `DO` is answered with the state alone. */
  async start(): Promise<this> {
    await this.#run("DO 0");
    return this;
  }

  get inTransaction(): boolean {
    return this.#inTransaction;
  }

  async #run(sql: string, params?: readonly SqlValue[]): Promise<unknown> {
    const started = performance.now();
    const bound = text(params === undefined ? { sql } : { sql, params });
    try {
      const [result] = await this.#session.query({ ...READING, sql: bound });
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
    if (this.#closed || typeof this.#target === "function") return;
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
    if (typeof this.#target === "function") return this.#target();
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
  await session.query(`SET SESSION autocommit = 1`);
  await settle(session);
}

async function settle(session: Session): Promise<void> {
  await session.query(
    `SET SESSION sql_mode = '${SQL_MODE}', foreign_key_checks = 1, unique_checks = 1`,
  );
  for (const wish of WISHES) {
    try {
      await session.query(wish);
    } catch (error) {
      if (isLost(error)) throw error;
    }
  }
}

async function firstRow(session: Session, sql: string): Promise<Row> {
  const [rows] = await session.query({ ...READING, sql });
  const list: readonly unknown[] = Array.isArray(rows) ? rows : [];
  return list.find(isRow) ?? {};
}

async function serverOf(session: Session): Promise<ServerInfo> {
  const row = await firstRow(
    session,
    "SELECT VERSION() AS version, DATABASE() AS name, @@collation_database AS collation",
  );
  const version = String(row["version"]);
  const database = String(row["name"]);
  return {
    ...readVersion(version),
    version,
    database,
    defaultSchema: database,
    defaultCollation: String(row["collation"]),
  };
}

/** Opens one session. @throws RevlineError driver-missing, connection-failed, authentication-failed, database-not-found, url-invalid */
export async function connect(url: string): Promise<Connection> {
  const target = targetOf(url);
  const session = await openSession(target);
  try {
    await prepare(session);
    return new MysqlConnection(session, target, await serverOf(session));
  } catch (error) {
    session.destroy();
    throw statementError(error, "SET SESSION …");
  }
}

function isPromised(value: unknown): value is Session {
  return (
    typeof value === "object" &&
    value !== null &&
    ["query", "execute", "beginTransaction", "threadId", "connection"].every((key) => key in value)
  );
}

/** A connection of `mysql2` itself, whose functions take callbacks. */
function isPlain(value: unknown): value is { readonly promise: () => unknown } {
  return (
    typeof value === "object" &&
    value !== null &&
    "promise" in value &&
    typeof value.promise === "function" &&
    ["query", "execute", "beginTransaction", "threadId"].every((key) => key in value)
  );
}

function sessionOf(value: unknown): Session {
  const promised = isPlain(value) ? value.promise() : value;
  if (isPromised(promised)) return promised;
  throw new RevlineError("usage", "The connection is not a connection of mysql2.", {
    hint: "Give one connection; of a pool: await pool.getConnection().",
  });
}

const SETTINGS = ["sql_mode", "foreign_key_checks", "unique_checks"];

/** Reads the session's settings. @returns what gives them back */
async function remember(session: Session): Promise<Restore> {
  const row: Record<string, unknown> = {};
  const wished = WISHES.map((wish) => /SESSION (\w+)/.exec(wish)?.[1] ?? "");
  for (const name of [...SETTINGS, ...wished]) {
    try {
      Object.assign(row, await firstRow(session, `SELECT @@SESSION.${name} AS ${name}`));
    } catch (error) {
      // 1193: the server has no such variable
      if (isLost(error) || SETTINGS.includes(name)) throw statementError(error, name);
    }
  }
  const assignments = Object.entries(row).map(([name, value]) => {
    const isNumber = typeof value === "number" || typeof value === "bigint";
    return `SESSION ${name} = ${isNumber ? String(value) : literal(String(value))}`;
  });
  return async () => {
    for (const assignment of assignments) {
      try {
        await session.query(`SET ${assignment}`);
      } catch (error) {
        if (isLost(error) || SETTINGS.some((name) => assignment.includes(`SESSION ${name} =`)))
          throw statementError(error, `SET ${assignment}`);
      }
    }
  };
}

function configOf(value: unknown): Readonly<Record<string, unknown>> {
  const plain =
    typeof value === "object" && value !== null && "connection" in value ? value.connection : value;
  const config =
    typeof plain === "object" && plain !== null && "config" in plain ? plain.config : {};
  return isRow(config) ? config : {};
}

/** Connections of mysql2 that a program has opened. */
export const adoption: Adoption = {
  recognizes: (value) => isPlain(value) || isPromised(value),
  urlOf: (value) => {
    const { user, host, port, database, socketPath } = configOf(value);
    const who = typeof user === "string" ? `${encodeURIComponent(user)}@` : "";
    const at = typeof socketPath === "string" ? "localhost" : `${String(host)}:${String(port)}`;
    return `mysql://${who}${at}/${encodeURIComponent(typeof database === "string" ? database : "")}`;
  },
  adopt: async (value) => {
    const session = sessionOf(value);
    const restore = await remember(session);
    await settle(session);
    return new MysqlConnection(session, restore, await serverOf(session)).start();
  },
  refusal: async () => ({
    why: "MySQL and MariaDB commit the transaction that is open at the first change of the schema",
    hint: "Commit it before, and call without a transaction.",
  }),
};
