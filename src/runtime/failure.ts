import type { Direction } from "../revisions/plan.ts";
import type { Revision } from "../revisions/revision.ts";
import { isRevlineError, messageOf, RevlineError, type ErrorCode } from "../errors.ts";
import { callSite } from "./call-site.ts";

/** Errors that say more by their own code than `revision-failed` does: whoever retries wants to know. */
const OWN_CODES: ReadonlySet<ErrorCode> = new Set([
  "interrupted",
  "connection-failed",
  "database-locked",
  "database-read-only",
  "permission-denied",
  "disk-full",
  "lock-timeout",
  "lock-lost",
  "version-conflict",
  "query-not-awaited",
  "offline-query",
  "revision-invalid",
  "revision-changed",
  "unsupported",
]);

export interface Failing {
  readonly revision: Revision;
  readonly direction: Direction;
  /** The stack of the operation's call. */
  readonly stack?: string | undefined;
  /** What state the database is in now, as whole lines. */
  readonly state: readonly string[];
  /** What to do next, when the state asks for more than mending the file. */
  readonly hint?: string | undefined;
}

/** `7c1f0a9d2e44 (add posts)`. */
export function revisionLabel({ id, message }: Revision): string {
  return message === "" ? id : `${id} (${message})`;
}

/** The error of a revision that failed: where, why, and what state the database is in. */
export function revisionFailure(error: unknown, failing: Failing): RevlineError {
  const { revision, direction, state } = failing;
  const known = isRevlineError(error) ? error : undefined;
  const thrownAt = known === undefined && error instanceof Error ? error.stack : undefined;
  const site =
    revision.path === undefined
      ? `revision ${revision.id}`
      : callSite(failing.stack ?? thrownAt, revision.path);
  const code = known !== undefined && OWN_CODES.has(known.code) ? known.code : "revision-failed";
  const ownHint = known?.hint;
  const hint = failing.hint ?? ownHint ?? "Correct the revision, then run the same command again.";
  const message =
    code === "interrupted"
      ? `Interrupted in the ${direction} of ${revisionLabel(revision)}.`
      : `The ${direction} of ${revisionLabel(revision)} failed at ${site}: ${messageOf(error)}`;
  return new RevlineError(code, message, {
    hint,
    details: [
      ...(known?.details ?? []),
      ...(ownHint === undefined || ownHint === hint ? [] : [ownHint]),
      ...state,
    ],
    cause: error,
  });
}

/** Where a database is, for a sentence. */
export function rowsLabel(rows: readonly string[]): string {
  return rows.length === 0 ? "base (no revision is applied)" : rows.join(", ");
}
