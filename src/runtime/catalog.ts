import type { MetaData } from "../schema/types.ts";
import { digest } from "./codec.ts";
import type { VersionOptions } from "./context.ts";
import { ownTables } from "./own-tables.ts";

/** The database as it is, without the tables of ours. */
export async function readCatalog(
  { connection, dialect, versionTable, history }: VersionOptions,
  schemas?: readonly (string | undefined)[],
): Promise<MetaData> {
  return dialect.reflect(connection, {
    ...(schemas === undefined ? {} : { schemas }),
    exclude: ownTables(dialect, versionTable, history),
  });
}

/** Tells whether the tables are what they were. */
export async function catalogDigest(options: VersionOptions): Promise<string> {
  return digest(await readCatalog(options));
}
