import type { Statement } from "../dialects/contract.ts";
import type { Direction } from "../revisions/plan.ts";
import type { Revision } from "../revisions/revision.ts";
import { redact } from "../util/redact.ts";
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

/** One transaction held all revisions of the run. */
export function allRolledBack(rows: readonly string[]): Aftermath {
  return {
    state: [`All revisions of this run were rolled back; the database is at ${rowsLabel(rows)}.`],
  };
}

/** The transaction is the caller's. */
export function leftToCaller(): Aftermath {
  return {
    state: [
      "The transaction is the caller's: nothing is committed until the caller does, and it should be rolled back.",
    ],
  };
}

/** The connection was lost while it committed. */
export function commitUnknown(revision: Revision): Aftermath {
  return {
    state: [
      "The connection was lost while the revision was being committed: it is applied as a whole or not at all.",
    ],
    hint: `See \`migrate current\`; run the same command again if it does not show ${revision.id}.`,
  };
}

/** The connection was lost in the middle of a revision that no transaction holds together. */
export function connectionLost(): Aftermath {
  return {
    state: [
      "The connection was lost in the middle of the revision; how far it came is written down in the database.",
    ],
    hint: "Run the same command again: it finishes the revision, or says what is to be done by hand.",
  };
}

const LONGEST = 100;

function oneLine({ sql }: Pick<Statement, "sql">): string {
  // before it is cut: a half of a password is not recognised as one
  const line = redact(sql).trim().replace(/\s+/g, " ");
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

/** `2`, or `1–3`. */
function span(first: number, last: number): string {
  return first === last ? String(first) : `${first}–${last}`;
}

interface Half {
  readonly direction: Direction;
  readonly done: readonly Pick<Statement, "sql">[];
  readonly left: readonly Pick<Statement, "sql">[];
  /** So many of those that are left were taken back with their transaction. */
  readonly back?: number;
  /** What became of the next one. */
  readonly first: string;
}

function listed({ done, left, first, back = 0 }: Half): readonly string[] {
  const fate = (index: number): string => {
    if (index < back) return "rolled back";
    return index === back ? first : "not run";
  };
  return [
    ...done.map((statement, index) => `  ${index + 1}. applied: ${oneLine(statement)}`),
    ...left.map(
      (statement, index) => `  ${done.length + index + 1}. ${fate(index)}: ${oneLine(statement)}`,
    ),
  ];
}

/** A half of a revision, for a person who is to make it a whole or nothing. */
export function halfDone(
  half: Half,
  revision?: Revision,
): { readonly state: readonly string[]; readonly hint: string } {
  const { direction, done, left } = half;
  const total = done.length + left.length;
  const [up, down] = [
    revision?.id ?? "<revision>",
    revision === undefined ? "<its down revision>" : revision.downRevisions.join(" ") || "base",
  ];
  const finished = `\`migrate stamp ${direction === "upgrade" ? up : down}\``;
  const rest =
    left.length === 0
      ? ""
      : `do ${left.length === 1 ? "statement" : "statements"} ${span(done.length + 1, total)} by hand and `;
  return {
    state: listed(half),
    hint: `Undo what was applied by hand and run the same command again; or ${rest}say with ${finished} that it is done.`,
  };
}

export interface Unfinished {
  readonly revision: Revision;
  readonly direction: Direction;
  readonly rows: readonly string[];
  readonly done: readonly Pick<Statement, "sql">[];
  readonly left: readonly Pick<Statement, "sql">[];
  readonly back: number;
}

/** Statements outside a transaction stay where the revision stopped. */
export function halfApplied({ revision, rows, ...half }: Unfinished): Aftermath {
  const at = rowsLabel(rows);
  const { done, left } = half;
  if (done.length === 0)
    return { state: [`No statement of the revision was applied; the database is at ${at}.`] };
  const { state } = halfDone({ ...half, first: "failed" }, revision);
  return {
    state: [
      `${applied(done.length)} of ${done.length + left.length} ${staying(done.length)}: no transaction holds all of the revision together. The version table says ${at}.`,
      ...state,
    ],
    hint: `Remove what is in the way and run the same command again: it goes on at the failed statement. To change the file, run it with --abort first, which undoes what was applied. \`migrate stamp ${half.direction === "upgrade" ? revision.id : revision.downRevisions.join(" ") || "base"}\` says that you finished it by hand.`,
  };
}

function applied(count: number): string {
  return count === 1 ? "Statement 1" : `Statements ${span(1, count)}`;
}

function staying(count: number): string {
  return count === 1 ? "was applied and stays" : "were applied and stay";
}
