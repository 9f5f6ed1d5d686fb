import type { Connection } from "../dialects/contract.ts";
import { VersionTable } from "../runtime/version-table.ts";
import type { Environment } from "./environment.ts";

/** The rows of the version table; none where there is no table. @throws RevlineError version-conflict */
export async function readVersionRows(
  environment: Environment,
  connection: Connection,
): Promise<readonly string[]> {
  return new VersionTable(connection, environment.dialect, environment.versionTable).rows();
}

/** As {@link readVersionRows}, on a session of its own. */
export async function versionRows(environment: Environment): Promise<readonly string[]> {
  return environment.inspect((connection) => readVersionRows(environment, connection));
}
