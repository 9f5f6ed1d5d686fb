import { createHash } from "node:crypto";
import { read } from "./catalog.ts";
import { stringLiteral } from "./quote.ts";
import type { Connection, Lock, LockOptions } from "../contract.ts";
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
  { timeout, key, onWait }: LockOptions,
): Promise<Lock> {
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
