import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, inject } from "vitest";
import { familyOf, type DatabaseKind, type Family, type ServerKind } from "./kinds.ts";
import { openRaw, type RawConnection, type RawRow } from "./raw.ts";

export type { DatabaseKind, Family } from "./kinds.ts";
export type { RawRow } from "./raw.ts";

/** The databases of this run; those it had to do without are named in its last lines. */
export const databases: readonly DatabaseKind[] = inject("databases");

/** An empty database of a test's own, on a real server (or in a file of its own). */
export interface TestDatabase {
  readonly kind: DatabaseKind;
  readonly family: Family;
  /** As a user writes it: `sqlite:////tmp/…`, `postgres://…`, `mysql://…`, `mariadb://…`. */
  readonly url: string;
  /** Runs SQL through the database's own driver, on a session that stays open. Several statements may stand in one text. */
  query(sql: string, params?: readonly unknown[]): Promise<readonly RawRow[]>;
  /** Makes it empty again: cheaper than a new one. Other sessions on it must be closed. */
  reset(): Promise<void>;
  drop(): Promise<void>;
}

/** A database under test, given to the body of {@link forEachDatabase}. */
export interface DatabaseUnderTest {
  readonly kind: DatabaseKind;
  readonly family: Family;
  /** An empty database, dropped after the tests of this block. */
  create(): Promise<TestDatabase>;
}

/**
 * A describe block for every database that the run has.
 * @param only families the tests are about; all by default
 * @example
 * forEachDatabase((db) => {
 *   it("reads an empty database", async () => {
 *     const { url } = await db.create();
 *   });
 * });
 */
export function forEachDatabase(
  body: (db: DatabaseUnderTest) => void,
  { only }: { readonly only?: readonly Family[] } = {},
): void {
  const kinds = databases.filter((kind) => only?.includes(familyOf[kind]) ?? true);
  describe.each(kinds.map((kind) => ({ kind })))("$kind", ({ kind }) => {
    const made: TestDatabase[] = [];
    afterAll(async () => {
      for (const database of made) await database.drop();
    });
    body({
      kind,
      family: familyOf[kind],
      create: async () => {
        const database = await createDatabase(kind);
        made.push(database);
        return database;
      },
    });
  });
  if (kinds.length === 0) describe.skip(`no ${(only ?? ["database"]).join(", ")} in this run`);
}

/** Makes an empty database. Prefer {@link forEachDatabase}, which drops it too. */
export function createDatabase(kind: DatabaseKind): Promise<TestDatabase> {
  return kind === "sqlite" ? createFile() : createOnServer(kind);
}

async function createFile(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), "revline-sqlite-"));
  const file = join(folder, "test.db");
  const url = `sqlite:///${file}`;
  return {
    kind: "sqlite",
    family: "sqlite",
    url,
    // A session per call: a test may replace the file, and an open reader would hold its lock.
    query: async (sql, params) => {
      const connection = await openRaw("sqlite", url);
      try {
        return await connection.query(sql, params);
      } finally {
        await connection.close();
      }
    },
    reset: async () => {
      for (const suffix of ["", "-wal", "-shm", "-journal"])
        await rm(file + suffix, { force: true });
    },
    drop: () => rm(folder, { recursive: true, force: true }),
  };
}

interface Administration {
  create(name: string): string;
  drop(name: string): string;
  /** Empties the database a session is in. */
  reset(name: string): string;
}

const mysqlAdministration: Administration = {
  create: (name) => `CREATE DATABASE ${name} CHARACTER SET utf8mb4`,
  drop: (name) => `DROP DATABASE IF EXISTS ${name}`,
  reset: (name) =>
    `DROP DATABASE ${name}; CREATE DATABASE ${name} CHARACTER SET utf8mb4; USE ${name}`,
};

const administrations: Readonly<Record<Exclude<Family, "sqlite">, Administration>> = {
  postgresql: {
    create: (name) => `CREATE DATABASE ${name} TEMPLATE template0`,
    drop: (name) => `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`,
    // No DROP DATABASE: it forces a checkpoint.
    reset: () => `DO $$ DECLARE name text; BEGIN
      FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
      LOOP EXECUTE format('DROP SCHEMA %I CASCADE', name); END LOOP;
      FOR name IN SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'
      LOOP EXECUTE format('DROP EXTENSION IF EXISTS %I CASCADE', name); END LOOP;
      FOR name IN SELECT pubname FROM pg_publication LOOP EXECUTE format('DROP PUBLICATION %I', name); END LOOP;
      CREATE SCHEMA public; GRANT ALL ON SCHEMA public TO public; END $$`,
  },
  mysql: mysqlAdministration,
  mariadb: mysqlAdministration,
};

let counter = 0;

async function createOnServer(kind: ServerKind): Promise<TestDatabase> {
  const family = familyOf[kind];
  if (family === "sqlite") throw new Error(`${kind} is no server`);
  const administration = administrations[family];
  const server = await serverUrl(kind);
  counter += 1;
  const name = `revline_t${String(process.pid)}_${String(counter)}_${Date.now().toString(36)}`;
  await onServer(family, server, administration.create(name));
  const url = urlOf(family, server, name);
  let session: Promise<RawConnection> | undefined;
  const connect = (): Promise<RawConnection> => (session ??= openRaw(family, url));
  const disconnect = async (): Promise<void> => {
    const open = session;
    session = undefined;
    await (await open)?.close();
  };
  return {
    kind,
    family,
    url,
    query: async (sql, params) => (await connect()).query(sql, params),
    reset: async () => {
      await (await connect()).query(administration.reset(name));
    },
    drop: async () => {
      await disconnect();
      await onServer(family, server, administration.drop(name));
    },
  };
}

function urlOf(family: Family, server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return family === "mariadb" ? url.href.replace(/^mysql:/, "mariadb:") : url.href;
}

async function onServer(family: Family, server: string, sql: string): Promise<void> {
  const connection = await openRaw(family, server);
  try {
    await connection.query(sql);
  } finally {
    await connection.close();
  }
}

const serverUrls = new Map<ServerKind, Promise<string>>();

/** The administrative URL of a server of this kind; the first question of a run starts it. */
export function serverUrl(kind: ServerKind): Promise<string> {
  const known = serverUrls.get(kind) ?? ask(`server/${kind}`);
  serverUrls.set(kind, known);
  return known;
}

/** Asks the run's own process, which holds the servers. @throws Error when a server did not start */
export async function ask(path: string): Promise<string> {
  const response = await fetch(`${inject("broker")}/${path}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${text || response.statusText}`);
  return text;
}
