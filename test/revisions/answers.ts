import {
  RevisionMap,
  branchEnds,
  checkRows,
  history,
  parseRange,
  placeRevision,
  planDowngrade,
  planDowngradeOffline,
  planStamp,
  planStampOffline,
  planUpgrade,
  planUpgradeOffline,
  resolveRevisions,
  revisionOf,
  type PlanStep,
  type StampStep,
} from "../../src/revisions/index.ts";
import { RevlineError } from "../../src/errors.ts";

/** One line of the recorded file. */
export interface Vector {
  readonly id: number;
  readonly group: string;
  readonly graph: readonly {
    readonly revision: string;
    readonly down_revision: string | readonly string[] | null;
    readonly branch_labels: readonly string[];
    readonly depends_on: readonly string[];
  }[];
  readonly current: readonly string[];
  readonly query: {
    readonly command: string;
    readonly target?: string | readonly string[] | null;
    readonly revisions?: readonly string[];
    readonly head?: string;
    readonly splice?: boolean;
    readonly purge?: boolean;
    readonly depends_on?: readonly string[];
    readonly check_heads?: boolean;
    readonly resolve_dependencies?: boolean;
  };
  readonly result: Result;
  readonly varies?: boolean;
  readonly alternatives?: readonly Result[];
  readonly model_heads_after?: readonly (readonly string[])[];
}

export interface Result {
  readonly error?: string;
  readonly kind?: string;
  readonly planned?: readonly (string | null)[];
  readonly steps?: readonly {
    readonly revision: string | null;
    readonly heads_after: readonly string[];
  }[];
  readonly final_heads?: readonly string[];
  readonly revisions?: readonly string[];
  readonly [key: string]: unknown;
}

/** What of an answer must agree, in a form that can be compared. */
export type Answer = Readonly<Record<string, unknown>>;

function graphOf(vector: Vector): RevisionMap {
  return new RevisionMap(
    vector.graph.map((one) =>
      revisionOf(one.revision, {
        downRevisions: one.down_revision === null ? [] : [one.down_revision].flat(),
        branchLabels: one.branch_labels,
        dependsOn: one.depends_on,
      }),
    ),
  );
}

const sorted = (ids: Iterable<string>): readonly string[] => [...ids].toSorted();

function planned(steps: readonly PlanStep[], after: readonly string[]): Answer {
  return {
    steps: steps.map((step) => ({ revision: step.revision.id, heads_after: sorted(step.after) })),
    final_heads: sorted(after),
  };
}

function stamped(steps: readonly StampStep[], after: readonly string[]): Answer {
  return {
    steps: steps.map((step) => ({ revision: null, heads_after: sorted(step.after) })),
    final_heads: sorted(after),
  };
}

const text = (vector: Vector): string =>
  typeof vector.query.target === "string" ? vector.query.target : "";
const texts = (vector: Vector): readonly string[] => [vector.query.target ?? []].flat();

function created(map: RevisionMap, vector: Vector, heads: readonly string[]): Answer {
  const { splice = false, depends_on: dependsOn = [] } = vector.query;
  const { downRevisions, dependsOn: deps } = placeRevision(map, { heads, splice, dependsOn });
  const added = new RevisionMap([
    ...map.revisions,
    revisionOf("feedfeedfeed", { downRevisions, dependsOn: deps }),
  ]);
  return {
    down_revision: sorted(downRevisions),
    depends_on: deps,
    heads_after: sorted(added.heads),
  };
}

function describe(map: RevisionMap): Answer {
  const info = map.revisions.map(({ id }): [string, unknown] => [
    id,
    {
      branch_labels: sorted(map.labelsOf(id)),
      nextrev: sorted(map.childrenOf(id)),
      all_nextrev: sorted(map.dependentsOf(id)),
      down: map.downOf(id),
      deps: sorted(map.dependenciesOf(id)),
      normalized_deps: sorted(map.parentsOf(id).filter((other) => !map.downOf(id).includes(other))),
      is_head: map.isHead(id),
      is_real_head: map.isRealHead(id),
      is_base: map.bases.includes(id),
      is_branch_point: map.isBranchPoint(id),
      is_merge_point: map.isMergePoint(id),
    },
  ]);
  const bare = map.bases.filter((id) => map.dependenciesOf(id).length === 0);
  return {
    heads: map.heads,
    real_heads: map.realHeads,
    bases: map.bases,
    real_bases: bare,
    revisions_info: Object.fromEntries(info),
  };
}

const COMMANDS: Readonly<Record<string, (map: RevisionMap, vector: Vector) => Answer>> = {
  load: describe,
  heads: (map, { query }) => ({
    revisions: query.resolve_dependencies === true ? map.realHeads : map.heads,
  }),
  bases: (map) => ({ revisions: map.bases }),
  branches: (map) => ({
    revisions: history(map).flatMap(({ id }) =>
      map.isBranchPoint(id) ? [{ revision: id, into: sorted(map.childrenOf(id)) }] : [],
    ),
  }),
  current: (map, { current, query }) => {
    checkRows(map, current);
    if (query.check_heads === true && sorted(map.heads).join() !== sorted(current).join()) {
      throw new RevlineError("not-up-to-date", "The database is not at all heads.");
    }
    return { revisions: sorted(branchEnds(map, current)) };
  },
  show: (map, vector) => ({
    revisions: text(vector) === "current" ? vector.current : resolveRevisions(map, text(vector)),
  }),
  history: (map, vector) => {
    const range = typeof vector.query.target === "string" ? parseRange(vector.query.target) : {};
    return { revisions: history(map, range, vector.current).map(({ id }) => id) };
  },
  upgrade: (map, vector) => {
    const { steps, after } = planUpgrade(map, vector.current, text(vector));
    return planned(steps, after);
  },
  downgrade: (map, vector) => {
    const { steps, after } = planDowngrade(map, vector.current, text(vector));
    return planned(steps, after);
  },
  upgrade_sql: (map, vector) => {
    const { steps, after, start } = planUpgradeOffline(map, text(vector));
    return { ...planned(steps, after), start_heads: sorted(start) };
  },
  downgrade_sql: (map, vector) => {
    const { steps, after, start } = planDowngradeOffline(map, text(vector));
    return { ...planned(steps, after), start_heads: sorted(start) };
  },
  stamp: (map, vector) => {
    const { steps, after } = planStamp(
      map,
      vector.query.purge === true ? [] : vector.current,
      texts(vector),
    );
    return stamped(steps, after);
  },
  stamp_sql: (map, vector) => {
    const { steps, after, start } = planStampOffline(map, texts(vector));
    return { ...stamped(steps, after), start_heads: sorted(start) };
  },
  revision: (map, vector) => created(map, vector, [vector.query.head ?? "head"]),
  merge: (map, vector) => created(map, vector, vector.query.revisions ?? []),
};

/** Our answer to a recorded question; `error` holds the code of a refusal. */
export function answer(vector: Vector): Answer {
  try {
    const map = graphOf(vector);
    const command = COMMANDS[vector.query.command];
    if (command === undefined) throw new Error(`No answer to ${vector.query.command}.`);
    return command(map, vector);
  } catch (error) {
    if (error instanceof RevlineError && error.code !== "internal") return { error: error.code };
    throw error;
  }
}

/** The children of a branch point have no order. */
function sortedBranches(points: readonly unknown[]): readonly unknown[] {
  return points.map((point) =>
    typeof point === "object" && point !== null && "into" in point && Array.isArray(point.into)
      ? { ...point, into: sorted(point.into.map(String)) }
      : point,
  );
}

const SORTED_LISTS = new Set(["final_heads", "heads_after", "start_heads", "depends_on"]);

/** The part of a recorded result that must agree, in the same form. */
export function expectation(vector: Vector, result: Result): Answer {
  if (result.error !== undefined) return { error: result.error };
  const { command } = vector.query;
  const kept = Object.entries(result).flatMap(([key, value]): [string, unknown][] => {
    if (key === "text" || key === "warnings" || key === "creates_version_table") return [];
    if (key === "steps") {
      return [
        [
          key,
          (result.steps ?? []).map((step) => ({
            revision: step.revision,
            heads_after: sorted(step.heads_after),
          })),
        ],
      ];
    }
    if (key === "down_revision")
      return [
        [key, sorted(value === null || value === undefined ? [] : [value].flat().map(String))],
      ];
    if (key === "revisions" && command === "current" && Array.isArray(value))
      return [[key, sorted(value.map(String))]];
    if (key === "revisions" && command === "branches")
      return [[key, sortedBranches(result.revisions ?? [])]];
    if (SORTED_LISTS.has(key) && Array.isArray(value)) return [[key, sorted(value.map(String))]];
    return [[key, value]];
  });
  return Object.fromEntries(kept);
}
