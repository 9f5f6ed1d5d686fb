import type { Statement } from "../dialects/contract.ts";
import type { Revision } from "../revisions/revision.ts";
import { rowsLabel } from "./failure.ts";

/** What a failed revision left behind, and what to do about it. */
export interface Aftermath {
  readonly state: readonly string[];
  readonly hint?: string;
}

/** The transaction was rolled back, by us or by the server. */
export function rolledBack(rows: readonly string[]): Aftermath {
  return { state: [`The revision was rolled back; the database is at ${rowsLabel(rows)}.`] };
}

/** The transaction is the caller's. */
export function leftToCaller(): Aftermath {
  return { state: ["The transaction is the caller's: nothing is committed until the caller does, and it should be rolled back."] };
}

/** The connection was lost while it committed. */
export function commitUnknown(revision: Revision): Aftermath {
  return {
    state: ["The connection was lost while the revision was being committed: it is applied as a whole or not at all."],
    hint: `See \`migrate current\`; run the same command again if it does not show ${revision.id}.`,
  };
}

const LONGEST = 100;

function oneLine({ sql }: Statement): string {
  const line = sql.trim().replace(/\s+/g, " ");
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

/** `2`, or `1–3`. */
function span(first: number, last: number): string {
  return first === last ? String(first) : `${first}–${last}`;
}

export interface Unfinished {
  readonly revision: Revision;
  readonly direction: "upgrade" | "downgrade";
  readonly rows: readonly string[];
  readonly done: readonly Statement[];
  readonly pending: readonly Statement[];
}

/** A database that commits each statement of DDL by itself stays where the revision stopped. */
export function halfApplied({ revision, direction, rows, done, pending }: Unfinished): Aftermath {
  const at = rowsLabel(rows);
  if (done.length === 0) return { state: [`No statement of the revision was applied; the database is at ${at}.`] };
  const total = done.length + pending.length;
  const what = done.length === 1 ? "Statement 1" : `Statements ${span(1, done.length)}`;
  const were = done.length === 1 ? "was applied and stays" : "were applied and stay";
  const mark = direction === "upgrade" ? `migrate stamp ${revision.id}` : `migrate stamp ${revision.downRevisions.join(" ") || "base"}`;
  const finish =
    pending.length === 0
      ? `Say that it is done with \`${mark}\``
      : `Undo what was applied by hand and run the same command again, or do ${pending.length === 1 ? "statement" : "statements"} ${span(done.length + 1, total)} by hand and say so with \`${mark}\``;
  return {
    state: [
      `${what} of ${total} ${were}: this database commits every change of the schema at once. The version table says ${at}.`,
      ...done.map((statement, index) => `  ${index + 1}. applied: ${oneLine(statement)}`),
      ...pending.map((statement, index) => `  ${done.length + index + 1}. ${index === 0 ? "failed" : "not run"}: ${oneLine(statement)}`),
    ],
    hint: `${finish}. Running the revision again as it is would do the first statements twice.`,
  };
}
