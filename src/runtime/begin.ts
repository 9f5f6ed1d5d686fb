import { setTimeout as sleep } from "node:timers/promises";
import { isRevlineError } from "../errors.ts";
import { checkInterrupted, type VersionOptions } from "./context.ts";

/** Milliseconds between two attempts. */
const PAUSE = 100;

/**
 * Begins a transaction. Where that takes the only write lock there is (SQLite), another deployer may
 * hold it for as long as its revision runs: waits for it as for the deployers' lock.
 *
 * @throws RevlineError database-locked after the lock timeout, interrupted
 */
export async function beginInTurn({
  connection,
  lockTimeout,
  signal,
  onEvent,
}: VersionOptions): Promise<void> {
  const deadline = performance.now() + lockTimeout;
  for (let told = false; ; told = true) {
    checkInterrupted(signal);
    try {
      await connection.begin();
      return;
    } catch (error) {
      if (
        !isRevlineError(error) ||
        error.code !== "database-locked" ||
        performance.now() >= deadline
      )
        throw error;
    }
    if (!told) onEvent?.({ kind: "waiting", holder: undefined });
    await sleep(PAUSE);
  }
}
