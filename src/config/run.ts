import type { Connection } from "../dialects/contract.ts";
import { objectCompiler } from "../objects/index.ts";
import type { Direction } from "../revisions/plan.ts";
import type { RevisionMap } from "../revisions/revision-map.ts";
import {
  dryRun,
  run,
  type RunEvent,
  type RunOptions,
  type VersionOptions,
} from "../runtime/index.ts";
import type { Description } from "../operations/describe.ts";
import type { Environment } from "./environment.ts";
import type { Reporter } from "./reporter.ts";
import { RevlineError } from "../errors.ts";
import { sqlText } from "./sql-text.ts";

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
  } = environment;
  return {
    connection,
    dialect,
    map,
    versionTable,
    ...(history === undefined ? {} : { history }),
    lockTimeout,
    ...(signal === undefined ? {} : { signal }),
    onEvent: (event) => report(event, reporter),
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
    ...aim,
    loadRevision: (path) => environment.loadRevision(path),
    compileObject: objectCompiler(environment.dialect, environment.config.plugins),
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
}

/** Revisions that would be run. */
export interface MigrationPlan {
  /** Without a password. */
  readonly url: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly revisions: readonly PlannedRevision[];
  readonly warnings: readonly string[];
}

export interface PlannedRevision {
  readonly id: string;
  readonly message: string;
  readonly direction: Direction;
  readonly downRevisions: readonly string[];
  readonly operations: readonly Description[];
  /** SQL with all values in it, the version table's own last. */
  readonly statements: readonly string[];
  /** What a person must know to read it right. */
  readonly notes: readonly string[];
}

/** Runs revisions on the environment's database. @throws RevlineError as `run` of the runtime */
export async function migrateTo(environment: Environment, aim: Aim): Promise<MigrationResult> {
  const { map } = await environment.scripts();
  const { before, after, done, warnings } = await environment.session((connection) =>
    run(runOptions(environment, connection, map, aim)),
  );
  const revisions = done.map(({ revision, ...rest }) => ({
    id: revision.id,
    message: revision.message,
    ...rest,
  }));
  return { url: environment.redactedUrl, from: before, to: after, revisions, warnings };
}

/** Says what {@link migrateTo} would do. @throws RevlineError as `dryRun` of the runtime */
export async function planTo(environment: Environment, aim: Aim): Promise<MigrationPlan> {
  if (aim.target.includes(":")) {
    throw new RevlineError(
      "unsupported",
      `The plan of a range (${aim.target}) cannot be made: it starts at what the database is at.`,
      {
        hint: "Give the target alone, and with --url a database that is at the start.",
      },
    );
  }
  const { map } = await environment.scripts();
  return environment.inspect(async (connection) => {
    const { before, after, revisions, warnings } = await dryRun(
      runOptions(environment, connection, map, aim),
    );
    return {
      url: environment.redactedUrl,
      from: before,
      to: after,
      revisions: revisions.map(
        ({ revision, direction, descriptions, statements, versionStatements, notes }) => ({
          id: revision.id,
          message: revision.message,
          direction,
          downRevisions: revision.downRevisions,
          operations: descriptions,
          statements: [...statements, ...versionStatements].map((statement) =>
            sqlText(statement, environment.dialect, connection.server),
          ),
          notes,
        }),
      ),
      warnings,
    };
  });
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
