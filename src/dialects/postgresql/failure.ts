import { isRevlineError, RevlineError, messageOf, type ErrorCode } from "../../errors.ts";
import { redact } from "../../util/redact.ts";

/** What the server says beside its message, as the driver gives it. */
interface ServerFailure {
  readonly code: string;
  readonly message: string;
  readonly detail?: unknown;
  readonly hint?: unknown;
  readonly position?: unknown;
  readonly where?: unknown;
  readonly severity?: unknown;
}

interface Answer {
  readonly code: ErrorCode;
  readonly hint?: string;
}

/** By SQLSTATE, or its first two characters. @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
const ANSWERS: Readonly<Record<string, Answer>> = {
  "28P01": { code: "authentication-failed", hint: "Check the user and the password in the URL." },
  "28000": {
    code: "authentication-failed",
    hint: "Check the user in the URL and the server's pg_hba.conf.",
  },
  "3D000": {
    code: "database-not-found",
    hint: "Create the database first, or correct its name in the URL.",
  },
  "55P03": {
    code: "lock-timeout",
    hint: "Another session holds a lock on it; wait for it or end it, then run the command again.",
  },
  "40P01": {
    code: "lock-timeout",
    hint: "Two sessions waited for each other's locks, and the server has ended this one; run the command again.",
  },
  "53100": {
    code: "disk-full",
    hint: "Make room on the server's disk, then run the command again.",
  },
  "42501": {
    code: "permission-denied",
    hint: "Grant the right to this user, or connect as the owner.",
  },
  "25006": {
    code: "database-read-only",
    hint: "Connect to the primary server, with a user that may write.",
  },
  "57014": {
    code: "statement-failed",
    hint: "The statement was cancelled or ran into statement_timeout.",
  },
  "53200": {
    code: "statement-failed",
    hint: "One transaction locks more tables than the server has room for: raise max_locks_per_transaction, or do less in one transaction.",
  },
  "57P01": {
    code: "connection-failed",
    hint: "The server ended the session; run the command again.",
  },
  "57P02": {
    code: "connection-failed",
    hint: "The server crashed; run the command again when it is up.",
  },
  "57P03": {
    code: "connection-failed",
    hint: "The server is starting up or shutting down; try again in a moment.",
  },
  "53300": {
    code: "connection-failed",
    hint: "Too many sessions are open; close some or raise max_connections.",
  },
  "55P04": {
    code: "statement-failed",
    hint: "A value added to an enum can be used only after the transaction that adds it: use it in the next revision.",
  },
  "23503": {
    code: "statement-failed",
    hint: "Rows break the foreign key; correct them first, in this revision or by hand.",
  },
  "08": {
    code: "connection-failed",
    hint: "Check that the server is up and can be reached, then run the command again.",
  },
};

function isServerFailure(error: unknown): error is ServerFailure {
  return (
    error instanceof Error &&
    "severity" in error &&
    "code" in error &&
    typeof error.code === "string"
  );
}

/** Lines of a statement around the place of an error. */
const LINES_BEFORE = 8;
const LINES_AFTER = 4;

/** The statement, with a caret under the place that the position (in characters, from 1) means. */
function place(sql: string, position: number): readonly string[] {
  const before = [...sql]
    .slice(0, position - 1)
    .join("")
    .split("\n");
  const lines = sql.split("\n");
  const at = before.length - 1;
  const caret = `${" ".repeat([...(before[at] ?? "")].length)}^`;
  const first = Math.max(0, at - LINES_BEFORE);
  const shown = [...(first > 0 ? ["…"] : []), ...lines.slice(first, at + 1), caret];
  const rest = lines.slice(at + 1, at + 1 + LINES_AFTER);
  return [...shown, ...rest, ...(lines.length > at + 1 + LINES_AFTER ? ["…"] : [])].filter(
    (line) => line.trim() !== "",
  );
}

function text(label: string, value: unknown): readonly string[] {
  return typeof value === "string" && value !== "" ? [`${label}: ${value}`] : [];
}

function shorten(sql: string): readonly string[] {
  const lines = sql.trim().split("\n");
  return lines.length > 12 ? [...lines.slice(0, 12), "…"] : lines;
}

/** 42704 is said of many things; of a role it has an answer. */
function hintForRole({ code, message }: ServerFailure): string | undefined {
  return code === "42704" && message.startsWith("role ")
    ? "Roles belong to the server and are in no revision: create it first (CREATE ROLE), or take it out of the models."
    : undefined;
}

/** An error of the driver while a statement ran. */
export function statementFailure(error: unknown, sql: string): RevlineError {
  if (error instanceof RevlineError) return error;
  if (!isServerFailure(error)) {
    return new RevlineError(
      "connection-failed",
      `The connection to PostgreSQL was lost: ${redact(messageOf(error))}.`,
      {
        hint: "Run the command again when the server can be reached; what was not committed was rolled back.",
        details: shorten(sql),
        cause: error,
      },
    );
  }
  const answer = ANSWERS[error.code] ??
    ANSWERS[error.code.slice(0, 2)] ?? { code: "statement-failed" };
  const position = Number(error.position);
  const hint =
    answer.hint ?? hintForRole(error) ?? (typeof error.hint === "string" ? error.hint : undefined);
  const where = Number.isInteger(position) && position > 0 ? place(sql, position) : shorten(sql);
  return new RevlineError(answer.code, `PostgreSQL: ${error.message} (SQLSTATE ${error.code}).`, {
    ...(hint === undefined ? {} : { hint }),
    details: [
      ...where,
      ...text("detail", error.detail),
      ...(hint === error.hint ? [] : text("hint", error.hint)),
      ...text("where", error.where),
    ],
    cause: error,
  });
}

/** Of Node and the driver, where no server has answered yet. */
const UNREACHABLE: Readonly<Record<string, string>> = {
  ECONNREFUSED: "Nothing listens there: check host and port, and that the server is started.",
  ENOTFOUND: "The host name is not known: check it in the URL.",
  EAI_AGAIN: "The host name could not be looked up: check the network.",
  ETIMEDOUT: "The server did not answer: check host, port and firewall.",
  EHOSTUNREACH: "The host cannot be reached: check the network.",
  ENETUNREACH: "The network cannot be reached.",
  ENOENT: "There is no such socket: check the host parameter of the URL.",
  ECONNRESET: "The server closed the connection: check that PostgreSQL listens on that port.",
};

function nodeCode(error: unknown): string | undefined {
  if (error instanceof AggregateError) return nodeCode(error.errors[0]);
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
}

/**
 * An error while connecting.
 *
 * @param url without its password
 */
export function connectionFailure(error: unknown, url: string): RevlineError {
  // what is wrong with the URL itself is said already
  if (isRevlineError(error)) return error;
  const message = redact(messageOf(error)).replace(/\.$/, "");
  if (isServerFailure(error)) {
    const answer = ANSWERS[error.code] ??
      ANSWERS[error.code.slice(0, 2)] ?? { code: "connection-failed" };
    return new RevlineError(
      answer.code,
      `Cannot connect to ${url}: ${message} (SQLSTATE ${error.code}).`,
      {
        ...(answer.hint === undefined ? {} : { hint: answer.hint }),
        cause: error,
      },
    );
  }
  if (/password must be a (non-empty )?string|no password/i.test(message)) {
    return new RevlineError(
      "authentication-failed",
      `Cannot connect to ${url}: the server asks for a password.`,
      {
        hint: "Put it into the URL, into PGPASSWORD or into ~/.pgpass.",
        cause: error,
      },
    );
  }
  const hint = UNREACHABLE[nodeCode(error) ?? ""] ?? hintFor(message);
  return new RevlineError("connection-failed", `Cannot connect to ${url}: ${message}.`, {
    hint,
    cause: error,
  });
}

function hintFor(message: string): string {
  if (/timeout/i.test(message)) return UNREACHABLE["ETIMEDOUT"] ?? "";
  if (/certificate|ssl/i.test(message))
    return "Check sslmode and sslrootcert in the URL; sslmode=no-verify accepts any certificate.";
  return "Check the URL, and that the server is up and can be reached.";
}
