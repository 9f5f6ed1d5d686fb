import { userInfo } from "node:os";
import type { Client, ClientConfig, CustomTypesConfig, QueryResult } from "pg";
import { connectionFailure, statementFailure } from "./failure.ts";
import type { Adoption, Connection, Row, ServerInfo } from "../contract.ts";
import { encodedUrl, redactUrl, serverOf } from "../url.ts";
import type { SqlValue } from "../../schema/expression.ts";
import { RevlineError } from "../../errors.ts";

/** Where the URL does not say `connect_timeout`, in seconds. */
const CONNECT_TIMEOUT = 15;

type Driver = Pick<typeof import("pg"), "Client" | "types">;

async function loadDriver(): Promise<Driver> {
  try {
    const { default: driver } = await import("pg");
    return driver;
  } catch (error) {
    throw new RevlineError(
      "driver-missing",
      "PostgreSQL needs the package pg, which is not installed.",
      {
        hint: "Run: npm install pg",
        cause: error,
      },
    );
  }
}

/** `bigint` and `count(*)` as a number where it holds every digit, else as a bigint. */
function parseInt8(value: string): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : BigInt(value);
}

/** libpq's rule, also where the environment names nobody (the driver looks at USER alone). */
function userOf(url: string): { user?: string } {
  const { params, user } = serverOf(url);
  const { PGUSER, USER } = process.env;
  const known =
    user !== undefined || params.has("user") || PGUSER !== undefined || USER !== undefined;
  return known ? {} : { user: userInfo().username };
}

function configOf(url: string): ClientConfig {
  const { params } = serverOf(url);
  const timeout = Number(
    params.get("connect_timeout") ?? process.env["PGCONNECT_TIMEOUT"] ?? CONNECT_TIMEOUT,
  );
  return {
    connectionString: encodedUrl(url),
    ...userOf(url),
    ...(params.has("application_name") ? {} : { application_name: "revline" }),
    connectionTimeoutMillis: timeout * 1000,
    keepAlive: true,
  };
}

/** How values are read, whatever a client of somebody else's is set to. */
function typesOf({ types }: Driver): CustomTypesConfig {
  return {
    getTypeParser: (oid, format): unknown =>
      oid === types.builtins.INT8 && format !== "binary"
        ? parseInt8
        : types.getTypeParser(oid, format),
  };
}

/** @throws RevlineError driver-missing, url-invalid, connection-failed, authentication-failed, database-not-found */
export async function connect(url: string): Promise<Connection> {
  const driver = await loadDriver();
  const people = redactUrl(url);
  const client = await open(driver, url, people);
  const session = new Session(driver, url, client);
  try {
    return await session.start();
  } catch (error) {
    await session.close();
    throw error;
  }
}

async function open(driver: Driver, url: string, people: string): Promise<Client> {
  try {
    const config = configOf(url);
    const client = new driver.Client(config);
    // a lost connection rejects the statement that runs; without a listener it would end the process too
    client.on("error", () => undefined);
    await client.connect();
    return client;
  } catch (error) {
    throw connectionFailure(error, people);
  }
}

const WHO = `SELECT version() AS "version", current_setting('server_version_num')::integer AS "number",
  current_database()::text AS "database", current_schema()::text AS "schema",
  current_setting('max_locks_per_transaction')::integer
    * (current_setting('max_connections')::integer + current_setting('max_prepared_transactions')::integer) AS "slots"`;

class Session implements Connection {
  onStatement?: NonNullable<Connection["onStatement"]>;
  readonly #driver: Driver;
  readonly #types: CustomTypesConfig;
  /** Undefined: somebody else opened the client, and ends it. */
  readonly #url: string | undefined;
  readonly #client: Client;
  #server: ServerInfo | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #ended = false;

  constructor(driver: Driver, url: string | undefined, client: Client) {
    this.#driver = driver;
    this.#types = typesOf(driver);
    this.#url = url;
    this.#client = client;
    client.on("end", () => {
      this.#ended = true;
    });
  }

  get client(): Client {
    return this.#client;
  }

  async start(): Promise<this> {
    const [who] = await this.query(WHO);
    const number = Number(who?.["number"]);
    this.#server = {
      dialect: "postgresql",
      version: String(who?.["version"]),
      versionNumber: Math.floor(number / 10_000) * 10_000 + (number % 10_000) * 100,
      database: String(who?.["database"]),
      lockSlots: Number(who?.["slots"]),
      defaultSchema: typeof who?.["schema"] === "string" ? who["schema"] : "public",
    };
    if (number >= 140_000 && this.#url !== undefined) await this.#watchClient();
    return this;
  }

  /** A killed client's statement ends within half a second, instead of running on and committing. */
  async #watchClient(): Promise<void> {
    try {
      await this.execute("SET client_connection_check_interval = '500ms'");
    } catch (error) {
      // some operating systems cannot do it; the server says so with invalid_parameter_value
      if (!(error instanceof RevlineError) || !error.message.includes("22023")) throw error;
    }
  }

  get server(): ServerInfo {
    if (this.#server === undefined)
      throw new RevlineError("internal", "The session has not been started.");
    return this.#server;
  }

  get process(): number {
    return "processID" in this.#client ? Number(this.#client.processID) : 0;
  }

  get inTransaction(): boolean {
    const status = this.#client.getTransactionStatus();
    return !this.#ended && (status === "T" || status === "E");
  }

  async query(sql: string, params?: readonly SqlValue[]): Promise<readonly Row[]> {
    const results = await this.#run(sql, params);
    return results.at(-1)?.rows ?? [];
  }

  async execute(sql: string, params?: readonly SqlValue[]): Promise<number> {
    const results = await this.#run(sql, params);
    return results.reduce((sum, { rowCount }) => sum + (rowCount ?? 0), 0);
  }

  async begin(): Promise<void> {
    await this.#run("BEGIN");
  }

  async commit(): Promise<void> {
    const [result] = await this.#run("COMMIT");
    // after a failed statement the server answers COMMIT with a rollback, and no error
    if (result?.command === "ROLLBACK") {
      throw new RevlineError(
        "statement-failed",
        "PostgreSQL rolled the transaction back: an earlier statement in it had failed.",
        {
          hint: "Do not catch errors of statements inside a revision, or set a savepoint around them.",
        },
      );
    }
  }

  async rollback(): Promise<void> {
    await this.#run("ROLLBACK");
  }

  async cancel(): Promise<void> {
    if (this.#url === undefined) return;
    const pid = "processID" in this.#client ? Number(this.#client.processID) : 0;
    const other = await open(this.#driver, this.#url, redactUrl(this.#url));
    try {
      await other.query("SELECT pg_cancel_backend($1)", [pid]);
    } finally {
      await other.end();
    }
  }

  async close(): Promise<void> {
    if (this.#ended || this.#url === undefined) return;
    await this.#client.end();
  }

  /** One statement at a time: the driver would take the second while the first runs. */
  #run(sql: string, params?: readonly SqlValue[]): Promise<readonly QueryResult<Row>[]> {
    const result = this.#last.then(() => this.#send(sql, params));
    this.#last = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  async #send(
    sql: string,
    params: readonly SqlValue[] | undefined,
  ): Promise<readonly QueryResult<Row>[]> {
    const started = performance.now();
    try {
      const answer: QueryResult<Row> | readonly QueryResult<Row>[] =
        params === undefined || params.length === 0
          ? await this.#client.query<Record<string, unknown>>({ text: sql, types: this.#types })
          : await this.#client.query<Record<string, unknown>>({
              text: sql,
              types: this.#types,
              values: [...params],
            });
      return isList(answer) ? answer : [answer];
    } catch (error) {
      throw statementFailure(error, sql);
    } finally {
      this.onStatement?.(sql, params, performance.now() - started);
    }
  }
}

/** Several statements in one text have several results. */
function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

function isClient(value: unknown): value is Client {
  return (
    typeof value === "object" &&
    value !== null &&
    ["query", "processID", "escapeIdentifier", "database", "host"].every((key) => key in value)
  );
}

function clientOf(value: unknown): Client {
  if (!isClient(value)) {
    throw new RevlineError("usage", "The connection is not a Client of pg.", {
      hint: "Give a client that is connected; of a Pool: await pool.connect().",
    });
  }
  if ("getTransactionStatus" in value) return value;
  throw new RevlineError("driver-missing", "This version of pg does not tell its transactions.", {
    hint: "Run: npm install pg@^8.23",
  });
}

/** Clients of pg that a program has connected. */
export const adoption: Adoption = {
  recognizes: isClient,
  urlOf: (value) => {
    const { user, host, port, database } = clientOf(value);
    const who = user === undefined ? "" : `${encodeURIComponent(user)}@`;
    // a path is a Unix socket
    return host.startsWith("/")
      ? `postgresql://${who}/${encodeURIComponent(database ?? "")}?host=${encodeURIComponent(host)}`
      : `postgresql://${who}${host}:${String(port)}/${encodeURIComponent(database ?? "")}`;
  },
  adopt: async (value) => new Session(await loadDriver(), undefined, clientOf(value)).start(),
  refusal: async () => undefined,
};
