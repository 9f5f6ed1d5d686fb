import { redact } from "../../util/redact.ts";
import { RevlineError, messageOf, type ErrorCode } from "../../errors.ts";

/** What the driver's errors carry beside their message. */
interface ServerError {
  readonly code: string | undefined;
  readonly errno: number | undefined;
  readonly sqlState: string | undefined;
  readonly message: string;
}

function fieldsOf(error: unknown): ServerError {
  const field = (key: string): unknown =>
    typeof error === "object" && error !== null && key in error
      ? Reflect.get(error, key)
      : undefined;
  const code = field("code");
  const errno = field("errno");
  const sqlState = field("sqlState");
  return {
    code: typeof code === "string" ? code : undefined,
    errno: typeof errno === "number" ? errno : undefined,
    sqlState: typeof sqlState === "string" ? sqlState : undefined,
    message: messageOf(error),
  };
}

const LOST =
  /^(?:PROTOCOL_CONNECTION_LOST|ECONNRESET|EPIPE|ETIMEDOUT|ECONNREFUSED|ECONNABORTED|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|ENOENT|EACCES|PROTOCOL_ENQUEUE_AFTER_\w+|HANDSHAKE_\w+|ER_CON_COUNT_ERROR|ER_HOST_\w+|ER_SERVER_SHUTDOWN|ER_NET_\w+)$/;

/** Codes of errors by the server's number. */
const BY_NUMBER: Readonly<Record<number, ErrorCode>> = {
  1044: "permission-denied",
  1045: "authentication-failed",
  1049: "database-not-found",
  1053: "connection-failed",
  1142: "permission-denied",
  1143: "permission-denied",
  1021: "disk-full",
  1114: "disk-full",
  1205: "lock-timeout",
  1213: "lock-timeout",
  1227: "permission-denied",
  1290: "database-read-only",
  1370: "permission-denied",
  1396: "permission-denied",
  1698: "authentication-failed",
  1792: "database-read-only",
  1836: "database-read-only",
  1207: "database-read-only",
  1927: "connection-failed",
  3169: "connection-failed",
  3989: "database-read-only",
};

/** MySQL's word for a session that was idle for too long; the number means something else on MariaDB. */
const IDLE = { number: 4031, text: /disconnected by the server/i };

const HINTS: Partial<Readonly<Record<ErrorCode, string>>> = {
  "permission-denied": "Grant the user the privilege, or connect as another user.",
  "lock-timeout":
    "Another session holds a lock on the table: see SHOW PROCESSLIST, then run the command again.",
  "database-read-only": "Connect to the primary server, or make this one writable.",
  "disk-full":
    "Make room on the server's disk (or raise the limit of the table), then run the command again.",
  "connection-failed": "Check that the server runs, then run the command again.",
};

const DISK_FULL = /\(?\b(?:errno|error|OS errno):? 28\b|No space left on device/i;

/** What the driver says, without a code, of a session that it knows to be closed. */
const CLOSED = /closed state|connection (?:is )?closed|connection lost/i;

function codeOf({ code, errno, message }: ServerError): ErrorCode {
  const known = errno === undefined ? undefined : BY_NUMBER[errno];
  if (known !== undefined) return known;
  if (errno === IDLE.number)
    return IDLE.text.test(message) ? "connection-failed" : "statement-failed";
  // the operating system's ENOSPC, inside another error of the server
  if (DISK_FULL.test(message)) return "disk-full";
  if (errno === undefined && CLOSED.test(message)) return "connection-failed";
  return code !== undefined && LOST.test(code) ? "connection-failed" : "statement-failed";
}

/** True when the session is gone. */
export function isLost(error: unknown): boolean {
  return codeOf(fieldsOf(error)) === "connection-failed";
}

const SHOWN = 4_000;

/** An error of a statement: the server's message, number and state, and the statement. */
export function statementError(error: unknown, sql: string): RevlineError {
  const fields = fieldsOf(error);
  const code = codeOf(fields);
  const hint = HINTS[code];
  const shown = redact(sql);
  const marks = [
    fields.errno === undefined ? fields.code : `error ${String(fields.errno)}`,
    fields.sqlState === undefined ? undefined : `SQLSTATE ${fields.sqlState}`,
  ].filter((mark) => mark !== undefined);
  const message = messageOf(error) || (fields.code ?? "The connection was lost.");
  return new RevlineError(code, marks.length === 0 ? message : `${message} (${marks.join(", ")})`, {
    ...(hint === undefined ? {} : { hint }),
    details: [shown.length > SHOWN ? `${shown.slice(0, SHOWN)} …` : shown],
    cause: error,
  });
}

/** What somebody tried to connect to; nothing secret. */
export interface Place {
  readonly user: string | undefined;
  readonly address: string;
  readonly database: string;
}

/** An error of connecting. */
export function connectError(error: unknown, { user, address, database }: Place): RevlineError {
  const fields = fieldsOf(error);
  const code = codeOf(fields);
  const cause = { cause: error };
  if (code === "database-not-found") {
    return new RevlineError(code, `There is no database "${database}" on ${address}.`, {
      hint: `Create it first: CREATE DATABASE \`${database}\`.`,
      ...cause,
    });
  }
  if (code === "authentication-failed" || code === "permission-denied") {
    return new RevlineError(
      "authentication-failed",
      `The server at ${address} refused the user "${user ?? ""}" (${messageOf(error)}).`,
      {
        hint: "Check user and password of the URL; special characters in them must be percent-encoded.",
        ...cause,
      },
    );
  }
  return new RevlineError(
    "connection-failed",
    `No connection to the server at ${address}: ${messageOf(error) || (fields.code ?? "no answer")}.`,
    {
      hint: "Check host and port of the URL, and that the server runs.",
      ...cause,
    },
  );
}
