import { isRevlineError, messageOf, RevlineError, type ErrorCode } from "../../errors.ts";

/** What the name of a table starts with for the time of its rebuild. */
export const TEMPORARY = "_revline_";

interface Known {
  readonly code: ErrorCode;
  readonly hint: string;
}

/** SQLite's primary result codes that have a cause a person can name; https://sqlite.org/rescode.html. */
const KNOWN: readonly (readonly [RegExp, Known])[] = [
  [
    /^SQLITE_(?:BUSY|LOCKED)/,
    {
      code: "database-locked",
      hint: "Another process writes to the file: try again, or wait longer with ?timeout=MILLISECONDS in the URL.",
    },
  ],
  [
    /^SQLITE_READONLY/,
    {
      code: "database-read-only",
      hint: "Make the file and its directory writable, or use another file.",
    },
  ],
  [
    /^SQLITE_FULL/,
    {
      code: "disk-full",
      hint: "Make room on the disk (or raise PRAGMA max_page_count), then run the command again.",
    },
  ],
  [
    /^SQLITE_CANTOPEN/,
    {
      code: "connection-failed",
      hint: "Check the path in the URL, and that the file may be read and written.",
    },
  ],
  [
    /^SQLITE_NOTADB/,
    {
      code: "connection-failed",
      hint: "The file is no SQLite database, or it is encrypted: check the path in the URL.",
    },
  ],
  [
    /^SQLITE_(?:PERM|AUTH)/,
    { code: "permission-denied", hint: "Check the rights of the file and its directory." },
  ],
];

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
}

/** An error of the driver as one of ours, with the server's message, its code and the statement. */
export function driverError(
  error: unknown,
  context: { readonly sql?: string; readonly path?: string },
): RevlineError {
  if (isRevlineError(error)) return error;
  const code = codeOf(error);
  const known = KNOWN.find(([pattern]) => code !== undefined && pattern.test(code))?.[1];
  // during a rebuild the table has another name, which nobody knows
  const message = messageOf(error).replaceAll(TEMPORARY, "");
  const details = [
    ...(code === undefined ? [] : [`SQLite's code: ${code}`]),
    ...(context.sql === undefined ? [] : [context.sql]),
  ];
  const where = context.path === undefined || known === undefined ? "" : ` (${context.path})`;
  return new RevlineError(known?.code ?? "statement-failed", `SQLite: ${message}${where}`, {
    hint: known?.hint ?? hintFor(message),
    details,
    cause: error,
  });
}

function hintFor(message: string): string {
  if (/Cannot add a NOT NULL column|NOT NULL constraint failed/.test(message)) {
    return "Give the column a default, or fill it first: add it nullable, UPDATE the rows with op.execute, then make it NOT NULL.";
  }
  if (/constraint failed/.test(message))
    return "Rows that are there break the constraint: correct them first, in a revision or by hand.";
  if (/error in (?:view|trigger) /.test(message)) {
    return "Drop that view or trigger before the change and create it anew behind it, with op.execute in the same revision.";
  }
  return "Correct the statement, and run the command again.";
}
