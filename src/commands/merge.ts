import {
  composeRevision,
  Environment,
  NEW_DIRECTIVE,
  writeRevision,
  type EnvironmentOptions,
} from "../config/index.ts";
import { RevlineError } from "../errors.ts";

export interface MergeOptions extends EnvironmentOptions {
  /** What to join; `heads` is all of them. */
  readonly revisions: readonly string[];
  readonly message?: string;
  readonly branchLabels?: readonly string[];
  readonly revisionId?: string;
  /** Allow revisions that are not heads. */
  readonly splice?: boolean;
}

export interface MergeResult {
  readonly revision: string;
  readonly downRevisions: readonly string[];
  readonly path: string;
}

/**
 * Writes a revision that joins several heads.
 *
 * @throws RevlineError usage (a single head), revision-not-found, revision-invalid, file-exists
 */
export async function merge(options: MergeOptions): Promise<MergeResult> {
  const { revisions: heads, ...rest } = options;
  const environment = await Environment.create(options);
  const scripts = await environment.scripts();
  const { revision, downRevisions, path, text } = composeRevision(environment, scripts, {
    ...NEW_DIRECTIVE,
    ...pick(rest),
    heads,
    message: options.message ?? `merge ${heads.join(" and ")}`,
  });
  if (downRevisions.length < 2) {
    throw new RevlineError(
      "usage",
      `There is nothing to merge: ${heads.join(", ")} means ${downRevisions.length === 0 ? "no revision" : `revision "${downRevisions.join()}" alone`}.`,
      {
        hint: "Name two heads or more; see `migrate heads`.",
      },
    );
  }
  await writeRevision(environment, { path, text });
  return { revision, downRevisions, path };
}

function pick({
  branchLabels,
  revisionId,
  splice,
}: Omit<MergeOptions, "revisions">): Pick<MergeOptions, "branchLabels" | "revisionId" | "splice"> {
  return {
    ...(branchLabels === undefined ? {} : { branchLabels }),
    ...(revisionId === undefined ? {} : { revisionId }),
    ...(splice === undefined ? {} : { splice }),
  };
}
