import { createHash } from "node:crypto";
import { read } from "./catalog.ts";
import { stringLiteral } from "./quote.ts";
import type { Connection, Lock, LockHolder, LockOptions } from "../contract.ts";
import { RevlineError } from "../../errors.ts";

/** Names of locks are server-wide and have at most 64 characters. */
export function lockName(database: string, key: string): string {
  return `revline:${createHash("sha256")
    .update(JSON.stringify([database.toLowerCase(), key]))
    .digest("hex")
    .slice(0, 48)}`;
}

/** Who holds the lock, as far as this user may see. */
async function holderOf(connection: Connection, name: string): Promise<string | undefined> {
  const [used = {}] = await connection.query(`SELECT IS_USED_LOCK(${name}) AS id`);
  const id = read(used, "id");
  if (id === undefined) return undefined;
  const [row] = await connection.query(
    `SELECT user AS user, host AS host, time AS seconds FROM information_schema.processlist WHERE id = ${id}`,
  );
  if (row === undefined) return `connection ${id}`;
  return `connection ${id} (${read(row, "user") ?? "?"}@${read(row, "host") ?? "?"}, in its current state for ${read(row, "seconds") ?? "?"} s)`;
}

/** Who holds the lock now. */
export async function lockHolder(
  connection: Connection,
  key: string,
): Promise<LockHolder | undefined> {
  const name = stringLiteral(lockName(connection.server.database, key));
  const about = await holderOf(connection, name);
  const [used = {}] = await connection.query(`SELECT IS_USED_LOCK(${name}) AS id`);
  const id = read(used, "id");
  if (about === undefined || id === undefined) return undefined;
  return {
    about,
    end: async () => {
      await connection.execute(`KILL ${id}`);
    },
  };
}

/** Why named locks do not hold on a server with such settings; undefined: they do. */
export function lockObstacle(settings: ReadonlyMap<string, string>): string | undefined {
  if (settings.get("wsrep_on")?.toUpperCase() === "ON") return "a Galera cluster";
  const group = settings.get("group_replication_group_name") ?? "";
  const single = settings.get("group_replication_single_primary_mode")?.toUpperCase();
  return group !== "" && single === "OFF"
    ? "a group that replicates with several primaries"
    : undefined;
}

/** A named lock is one server's own: in a cluster another deployer may take it on another one. */
async function checkCluster(connection: Connection): Promise<void> {
  const rows = await connection.query(
    "SHOW VARIABLES WHERE Variable_name IN ('wsrep_on', 'group_replication_group_name', 'group_replication_single_primary_mode')",
  );
  const obstacle = lockObstacle(
    new Map(rows.map((row) => [read(row, "Variable_name") ?? "", read(row, "Value") ?? ""])),
  );
  if (obstacle === undefined) return;
  throw new RevlineError(
    "unsupported",
    `The server is part of ${obstacle}, where a session's lock is not seen by the other servers.`,
    {
      hint: 'Set `lock: "table"` in the config; or `lock: "session"`, when all deployers connect to one and the same server.',
    },
  );
}

const STEP = 500;
const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Takes the deployers' lock on this session: the server frees it when the session ends, however it
 * ends. Asked for again and again instead of waiting in the server, so that Ctrl-C works.
 *
 * @throws RevlineError lock-timeout
 */
export async function lock(
  connection: Connection,
  { timeout, key, onWait, oneServer }: LockOptions,
): Promise<Lock> {
  if (oneServer !== true) await checkCluster(connection);
  const name = stringLiteral(lockName(connection.server.database, key));
  const deadline = Date.now() + timeout;
  let told = false;
  for (;;) {
    const [row = {}] = await connection.query(`SELECT GET_LOCK(${name}, 0) AS taken`);
    if (read(row, "taken") === "1") break;
    const left = deadline - Date.now();
    if (left <= 0) {
      const holder = await holderOf(connection, name);
      throw new RevlineError(
        "lock-timeout",
        `The lock is held by ${holder ?? "another session"}.`,
        {
          hint: "Another deployment is running: wait for it, or end its session with KILL; --lock-timeout says how long to wait.",
        },
      );
    }
    if (!told) {
      told = true;
      onWait?.(await holderOf(connection, name));
    }
    await pause(Math.min(STEP, left));
  }
  return {
    release: async () => {
      await connection.query(`SELECT RELEASE_LOCK(${name}) AS released`);
    },
  };
}
