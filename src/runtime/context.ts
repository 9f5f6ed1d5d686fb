import type {
  Connection,
  Dialect,
  PlanContext,
  ReflectFilter,
  ServerInfo,
  Timeouts,
} from "../dialects/contract.ts";
import { objectCompiler } from "../objects/index.ts";
import type { MigrationContext } from "../operations/operations.ts";
import type { Direction, PlanStep } from "../revisions/plan.ts";
import type { RevisionMap } from "../revisions/revision-map.ts";
import type { Revision } from "../revisions/revision.ts";
import type { LoadRevisionModule } from "../revisions/script-directory.ts";
import type { MetaData, TableName } from "../schema/types.ts";
import { RevlineError } from "../errors.ts";
import { ownTables } from "./own-tables.ts";
import { VersionTable } from "./version-table.ts";

/** What happens while revisions run, in order of time. */
export type RunEvent =
  /** Another deployer holds the lock. */
  | { readonly kind: "waiting"; readonly holder: string | undefined }
  | { readonly kind: "warning"; readonly message: string }
  | ({ readonly kind: "started" } & EventStep)
  | ({
      readonly kind: "finished";
      readonly statements: number;
      readonly milliseconds: number;
    } & EventStep);

interface EventStep {
  readonly direction: Direction;
  readonly revision: Revision;
  /** From 1. */
  readonly step: number;
  readonly of: number;
}

/** A change of the version table, right after it and before its commit. */
export interface VersionApplied {
  readonly direction: Direction | "stamp";
  /** The revision that was run; undefined for a stamp. */
  readonly revision: string | undefined;
  /** The rows of the version table before and after. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** In the very transaction: what is written here is committed or rolled back with the revision. */
  readonly connection: Connection;
}

/** What everything that touches the version table is given. */
export interface VersionOptions {
  /** Open; stays open. When a transaction is open on it, that one is used and left open. */
  readonly connection: Connection;
  readonly dialect: Dialect;
  /** The graph of the revision files. */
  readonly map: RevisionMap;
  readonly versionTable: TableName;
  /** The table of what was applied; absent: none is kept. */
  readonly history?: TableName;
  /** How long to wait for another deployer, in milliseconds. */
  readonly lockTimeout: number;
  /** What excludes other deployers: a lock of the session (the default), or a row of a table. */
  readonly lock?: "session" | "table";
  /** Milliseconds until a lock of a table that nobody renews is free. Default: 30,000. */
  readonly lockExpiry?: number;
  /** Opens another session on the same database. */
  readonly connect?: () => Promise<Connection>;
  /** Makes sure that the lock still holds, before anything is written under it. Set by `withLock`. */
  readonly guard?: () => Promise<void>;
  /** Stops before the next statement. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
  /** Called after each change of the version table, before its commit; what it throws fails the revision. */
  readonly onVersionApply?: (applied: VersionApplied) => unknown;
}

/** What revisions can read, and how they are loaded. */
export interface ScriptOptions {
  /** Loads a revision's module. Default: the loader of `util/load-module.ts`. */
  readonly loadRevision?: LoadRevisionModule;
  /** SQL of an operation of an open kind. Default: that of `objects/`. */
  readonly compileObject?: PlanContext["compileObject"];
  /** The `-x key=value` arguments. */
  readonly x?: Readonly<Record<string, string>>;
  /** The text of `--tag`. */
  readonly tag?: string;
  /** One of several databases that a revision is about: its functions are `upgrade_<name>` and `downgrade_<name>`. */
  readonly database?: string;
}

/** What everything that runs revisions is given besides. */
export interface RunOptions extends VersionOptions, ScriptOptions {
  readonly direction: Direction;
  /** An identifier: `head`, `+1`, `7c1f`, `branch@base`, … */
  readonly target: string;
  /** How long a statement of a revision may take and wait; a revision's own win. */
  readonly timeouts?: Timeouts;
  /** How often a revision is tried again when another session's lock was in its way. Default: 0. */
  readonly lockRetries?: number;
  /** False: one transaction around all revisions, where the database can; default: one for each. */
  readonly transactionPerMigration?: boolean;
}

/** The version table of the options' database. */
export function versionTableOf({
  connection,
  dialect,
  versionTable,
}: Pick<VersionOptions, "connection" | "dialect" | "versionTable">): VersionTable {
  return new VersionTable(connection, dialect, versionTable);
}

/** Answers a plan's questions from `reflect`; our own tables are never part of the answer. */
export function planContext(
  options: Pick<VersionOptions, "dialect" | "versionTable" | "history"> & ScriptOptions,
  server: ServerInfo,
  reflect: (filter: ReflectFilter) => Promise<MetaData>,
): PlanContext {
  const { dialect, versionTable, history, compileObject = objectCompiler(dialect) } = options;
  return {
    server,
    reflect: (filter) =>
      reflect({
        ...filter,
        exclude: [...(filter.exclude ?? []), ...ownTables(dialect, versionTable, history)],
      }),
    compileObject,
  };
}

/** What a revision can know of where it runs. */
export function migrationContext(
  { x = {}, tag, database }: ScriptOptions,
  { revision, direction }: Pick<PlanStep, "revision" | "direction">,
  { dialect, version }: ServerInfo,
  isOffline: boolean,
): MigrationContext {
  return {
    dialect,
    serverVersion: version,
    revision: revision.id,
    direction,
    isOffline,
    x,
    ...(tag === undefined ? {} : { tag }),
    ...(database === undefined ? {} : { database }),
  };
}

/** @throws RevlineError interrupted, once the signal was given */
export function checkInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw interrupted();
}

export function interrupted(): RevlineError {
  return new RevlineError("interrupted", "Interrupted.", {
    hint: "Run the same command again to go on.",
  });
}
