import { compare, parseRename, type Comparison, type Rename } from "../compare/index.ts";
import type { Canonical, Connection, Dialect } from "../dialects/contract.ts";
import { canonicalizeWhole, reflectWhole } from "../objects/whole.ts";
import type { MetaData } from "../schema/types.ts";
import type { Environment } from "./environment.ts";
import { filterMetaData } from "./filter.ts";
import { ownTables } from "../runtime/own-tables.ts";

/** The database and the models, both canonical, and what makes the one the other. */
export interface ModelComparison extends Comparison {
  readonly database: MetaData;
}

/**
 * Reads the database as the configuration wants it: the default schema, the configured ones (else those
 * that the models name), without the version table and what `includeObject` turns away.
 */
export async function reflectDatabase(
  environment: Environment,
  connection: Connection,
  models?: MetaData,
  dialect: Dialect = environment.dialect,
): Promise<MetaData> {
  const { config, versionTable, historyTable } = environment;
  const named = config.schemas ?? models?.schemas ?? [];
  const others = named.filter((schema) => schema !== connection.server.defaultSchema);
  const filter = {
    schemas: [undefined, ...new Set(others)],
    exclude: ownTables(dialect, versionTable, historyTable),
  };
  return filterMetaData(
    await reflectWhole(dialect, connection, filter),
    config.includeObject,
    true,
  );
}

/** Both sides in canonical form, and the models as they were declared. */
export interface Sides {
  readonly canonical: Canonical;
  readonly declared: MetaData;
}

/** Reads the models and the database, and brings both to canonical form. */
export async function readSides(environment: Environment, connection: Connection): Promise<Sides> {
  const declared = await environment.models();
  const database = await reflectDatabase(environment, connection, declared);
  const { dialect, config } = environment;
  return {
    canonical: await canonicalizeWhole(dialect, connection, database, declared, config.objects),
    declared,
  };
}

/**
 * Reads `--rename` texts.
 *
 * @param texts such as `old:new` and `table.old:new`
 * @throws RevlineError usage
 */
export function renamesOf(texts: readonly string[], { canonical }: Sides): readonly Rename[] {
  return texts.map((text) => parseRename(text, canonical.database, canonical.models));
}

/**
 * What makes the database what the models say.
 *
 * @param options `declared`: the operations speak the models' words instead of the database's
 */
export function compareSides(
  { config, dialect }: Environment,
  { canonical, declared }: Sides,
  renames: readonly Rename[] = [],
  options: { readonly declared?: boolean } = {},
): ModelComparison {
  const words = options.declared === true ? { declared } : {};
  const found = compare(canonical, { dialect, renames, ...words });
  const operations = config.operations?.(found.operations) ?? found.operations;
  return { ...found, operations, database: canonical.database };
}
