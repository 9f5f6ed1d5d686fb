import { existsSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type Database from "better-sqlite3";
import type { Adoption, Connection, Row, ServerInfo } from "../contract.ts";
import { fileOf } from "../url.ts";
import { driverError } from "./driver-errors.ts";
import { timestampText } from "./spelling.ts";
import { ForeignKeyGuard } from "./foreign-keys.ts";
import type { SqlValue } from "../../schema/expression.ts";
import { isRevlineError, messageOf, RevlineError } from "../../errors.ts";

type Driver = typeof Database;
type Handle = Database.Database;

const INSTALL = "npm install better-sqlite3";
/** Milliseconds to wait for another writer. */
const BUSY_TIMEOUT = 5000;
/** Milliseconds between two attempts to begin. */
const POLL = 20;

let nativeBinding: object | undefined;

/** Gives the driver's compiled addon as an object: the single executable carries it as an asset. */
export function setNativeBinding(binding: object): void {
  nativeBinding = binding;
}

/** better-sqlite3 13 crashes the process below Node-API 10, so its version is read before it is loaded. */
function guardVersion(): void {
  if (nativeBinding !== undefined || Number(process.versions["napi"]) >= 10) return;
  const manifest: unknown = createRequire(import.meta.url)("better-sqlite3/package.json");
  const version =
    typeof manifest === "object" && manifest !== null && "version" in manifest
      ? String(manifest.version)
      : "";
  if (Number(version.split(".")[0]) < 13) return;
  throw new RevlineError(
    "driver-missing",
    `better-sqlite3 ${version} does not run on Node ${process.versions.node}.`,
    {
      hint: "Install better-sqlite3@12 (npm install better-sqlite3@12), or use Node 22.14 or newer.",
    },
  );
}

async function loadDriver(): Promise<Driver> {
  try {
    guardVersion();
    return (await import("better-sqlite3")).default;
  } catch (error) {
    if (isRevlineError(error)) throw error;
    throw new RevlineError(
      "driver-missing",
      `The package better-sqlite3, which SQLite needs, cannot be loaded: ${messageOf(error)}`,
      {
        hint: `Run: ${INSTALL}`,
        cause: error,
      },
    );
  }
}

function bindable(value: SqlValue): string | number | bigint | Uint8Array | null {
  if (typeof value === "boolean") return value ? 1n : 0n;
  if (value instanceof Date) return timestampText(value);
  // better-sqlite3 binds numbers as REAL: a column without affinity would keep 1 as 1.0
  return typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : value;
}

function readable(value: unknown): unknown {
  if (typeof value !== "bigint") return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function readableRow(row: unknown): Row {
  return typeof row === "object" && row !== null
    ? Object.fromEntries(Object.entries(row).map(([key, value]) => [key, readable(value)]))
    : {};
}

interface Opening {
  readonly driver: Driver;
  readonly path: string;
  readonly options: Database.Options;
}

function open({ driver, path, options }: Opening): Handle {
  try {
    // an addon object is taken since better-sqlite3 8, though the types know a path only
    const handle = new driver(
      path,
      nativeBinding === undefined ? options : Object.assign({}, options, { nativeBinding }),
    );
    // the file is read here for the first time: what is no database fails now
    handle.pragma("schema_version");
    return handle;
  } catch (error) {
    if (/bindings file|NODE_MODULE_VERSION|invalid ELF|ERR_DLOPEN/.test(messageOf(error))) {
      throw new RevlineError(
        "driver-missing",
        `The addon of better-sqlite3 does not load: ${messageOf(error).split("\n")[0] ?? ""}`,
        {
          hint: `Run: npm rebuild better-sqlite3, or ${INSTALL}`,
          cause: error,
        },
      );
    }
    throw driverError(error, { path });
  }
}

interface Settings {
  readonly path: string;
  /** Milliseconds. */
  readonly timeout: number;
  readonly absent: Opening | undefined;
  readonly isOwn: boolean;
}

/** One SQLite file. The file is made by the first write, not by looking at it. */
class SqliteConnection implements Connection {
  readonly server: ServerInfo;
  onStatement?: NonNullable<Connection["onStatement"]>;
  #handle: Handle;
  /** How to open the file that is not there yet; until then an empty database in memory stands for it. */
  #absent: Opening | undefined;
  readonly #guard: ForeignKeyGuard;
  /** Milliseconds to wait for another writer. */
  readonly #timeout: number;
  /** False: somebody else opened it, and closes it. */
  readonly #isOwn: boolean;

  constructor(handle: Handle, { path, timeout, absent, isOwn }: Settings) {
    this.#timeout = timeout;
    this.#absent = absent;
    this.#handle = handle;
    this.#isOwn = isOwn;
    this.#guard = new ForeignKeyGuard((sql) => this.#rows(sql, undefined));
    const version = String(this.#handle.prepare("SELECT sqlite_version()").pluck().get());
    const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
    this.server = {
      dialect: "sqlite",
      version,
      versionNumber: major * 10000 + minor * 100 + patch,
      database: path,
    };
  }

  get client(): Handle {
    return this.#handle;
  }

  get inTransaction(): boolean {
    return this.#handle.inTransaction;
  }

  async query(sql: string, params?: readonly SqlValue[]): Promise<readonly Row[]> {
    return this.#rows(sql, params);
  }

  async execute(sql: string, params?: readonly SqlValue[]): Promise<number> {
    this.#create();
    return this.#timed(sql, params, () => {
      const statement = this.#prepare(sql, params);
      if (statement === undefined) {
        this.#handle.exec(sql);
        return 0;
      }
      if (!statement.reader) return statement.run(...(params ?? []).map(bindable)).changes;
      const rows = statement.all(...(params ?? []).map(bindable));
      return statement.readonly ? 0 : rows.length;
    });
  }

  async begin(): Promise<void> {
    this.#create();
    this.#guard.begin();
    try {
      await this.#takeWriteLock();
    } catch (error) {
      this.#guard.restore();
      throw error;
    }
  }

  /** Waits without stopping the process: Ctrl-C and its other sessions go on. */
  async #takeWriteLock(): Promise<void> {
    const deadline = performance.now() + this.#timeout;
    this.#handle.pragma("busy_timeout = 0");
    try {
      for (;;) {
        try {
          this.#run("BEGIN IMMEDIATE");
          return;
        } catch (error) {
          if (
            !isRevlineError(error) ||
            error.code !== "database-locked" ||
            performance.now() >= deadline
          )
            throw error;
        }
        await sleep(POLL);
      }
    } finally {
      this.#handle.pragma(`busy_timeout = ${this.#timeout}`);
    }
  }

  async commit(): Promise<void> {
    try {
      this.#guard.check();
      this.#run("COMMIT");
    } catch (error) {
      await this.rollback();
      throw error;
    }
    this.#guard.restore();
  }

  async rollback(): Promise<void> {
    // SQLite has rolled back by itself after a full disk or an I/O error
    if (this.inTransaction) this.#run("ROLLBACK");
    this.#guard.restore();
  }

  async close(): Promise<void> {
    if (this.#isOwn) this.#handle.close();
  }

  #create(): void {
    if (this.#absent === undefined) return;
    const handle = open(this.#absent);
    this.#handle.close();
    this.#handle = handle;
    this.#absent = undefined;
  }

  #run(sql: string): void {
    this.#timed(sql, undefined, () => this.#handle.exec(sql));
  }

  #rows(sql: string, params: readonly SqlValue[] | undefined): readonly Row[] {
    return this.#timed(sql, params, () => {
      const statement = this.#prepare(sql, params);
      if (statement === undefined) {
        this.#create();
        this.#handle.exec(sql);
        return [];
      }
      if (!statement.readonly && this.#absent !== undefined) {
        this.#create();
        return this.#rows(sql, params);
      }
      const values = (params ?? []).map(bindable);
      if (statement.reader) return statement.all(...values).map(readableRow);
      statement.run(...values);
      return [];
    });
  }

  /** Undefined for text that is no single statement (several, or a comment only) and has no parameters. */
  #prepare(sql: string, params: readonly SqlValue[] | undefined): Database.Statement | undefined {
    try {
      const statement = this.#handle.prepare(sql);
      return statement.reader ? statement.safeIntegers(true) : statement;
    } catch (error) {
      if (error instanceof RangeError && (params === undefined || params.length === 0))
        return undefined;
      throw error;
    }
  }

  #timed<T>(sql: string, params: readonly SqlValue[] | undefined, run: () => T): T {
    const start = performance.now();
    try {
      return run();
    } catch (error) {
      throw driverError(error, { sql, path: this.server.database });
    } finally {
      this.onStatement?.(sql, params, performance.now() - start);
    }
  }
}

function checkPlace(path: string, mustExist: boolean): void {
  const directory = dirname(resolve(path));
  if (!existsSync(directory)) {
    throw new RevlineError(
      "database-not-found",
      `The directory of the SQLite file ${path} does not exist: ${directory}`,
      {
        hint: "Create the directory, or correct the path in the URL (sqlite:./relative.db, sqlite:////absolute/path.db).",
      },
    );
  }
  if (existsSync(path)) {
    if (!statSync(path).isDirectory()) return;
    throw new RevlineError("connection-failed", `${path} is a directory, not an SQLite file.`, {
      hint: "Put the file's name into the URL: sqlite:./app.db",
    });
  }
  if (!mustExist) return;
  throw new RevlineError("database-not-found", `The SQLite file ${path} does not exist.`, {
    hint: "Correct the path in the URL, or leave out ?mode=ro or ?mode=rw so that it is created.",
  });
}

/**
 * Opens the file of a URL. Query parameters: `timeout` (milliseconds to wait for another writer, 5000),
 * `mode` (`ro`: read only, `rw`: must exist).
 *
 * @throws RevlineError driver-missing, database-not-found, connection-failed
 */
export async function connect(url: string): Promise<Connection> {
  const { path, params } = fileOf(url);
  const mode = params.get("mode");
  const driver = await loadDriver();
  const inMemory = path === ":memory:" || mode === "memory";
  if (!inMemory) checkPlace(path, mode === "ro" || mode === "rw");
  const timeout = Number(params.get("timeout") ?? BUSY_TIMEOUT);
  if (!Number.isInteger(timeout) || timeout < 0) {
    throw new RevlineError(
      "url-invalid",
      `The timeout "${params.get("timeout") ?? ""}" of the SQLite URL is not a number of milliseconds.`,
      {
        hint: "Write it as sqlite:./app.db?timeout=5000",
      },
    );
  }
  const opening: Opening = {
    driver,
    path: inMemory ? ":memory:" : path,
    options: { timeout, readonly: mode === "ro" },
  };
  const isAbsent = !inMemory && !existsSync(path);
  return new SqliteConnection(open(isAbsent ? { ...opening, path: ":memory:" } : opening), {
    path: opening.path,
    timeout,
    absent: isAbsent ? opening : undefined,
    isOwn: true,
  });
}

function isHandle(value: unknown): value is Handle {
  return (
    typeof value === "object" &&
    value !== null &&
    ["prepare", "pragma", "exec", "inTransaction", "name"].every((key) => key in value)
  );
}

function handleOf(value: unknown): Handle {
  if (isHandle(value)) return value;
  throw new RevlineError("usage", "The connection is not a Database of better-sqlite3.", {
    hint: "Give what `new Database(path)` returned.",
  });
}

/** Databases of better-sqlite3 that a program has opened. */
export const adoption: Adoption = {
  recognizes: isHandle,
  urlOf: (value) => {
    const { name } = handleOf(value);
    return name === "" || name === ":memory:"
      ? "sqlite::memory:"
      : `sqlite:${name.replace(/[%?]/g, encodeURIComponent)}`;
  },
  adopt: async (value) => {
    const handle = handleOf(value);
    return new SqliteConnection(handle, {
      path: handle.name === "" ? ":memory:" : handle.name,
      timeout: Number(handle.pragma("busy_timeout", { simple: true })),
      absent: undefined,
      isOwn: false,
    });
  },
  refusal: async (session) => {
    const [row] = await session.query("PRAGMA foreign_keys");
    if (row?.["foreign_keys"] !== 1) return undefined;
    return {
      why: "SQLite enforces foreign keys in the transaction that is open: making a table anew would delete the rows that refer to it, and the switch does nothing inside a transaction",
      hint: "Run PRAGMA foreign_keys = OFF before BEGIN, or call without a transaction: then it is done for you.",
    };
  },
};
