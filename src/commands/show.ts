import { Environment, versionRows, type EnvironmentOptions } from "../config/index.ts";
import { entryOf, type RevisionEntry } from "../revisions/entry.ts";
import { resolveRevisions } from "../revisions/resolve.ts";

export interface ShowOptions extends EnvironmentOptions {
  /** Identifiers; `current` is what the database is at. */
  readonly revisions: readonly string[];
}

export interface ShowResult {
  readonly revisions: readonly RevisionEntry[];
}

/**
 * Revisions in full.
 *
 * @throws RevlineError revision-not-found, revision-ambiguous, multiple-heads, relative-invalid
 */
export async function show(options: ShowOptions): Promise<ShowResult> {
  const environment = await Environment.create(options);
  const { map } = await environment.scripts();
  const current = options.revisions.includes("current") ? await versionRows(environment) : [];
  const ids = options.revisions.flatMap((name) =>
    name === "current" ? current : resolveRevisions(map, name),
  );
  return { revisions: [...new Set(ids)].map((id) => entryOf(map, id)) };
}
