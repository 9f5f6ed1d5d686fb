import { Environment, versionRows, type EnvironmentOptions } from "../config/index.ts";
import { HistoryTable, type AppliedRevision } from "../runtime/history.ts";
import { entryOf, type RevisionEntry } from "../revisions/entry.ts";
import { history as revisionsIn, parseRange } from "../revisions/history.ts";

export interface HistoryOptions extends EnvironmentOptions {
  /** `FROM:TO`, either end may be left out; `current` is what the database is at. Default: all. */
  readonly range?: string;
  /** Ask the database what it is at. */
  readonly indicateCurrent?: boolean;
}

/** What was applied, as it was recorded. */
export interface AppliedResult {
  /** Without a password. */
  readonly url: string;
  /** False: the configuration wants no history, or nothing was recorded yet. */
  readonly recorded: boolean;
  /** Newest first. */
  readonly applied: readonly AppliedRevision[];
}

/**
 * What was applied to the database: when, by whom, how long it took. A record only; the version table says
 * where the database is.
 *
 * @throws RevlineError of the configuration and the connection
 */
export async function appliedHistory(options: EnvironmentOptions = {}): Promise<AppliedResult> {
  const environment = await Environment.create(options);
  const { dialect, historyTable: history } = environment;
  const records = await environment.inspect(async (connection) =>
    history === undefined ? [] : HistoryTable.of({ connection, dialect, history })?.read(),
  );
  const applied = (records ?? []).toReversed();
  return { url: environment.redactedUrl, recorded: applied.length > 0, applied };
}

export interface HistoryResult {
  /** Newest first; `isCurrent` only when the database was asked. */
  readonly revisions: readonly (RevisionEntry & { readonly isCurrent?: boolean })[];
}

/**
 * The revisions of a range. Connects only for `current` and `indicateCurrent`.
 *
 * @throws RevlineError range-invalid, revision-not-found, revision-ambiguous, multiple-heads, and of the connection
 */
export async function history(options: HistoryOptions = {}): Promise<HistoryResult> {
  const environment = await Environment.create(options);
  const { map } = await environment.scripts();
  const range = options.range === undefined ? {} : parseRange(options.range);
  const asks =
    options.indicateCurrent === true || range.from === "current" || range.to === "current";
  const rows = asks ? await versionRows(environment) : [];
  const mark = (id: string): { readonly isCurrent?: boolean } =>
    asks ? { isCurrent: rows.includes(id) } : {};
  return {
    revisions: revisionsIn(map, range, rows).map(({ id }) => ({
      ...entryOf(map, id),
      ...mark(id),
    })),
  };
}
