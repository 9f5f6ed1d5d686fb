import type { ComparedColumn } from "../compare/judge.ts";
import type { VersionApplied } from "../runtime/context.ts";
import type { Language, RevisionParts } from "../render/revision.ts";
import type { RenderItem } from "../render/render-item.ts";
import type { ModelsSource } from "../models/index.ts";
import type { Plugin } from "../objects/index.ts";
import type { OpenKind } from "../schema/objects/types.ts";
import type {
  Column,
  Constraint,
  Index,
  NamingConvention,
  SchemaObject,
  Table,
} from "../schema/types.ts";
import type { ProcessRevisionDirectives } from "./directives.ts";

/** The kinds of things a filter is asked about. */
export type ObjectKind =
  "schema" | "table" | "column" | "index" | "constraint" | SchemaObject["kind"];

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
  /** The thing itself; undefined for a schema. */
  readonly object: FilteredObject | undefined;
  /** What has the same kind and name on the other side; undefined: nothing, or nobody looks at the other side. */
  readonly compareTo: FilteredObject | undefined;
}

export type FilteredObject = Table | Column | Constraint | Index | SchemaObject;

/** A name of the database's that `includeName` is asked about. */
export type FilterName = Pick<FilterSubject, "kind" | "name" | "schema" | "table">;

/** Two columns of one name: in the database, and in the models (in the database's own words). */
export type ColumnJudge = (pair: ComparedColumn) => boolean | undefined;

/** A program that goes over a new revision file, or a function that is given the file's path. */
export type PostWriteHook =
  | ((path: string) => unknown)
  | {
      /** For messages. Default: the program. */
      readonly name?: string;
      /**
       * The program and its arguments; no shell reads them. `REVISION_SCRIPT_FILENAME` stands for the file; without it the
       * file is the last argument. Programs of the project's packages are found.
       */
      readonly command: readonly string[];
      /** Relative to the config file. Default: its folder. */
      readonly cwd?: string;
    };

/** The text of a new revision file. `text`: as it would be without the template. */
export type RevisionTemplate = (
  parts: RevisionParts & { readonly text: string },
  args: Readonly<Record<string, unknown>>,
) => string;

/** What one database needs. */
export interface DatabaseConfig {
  /** `sqlite:./app.db`, `postgres://…`, `mysql://…`, `mariadb://…`; a file is relative to the config file. */
  readonly url?: string;
  /** An empty database for `migrate test`, which empties it again. Default: one is made and dropped. */
  readonly scratchUrl?: string;
  /** The models: a file, a folder, patterns, or a `metadata()` value. Paths are relative to the config file. */
  readonly models?: ModelsSource;
  /** The folder of the revisions, relative to the config file. Default: `./migrations`. */
  readonly migrations?: string;
  /** Folders of revision files, relative to `migrations`. Default: `versions` alone. */
  readonly versionLocations?: readonly string[];
  /** Read the folders inside of them too. Default: false. */
  readonly recursiveVersionLocations?: boolean;
  /**
   * How new files are called, without the extension; tokens `rev slug epoch year month day hour minute second`,
   * such as `%(year)d_%(month).2d_%(rev)s_%(slug)s`; a `/` needs `recursiveVersionLocations`. Default: `%(rev)s_%(slug)s`.
   */
  readonly fileTemplate?: string;
  /** The zone of dates in new files and their names: an IANA name, such as `Europe/Berlin`. Default: UTC. */
  readonly timezone?: string;
  /** The longest `slug` of a file's name, in characters. Default: 40. */
  readonly truncateSlugLength?: number;
  /** The language of new revision files. Default: TypeScript. */
  readonly language?: Language;
  /** Makes the text of new revision files of their pieces (Alembic's `script.py.mako`); `args` are the `templateArgs`. */
  readonly revisionTemplate?: RevisionTemplate;
  /** Code of your own for columns, types and defaults in new revisions (Alembic's `render_item`). */
  readonly renderItem?: RenderItem;
  /** What `revisionTemplate` is given beside the pieces. */
  readonly templateArgs?: Readonly<Record<string, unknown>>;
  /** Run one after the other on each new revision file: prettier, eslint, biome, any command, a function. */
  readonly postWriteHooks?: readonly PostWriteHook[];
  /** Default: `revline_version`. `alembic_version` takes a database over from Alembic. */
  readonly versionTable?: string;
  readonly versionTableSchema?: string;
  /**
   * Whether what is applied is written down (when, by whom, from which text), and in which table. Default:
   * true, in `revline_history`, or `<versionTable>_history` beside a version table of another name.
   */
  readonly history?: boolean | string;
  /** Schemas to compare beside the connection's default one. Default: those that the models name. */
  readonly schemas?: readonly string[];
  /** Compare all schemas of the database. Default: false. */
  readonly includeSchemas?: boolean;
  /**
   * Kinds of objects beside tables that are compared, or `"all"`. Default: those of which the models declare
   * at least one; of the others, what the database holds stays as it is and is told as skipped.
   */
  readonly objects?: "all" | readonly OpenKind[];
  /** Operations and kinds of objects of the project's own: `defineOperation`, `defineObjectKind`. */
  readonly plugins?: readonly Plugin[];
  /** Names for constraints and indexes that have none. */
  readonly naming?: NamingConvention;
  /** How long to wait for another deployer's lock, in seconds. Default: 60. */
  readonly lockTimeout?: number;
  /** One transaction for each revision (default), or one around all that a command runs. MySQL and MariaDB have neither. */
  readonly transactionPerMigration?: boolean;
  /** What destroys data is agreed to by a person, or with `--yes`, for `upgrade` too and where nobody can be asked. Default: false. */
  readonly confirmDestructive?: boolean;
  /** What `--sql` with a range, which asks no server, takes the server for: `"16.3"`, `"10.11.6-MariaDB"`. */
  readonly serverVersion?: string;
  /**
   * How long a statement of a revision waits for another session's lock on a table or a row, in seconds; 0: as
   * long as it takes. A revision's `export const tableLockTimeout` wins. Default: the server's.
   */
  readonly tableLockTimeout?: number;
  /**
   * How long a statement of a revision may take, in seconds; 0: as long as it takes. A revision's
   * `export const statementTimeout` wins. Default: the server's. Not on SQLite.
   */
  readonly statementTimeout?: number;
  /**
   * How often a revision is tried again, after longer and longer pauses, when another session's lock was in
   * its way and it was rolled back as a whole. Default: 0.
   */
  readonly lockRetries?: number;
  /**
   * What excludes other deployers. `session`: a lock of the session that changes the database, which ends
   * with it. `table`: a row of `revline_lock` that is renewed while the work goes on, for poolers and
   * clusters where sessions hold no lock. Default: `session`, and an error where that is seen not to hold.
   */
  readonly lock?: "session" | "table";
  /** Seconds until a lock of a table that nobody renews is free. Default: 30. */
  readonly lockExpiry?: number;
  /**
   * False: the name in the database takes no part in the comparison (Alembic's `include_name`). Asked before
   * anything is known but names; the default schema is a schema without a name.
   */
  readonly includeName?: (name: FilterName) => boolean;
  /** False: takes no part in the comparison, on either side (Alembic's `include_object`). */
  readonly includeObject?: (subject: FilterSubject) => boolean;
  /** False: types are not compared. A function decides: different (true), the same (false), or as ever (undefined). */
  readonly compareType?: boolean | ColumnJudge;
  /** As `compareType`, for defaults; asked where one of the two columns has one. */
  readonly compareServerDefault?: boolean | ColumnJudge;
  /**
   * Edits a revision before it is written: leave operations out, change them, add some; null: no file.
   * `check` and `status` see the operations it leaves. A `Rewriter` is one.
   */
  readonly processRevisionDirectives?: ProcessRevisionDirectives;
  /**
   * Called after each revision that was run and each stamp, with its version row written and before its commit: what
   * it writes to `connection` is committed with the revision, and what it throws fails it.
   */
  readonly onVersionApply?: (applied: VersionApplied) => unknown;
  /** `processRevisionDirectives` edits `revision` without `--autogenerate` too. Default: false. */
  readonly revisionEnvironment?: boolean;
}

/** The configuration: one database, or several named ones that share what stands outside. */
export interface Config extends DatabaseConfig {
  /** Databases by name, chosen with `-n NAME`; what one leaves out is taken from outside. */
  readonly databases?: Readonly<Record<string, DatabaseConfig>>;
  /**
   * One revision is about all `databases`: it has the functions `upgrade_<name>` and `downgrade_<name>` for each, and
   * commands without `-n` work on all of them. Default: false.
   */
  readonly multidb?: boolean;
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
