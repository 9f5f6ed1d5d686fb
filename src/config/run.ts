import type { Connection } from "../dialects/contract.ts";
import { objectCompiler } from "../objects/index.ts";
import type { Direction } from "../revisions/plan.ts";
import type { RevisionMap } from "../revisions/revision-map.ts";
import {
  run,
  type RunEvent,
  type RunOptions,
  type RunResult,
  type ScriptOptions,
  type VersionOptions,
} from "../runtime/index.ts";
import type { DatabaseConfig } from "./config.ts";
import type { Environment } from "./environment.ts";
import { hookThrew } from "./guard.ts";
import type { Reporter } from "./reporter.ts";

/** What the runtime is given to write the version table. */
export function versionOptions(
  environment: Environment,
  connection: Connection,
  map: RevisionMap,
): VersionOptions {
  const {
    dialect,
    versionTable,
    historyTable: history,
    lockTimeout,
    signal,
    reporter,
    config: { onVersionApply },
  } = environment;
  return {
    connection,
    dialect,
    map,
    versionTable,
    ...(history === undefined ? {} : { history }),
    lockTimeout,
    ...environment.locking,
    ...(signal === undefined ? {} : { signal }),
    onEvent: (event) => report(event, reporter),
    ...(onVersionApply === undefined ? {} : { onVersionApply: told(onVersionApply) }),
  };
}

/** What the hook throws is told as its own. */
function told(
  hook: NonNullable<VersionOptions["onVersionApply"]>,
): NonNullable<VersionOptions["onVersionApply"]> {
  return async (applied) => {
    try {
      await hook(applied);
    } catch (error) {
      throw hookThrew("onVersionApply", error);
    }
  };
}

/** What the runtime is given to run revisions. */
export function runOptions(
  environment: Environment,
  connection: Connection,
  map: RevisionMap,
  aim: Aim,
): RunOptions {
  return {
    ...versionOptions(environment, connection, map),
    ...scriptOptions(environment),
    ...aim,
    transactionPerMigration: environment.transactionPerMigration,
    ...manners(environment.config),
  };
}

/** How long a revision waits, and how often. */
function manners({
  tableLockTimeout: lock,
  statementTimeout: statement,
  lockRetries,
}: DatabaseConfig): Pick<RunOptions, "timeouts" | "lockRetries"> {
  return {
    timeouts: {
      ...(lock === undefined ? {} : { lock: lock * 1000 }),
      ...(statement === undefined ? {} : { statement: statement * 1000 }),
    },
    ...(lockRetries === undefined ? {} : { lockRetries }),
  };
}

/** What revisions can read, and how they are loaded. */
export function scriptOptions({
  x,
  tag,
  dialect,
  config,
  databases,
  section,
}: Environment): ScriptOptions {
  return {
    x,
    ...(databases === undefined || section === undefined ? {} : { database: section }),
    ...(tag === undefined ? {} : { tag }),
    compileObject: objectCompiler(dialect, config.plugins),
  };
}

/** Which way, and where to. */
export interface Aim {
  readonly direction: Direction;
  /** An identifier: `head`, `+1`, `7c1f`, `branch@base`, … */
  readonly target: string;
}

/** Revisions that were run. */
export interface MigrationResult {
  /** Without a password. */
  readonly url: string;
  /** The rows of the version table before. */
  readonly from: readonly string[];
  /** The rows now. */
  readonly to: readonly string[];
  readonly revisions: readonly {
    readonly id: string;
    readonly message: string;
    readonly direction: Direction;
    readonly statements: number;
    readonly milliseconds: number;
  }[];
  readonly warnings: readonly string[];
  /** With `multidb`: each database's own; what stands above is about all of them together. */
  readonly databases?: Readonly<Record<string, MigrationResult>>;
}

/** Runs revisions on the environment's database. @throws RevlineError as `run` of the runtime */
export async function migrateTo(environment: Environment, aim: Aim): Promise<MigrationResult> {
  const { map } = await environment.scripts();
  const result = await environment.session((connection) =>
    run(runOptions(environment, connection, map, aim)),
  );
  return toResult(environment, result);
}

/** What the runtime has done, as a command tells it. */
export function toResult(
  { redactedUrl: url }: Environment,
  { before, after, done, warnings }: RunResult,
): MigrationResult {
  const revisions = done.map(({ revision, ...rest }) => ({
    id: revision.id,
    message: revision.message,
    ...rest,
  }));
  return { url, from: before, to: after, revisions, warnings };
}

const REPORT: {
  readonly [K in RunEvent["kind"]]: (
    event: Extract<RunEvent, { readonly kind: K }>,
    reporter: Reporter,
  ) => void;
} = {
  waiting: ({ holder }, { progress }) =>
    progress(`Waiting for another deployer${holder === undefined ? "" : ` (${holder})`}…`),
  warning: ({ message }, { warn }) => warn(message),
  started: ({ direction, revision, step, of }, { progress }) => {
    const { id, downRevisions, message } = revision;
    const down = downRevisions.join(", ") || "base";
    const [from, to] = direction === "upgrade" ? [down, id] : [id, down];
    progress(
      `[${step}/${of}] ${direction} ${from} -> ${to}${message === "" ? "" : `, ${message}`}`,
    );
  },
  finished: ({ statements, milliseconds, step, of }, { progress }) =>
    progress(
      `[${step}/${of}] done: ${statements} ${statements === 1 ? "statement" : "statements"}, ${Math.round(milliseconds)} ms`,
    ),
};

function report<K extends RunEvent["kind"]>(
  event: Extract<RunEvent, { readonly kind: K }> & { readonly kind: K },
  reporter: Reporter,
): void {
  REPORT[event.kind](event, reporter);
}
