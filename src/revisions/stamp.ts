import { onLineage } from "./identifiers.ts";
import type { RevisionMap } from "./revision-map.ts";
import { resolve } from "./resolve.ts";
import { checkRows } from "./plan.ts";
import { versionChanges, type VersionChange } from "./version-rows.ts";

/** One change of the version table that runs nothing. */
export interface StampStep {
  readonly direction: "up" | "down";
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly changes: readonly VersionChange[];
}

export interface StampPlan {
  readonly steps: readonly StampStep[];
  readonly after: readonly string[];
}

/**
 * What a stamp writes. Each target takes the place of the rows on its lineage; a target on no row's
 * lineage is added; `base` takes all rows away, `branch@base` those of the branch.
 *
 * @throws RevlineError revision-not-found, revision-ambiguous, multiple-heads, relative-invalid, version-unknown
 */
export function planStamp(
  map: RevisionMap,
  rows: readonly string[],
  targets: readonly string[],
): StampPlan {
  checkRows(map, rows);
  const related = new Set(targets.flatMap((target) => onLineage(map, rows, target, "all")));
  const destinations = targets
    .flatMap((target) => resolve(map, target))
    .filter((place) => typeof place === "string");
  const steps: StampStep[] = [];
  let state = rows;
  const moveTo = (direction: StampStep["direction"], after: readonly string[]): void => {
    const changes = versionChanges(state, after);
    if (changes.length > 0) steps.push({ direction, before: state, after, changes });
    state = after;
  };
  if (destinations.length === 0) {
    for (const row of related)
      moveTo(
        "down",
        state.filter((other) => other !== row),
      );
  }
  for (const destination of destinations) {
    if (related.has(destination)) continue;
    const above = map.descendants([destination]);
    const below = map.ancestors([destination]);
    const replaced = [...related].some((row) => above.has(row) || below.has(row))
      ? related
      : new Set<string>();
    const downwards = [...replaced].some((row) => above.has(row));
    const kept = state.filter((row) => !replaced.has(row) && row !== destination);
    moveTo(downwards ? "down" : "up", [...kept, destination]);
  }
  return { steps, after: state };
}
