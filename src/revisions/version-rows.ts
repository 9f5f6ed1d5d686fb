import type { RevisionMap } from "./revision-map.ts";

/** One write to the version table. */
export type VersionChange =
  | { readonly kind: "insert"; readonly version: string }
  | { readonly kind: "update"; readonly from: string; readonly to: string }
  | { readonly kind: "delete"; readonly version: string };

/** The writes that turn rows into other rows, as few as can be. */
export function versionChanges(
  before: readonly string[],
  after: readonly string[],
): readonly VersionChange[] {
  const gone = before.filter((version) => !after.includes(version));
  const come = after.filter((version) => !before.includes(version));
  return [
    ...gone.slice(come.length).map((version): VersionChange => ({ kind: "delete", version })),
    ...come.slice(gone.length).map((version): VersionChange => ({ kind: "insert", version })),
    ...gone.flatMap((from, at): VersionChange[] => {
      const to = come[at];
      return to === undefined ? [] : [{ kind: "update", from, to }];
    }),
  ];
}

/**
 * What is applied, and the rows of the version table that say so: always the uppermost of the applied
 * revisions, under down revisions and dependencies together.
 */
export class AppliedRevisions {
  readonly #map: RevisionMap;
  readonly #applied: Set<string>;
  #rows: readonly string[];

  constructor(map: RevisionMap, rows: readonly string[]) {
    this.#map = map;
    this.#applied = map.ancestors(rows);
    this.#rows = rows;
  }

  get rows(): readonly string[] {
    return this.#rows;
  }

  has(id: string): boolean {
    return this.#applied.has(id);
  }

  /** Writes that a revision is applied. @returns the rows afterwards */
  upgrade(id: string): readonly string[] {
    this.#applied.add(id);
    const covered = new Set([...this.#map.downOf(id), ...this.#map.dependenciesOf(id)]);
    this.#rows = [...this.#rows.filter((row) => !covered.has(row)), id];
    return this.#rows;
  }

  /** Writes that a revision is not applied any more. @returns the rows afterwards */
  downgrade(id: string): readonly string[] {
    this.#applied.delete(id);
    const below = [...this.#map.downOf(id), ...this.#map.dependenciesOf(id)];
    const uncovered = below.filter(
      (parent) => this.#applied.has(parent) && !this.#isCovered(parent),
    );
    this.#rows = [...new Set([...this.#rows.filter((row) => row !== id), ...uncovered])];
    return this.#rows;
  }

  #isCovered(id: string): boolean {
    return this.#map.dependentsOf(id).some((above) => this.#applied.has(above));
  }
}
