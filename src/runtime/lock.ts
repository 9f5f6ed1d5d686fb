import type { Lock } from "../dialects/contract.ts";
import { messageOf } from "../errors.ts";
import { checkInterrupted, interrupted, versionTableOf, type VersionOptions } from "./context.ts";

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

async function takeLock(options: VersionOptions): Promise<Lock> {
  const { connection, dialect, lockTimeout, onEvent, signal } = options;
  checkInterrupted(signal);
  const taken = dialect.lock(connection, {
    timeout: lockTimeout,
    key: versionTableOf(options).label,
    onWait: (holder) => onEvent?.({ kind: "waiting", holder }),
  });
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
 * @throws RevlineError lock-timeout with the holder, interrupted, and what the work throws
 */
export async function withLock<T>(options: VersionOptions, work: () => Promise<T>): Promise<T> {
  const lock = await takeLock(options);
  let result: T;
  try {
    result = await work();
  } catch (error) {
    await release(lock, options);
    throw error;
  }
  await release(lock, options);
  return result;
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
