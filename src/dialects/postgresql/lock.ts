import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Connection, Lock, LockHolder, LockOptions, Row } from "../contract.ts";
import { RevlineError } from "../../errors.ts";

/**
 * Asked again and again: a session that waits inside `pg_advisory_lock` holds a snapshot, and would
 * wait with a CREATE INDEX CONCURRENTLY of the holder for each other for ever.
 */
const POLL = 200;

/** 64 bits of a hash: unrelated programs and other version tables do not meet. */
function keyOf(database: string, key: string): bigint {
  return createHash("sha256")
    .update(JSON.stringify(["revline", database, key]))
    .digest()
    .readBigInt64BE(0);
}

const HOLDER = `SELECT l.pid, a.application_name, host(a.client_addr) AS host, a.usename,
    to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') AS since
  FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
  WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND l.classid::bigint = ($1::bigint >> 32) & 4294967295 AND l.objid::bigint = $1::bigint & 4294967295`;

function describe(row: Row | undefined): string | undefined {
  if (row === undefined) return undefined;
  const { pid, application_name: program, host, usename: user, since } = row;
  const about = [
    ...(typeof program === "string" && program !== "" ? [program] : []),
    ...(typeof user === "string" ? [`user ${user}`] : []),
    ...(typeof host === "string" ? [`host ${host}`] : []),
    ...(typeof since === "string" ? [`connected since ${since} UTC`] : []),
  ];
  return `process ${String(pid)}${about.length === 0 ? "" : ` (${about.join(", ")})`}`;
}

async function tryLock(connection: Connection, key: bigint, isJoined: boolean): Promise<boolean> {
  const lock = isJoined ? "pg_try_advisory_xact_lock" : "pg_try_advisory_lock";
  const [row] = await connection.query(`SELECT ${lock}($1) AS locked`, [key]);
  return row?.["locked"] === true;
}

async function holderOf(connection: Connection, key: bigint): Promise<string | undefined> {
  const [row] = await connection.query(HOLDER, [key]);
  return describe(row);
}

/** Attempts to catch a busy pooler. */
const ROUNDS = 3;

/**
 * Whether another session is given the same process of the server while this one is open: a pooler that
 * changes sessions between transactions does that. One that keeps them tells no process number of its own
 * twice.
 */
async function isShared(connection: Connection, connect: LockOptions["connect"]): Promise<boolean> {
  const own = await processOf(connection);
  // a direct connection tells the truth
  if (connection.process === own || connect === undefined) return false;
  const second = await connect();
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const other = await processOf(second);
      if (other === own || (await processOf(connection)) !== own) return true;
    }
    return false;
  } finally {
    await second.close();
  }
}

async function processOf(connection: Connection): Promise<number> {
  const [row] = await connection.query("SELECT pg_backend_pid() AS pid");
  return Number(row?.["pid"]);
}

/** Who holds the lock now. */
export async function lockHolder(
  connection: Connection,
  key: string,
): Promise<LockHolder | undefined> {
  const [row] = await connection.query(HOLDER, [keyOf(connection.server.database, key)]);
  const about = describe(row);
  if (row === undefined || about === undefined) return undefined;
  return {
    about,
    end: async () => {
      await connection.query("SELECT pg_terminate_backend($1)", [Number(row["pid"])]);
    },
  };
}

/** Whether the lock is where the next statement will be. */
async function holds(connection: Connection, key: bigint): Promise<boolean> {
  const rows = await connection.query(
    `SELECT 1 FROM (${HOLDER}) AS holder WHERE holder.pid = pg_backend_pid()`,
    [key],
  );
  return rows.length > 0;
}

function pooled(): RevlineError {
  return new RevlineError(
    "unsupported",
    "The connection does not stay with one session of the server, so no lock can be held.",
    {
      hint: 'Connect to PostgreSQL itself or to a pooler in session mode, or set `lock: "table"` in the config.',
    },
  );
}

/**
 * A session-level advisory lock on the very session that changes the database: it ends with the session,
 * and not before a statement that still runs.
 *
 * @throws RevlineError lock-timeout, unsupported
 */
export async function lock(connection: Connection, options: LockOptions): Promise<Lock> {
  const key = keyOf(connection.server.database, options.key);
  // asked before: the lock would be left behind on somebody else's session
  if (await isShared(connection, options.connect)) throw pooled();
  const deadline = performance.now() + options.timeout;
  let told = false;
  // in a transaction of the caller's the lock ends with it: nobody may run what is not committed yet
  const isJoined = connection.inTransaction;
  while (!(await tryLock(connection, key, isJoined))) {
    const left = deadline - performance.now();
    const holder = left <= 0 || !told ? await holderOf(connection, key) : undefined;
    if (left <= 0) {
      throw new RevlineError(
        "lock-timeout",
        `Another process is changing this database${holder === undefined ? "" : `: ${holder}`}.`,
        {
          hint: "Wait until it has ended and run the command again, or give it more time with --lock-timeout.",
        },
      );
    }
    if (!told) options.onWait?.(holder);
    told = true;
    await sleep(Math.min(POLL, left));
  }
  if (!(await holds(connection, key))) throw pooled();
  return {
    release: async () => {
      if (isJoined) return;
      await connection.execute("SELECT pg_advisory_unlock($1)", [key]);
    },
  };
}
