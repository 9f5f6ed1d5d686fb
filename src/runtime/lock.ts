import type { Lock } from "../dialects/contract.ts";
import { qualifiedName } from "../schema/collect.ts";
import { messageOf, RevlineError } from "../errors.ts";
import { checkInterrupted, interrupted, type VersionOptions } from "./context.ts";
import { freeTableLock, tableLockHolder, takeTableLock, type GuardedLock } from "./lock-table.ts";

/** Rejects when the signal is given; `stop` ends the waiting. */
function whenAborted(signal: AbortSignal): { readonly aborted: Promise<never>; stop(): void } {
  let listener: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    listener = () => reject(interrupted());
    signal.addEventListener("abort", listener, { once: true });
  });
  return {
    aborted,
    stop: () => {
      if (listener !== undefined) signal.removeEventListener("abort", listener);
    },
  };
}

/** One and the same for all who mean the same version table, however they say it. */
function lockKey({ connection, versionTable }: VersionOptions): string {
  const { schema = connection.server.defaultSchema, name } = versionTable;
  return qualifiedName(schema === undefined ? { name } : { schema, name });
}

async function sessionLock(options: VersionOptions): Promise<GuardedLock> {
  const { connection, dialect, lockTimeout, lock, connect, onEvent } = options;
  const { release } = await dialect.lock(connection, {
    timeout: lockTimeout,
    key: lockKey(options),
    onWait: (holder) => onEvent?.({ kind: "waiting", holder }),
    oneServer: lock === "session",
    ...(connect === undefined ? {} : { connect }),
  });
  // it ends with the session that writes
  return { release, guard: async () => undefined };
}

async function lockOf(options: VersionOptions): Promise<GuardedLock> {
  const { dialect, lock, connect } = options;
  const { lockTable } = dialect;
  if (lock !== "table" || lockTable === undefined) return sessionLock(options);
  if (connect !== undefined) return takeTableLock(options, lockTable, connect);
  throw new RevlineError("unsupported", "A lock in a table needs a second session to renew it.", {
    hint: "Give `connect` beside `connection`.",
  });
}

async function takeLock(options: VersionOptions): Promise<GuardedLock> {
  const { signal } = options;
  checkInterrupted(signal);
  const taken = lockOf(options);
  if (signal === undefined) return taken;
  const { aborted, stop } = whenAborted(signal);
  try {
    return await Promise.race([taken, aborted]);
  } catch (error) {
    // whoever wins the race late must not keep the lock, and its own failure is no news any more
    taken.then(
      (late) => late.release(),
      () => undefined,
    );
    throw error;
  } finally {
    stop();
  }
}

/**
 * Does work while no other deployer can.
 *
 * @param work is given the options with the lock's guard
 * @throws RevlineError lock-timeout with the holder, interrupted, unsupported, and what the work throws
 */
export async function withLock<O extends VersionOptions, T>(
  options: O,
  work: (options: O) => Promise<T>,
): Promise<T> {
  const lock = await takeLock(options);
  let result: T;
  try {
    result = await work({ ...options, guard: () => lock.guard() });
  } catch (error) {
    await release(lock, options);
    throw error;
  }
  await release(lock, options);
  return result;
}

/** Who holds the deployers' lock, as far as the database tells; undefined: nobody. */
export async function lockHolder(options: VersionOptions): Promise<string | undefined> {
  const { dialect, connection, lock } = options;
  if (lock === "table" && dialect.lockTable !== undefined)
    return tableLockHolder(options, dialect.lockTable);
  return (await dialect.lockHolder?.(connection, lockKey(options)))?.about;
}

/**
 * Takes the lock from whoever holds it: ends its session, or frees the row of the table.
 *
 * @returns who held it; undefined: nobody
 * @throws RevlineError permission-denied
 */
export async function breakLock(options: VersionOptions): Promise<string | undefined> {
  const { dialect, connection, lock } = options;
  const about = await lockHolder(options);
  if (about === undefined) return undefined;
  if (lock === "table" && dialect.lockTable !== undefined)
    await freeTableLock(options, dialect.lockTable);
  else await (await dialect.lockHolder?.(connection, lockKey(options)))?.end();
  return about;
}

/** A lock ends with its session: where it cannot be released any more it is gone already. */
async function release(lock: Lock, { onEvent }: VersionOptions): Promise<void> {
  try {
    await lock.release();
  } catch (error) {
    onEvent?.({
      kind: "warning",
      message: `The lock was not released: ${messageOf(error)} It ends with the session.`,
    });
  }
}
