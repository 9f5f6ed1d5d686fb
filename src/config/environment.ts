import { nameOnly } from "../schema/collect.ts";
import { existsSync, rmSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { adopt, dialectFor, urlOfConnection } from "../dialects/index.ts";
import type { Connection, Dialect, ServerInfo } from "../dialects/contract.ts";
import { RevlineError } from "../errors.ts";
import { loadModels, type ModelsSource } from "../models/index.ts";
import { ScriptDirectory } from "../revisions/script-directory.ts";
import type { VersionOptions } from "../runtime/context.ts";
import { besideVersionTable } from "../runtime/own-tables.ts";
import type { MetaData, TableName } from "../schema/types.ts";
import { displayPath } from "../util/display-path.ts";
import type { Config, ConfigFunction, DatabaseConfig } from "./config.ts";
import { filterMetaData } from "./filter.ts";
import { findConfig, namedConfig } from "./find.ts";
import { inlineConfig, loadConfig, type LoadedConfig } from "./load.ts";
import { SILENT, type Reporter } from "./reporter.ts";
import { absoluteUrl, databaseFile, withTimeout } from "./url.ts";

/** What every command takes. */
export interface EnvironmentOptions {
  /** Where relative paths of these options start, and where the config is looked for. Default: the process's own. */
  readonly cwd?: string;
  /** The config file, or a configuration itself. Default: the nearest `migrate.config.*`. */
  readonly config?: string | Config | ConfigFunction;
  /** One of the config's `databases`. */
  readonly section?: string;
  /** Wins over the config's. */
  readonly url?: string;
  /**
   * A connection that is open already, instead of a URL: a Client of pg, a connection of mysql2, a Database of
   * better-sqlite3, or a `Connection`. It stays open. When a transaction is open on it, that one is used,
   * and neither committed nor rolled back.
   */
  readonly connection?: unknown;
  /** Wins over the config's. */
  readonly models?: ModelsSource;
  /** Arguments for the config's function and the revisions. */
  readonly x?: Readonly<Record<string, string>>;
  /** Text for the revisions to read. */
  readonly tag?: string;
  /** How long to wait for another deployer's lock, in seconds. */
  readonly lockTimeout?: number;
  /** Stops the command before its next statement. */
  readonly signal?: AbortSignal;
  readonly reporter?: Reporter;
}

/** An empty database that leaves nothing behind. */
export const MEMORY = "sqlite::memory:";
const DEFAULT_VERSION_TABLE = "revline_version";
const DEFAULT_LOCK_TIMEOUT = 60;

/**
 * The composition root: a configuration, and what it leads to. Everything is looked up when it is first
 * asked for, so that a command that needs no database opens none.
 */
export class Environment {
  readonly x: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
  readonly reporter: Reporter;
  /** Where the configuration is, or the working directory. */
  readonly folder: string;
  readonly configFile: string | undefined;
  readonly config: DatabaseConfig;
  readonly cwd: string;
  readonly #options: EnvironmentOptions;
  readonly #loaded: LoadedConfig;

  private constructor(options: EnvironmentOptions, loaded: LoadedConfig, cwd: string) {
    this.#options = options;
    this.#loaded = loaded;
    this.cwd = cwd;
    this.x = options.x ?? {};
    this.signal = options.signal;
    this.reporter = options.reporter ?? SILENT;
    this.folder = loaded.folder;
    this.configFile = loaded.file;
    this.config = loaded.config;
  }

  /** @throws RevlineError config-not-found (a named file), config-failed, config-invalid */
  static async create(options: EnvironmentOptions): Promise<Environment> {
    const cwd = resolve(options.cwd ?? process.cwd());
    const context = { x: options.x ?? {}, section: options.section };
    if (typeof options.config === "object" || typeof options.config === "function") {
      return new Environment(options, await inlineConfig(options.config, context, cwd), cwd);
    }
    const file = options.config === undefined ? findConfig(cwd) : namedConfig(options.config, cwd);
    const loaded =
      file === undefined ? { file, folder: cwd, config: {} } : await loadConfig(file, context);
    return new Environment(options, loaded, cwd);
  }

  /** The same with another database. */
  at(url: string): Environment {
    const { connection: _, ...options } = this.#options;
    return new Environment({ ...options, url }, this.#loaded, this.cwd);
  }

  /** The name given with `-n`. */
  get section(): string | undefined {
    return this.#options.section;
  }

  /** With `multidb`: the names of all databases. */
  get databases(): readonly string[] | undefined {
    const { members } = this.#loaded;
    return members === undefined ? undefined : [...members.keys()];
  }

  /** With `multidb` and no section: the databases by name, for a command that is about all of them. */
  get members(): ReadonlyMap<string, Environment> | undefined {
    const { members } = this.#loaded;
    if (members === undefined || this.#options.section !== undefined) return undefined;
    const { progress, warn, ...others } = this.reporter;
    return new Map(
      [...members].map(([name, config]) => {
        const reporter: Reporter = {
          ...others,
          progress: (line) => progress(`${name}: ${line}`),
          warn: (line) => warn(`${name}: ${line}`),
        };
        const options = { ...this.#options, section: name, reporter };
        return [name, new Environment(options, { ...this.#loaded, config }, this.cwd)];
      }),
    );
  }

  /** True when models are configured or given. */
  get hasModels(): boolean {
    return (this.#options.models ?? this.config.models) !== undefined;
  }

  get #hasNoConfig(): boolean {
    return this.configFile === undefined && this.#options.config === undefined;
  }

  /** The database's URL, a relative SQLite file made absolute. @throws RevlineError config-not-found, url-missing */
  get url(): string {
    if (this.databases !== undefined && this.#options.section === undefined)
      throw new SeveralDatabases(this.databases);
    const { connection } = this.#options;
    if (connection !== undefined) return urlOfConnection(connection);
    if (this.#options.url !== undefined) return absoluteUrl(this.#options.url, this.cwd);
    if (this.config.url !== undefined) return absoluteUrl(this.config.url, this.folder);
    if (this.#hasNoConfig) throw configNotFound();
    throw new RevlineError("url-missing", "No database URL is given.", {
      hint: "Set `url` in the config (for instance from DATABASE_URL, which may be unset here), or give --url.",
    });
  }

  /** @throws RevlineError url-invalid */
  get dialect(): Dialect {
    return dialectFor(this.url);
  }

  /** The URL for people. */
  get redactedUrl(): string {
    return this.dialect.redactUrl(this.url);
  }

  /** The folder of the revisions; absolute. */
  get migrations(): string {
    return resolve(this.folder, this.config.migrations ?? "migrations");
  }

  /** True when there is a folder of revisions here. */
  get hasMigrations(): boolean {
    return existsSync(this.migrations);
  }

  /** The revisions on disk. @throws RevlineError config-not-found, migrations-not-found, and all that is wrong with the files */
  async scripts(): Promise<ScriptDirectory> {
    const { migrations, config } = this;
    if (!this.hasMigrations && this.#hasNoConfig) {
      throw configNotFound(
        "This command needs the folder of revisions: run `migrate init` to write it and a config, or name a config with --config.",
      );
    }
    const { versionLocations, recursiveVersionLocations: recursive = false } = config;
    return ScriptDirectory.open(migrations, {
      ...(versionLocations === undefined ? {} : { versionLocations }),
      recursive,
    });
  }

  /** The text of `--tag`. */
  get tag(): string | undefined {
    return this.#options.tag;
  }

  /** Whom a script that is made without a connection is for. @throws RevlineError url-invalid, config-invalid */
  get server(): ServerInfo {
    return this.dialect.offline.server(this.url, this.config.serverVersion);
  }

  /** One transaction for each revision, or one around them all. */
  get transactionPerMigration(): boolean {
    return this.config.transactionPerMigration ?? true;
  }

  get versionTable(): TableName {
    const { versionTable: name = DEFAULT_VERSION_TABLE, versionTableSchema: schema } = this.config;
    return nameOnly({ schema, name });
  }

  /** The table of what was applied; undefined: the configuration wants none. */
  get historyTable(): TableName | undefined {
    const { history = true, versionTableSchema: schema } = this.config;
    if (history === false) return undefined;
    if (history === true) return besideVersionTable(this.dialect, this.versionTable, "history");
    return nameOnly({ schema, name: history });
  }

  /** In milliseconds. */
  get lockTimeout(): number {
    return (this.#options.lockTimeout ?? this.config.lockTimeout ?? DEFAULT_LOCK_TIMEOUT) * 1000;
  }

  /** How deployers exclude one another. */
  get locking(): Pick<VersionOptions, "lock" | "lockExpiry" | "connect"> {
    const { lock, lockExpiry } = this.config;
    const { url } = this;
    return {
      ...(lock === undefined ? {} : { lock }),
      ...(lockExpiry === undefined ? {} : { lockExpiry: lockExpiry * 1000 }),
      connect: () => dialectFor(url).connect(withTimeout(url, this.lockTimeout)),
    };
  }

  /**
   * A session for work that changes nothing; closed afterwards. (An SQLite file that does not exist is an
   * empty database, and is not made.)
   *
   * @throws RevlineError driver-missing, connection-failed, authentication-failed, database-not-found
   */
  async inspect<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    return this.sessionOn(this.url, work);
  }

  /** For commands to which an SQLite file that does not exist is a mistake. @throws RevlineError database-not-found */
  requireDatabase(url: string = this.url): void {
    const file = databaseFile(url);
    if (file === undefined || existsSync(file)) return;
    throw new RevlineError(
      "database-not-found",
      `The SQLite file ${displayPath(file)} does not exist.`,
      {
        hint: "Correct the URL, or make the database with `migrate upgrade head`.",
      },
    );
  }

  /**
   * A session for work that changes the database; closed afterwards. An SQLite file that the work made
   * and then failed to fill is taken away again.
   *
   * @throws RevlineError as {@link inspect}
   */
  async session<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    if (this.#options.connection !== undefined) {
      return this.sessionOn(this.url, async (connection) => {
        if (connection.inTransaction) await this.#requireJoinable(connection);
        return work(connection);
      });
    }
    const file = databaseFile(this.url);
    const isNew = file !== undefined && !existsSync(file);
    try {
      return await this.sessionOn(this.url, work);
    } catch (error) {
      if (isNew && statSync(file, { throwIfNoEntry: false })?.size === 0) rmSync(file);
      throw error;
    }
  }

  /** A session on another database; closed afterwards. @throws RevlineError as {@link inspect} */
  async sessionOn<T>(url: string, work: (connection: Connection) => Promise<T>): Promise<T> {
    const { connection: given } = this.#options;
    const connection =
      given !== undefined && url === this.url
        ? await adopt(given)
        : await dialectFor(url).connect(withTimeout(url, this.lockTimeout));
    const { statement } = this.reporter;
    if (statement !== undefined)
      connection.onStatement = (sql, _params, milliseconds) => statement(sql, milliseconds);
    try {
      return await work(connection);
    } finally {
      if (connection !== given) await connection.close();
    }
  }

  /** @throws RevlineError unsupported */
  async #requireJoinable(connection: Connection): Promise<void> {
    const refusal = await this.dialect.adoption.refusal(connection);
    if (refusal === undefined) return;
    throw new RevlineError(
      "unsupported",
      `The caller's transaction cannot be used: ${refusal.why}.`,
      {
        hint: refusal.hint,
      },
    );
  }

  /** The models, without what `includeObject` turns away. @throws RevlineError models-not-found and more of its group */
  async models(): Promise<MetaData> {
    return filterMetaData(await this.declaredModels(), this.config, false);
  }

  /** The models as they are. @throws RevlineError models-not-found and more of its group */
  async declaredModels(): Promise<MetaData> {
    const given = this.#options.models;
    const source = given ?? this.config.models;
    if (source === undefined) {
      if (this.#hasNoConfig && this.#options.url === undefined) throw configNotFound();
      throw new RevlineError("models-not-found", "No models are given.", {
        hint: "Set `models` in the config, or give --models.",
      });
    }
    return this.#load(source, given === undefined ? this.folder : this.cwd);
  }

  async #load(source: ModelsSource, base: string): Promise<MetaData> {
    const { naming } = this.config;
    return loadModels(source, base, naming === undefined ? {} : { naming });
  }

  /** Models from another place than the configured one. */
  async modelsFrom(source: ModelsSource, base: string): Promise<MetaData> {
    return filterMetaData(await this.#load(source, base), this.config, false);
  }
}

/** A command for one database in a project that has several: it is to be run for each. */
export class SeveralDatabases extends RevlineError {
  readonly names: readonly string[];

  constructor(names: readonly string[]) {
    super("usage", "The config has several databases.", {
      hint: `Choose one with -n: ${names.join(", ")}.`,
    });
    this.names = names;
  }
}

function configNotFound(
  hint = "Run `migrate init` to write one, name one with --config, or give --url (and --models).",
): RevlineError {
  return new RevlineError(
    "config-not-found",
    "There is no migrate.config.ts here or in a folder above.",
    { hint },
  );
}
