import {
  compareSides,
  Environment,
  readSides,
  readVersionRows,
  renamesOf,
  type EnvironmentOptions,
} from "../config/index.ts";
import { describe, type Description } from "../operations/describe.ts";
import type { Operation } from "../operations/operation.ts";
import type { MetaData, SkippedObject } from "../schema/types.ts";

export interface CheckOptions extends EnvironmentOptions {
  /** `old:new` for tables, `table.old:new` for columns. */
  readonly renames?: readonly string[];
}

export interface CheckResult {
  /** Without a password. */
  readonly url: string;
  readonly matches: boolean;
  /** One for each operation, in the same order. */
  readonly differences: readonly Description[];
  readonly operations: readonly Operation[];
  /** What took no part in the comparison, and why. */
  readonly skipped: readonly SkippedObject[];
  /** Revisions that are not applied, oldest first; they may explain the differences. */
  readonly pending: readonly string[];
}

/** A {@link CheckResult} with both sides as they were compared. */
export interface CheckSides {
  readonly result: CheckResult;
  readonly database: MetaData;
  readonly models: MetaData;
}

/**
 * Compares the database with the models. Writes nothing.
 *
 * @throws RevlineError of the configuration, the models and the connection
 */
export async function check(options: CheckOptions = {}): Promise<CheckResult> {
  return (await checkSides(options)).result;
}

/** As {@link check}, for callers that show the two sides. */
export async function checkSides(options: CheckOptions = {}): Promise<CheckSides> {
  const environment = await Environment.create(options);
  return environment.inspect(async (connection) => {
    const sides = await readSides(environment, connection);
    const renames = renamesOf(options.renames ?? [], sides);
    const { operations, skipped, database, models } = compareSides(environment, sides, renames);
    const result: CheckResult = {
      url: environment.redactedUrl,
      matches: operations.length === 0,
      differences: operations.map(describe),
      operations,
      skipped,
      pending: await pendingRevisions(environment, () => readVersionRows(environment, connection)),
    };
    return { result, database, models };
  });
}

async function pendingRevisions(
  environment: Environment,
  readRows: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  if (!environment.hasMigrations) return [];
  const { map } = await environment.scripts();
  const rows = await readRows();
  const applied = map.ancestors(rows.filter((row) => map.has(row)));
  return map.revisions.map(({ id }) => id).filter((id) => !applied.has(id));
}
