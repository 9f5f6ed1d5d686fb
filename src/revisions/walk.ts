import { onLineage } from "./identifiers.ts";
import type { RevisionMap } from "./revision-map.ts";
import { RevlineError } from "../errors.ts";

/** A place to stand on: a revision, or `null`, the ground below all bases. */
export type Place = string | null;

/**
 * Goes a number of revisions up (above zero) or down, along down revisions. From the ground the way
 * down begins at the heads.
 *
 * @param branch narrows the way up where it forks
 * @returns undefined when the way ends before
 * @throws RevlineError relative-invalid where the way forks
 */
export function walk(
  map: RevisionMap,
  start: Place,
  steps: number,
  branch?: string,
): Place | undefined {
  return stroll(map, start, steps, branch).place;
}

/** As {@link walk}, but stops where the way ends. */
export function walkAsFarAsPossible(
  map: RevisionMap,
  start: Place,
  steps: number,
  branch?: string,
): Place {
  return stroll(map, start, steps, branch).last;
}

function stroll(
  map: RevisionMap,
  start: Place,
  steps: number,
  branch?: string,
): { readonly place: Place | undefined; readonly last: Place } {
  if (start === null && steps === 0) return { place: undefined, last: null };
  let at = start;
  for (let step = 0; step < Math.abs(steps); step += 1) {
    const ways = steps > 0 ? waysUp(map, at, branch) : waysDown(map, at, step === 0);
    const [way, fork] = ways;
    if (way === undefined) return { place: undefined, last: at };
    if (fork !== undefined) throw forked(at, steps, ways);
    at = way;
  }
  return { place: at, last: at };
}

function waysUp(map: RevisionMap, at: Place, branch: string | undefined): readonly Place[] {
  const above = at === null ? map.bases : map.childrenOf(at);
  return branch === undefined ? above : onLineage(map, above, branch);
}

function waysDown(map: RevisionMap, at: Place, first: boolean): readonly Place[] {
  if (at === null) return first ? map.heads : [];
  const below = map.downOf(at);
  return below.length === 0 ? [null] : below;
}

function forked(at: Place, steps: number, ways: readonly Place[]): RevlineError {
  const names = ways.map((way) => way ?? "base");
  const where = at === null ? "at the bottom" : `at revision "${at}"`;
  return new RevlineError(
    "relative-invalid",
    `${steps > 0 ? "+" : ""}${steps} is ambiguous: the way forks ${where} into ${names.join(" and ")}.`,
    {
      hint:
        steps > 0
          ? "Name the branch, as in <branch>@+1, or the revision itself."
          : "Name the revision itself.",
      details: names,
    },
  );
}
