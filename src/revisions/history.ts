import { find, parseIdentifier, resolveOne } from "./identifiers.ts";
import { newestFirst } from "./order.ts";
import { ancestorsApart } from "./plan.ts";
import type { RevisionMap } from "./revision-map.ts";
import { resolve } from "./resolve.ts";
import type { Revision } from "./revision.ts";
import { downgradeTarget, upgradeTargets } from "./targets.ts";
import type { Place } from "./walk.ts";
import { RevlineError } from "../errors.ts";

/** The two ends of `a:b`; an end that is not given is undefined. */
export interface RevisionRange {
  readonly from?: string;
  readonly to?: string;
}

/** @throws RevlineError range-invalid */
export function parseRange(text: string): RevisionRange {
  const [from = "", to, ...rest] = text.trim().split(":");
  if (to === undefined || rest.length > 0) {
    throw new RevlineError("range-invalid", `"${text}" is not a range.`, {
      hint: "Write FROM:TO, FROM: or :TO.",
    });
  }
  return { ...(from && { from }), ...(to && { to }) };
}

/**
 * The revisions of a range, both ends included, the newest first. With no range, all.
 *
 * @param rows what `current` stands for at one of the ends; no rows: base below, all heads above
 * @throws RevlineError range-invalid, revision-not-found, revision-ambiguous, multiple-heads, relative-invalid
 */
export function history(
  map: RevisionMap,
  range: RevisionRange = {},
  rows: readonly string[] = [],
): readonly Revision[] {
  if (range.from === "current" && range.to === "current") {
    throw new RevlineError("range-invalid", "Only one end of a range can be `current`.", {
      hint: "See `migrate current -v`.",
    });
  }
  const lower = endOf(range.from, rows, "base");
  const upper = endOf(range.to, rows, "heads");
  const targets = upperEnds(map, lower, upper);
  const needed = ancestorsApart(map, targets, "Ends of the range");
  const bottom = lowerEnds(map, lower, upper, needed);
  const below = ancestorsApart(map, bottom, "Ends of the range");
  const above = map.descendants(bottom, "down");
  const between = [...needed].filter((id) => !below.has(id));
  const inside =
    bottom.length === 0 ? between : [...between, ...bottom].filter((id) => above.has(id));
  return newestFirst(map, new Set(inside), targets).map((id) => map.get(id));
}

/** An identifier, or the rows that `current` stands for. */
type End = string | readonly string[];

function endOf(given: string | undefined, rows: readonly string[], otherwise: string): End {
  if (given !== "current") return given ?? otherwise;
  return rows.length === 0 ? otherwise : rows;
}

function upperEnds(map: RevisionMap, lower: End, upper: End): readonly string[] {
  const from = (branch: string | undefined): readonly string[] => {
    if (typeof lower !== "string") return lower;
    return branch === undefined
      ? [resolveOne(map, lower) ?? []].flat()
      : revisionsAt(resolve(map, lower), lower);
  };
  const ends =
    typeof upper === "string" ? upgradeTargets(map, upper, from, { exact: false }) : upper;
  const branch = typeof lower === "string" ? parseIdentifier(lower).branch : undefined;
  if (branch === undefined) return ends;
  // a branch named at the lower end narrows the upper one
  const labels = resolveOne(map, branch) === branch ? [...map.labelsOf(branch)] : [branch];
  return ends.filter((id) => labels.some((label) => map.labelsOf(id).has(label)));
}

function lowerEnds(
  map: RevisionMap,
  lower: End,
  upper: End,
  needed: ReadonlySet<string>,
): readonly string[] {
  const places: readonly (Place | undefined)[] =
    typeof lower === "string" ? resolve(map, lower) : lower;
  if (places.some((place) => place !== undefined && (place === null || !needed.has(place)))) {
    throw new RevlineError(
      "range-invalid",
      `The range from ${describe(lower)} to ${describe(upper)} is not along one branch.`,
      {
        hint: "The first end must be an ancestor of the second.",
      },
    );
  }
  if (typeof lower === "string" && places.length > 0 && places[0] === undefined) {
    // counted down from the heads it is below the bottom: count from the upper end instead
    const { place } = downgradeTarget(
      map,
      lower,
      typeof upper === "string" ? [find(map, upper)] : upper,
      { exact: false },
    );
    return place === null ? [] : [place];
  }
  return revisionsAt(places, describe(lower));
}

function describe(end: End): string {
  return typeof end === "string" ? `"${end}"` : end.join(", ");
}

function revisionsAt(
  places: readonly (Place | undefined)[],
  identifier: string,
): readonly string[] {
  return places.map((place) => {
    if (typeof place === "string") return place;
    throw new RevlineError("range-invalid", `${identifier} is below the first revision.`, {
      hint: "Take a smaller number, or `base`.",
    });
  });
}
