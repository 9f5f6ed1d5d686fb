import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Connection, Lock, LockTableSql, Row, Statement } from "../dialects/contract.ts";
import { isRevlineError, RevlineError } from "../errors.ts";
import { checkInterrupted, type VersionOptions } from "./context.ts";
import { besideVersionTable } from "./own-tables.ts";

/** Milliseconds between two attempts. */
const POLL = 200;
/** Attempts to make the table, when several deployers make it at once. */
const ATTEMPTS = 10;

/** A lock that must be shown to hold before anything is written under it. */
export interface GuardedLock extends Lock {
  /** Renews the lock on the session that writes, in its transaction. @throws RevlineError lock-lost */
  guard(): Promise<void>;
}

function execute(connection: Connection, { sql, params }: Statement): Promise<number> {
  return connection.execute(sql, params);
}

async function makeTable(
  connection: Connection,
  { create, seed }: LockTableSql,
  options: VersionOptions,
): Promise<void> {
  const { dialect, versionTable } = options;
  const table = besideVersionTable(dialect, versionTable, "lock");
  for (let attempt = 1; ; attempt += 1) {
    try {
      await execute(connection, create(table));
      await execute(connection, seed(table));
      return;
    } catch (error) {
      // PostgreSQL's IF NOT EXISTS does not see what another session is about to make
      const again = isRevlineError(error) && error.code === "statement-failed";
      if (!again || attempt === ATTEMPTS) throw error;
    }
    await sleep(POLL);
  }
}

function describe(row: Row | undefined): string | undefined {
  if (row === undefined) return undefined;
  const time = (value: unknown): string => String(value).slice(0, 19);
  return `${String(row["holder"])}, since ${time(row["since"])} UTC, expires ${time(row["expires"])} UTC unless renewed`;
}

/** Who holds the lock of the table; undefined: nobody, or there is no table. */
export async function tableLockHolder(
  options: VersionOptions,
  sql: LockTableSql,
): Promise<string | undefined> {
  const { connection, dialect, versionTable } = options;
  const table = besideVersionTable(dialect, versionTable, "lock");
  const { sql: ask, params } = dialect.versionTable.exists(table, connection.server);
  if ((await connection.query(ask, params)).length === 0) return undefined;
  const [row] = await connection.query(sql.holder(table).sql);
  return describe(row);
}

/** Frees the lock of the table, whoever holds it. */
export async function freeTableLock(options: VersionOptions, sql: LockTableSql): Promise<void> {
  const { connection, dialect, versionTable } = options;
  await execute(connection, sql.release(besideVersionTable(dialect, versionTable, "lock")));
}

/**
 * Takes the lock of a table, and renews it on a session of its own until it is released. What is killed
 * stops renewing it: the lock is free when it has expired, by the database's clock.
 *
 * @throws RevlineError lock-timeout with the holder, interrupted, and of the connection
 */
export async function takeTableLock(
  options: VersionOptions,
  sql: LockTableSql,
  connect: () => Promise<Connection>,
): Promise<GuardedLock> {
  const { connection, dialect, versionTable, lockExpiry } = options;
  const seconds = Math.max(1, Math.round((lockExpiry ?? DEFAULT_EXPIRY) / 1000));
  const table = besideVersionTable(dialect, versionTable, "lock");
  const owner = randomUUID();
  const second = await connect();
  try {
    await makeTable(second, sql, options);
    const name = `process ${process.pid} on ${hostname()}`;
    await waitFor(options, second, sql, () => sql.take(table, owner, name, seconds));
  } catch (error) {
    await second.close();
    throw error;
  }
  let beating: Promise<unknown> = Promise.resolve();
  let busy = false;
  const beat = (): void => {
    if (busy) return;
    busy = true;
    beating = execute(second, sql.beat(table, owner, seconds))
      // the guard finds out what a missing renewal has led to
      .catch((error: unknown) => error)
      .finally(() => {
        busy = false;
      });
  };
  const timer = setInterval(beat, (seconds * 1000) / 3);
  return {
    guard: async () => {
      if ((await execute(connection, sql.beat(table, owner, seconds))) === 1) return;
      throw new RevlineError(
        "lock-lost",
        "The lock was lost: it was not renewed in time, or somebody has freed it.",
        {
          hint: "Another deployer may be at work: see `migrate status`, then run the command again.",
        },
      );
    },
    release: async () => {
      clearInterval(timer);
      await beating;
      try {
        await execute(second, sql.release(table, owner));
      } finally {
        await second.close();
      }
    },
  };
}

/** Milliseconds until a lock that is not renewed is free. */
const DEFAULT_EXPIRY = 30_000;

async function waitFor(
  { lockTimeout, signal, onEvent, ...rest }: VersionOptions,
  connection: Connection,
  sql: LockTableSql,
  take: () => Statement,
): Promise<void> {
  const deadline = performance.now() + lockTimeout;
  for (let told = false; ; told = true) {
    checkInterrupted(signal);
    if ((await execute(connection, take())) === 1) return;
    const holder = await tableLockHolder({ ...rest, lockTimeout, connection }, sql);
    if (performance.now() >= deadline) {
      throw new RevlineError(
        "lock-timeout",
        `Another process is changing this database${holder === undefined ? "" : `: ${holder}`}.`,
        {
          hint: "Wait until it has ended and run the command again, or give it more time with --lock-timeout; a lock that nobody renews expires by itself.",
        },
      );
    }
    if (!told) onEvent?.({ kind: "waiting", holder });
    await sleep(Math.min(POLL, Math.max(1, deadline - performance.now())));
  }
}
