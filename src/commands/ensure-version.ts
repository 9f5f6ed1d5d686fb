import { Environment, versionOptions, type EnvironmentOptions } from "../config/index.ts";
import { RevisionMap } from "../revisions/revision-map.ts";
import { ensureVersionTable } from "../runtime/stamp.ts";
import { qualifiedName } from "../schema/collect.ts";

export interface EnsureVersionOptions extends EnvironmentOptions {
  /** Return the SQL: no connection is made. */
  readonly sql?: boolean;
}

export interface EnsureVersionResult {
  /** The version table's name. */
  readonly table: string;
  /** False: it was there, or only the SQL was asked for. */
  readonly created: boolean;
  /** The SQL that makes it. */
  readonly sql: string;
}

/**
 * Creates the version table when it is missing.
 *
 * @throws RevlineError lock-timeout, and others of the connection
 */
export async function ensureVersion(
  options: EnsureVersionOptions = {},
): Promise<EnsureVersionResult> {
  const environment = await Environment.create(options);
  const { dialect, versionTable } = environment;
  const table = qualifiedName(versionTable);
  const statement = dialect.versionTable.create(versionTable);
  if (options.sql === true) {
    return { table, created: false, sql: dialect.text(statement) };
  }
  return environment.session(async (connection) => {
    const created = await ensureVersionTable(
      versionOptions(environment, connection, new RevisionMap([])),
    );
    return { table, created, sql: dialect.text(statement) };
  });
}
