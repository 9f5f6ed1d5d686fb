import {
  compareSides,
  Environment,
  readSides,
  readVersionRows,
  versionOptions,
  type EnvironmentOptions,
} from "../config/index.ts";
import type { Connection, ServerInfo } from "../dialects/contract.ts";
import { isRevlineError, type ErrorCode } from "../errors.ts";
import { entryOf, type RevisionEntry } from "../revisions/entry.ts";
import { lockHolder } from "../runtime/lock.ts";
import type { RevisionMap } from "../revisions/revision-map.ts";

export interface StatusResult {
  /** Without a password. */
  readonly url: string;
  readonly server: Pick<ServerInfo, "dialect" | "version" | "database">;
  /** The rows of the version table. */
  readonly rows: readonly string[];
  /** Rows that no file has. */
  readonly unknown: readonly string[];
  readonly heads: readonly RevisionEntry[];
  /** Not applied, oldest first. */
  readonly pending: readonly RevisionEntry[];
  /** How many operations the models are away; null: they could not be compared, see `driftError`. */
  readonly drift: number | null;
  readonly driftError: { readonly code: ErrorCode; readonly message: string } | null;
  /** Objects that took no part in the comparison. */
  readonly skipped: number;
  /** Whether somebody deploys now, and who, as far as the database tells. */
  readonly lock: { readonly held: boolean; readonly about: string | null };
}

/**
 * Everything about a database on one screen. Changes nothing.
 *
 * @throws RevlineError of the configuration, the graph and the connection; what is wrong with the models is part of the result
 */
export async function status(options: EnvironmentOptions = {}): Promise<StatusResult> {
  const environment = await Environment.create(options);
  const { map } = await environment.scripts();
  return environment.inspect(async (connection) => {
    const rows = await readVersionRows(environment, connection);
    const known = rows.filter((row) => map.has(row));
    const applied = map.ancestors(known);
    const { dialect, version, database } = connection.server;
    return {
      url: environment.redactedUrl,
      server: { dialect, version, database },
      rows,
      unknown: rows.filter((row) => !map.has(row)),
      heads: map.realHeads.map((id) => entryOf(map, id)),
      pending: map.revisions.filter(({ id }) => !applied.has(id)).map(({ id }) => entryOf(map, id)),
      ...(await driftOf(environment, connection)),
      lock: await lockOf(environment, connection, map),
    };
  });
}

async function driftOf(
  environment: Environment,
  connection: Connection,
): Promise<Pick<StatusResult, "drift" | "driftError" | "skipped">> {
  try {
    const { operations, skipped } = compareSides(
      environment,
      await readSides(environment, connection),
    );
    return { drift: operations.length, driftError: null, skipped: skipped.length };
  } catch (error) {
    if (!isRevlineError(error)) throw error;
    return { drift: null, driftError: { code: error.code, message: error.message }, skipped: 0 };
  }
}

/** Whether somebody deploys now, as far as the database tells. */
async function lockOf(
  environment: Environment,
  connection: Connection,
  map: RevisionMap,
): Promise<StatusResult["lock"]> {
  const about = await lockHolder(versionOptions(environment, connection, map));
  return { held: about !== undefined, about: about ?? null };
}
