import { Environment, versionOptions, type EnvironmentOptions } from "../config/index.ts";
import type { ServerInfo } from "../dialects/contract.ts";
import { planStampOffline } from "../revisions/offline.ts";
import { planStamp as planRows } from "../revisions/stamp.ts";
import { versionChanges } from "../revisions/version-rows.ts";
import { versionTableOf } from "../runtime/context.ts";
import { versionStatements } from "../runtime/rehearse.ts";
import { versionScript } from "../runtime/script-text.ts";
import { stamp as stampRows } from "../runtime/stamp.ts";
import { RevlineError } from "../errors.ts";

export interface StampOptions extends EnvironmentOptions {
  /** Identifiers; `base` takes rows away. */
  readonly revisions: readonly string[];
  /** Take all rows away first, also those that no file has. */
  readonly purge?: boolean;
}

export interface StampResult {
  /** Without a password. */
  readonly url: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/**
 * Writes the version table, runs nothing.
 *
 * @throws RevlineError lock-timeout, version-unknown, revision-not-found, multiple-heads, …
 */
export async function stamp(options: StampOptions): Promise<StampResult> {
  const environment = await Environment.create(options);
  const { map } = await environment.scripts();
  const { before, after } = await environment.session((connection) =>
    stampRows({
      ...versionOptions(environment, connection, map),
      targets: options.revisions,
      purge: options.purge === true,
    }),
  );
  return { url: environment.redactedUrl, from: before, to: after };
}

export interface StampPlan extends StampResult {
  /** Without semicolons. */
  readonly statements: readonly string[];
  /** All of it as a script for the database's own command-line client; empty where nothing changes. */
  readonly script: string;
}

/**
 * The SQL of {@link stamp}, from what the database is at now; for `from:to` without a connection. Changes
 * nothing.
 *
 * @throws RevlineError version-unknown, revision-not-found, multiple-heads, range-invalid, …
 */
export async function planStamp(options: StampOptions): Promise<StampPlan> {
  const environment = await Environment.create(options);
  const { map } = await environment.scripts();
  const { revisions, purge = false } = options;
  if (revisions.some((revision) => revision.includes(":"))) {
    if (purge) throw purgedRange();
    const { start: from, after: to } = planStampOffline(map, revisions);
    return shown(environment, environment.server, { from, to, exists: from.length > 0 });
  }
  return environment.inspect(async (connection) => {
    const versions = versionTableOf(versionOptions(environment, connection, map));
    const from = await versions.rows();
    const to = planRows(map, purge ? [] : from, revisions).after;
    return shown(environment, connection.server, { from, to, exists: await versions.exists() });
  });
}

function purgedRange(): RevlineError {
  return new RevlineError("range-invalid", "--purge forgets rows, and a range names them.", {
    hint: "Leave --purge out, or leave the range out to start at what the database holds.",
  });
}

interface Change {
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** The version table is there. */
  readonly exists: boolean;
}

function shown(
  { dialect, versionTable, redactedUrl: url }: Environment,
  server: ServerInfo,
  { from, to, exists }: Change,
): StampPlan {
  const changes = versionStatements(dialect, versionTable, versionChanges(from, to));
  const creates = changes.length > 0 && !exists;
  const statements = [...(creates ? [dialect.versionTable.create(versionTable)] : []), ...changes];
  return {
    url,
    from,
    to,
    statements: statements.map((statement) => dialect.text(statement, server)),
    script: versionScript(statements, { dialect, server, transactionPerMigration: true }),
  };
}
