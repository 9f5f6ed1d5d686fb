import { find, onLineage, resolveOne } from "./identifiers.ts";
import type { RevisionMap } from "./revision-map.ts";
import { resolve } from "./resolve.ts";
import { walk, walkAsFarAsPossible, type Place } from "./walk.ts";
import { RevlineError } from "../errors.ts";

/** `[branch "@"] [symbol] (+|-) N`. */
interface Relative {
  readonly branch?: string;
  readonly symbol?: string;
  readonly steps: number;
  readonly text: string;
}

const RELATIVE = /^(?:(.+?)@)?([\p{L}\p{N}_]+)?([+-]\d+)/u;

function parseRelative(text: string): Relative | undefined {
  const found = RELATIVE.exec(text);
  if (found === null) return undefined;
  const [, branch, symbol, steps] = found;
  return { ...(branch && { branch }), ...(symbol && { symbol }), steps: Number(steps), text };
}

function outOfRange({ text }: Relative, why: string): RevlineError {
  return new RevlineError("relative-invalid", `"${text}" leads nowhere: ${why}.`, {
    hint: "See `migrate history` and `migrate current`, or name the revision itself.",
  });
}

/** How relative targets are read: `exact` ends in an error past the last revision, else the walk stops there. */
export interface TargetOptions {
  readonly exact: boolean;
}

function goTo(
  map: RevisionMap,
  start: Place,
  relative: Relative,
  options: TargetOptions,
  branch?: string,
): Place | undefined {
  return (options.exact ? walk : walkAsFarAsPossible)(map, start, relative.steps, branch);
}

function startOf(map: RevisionMap, { branch, symbol = "" }: Relative): Place {
  return resolveOne(map, branch === undefined ? symbol : `${branch}@${symbol}`) ?? null;
}

/** Where `+N` and `branch@+N` count from: rows of the version table, or a range's lower end. Nobody else asks. */
export type From = (branch: string | undefined) => readonly string[];

/**
 * What an upgrade goes to: nothing for `base`.
 *
 * @throws RevlineError revision-not-found, revision-ambiguous, multiple-heads, relative-invalid
 */
export function upgradeTargets(
  map: RevisionMap,
  target: string,
  from: From,
  options: TargetOptions,
): readonly string[] {
  const relative = parseRelative(target);
  if (relative === undefined) {
    return resolve(map, target).map((place) => place ?? fail(target));
  }
  const place = upgradePlace(map, relative, from, options);
  if (place === undefined) throw outOfRange(relative, "there are not so many revisions that way");
  // down to the ground, as `base` itself
  return place === null ? [] : [place];
}

function fail(target: string): never {
  throw new RevlineError("relative-invalid", `"${target}" goes below the first revision.`, {
    hint: "Take a smaller number.",
  });
}

function upgradePlace(
  map: RevisionMap,
  relative: Relative,
  from: From,
  options: TargetOptions,
): Place | undefined {
  const { branch, symbol, steps } = relative;
  if (steps > 0) {
    if (symbol !== undefined)
      return goTo(map, resolveOne(map, symbol) ?? null, relative, options, branch);
    return goTo(map, upgradeStart(map, relative, from(branch)), relative, options, branch);
  }
  if (symbol === undefined) throw outOfRange(relative, "an upgrade goes up");
  return goTo(map, startOf(map, relative), relative, options);
}

/** Where `+N` and `branch@+N` start. */
function upgradeStart(map: RevisionMap, relative: Relative, from: readonly string[]): Place {
  const starts = relative.branch === undefined ? from : startsOnBranch(map, relative.branch, from);
  const [start, other] = starts;
  if (other !== undefined) {
    throw new RevlineError(
      "relative-invalid",
      `"${relative.text}" is ambiguous: the database is at ${starts.join(", ")}.`,
      {
        hint: "Name the branch, as in <branch>@+1, or the revision itself.",
        details: starts,
      },
    );
  }
  return start ?? null;
}

/** The rows on the branch; with none, the uppermost applied revisions on it. */
function startsOnBranch(
  map: RevisionMap,
  branch: string,
  rows: readonly string[],
): readonly string[] {
  const onBranch = onLineage(map, rows, branch);
  if (onBranch.length > 0) return onBranch;
  const applied = onLineage(map, [...map.ancestors(rows)], branch);
  const covered = new Set(applied.flatMap((id) => map.parentsOf(id)));
  return applied.filter((id) => !covered.has(id));
}

export interface DowngradeTarget {
  /** The branch that is to be left; absent: all. */
  readonly branch?: string;
  /** The revision to come back to; null: below all. */
  readonly place: Place;
  readonly warnings: readonly string[];
}

/**
 * What a downgrade comes back to. `-N` counts from the first row where there are several, with a warning.
 *
 * @throws RevlineError revision-not-found, revision-ambiguous, multiple-heads, relative-invalid
 */
export function downgradeTarget(
  map: RevisionMap,
  target: string,
  rows: readonly string[],
  options: TargetOptions,
): DowngradeTarget {
  const relative = parseRelative(target);
  if (relative === undefined) {
    const at = target.lastIndexOf("@");
    const place = resolveOne(map, target.slice(at + 1)) ?? null;
    return { ...(at > 0 && { branch: target.slice(0, at) }), place, warnings: [] };
  }
  const { branch, symbol, steps } = relative;
  if (steps >= 0) {
    if (symbol === undefined) throw outOfRange(relative, "a downgrade goes down");
    const start = resolveOne(map, symbol) ?? null;
    return downgradeTo(relative, branch, goTo(map, start, relative, options, branch), []);
  }
  if (symbol !== undefined) {
    return downgradeTo(relative, branch, goTo(map, startOf(map, relative), relative, options), []);
  }
  const start =
    branch === undefined ? firstRow(relative, rows) : rowOnBranch(map, relative, branch, rows);
  const warnings =
    branch === undefined && new Set(rows).size > 1
      ? [
          `The database is at ${rows.join(", ")}; "${target}" counts from ${start}. Write <branch>@${target} to say which.`,
        ]
      : [];
  const from = find(map, start, branch ?? start);
  return downgradeTo(relative, branch ?? start, goTo(map, from, relative, options), warnings);
}

function downgradeTo(
  relative: Relative,
  branch: string | undefined,
  place: Place | undefined,
  warnings: readonly string[],
): DowngradeTarget {
  if (place === undefined) throw outOfRange(relative, "there are not so many revisions that way");
  return { ...(branch === undefined ? {} : { branch }), place, warnings };
}

function firstRow(relative: Relative, rows: readonly string[]): string {
  const [first] = rows;
  if (first === undefined) throw outOfRange(relative, "the database is at no revision");
  return first;
}

/** The row on the branch; with none, the applied end of the branch that other rows stand on. */
function rowOnBranch(
  map: RevisionMap,
  relative: Relative,
  branch: string,
  rows: readonly string[],
): string {
  const direct = onLineage(map, rows, branch);
  const [only, other] = direct.length > 0 ? direct : onLineage(map, branchEnds(map, rows), branch);
  if (only === undefined) throw outOfRange(relative, `no revision of "${branch}" is applied`);
  if (other !== undefined)
    throw outOfRange(
      relative,
      `the database is at several revisions of "${branch}": ${only}, ${other}`,
    );
  return only;
}

/**
 * What is applied and has no applied child: the rows, and the ends of branches that a row depends on
 * and that the version table therefore does not name.
 */
export function branchEnds(map: RevisionMap, rows: readonly string[]): readonly string[] {
  const applied = map.ancestors(rows);
  return [...applied].filter((id) => !map.childrenOf(id).some((child) => applied.has(child)));
}
