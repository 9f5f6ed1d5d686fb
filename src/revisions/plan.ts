import { findBranch } from "./identifiers.ts";
import { newestFirst } from "./order.ts";
import type { RevisionMap } from "./revision-map.ts";
import type { Revision } from "./revision.ts";
import { downgradeTarget, upgradeTargets } from "./targets.ts";
import { AppliedRevisions, versionChanges, type VersionChange } from "./version-rows.ts";
import { RevlineError } from "../errors.ts";

export type Direction = "upgrade" | "downgrade";

/** One revision to run, and what the version table holds before and after. */
export interface PlanStep {
  readonly direction: Direction;
  readonly revision: Revision;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly changes: readonly VersionChange[];
}

export interface RevisionPlan {
  readonly steps: readonly PlanStep[];
  /** The rows when all steps have run. */
  readonly after: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * The steps of an upgrade from the given rows: all that the target needs and that is not applied.
 *
 * @throws RevlineError revision-not-found, revision-ambiguous, multiple-heads, relative-invalid,
 *   range-invalid (revisions that stand on one another), version-unknown
 */
export function planUpgrade(
  map: RevisionMap,
  rows: readonly string[],
  target: string,
): RevisionPlan {
  checkRows(map, rows);
  refuseRange(target);
  const targets = upgradeTargets(map, target, () => rows, { exact: true });
  const needed = ancestorsApart(map, targets, "Targets");
  const applied = ancestorsApart(map, rows, "Rows of the version table");
  const missing = new Set([...needed].filter((id) => !applied.has(id)));
  return steps(map, rows, "upgrade", newestFirst(map, missing, targets).toReversed(), []);
}

/**
 * The steps of a downgrade from the given rows to the target, which stays: everything applied that
 * stands on it, or depends on what stands on it.
 *
 * @throws RevlineError as {@link planUpgrade}; range-invalid where the target is not below the rows
 */
export function planDowngrade(
  map: RevisionMap,
  rows: readonly string[],
  target: string,
): RevisionPlan {
  refuseRange(target);
  const { branch, place, warnings } = downgradeTarget(map, target, rows, { exact: true });
  const roots = rootsAbove(map, place, branch, target);
  checkRows(map, rows);
  const applied = map.ancestors(rows);
  const dropped = new Set([...map.descendants(roots)].filter((id) => applied.has(id)));
  if (place !== null && dropped.size === 0 && !rows.includes(place)) {
    throw new RevlineError(
      "range-invalid",
      `"${target}" is not below the revisions of the database (${rows.join(", ") || "none"}).`,
      {
        hint: "See `migrate current`; to go up, use `migrate upgrade`.",
      },
    );
  }
  return steps(map, rows, "downgrade", newestFirst(map, dropped, rows), warnings);
}

/** What stands directly on the target and is to go. A branch narrows it where there is a choice. */
function rootsAbove(
  map: RevisionMap,
  place: string | null,
  branch: string | undefined,
  target: string,
): readonly string[] {
  // a base with a label counts once for each of its names
  const names =
    place === null
      ? [...map.names].filter(([, id]) => map.downOf(id).length === 0).map(([, id]) => id)
      : map.childrenOf(place);
  if (branch === undefined || names.length < 2) return names;
  const below = map.ancestors([findBranch(map, branch)], "down");
  const roots = names.filter((id) => below.has(id));
  if (roots.length > 0) return roots;
  throw new RevlineError(
    "range-invalid",
    `"${target}" is not below the revisions of the database on "${branch}".`,
    {
      hint: "See `migrate current` and `migrate branches`.",
    },
  );
}

/** Rows that no file has: the database is newer than the code, or belongs to another project. */
export function checkRows(map: RevisionMap, rows: readonly string[]): void {
  const unknown = rows.filter((row) => !map.has(row));
  if (unknown.length === 0) return;
  const list = unknown.map((row) => `"${row}"`).join(", ");
  throw new RevlineError(
    "version-unknown",
    `The database is at revision ${list}, which no revision file has.`,
    {
      hint: "Deploy the code that has it, or, if its file is gone for good, say where the database is with `migrate stamp --purge <revision>`.",
      details: unknown,
    },
  );
}

/**
 * The given revisions and all below.
 *
 * @throws RevlineError range-invalid where one stands on another
 */
export function ancestorsApart(
  map: RevisionMap,
  ids: readonly string[],
  what: string,
): ReadonlySet<string> {
  for (const id of ids) {
    const below = ids.find((other) => other !== id && map.isAncestor(other, id));
    if (below === undefined) continue;
    throw new RevlineError("range-invalid", `${what} overlap: "${below}" is below "${id}".`, {
      hint:
        what === "Targets"
          ? "Leave the lower one out."
          : `Take the lower one out of the version table: \`migrate stamp --purge ${id}\`.`,
    });
  }
  return map.ancestors(ids);
}

function refuseRange(target: string): void {
  if (!target.includes(":")) return;
  throw new RevlineError(
    "range-invalid",
    `"${target}" is a range; this command goes to one revision.`,
    {
      hint: "Ranges from:to are for --sql and for `history -r`.",
    },
  );
}

function steps(
  map: RevisionMap,
  rows: readonly string[],
  direction: Direction,
  ids: readonly string[],
  warnings: readonly string[],
): RevisionPlan {
  const state = new AppliedRevisions(map, rows);
  const planned = ids.map((id): PlanStep => {
    const before = state.rows;
    const after = direction === "upgrade" ? state.upgrade(id) : state.downgrade(id);
    return {
      direction,
      revision: map.get(id),
      before,
      after,
      changes: versionChanges(before, after),
    };
  });
  return { steps: planned, after: state.rows, warnings };
}
