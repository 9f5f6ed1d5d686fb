import {
  Environment,
  readVersionRows,
  sqlText,
  versionOptions,
  type EnvironmentOptions,
} from "../config/index.ts";
import { planStamp as planRows } from "../revisions/stamp.ts";
import { versionChanges } from "../revisions/version-rows.ts";
import { stamp as stampRows } from "../runtime/stamp.ts";

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
}

/**
 * The SQL of {@link stamp}, from what the database is at now. Changes nothing.
 *
 * @throws RevlineError version-unknown, revision-not-found, multiple-heads, …
 */
export async function planStamp(options: StampOptions): Promise<StampPlan> {
  const environment = await Environment.create(options);
  const { map } = await environment.scripts();
  const { dialect, versionTable: table } = environment;
  return environment.inspect(async (connection) => {
    const from = await readVersionRows(environment, connection);
    const to = planRows(map, options.purge === true ? [] : from, options.revisions).after;
    const { insert, update, delete: remove } = dialect.versionTable;
    const statements = versionChanges(from, to).map((change) => {
      if (change.kind === "update") return update(table, change.from, change.to);
      return change.kind === "insert"
        ? insert(table, change.version)
        : remove(table, change.version);
    });
    return {
      url: environment.redactedUrl,
      from,
      to,
      statements: statements.map((statement) => sqlText(statement, dialect, connection.server)),
    };
  });
}
