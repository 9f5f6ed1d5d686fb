import {
  compare,
  parseRename,
  type ColumnJudges,
  type Comparison,
  type Judge,
  type Rename,
} from "../compare/index.ts";
import type { Canonical, Connection, Dialect, ReflectFilter } from "../dialects/contract.ts";
import { canonicalizeWhole, reflectWhole } from "../objects/whole.ts";
import type { MetaData } from "../schema/types.ts";
import { RevlineError } from "../errors.ts";
import type { Environment } from "./environment.ts";
import { editOperations } from "./edit-revision.ts";
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
  const whole = await readDatabase(environment, connection, models, dialect);
  return filterMetaData(whole, environment.config, true, models);
}

/**
 * Reads these schemas of the database, and no other.
 *
 * @throws RevlineError usage, where there is no such schema
 */
export async function reflectSchemas(
  environment: Environment,
  connection: Connection,
  schemas: readonly string[],
): Promise<MetaData> {
  const { config, dialect, versionTable, historyTable } = environment;
  const isDefault = (schema: string): boolean =>
    schema === (connection.server.defaultSchema ?? "main");
  const filter: ReflectFilter = {
    schemas: [...new Set(schemas)].map((schema) => (isDefault(schema) ? undefined : schema)),
    exclude: ownTables(dialect, versionTable, historyTable),
  };
  const whole = await reflectWhole(dialect, connection, filter, config.plugins);
  const missing = schemas.find((schema) => !isDefault(schema) && !whole.schemas.includes(schema));
  if (missing !== undefined) {
    throw new RevlineError("usage", `The database has no schema "${missing}".`, {
      hint: dialect.capabilities.schemas
        ? "Correct the name after --schema."
        : "SQLite has one schema, main: leave --schema out.",
    });
  }
  return filterMetaData(whole, config, true);
}

async function readDatabase(
  { config, versionTable, historyTable }: Environment,
  connection: Connection,
  models: MetaData | undefined,
  dialect: Dialect,
): Promise<MetaData> {
  const named = config.schemas ?? models?.schemas ?? [];
  const others = named.filter((schema) => schema !== connection.server.defaultSchema);
  const filter = {
    ...(config.includeSchemas === true
      ? { allSchemas: true }
      : { schemas: [undefined, ...new Set(others)] }),
    exclude: ownTables(dialect, versionTable, historyTable),
  };
  return reflectWhole(dialect, connection, filter, config.plugins);
}

/** Both sides in canonical form, and the models as they were declared. */
export interface Sides {
  readonly canonical: Canonical;
  readonly declared: MetaData;
}

/** Reads the models and the database, and brings both to canonical form. */
export async function readSides(environment: Environment, connection: Connection): Promise<Sides> {
  const { config, dialect } = environment;
  const models = await environment.declaredModels();
  const whole = await readDatabase(environment, connection, models, dialect);
  const database = filterMetaData(whole, config, true, models);
  const declared = filterMetaData(models, config, false, whole);
  return {
    canonical: await canonicalizeWhole(dialect, connection, database, declared, {
      kinds: config.objects,
      plugins: config.plugins,
    }),
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
  environment: Environment,
  { canonical, declared }: Sides,
  renames: readonly Rename[] = [],
  options: { readonly declared?: boolean } = {},
): ModelComparison {
  const found = compareWhole(environment, { canonical, declared }, renames, options);
  return { ...found, operations: editOperations(environment, found.operations) };
}

/** As {@link compareSides}, before the configuration's `processRevisionDirectives`. */
export function compareWhole(
  { config, dialect }: Environment,
  { canonical, declared }: Sides,
  renames: readonly Rename[],
  options: { readonly declared?: boolean } = {},
): ModelComparison {
  const words = options.declared === true ? { declared } : {};
  const type = judgeOf(config.compareType);
  const value = judgeOf(config.compareServerDefault);
  const judges: ColumnJudges = {
    ...(type === undefined ? {} : { type }),
    ...(value === undefined ? {} : { default: value }),
  };
  const found = compare(canonical, { dialect, renames, judges, ...words });
  return { ...found, database: canonical.database };
}

function judgeOf(given: boolean | Judge | undefined): Judge | undefined {
  if (typeof given === "function") return given;
  return given === false ? () => false : undefined;
}
