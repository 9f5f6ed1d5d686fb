import type { ModelsSource } from "../models/index.ts";
import type { Operation } from "../operations/operation.ts";
import type { NamingConvention } from "../schema/types.ts";

/** The kinds of things a filter is asked about. */
export type ObjectKind = "schema" | "table" | "column" | "index" | "constraint" | "enum";

/** What a filter is asked about. */
export interface FilterSubject {
  readonly kind: ObjectKind;
  /** The name; undefined for what has none. */
  readonly name: string | undefined;
  readonly schema: string | undefined;
  /** The table it belongs to: of columns, indexes and constraints. */
  readonly table: string | undefined;
  /** From the database (true) or from the models. */
  readonly reflected: boolean;
}

/** What one database needs. */
export interface DatabaseConfig {
  /** `sqlite:./app.db`, `postgres://…`, `mysql://…`, `mariadb://…`; a file is relative to the config file. */
  readonly url?: string;
  /** The models: a file, a folder, patterns, or a `metadata()` value. Paths are relative to the config file. */
  readonly models?: ModelsSource;
  /** The folder of the revisions, relative to the config file. Default: `./migrations`. */
  readonly migrations?: string;
  /** Folders of revision files, relative to `migrations`. Default: `versions` alone. */
  readonly versionPaths?: readonly string[];
  /** Default: `revline_version`. `alembic_version` takes a database over from Alembic. */
  readonly versionTable?: string;
  readonly versionTableSchema?: string;
  /** Schemas to compare beside the connection's default one. Default: those that the models name. */
  readonly schemas?: readonly string[];
  /** Names for constraints and indexes that have none. */
  readonly naming?: NamingConvention;
  /** How long to wait for another deployer's lock, in seconds. Default: 60. */
  readonly lockTimeout?: number;
  /** False: takes no part in the comparison, on either side. */
  readonly include?: (subject: FilterSubject) => boolean;
  /**
   * Edits what a comparison with the models found, for `revision --autogenerate`, `check` and `status`
   * (Alembic's `process_revision_directives`): leave operations out, change them, add some.
   */
  readonly operations?: (found: readonly Operation[]) => readonly Operation[];
}

/** The configuration: one database, or several named ones that share what stands outside. */
export interface Config extends DatabaseConfig {
  /** Databases by name, chosen with `-n NAME`; what one leaves out is taken from outside. */
  readonly databases?: Readonly<Record<string, DatabaseConfig>>;
}

/** What a configuration function is given. */
export interface ConfigContext {
  /** The `-x key=value` arguments. */
  readonly x: Readonly<Record<string, string>>;
  /** The name given with `-n`. */
  readonly section: string | undefined;
}

export type ConfigFunction = (context: ConfigContext) => Config | Promise<Config>;

/**
 * Types a configuration; returns it as it is.
 *
 * @param config an object, or a function of the `-x` arguments that returns one
 * @example
 * export default defineConfig({
 *   url: process.env.DATABASE_URL ?? "sqlite:./app.db",
 *   models: "./models.ts",
 * });
 */
export function defineConfig(config: Config): Config;
export function defineConfig(config: ConfigFunction): ConfigFunction;
export function defineConfig(config: Config | ConfigFunction): Config | ConfigFunction {
  return config;
}
