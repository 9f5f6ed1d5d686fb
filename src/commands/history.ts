import { Environment, versionRows, type EnvironmentOptions } from "../config/index.ts";
import { entryOf, type RevisionEntry } from "../revisions/entry.ts";
import { history as revisionsIn, parseRange } from "../revisions/history.ts";

export interface HistoryOptions extends EnvironmentOptions {
  /** `FROM:TO`, either end may be left out; `current` is what the database is at. Default: all. */
  readonly range?: string;
  /** Ask the database what it is at. */
  readonly indicateCurrent?: boolean;
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
