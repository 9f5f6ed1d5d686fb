import { Environment, versionRows, type EnvironmentOptions } from "../config/index.ts";
import { RevlineError } from "../errors.ts";
import { resolveRevisions } from "../revisions/resolve.ts";

export interface EditOptions extends EnvironmentOptions {
  /** An identifier; `current` is what the database is at. */
  readonly revision: string;
}

export interface EditResult {
  readonly paths: readonly string[];
}

/**
 * The files of revisions, for an editor to open.
 *
 * @throws RevlineError revision-not-found, revision-ambiguous, multiple-heads, relative-invalid
 */
export async function edit(options: EditOptions): Promise<EditResult> {
  const environment = await Environment.create(options);
  const { map } = await environment.scripts();
  const ids =
    options.revision === "current"
      ? await versionRows(environment)
      : resolveRevisions(map, options.revision);
  if (ids.length > 0) return { paths: ids.flatMap((id) => map.get(id).path ?? []) };
  throw new RevlineError("revision-not-found", `"${options.revision}" means no revision.`, {
    hint: "See `migrate history` for what there is.",
  });
}
