import { setTimeout as sleep } from "node:timers/promises";
import { isRevlineError } from "../errors.ts";
import { checkInterrupted, type RunOptions } from "./context.ts";
import { JournalTable } from "./journal-table.ts";

/** Milliseconds before the second attempt; each further one waits twice as long, up to {@link LONGEST}. */
const FIRST = 500;
const LONGEST = 30_000;

/**
 * Does work again when another session's lock was in its way, as often as the options say and as long as
 * nothing of it stays.
 */
export async function withRetries<T>(options: RunOptions, work: () => Promise<T>): Promise<T> {
  const { lockRetries = 0, signal, onEvent } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt > lockRetries || !(await mayRetry(error, options))) throw error;
    }
    const pause = Math.min(LONGEST, FIRST * 2 ** (attempt - 1)) * (0.75 + Math.random() / 2);
    onEvent?.({
      kind: "warning",
      message: `Another session's lock was in the way; the revision was rolled back, and is tried again in ${(pause / 1000).toFixed(1)} s (${attempt} of ${lockRetries}).`,
    });
    await sleep(pause);
    checkInterrupted(signal);
  }
}

async function mayRetry(error: unknown, options: RunOptions): Promise<boolean> {
  const inTheWay = isRevlineError(error) && error.code === "lock-timeout";
  if (!inTheWay || options.connection.inTransaction) return false;
  return (await new JournalTable(options).read()) === undefined;
}
