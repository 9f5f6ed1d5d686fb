import type { Connection, Statement, Timeouts } from "../dialects/contract.ts";
import { isRevlineError, RevlineError } from "../errors.ts";
import { displayPath } from "../util/display-path.ts";
import { whereIs, type Revision } from "../revisions/revision.ts";
import type { RunOptions } from "./context.ts";

/** What a revision's file may say of itself, in seconds. */
const EXPORTS = { tableLockTimeout: "lock", statementTimeout: "statement" } as const;

/**
 * The timeouts of a revision: `export const tableLockTimeout = 5;`, `export const statementTimeout = 600;`.
 *
 * @throws RevlineError revision-invalid
 */
export function timeoutsOf(
  revision: Revision,
  constant: (name: string) => unknown,
): Timeouts | undefined {
  const found: { lock?: number; statement?: number } = {};
  for (const [name, key] of Object.entries(EXPORTS)) {
    const value = constant(name);
    if (value === undefined) continue;
    if (typeof value !== "number" || !(value >= 0)) {
      throw new RevlineError(
        "revision-invalid",
        `${name} of ${displayPath(whereIs(revision))} must be a number of seconds, 0 or more (0: no limit).`,
        { hint: `For instance: export const ${name} = 10;` },
      );
    }
    found[key] = value * 1000;
  }
  return Object.keys(found).length === 0 ? undefined : found;
}

/** Does work under timeouts, and takes them off the session again. */
export async function withTimeouts<T>(
  { connection, dialect, timeouts }: RunOptions,
  work: () => Promise<T>,
): Promise<T> {
  if (timeouts === undefined || dialect.timeouts === undefined) return work();
  const { server } = connection;
  await executeAll(connection, dialect.timeouts.set(timeouts, server));
  const reset = dialect.timeouts.reset(timeouts, server);
  let result: T;
  try {
    result = await work();
  } catch (error) {
    await resetAfterFailure(connection, reset);
    throw error;
  }
  await executeAll(connection, reset);
  return result;
}

/** A lost session has nothing to reset, and in a failed transaction of the caller's its rollback does it. */
async function resetAfterFailure(
  connection: Connection,
  statements: readonly Statement[],
): Promise<void> {
  if (connection.inTransaction) return;
  try {
    await executeAll(connection, statements);
  } catch (error) {
    if (!isRevlineError(error) || error.code !== "connection-failed") throw error;
  }
}

async function executeAll(connection: Connection, statements: readonly Statement[]): Promise<void> {
  for (const { sql, params } of statements) await connection.execute(sql, params);
}
