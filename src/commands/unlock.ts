import { Environment, versionOptions, type EnvironmentOptions } from "../config/index.ts";
import { RevlineError } from "../errors.ts";
import { breakLock, lockHolder } from "../runtime/index.ts";

export interface UnlockOptions extends EnvironmentOptions {
  /** Really take the lock away; else it is only looked at. */
  readonly confirmed?: boolean;
}

export interface UnlockResult {
  /** Without a password. */
  readonly url: string;
  /** Who held the lock; null: nobody, as far as the database tells. */
  readonly holder: string | null;
  /** The lock was taken away. */
  readonly unlocked: boolean;
  /** What taking it away breaks. */
  readonly breaks: string;
}

const BREAKS = {
  session:
    "Its session is ended and its transaction is rolled back; statements that no transaction holds stay, and the next run goes on from there.",
  table:
    "It is not stopped: it goes on until it is about to write the version table, and fails then. Make sure that it has ended, or two deployers change the database at once.",
} as const;

/**
 * Takes the deployers' lock from whoever holds it. Hardly ever needed: the lock of a killed process ends
 * with its session, or expires.
 *
 * @throws RevlineError of the connection, permission-denied; unsupported on SQLite
 */
export async function unlock(options: UnlockOptions = {}): Promise<UnlockResult> {
  const environment = await Environment.create(options);
  const { map } = await environment.scripts();
  if (environment.dialect.lockHolder === undefined) {
    throw new RevlineError(
      "unsupported",
      "SQLite's lock is the file's own: it ends with the process that holds it.",
      {
        hint: "End the process that writes to the file.",
      },
    );
  }
  return environment.inspect(async (connection) => {
    const locking = versionOptions(environment, connection, map);
    const holder = await (options.confirmed === true ? breakLock(locking) : lockHolder(locking));
    return {
      url: environment.redactedUrl,
      holder: holder ?? null,
      unlocked: options.confirmed === true && holder !== undefined,
      breaks: BREAKS[environment.config.lock ?? "session"],
    };
  });
}
