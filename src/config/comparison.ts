import { compare, parseRename, type Comparison, type Rename } from "../compare/index.ts";
import type { Canonical, Connection, Dialect } from "../dialects/contract.ts";
import type { MetaData } from "../schema/types.ts";
import type { Environment } from "./environment.ts";
import { filterMetaData } from "./filter.ts";

/** The database and the models, both canonical, and what makes the one the other. */
export interface ModelComparison extends Comparison {
  readonly database: MetaData;
}

/**
 * Reads the database as the configuration wants it: the default schema, the configured ones (else those
 * that the models name), without the version table and what `include` turns away.
 */
export async function reflectDatabase(environment: Environment, connection: Connection, models?: MetaData): Promise<MetaData> {
  const { config, dialect, versionTable } = environment;
  const named = config.schemas ?? models?.schemas ?? [];
  const others = named.filter((schema) => schema !== connection.server.defaultSchema);
  const filter = { schemas: [undefined, ...new Set(others)], exclude: [versionTable] };
  return filterMetaData(await dialect.reflect(connection, filter), config.include, true);
}

/** Both sides in canonical form. */
export async function canonicalSides(environment: Environment, connection: Connection): Promise<Canonical> {
  const models = await environment.models();
  const database = await reflectDatabase(environment, connection, models);
  return environment.dialect.canonicalize(connection, database, models);
}

/**
 * Compares canonical sides.
 *
 * @param renames texts such as `old:new` and `table.old:new`
 * @throws RevlineError usage
 */
export function compareSides(canonical: Canonical, dialect: Dialect, renames: readonly string[] = []): ModelComparison {
  return compareRenamed(canonical, dialect, renames.map((text) => parseRename(text, canonical.database, canonical.models)));
}

/** As {@link compareSides}, with decisions that are already understood. */
export function compareRenamed(canonical: Canonical, dialect: Dialect, renames: readonly Rename[]): ModelComparison {
  return { ...compare(canonical, { dialect, renames }), database: canonical.database };
}
