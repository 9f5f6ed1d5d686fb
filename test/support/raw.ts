import type { Family } from "./kinds.ts";

export type RawRow = Readonly<Record<string, unknown>>;

/** A connection through the database's own driver: nothing of the package under test is in between. */
export interface RawConnection {
  /** Runs SQL; several statements may stand in one text. Resolves to the rows of the last one. */
  query(sql: string, params?: readonly unknown[]): Promise<readonly RawRow[]>;
  /** The driver's own object. */
  readonly driver: unknown;
  close(): Promise<void>;
}

const openers: Readonly<Record<Family, (url: string) => Promise<RawConnection>>> = {
  sqlite: openSqlite,
  postgresql: openPostgresql,
  mysql: openMysql,
  mariadb: openMysql,
};

export function openRaw(family: Family, url: string): Promise<RawConnection> {
  return openers[family](url);
}

/** Undefined where the text holds several statements: the driver says so by a RangeError. */
function single<T>(prepare: () => T): T | undefined {
  try {
    return prepare();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

async function openSqlite(url: string): Promise<RawConnection> {
  const { default: Database } = await import("better-sqlite3");
  const database = new Database(url.replace(/^sqlite:(\/\/\/)?/, ""));
  return {
    driver: database,
    query: (sql, params) => {
      const statement = single(() => database.prepare<unknown[], RawRow>(sql));
      if (statement === undefined) {
        database.exec(sql);
        return Promise.resolve([]);
      }
      if (statement.reader) return Promise.resolve(statement.all(...(params ?? [])));
      statement.run(...(params ?? []));
      return Promise.resolve([]);
    },
    close: () => {
      database.close();
      return Promise.resolve();
    },
  };
}

async function openPostgresql(url: string): Promise<RawConnection> {
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined); // a dropped database ends its sessions; the next query tells
  await client.connect();
  return {
    driver: client,
    query: async (sql, params) => {
      if (params !== undefined) return (await client.query<RawRow>(sql, [...params])).rows;
      const results: unknown = await client.query<RawRow>(sql);
      // Several statements give several results.
      const last: unknown = Array.isArray(results) ? results.at(-1) : results;
      return typeof last === "object" && last !== null && "rows" in last && Array.isArray(last.rows)
        ? rowsOf(last.rows)
        : [];
    },
    close: () => client.end(),
  };
}

async function openMysql(url: string): Promise<RawConnection> {
  const { default: mysql } = await import("mysql2/promise");
  const connection = await mysql.createConnection({
    uri: url.replace(/^[a-z]+:/, "mysql:"),
    multipleStatements: true,
    charset: "utf8mb4",
  });
  connection.on("error", () => undefined); // a dropped connection: the next query tells
  return {
    driver: connection,
    query: async (sql, params) => {
      const [result] = await connection.query(sql, params === undefined ? undefined : [...params]);
      const last: unknown =
        Array.isArray(result) && Array.isArray(result[0]) ? result.at(-1) : result;
      return rowsOf(last);
    },
    close: () => connection.end(),
  };
}

function rowsOf(result: unknown): readonly RawRow[] {
  return Array.isArray(result) ? result.filter(isRow) : [];
}

function isRow(value: unknown): value is RawRow {
  return typeof value === "object" && value !== null;
}
