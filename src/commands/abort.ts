import { Environment, runOptions, type EnvironmentOptions } from "../config/index.ts";
import type { Description } from "../operations/describe.ts";
import type { Direction } from "../revisions/plan.ts";
import { abort as abortRun } from "../runtime/abort.ts";

export interface AbortResult {
  /** Without a password. */
  readonly url: string;
  /** The rows of the version table, which are as they were. */
  readonly rows: readonly string[];
  /** Null: no revision was applied in part. */
  readonly revision: string | null;
  readonly direction: Direction | null;
  /** In the order of time. */
  readonly undone: readonly Description[];
}

/**
 * Undoes what an earlier `upgrade` or `downgrade` has applied of a revision that it did not finish.
 *
 * @throws RevlineError lock-timeout, interrupted; revision-failed where something cannot be undone:
 *   nothing is, then
 */
export async function abort(options: EnvironmentOptions = {}): Promise<AbortResult> {
  const environment = await Environment.create(options);
  const { map } = await environment.scripts();
  const { rows, revision, direction, undone } = await environment.session((connection) =>
    abortRun(runOptions(environment, connection, map, { direction: "upgrade", target: "head" })),
  );
  return {
    url: environment.redactedUrl,
    rows,
    revision: revision?.id ?? null,
    direction: direction ?? null,
    undone,
  };
}
