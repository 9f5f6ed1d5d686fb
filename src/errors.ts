import { redact } from "./util/redact.ts";

/** Stable codes of {@link RevlineError}: scripts may rely on them. */
export type ErrorCode =
  // command line and configuration
  | "usage"
  | "config-not-found"
  | "config-invalid"
  | "config-failed"
  | "url-missing"
  | "url-invalid"
  | "file-exists"
  | "hook-failed"
  | "check-failed"
  | "unsupported"
  | "interrupted"
  // models
  | "models-not-found"
  | "models-failed"
  | "models-empty"
  | "model-invalid"
  | "duplicate-table"
  | "duplicate-column"
  | "duplicate-name"
  | "unknown-table"
  | "unknown-column"
  | "unknown-type"
  | "name-too-long"
  | "name-invalid"
  // database
  | "driver-missing"
  | "connection-failed"
  | "authentication-failed"
  | "database-not-found"
  | "database-locked"
  | "database-read-only"
  | "lock-timeout"
  | "lock-lost"
  | "permission-denied"
  | "disk-full"
  | "statement-failed"
  | "foreign-key-violation"
  // revisions
  | "migrations-not-found"
  | "revision-invalid"
  | "revision-failed"
  | "revision-changed"
  | "revision-not-found"
  | "revision-ambiguous"
  | "revision-duplicate"
  | "revision-missing-parent"
  | "revision-cycle"
  | "multiple-heads"
  | "not-up-to-date"
  | "range-invalid"
  | "relative-invalid"
  | "version-unknown"
  | "version-conflict"
  | "query-not-awaited"
  | "offline-query"
  // decisions that only a person can take: exit code 2
  | "decision-missing"
  // a defect of revline itself
  | "internal";

/**
 * The one error class: says what is wrong, what to do next, and carries a stable code. No password is in
 * its texts, whoever wrote them: a driver, a user's own code.
 *
 * @example
 * throw new RevlineError("unknown-table", 'Table "post" is not in the models.', {
 *   hint: "Export it from the models file.",
 * });
 */
export class RevlineError extends Error {
  readonly code: ErrorCode;
  /** One sentence that says what to do next. */
  readonly hint: string | undefined;
  /** Further lines for a person: the statement, the place, the state of the database. */
  readonly details: readonly string[];

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; details?: readonly string[]; cause?: unknown } = {},
  ) {
    super(redact(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "RevlineError";
    this.code = code;
    this.hint = options.hint === undefined ? undefined : redact(options.hint);
    this.details = (options.details ?? []).map(redact);
  }
}

const BRAND = Symbol.for("revline.error");
Object.defineProperty(RevlineError.prototype, BRAND, { value: true });

/** Tells a {@link RevlineError} from any other value, also one thrown by a second copy of the package. */
export function isRevlineError(value: unknown): value is RevlineError {
  return typeof value === "object" && value !== null && BRAND in value;
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "" && error.errors.length > 0) {
    return messageOf(error.errors[0]);
  }
  return error instanceof Error ? error.message : String(error);
}
