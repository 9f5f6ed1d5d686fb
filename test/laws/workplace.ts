import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRaw, type RawConnection } from "../support/raw.ts";
import type { Kind } from "./generate/kinds.ts";
import {
  judgeMysql,
  judgePostgresql,
  judgeSqlite,
  type RowSnapshot,
  type Snapshot,
} from "./judge/index.ts";
import { rowsOfMysql } from "./judge/mysql.ts";
import { rowsOfPostgresql } from "./judge/postgresql.ts";
import { rowsOfSqlite } from "./judge/sqlite.ts";

/** An empty database that is used again and again, with the judge at its side. */
export interface Workplace {
  readonly kind: Kind;
  /** As a user writes it. */
  readonly url: string;
  /** SQL through the driver alone; several statements may stand in one text. */
  run(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  judge(): Promise<Snapshot>;
  rows(): Promise<RowSnapshot>;
  /** Makes it empty. */
  reset(): Promise<void>;
  /** Gives up its session, so that the product is alone with the database. */
  release(): Promise<void>;
  drop(): Promise<void>;
}

let count = 0;

/** Makes a workplace on the server with the given administrative URL; SQLite needs none. */
export async function openWorkplace(kind: Kind, serverUrl: string): Promise<Workplace> {
  count += 1;
  const name = `revline_law_${String(process.pid)}_${String(count)}`;
  return kind === "sqlite" ? openFile() : openOnServer(kind, serverUrl, name);
}

async function openFile(): Promise<Workplace> {
  // in memory where the system has such a folder: hundreds of schemas are written to disk otherwise
  const folder = await mkdtemp(
    join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "revline-law-"),
  );
  const file = join(folder, "law.db");
  const url = `sqlite:///${file}`;
  const withSession = async <T>(body: (session: RawConnection) => Promise<T>): Promise<T> => {
    const session = await openRaw("sqlite", url);
    try {
      return await body(session);
    } finally {
      await session.close();
    }
  };
  const remove = async (): Promise<void> => {
    for (const suffix of ["", "-wal", "-shm", "-journal"]) await rm(file + suffix, { force: true });
  };
  return {
    kind: "sqlite",
    url,
    run: (sql) => withSession((session) => session.query(sql)),
    judge: () =>
      withSession((session) => judgeSqlite((sql, params = []) => session.query(sql, params))),
    rows: () =>
      withSession((session) => rowsOfSqlite((sql, params = []) => session.query(sql, params))),
    reset: remove,
    release: () => Promise.resolve(),
    drop: () => rm(folder, { recursive: true, force: true }),
  };
}

// no DROP DATABASE: it forces a checkpoint
const EMPTY_POSTGRESQL = `DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
  LOOP EXECUTE format('DROP SCHEMA %I CASCADE', name); END LOOP;
  FOR name IN SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'
  LOOP EXECUTE format('DROP EXTENSION IF EXISTS %I CASCADE', name); END LOOP;
  FOR name IN SELECT format('%s AS %s', castsource::regtype, casttarget::regtype) FROM pg_cast WHERE oid >= 16384
  LOOP EXECUTE format('DROP CAST (%s)', name); END LOOP;
  FOR name IN SELECT pubname FROM pg_publication LOOP EXECUTE format('DROP PUBLICATION %I', name); END LOOP;
  FOR name IN WITH kinds AS (SELECT 'ALTER DEFAULT PRIVILEGES FOR ROLE ' || defaclrole::regrole AS head, defaclrole::regrole AS owner, defaclacl AS list,
      CASE defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES' ELSE 'SCHEMAS' END AS kind FROM pg_default_acl WHERE defaclnamespace = 0)
    SELECT statement FROM (
    SELECT 1 AS step, format('%s REVOKE ALL ON %s FROM %s', k.head, k.kind, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END) AS statement
      FROM kinds k, aclexplode(k.list) a
    UNION ALL SELECT 2, format('%s GRANT ALL ON %s TO %s', k.head, k.kind, k.owner) FROM kinds k
    UNION ALL SELECT 3, format('%s GRANT ALL ON %s TO PUBLIC', k.head, k.kind) FROM kinds k WHERE k.kind IN ('FUNCTIONS', 'TYPES')) s ORDER BY step
  LOOP EXECUTE name; END LOOP;
  CREATE SCHEMA public; GRANT ALL ON SCHEMA public TO public; END $$`;

async function openOnServer(
  kind: Exclude<Kind, "sqlite">,
  serverUrl: string,
  name: string,
): Promise<Workplace> {
  const administer = async (sql: string): Promise<void> => {
    const session = await openRaw(kind, serverUrl);
    try {
      await session.query(sql);
    } finally {
      await session.close();
    }
  };
  const isPostgresql = kind === "postgresql";
  const create = isPostgresql
    ? `CREATE DATABASE ${name} TEMPLATE template0`
    : `CREATE DATABASE ${name} CHARACTER SET utf8mb4`;
  const drop = isPostgresql
    ? `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`
    : `DROP DATABASE IF EXISTS ${name}`;
  await administer(drop);
  await administer(create);
  const target = new URL(serverUrl);
  target.pathname = `/${name}`;
  const url = target.href;
  let session: Promise<RawConnection> | undefined;
  const query = async (
    sql: string,
    params?: readonly unknown[],
  ): Promise<readonly Readonly<Record<string, unknown>>[]> => {
    session ??= openRaw(kind, url);
    return (await session).query(sql, params);
  };
  const release = async (): Promise<void> => {
    const open = session;
    session = undefined;
    await (await open)?.close();
  };
  return {
    kind,
    url,
    run: (sql) => query(sql),
    judge: () => (isPostgresql ? judgePostgresql(query) : judgeMysql(query, name)),
    rows: () => (isPostgresql ? rowsOfPostgresql(query) : rowsOfMysql(query, name)),
    reset: async () => {
      await query(
        isPostgresql
          ? EMPTY_POSTGRESQL
          : `DROP DATABASE ${name}; CREATE DATABASE ${name} CHARACTER SET utf8mb4; USE ${name}`,
      );
    },
    release,
    drop: async () => {
      await release();
      await administer(drop);
    },
  };
}
