import type { Description } from "../operations/describe.ts";
import { planDowngradeOffline, planUpgradeOffline } from "../revisions/offline.ts";
import type { Direction } from "../revisions/plan.ts";
import type { Connection, ServerInfo } from "../dialects/contract.ts";
import { isRevlineError, RevlineError, type ErrorCode } from "../errors.ts";
import { dryRun, offlineRun, scriptOf, type DryRevision } from "../runtime/index.ts";
import type { Environment } from "./environment.ts";
import { runOptions, scriptOptions, type Aim } from "./run.ts";

/** Revisions that would be run. */
export interface MigrationPlan {
  /** Without a password. */
  readonly url: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly revisions: readonly PlannedRevision[];
  readonly warnings: readonly string[];
  /** All of it as a script for the database's own command-line client; empty where there is nothing to do. */
  readonly script: string;
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

const TO_BASE = "Every revision is taken back: what they made goes, with its data.";

/**
 * Says what `migrateTo` would do: from what the database is at, or, where the target is a range `from:to`,
 * without a connection.
 *
 * @throws RevlineError as `dryRun` and `offlineRun` of the runtime
 */
export async function planTo(environment: Environment, aim: Aim): Promise<MigrationPlan> {
  const { map } = await environment.scripts();
  const { redactedUrl: url, dialect, versionTable, server } = environment;
  if (aim.target.includes(":")) {
    const planOf = aim.direction === "upgrade" ? planUpgradeOffline : planDowngradeOffline;
    const plan = planOf(map, aim.target);
    const options = { ...scriptOptions(environment), dialect, map, versionTable, server, plan };
    const revisions = await offlineRun(options);
    const { start: from, after: to, warnings } = plan;
    return { url, from, to, warnings, ...shown(environment, revisions, server) };
  }
  return inspectOrHint(environment, async (connection) => {
    const { before, after, revisions, warnings } = await dryRun(
      runOptions(environment, connection, map, aim),
    );
    const parts = shown(environment, revisions, connection.server);
    const isAll = aim.direction === "downgrade" && after.length === 0 && before.length > 0;
    return {
      url,
      from: before,
      to: after,
      warnings: isAll ? [...warnings, TO_BASE] : warnings,
      ...parts,
    };
  });
}

const UNREACHABLE: ReadonlySet<ErrorCode> = new Set([
  "connection-failed",
  "authentication-failed",
  "database-not-found",
]);

/** A session; where there can be none, the error says that a range needs none. */
async function inspectOrHint<T>(
  environment: Environment,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  let isConnected = false;
  try {
    return await environment.inspect((connection) => {
      isConnected = true;
      return work(connection);
    });
  } catch (error) {
    if (isConnected || !isRevlineError(error) || !UNREACHABLE.has(error.code)) throw error;
    const { code, message, hint, details } = error;
    throw new RevlineError(code, message, {
      hint: `${hint === undefined ? "" : `${hint} `}A script for a range (FROM:TO, for instance base:head) needs no connection.`,
      details,
      cause: error,
    });
  }
}

function shown(
  { dialect, transactionPerMigration }: Environment,
  revisions: readonly DryRevision[],
  server: ServerInfo,
): Pick<MigrationPlan, "revisions" | "script"> {
  return {
    revisions: revisions.map(
      ({
        revision,
        direction,
        descriptions,
        preparation,
        statements,
        versionStatements,
        notes,
      }) => ({
        id: revision.id,
        message: revision.message,
        direction,
        downRevisions: revision.downRevisions,
        operations: descriptions,
        statements: [...preparation, ...statements, ...versionStatements].map((statement) =>
          dialect.text(statement, server),
        ),
        notes,
      }),
    ),
    script: scriptOf(revisions, { dialect, server, transactionPerMigration }),
  };
}
