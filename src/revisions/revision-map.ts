import { levels, missingParent, nameRevisions } from "./check-graph.ts";
import type { Revision } from "./revision.ts";
import { append, distinct, reachable } from "./traversal.ts";
import { RevlineError } from "../errors.ts";

/** Which ways count: down revisions alone, or dependencies as well. */
export type Ways = "down" | "all";

interface Node {
  readonly revision: Revision;
  readonly order: number;
  /** `dependsOn` as ids. */
  readonly dependencies: readonly string[];
  /** Down revisions, then the dependencies that no ancestor has already. */
  readonly parents: readonly string[];
  readonly labels: Set<string>;
}

const NONE: readonly string[] = [];

/**
 * The graph of all revisions: immutable, pure, in load order. A revision's parents are its down
 * revisions; its dependencies order it without making it part of a branch.
 *
 * @throws RevlineError revision-invalid, revision-duplicate, revision-missing-parent, revision-cycle
 */
export class RevisionMap {
  /** All revisions in load order. */
  readonly revisions: readonly Revision[];
  /** Ids, then labels, each with the id it means. */
  readonly names: ReadonlyMap<string, string>;
  /** Revisions that no other has as its down revision. */
  readonly heads: readonly string[];
  /** Heads that no other depends on either: what the version table holds when all is applied. */
  readonly realHeads: readonly string[];
  /** Revisions without a down revision. */
  readonly bases: readonly string[];

  readonly #nodes: ReadonlyMap<string, Node>;
  readonly #children: ReadonlyMap<string, readonly string[]>;
  readonly #dependents: ReadonlyMap<string, readonly string[]>;
  readonly #levels: ReadonlyMap<string, number>;

  constructor(revisions: readonly Revision[]) {
    const named = nameRevisions(revisions);
    const children = new Map<string, string[]>();
    const dependents = new Map<string, string[]>();
    const dependencies = new Map<string, readonly string[]>();
    for (const revision of revisions) {
      for (const down of revision.downRevisions) {
        if (named.get(down)?.id !== down) throw missingParent(revision, down, "downRevision");
        append(children, down, revision.id);
        append(dependents, down, revision.id);
      }
      const needed = distinct(
        revision.dependsOn.map((name) => {
          const other = named.get(name);
          if (other === undefined) throw missingParent(revision, name, "dependsOn");
          append(dependents, other.id, revision.id);
          return other.id;
        }),
      );
      dependencies.set(revision.id, needed);
    }
    const ids = revisions.map(({ id }) => id);
    const downOf = (id: string): readonly string[] => named.get(id)?.downRevisions ?? NONE;
    this.revisions = revisions;
    this.names = new Map([...named].map(([name, { id }]): [string, string] => [name, id]));
    this.#children = children;
    this.#dependents = dependents;
    this.#levels = levels(
      ids,
      (id) => distinct([...downOf(id), ...(dependencies.get(id) ?? NONE)]),
      (id) => dependents.get(id) ?? NONE,
    );
    this.#nodes = new Map(
      revisions.map((revision, order): [string, Node] => {
        const needed = dependencies.get(revision.id) ?? NONE;
        const below = needed.length === 0 ? NONE : [...reachable(revision.downRevisions, downOf)];
        const inherited = new Set(below.flatMap((id) => dependencies.get(id) ?? NONE));
        const own = needed.filter((id) => !inherited.has(id));
        const parents = distinct([...revision.downRevisions, ...own]);
        return [
          revision.id,
          {
            revision,
            order,
            dependencies: needed,
            parents,
            labels: new Set(revision.branchLabels),
          },
        ];
      }),
    );
    this.heads = ids.filter((id) => !children.has(id));
    this.realHeads = ids.filter((id) => !dependents.has(id));
    this.bases = ids.filter((id) => downOf(id).length === 0);
    this.#spreadLabels();
  }

  /** A label holds for all descendants, and for the ancestors down to the first branch or merge point. */
  #spreadLabels(): void {
    for (const revision of this.revisions) {
      if (revision.branchLabels.length === 0) continue;
      const branch = this.descendants([revision.id], "down");
      for (const id of branch) this.#addLabels(id, revision);
      let at = [...branch].at(-1);
      while (at !== undefined && this.dependentsOf(at).length < 2 && this.downOf(at).length < 2) {
        this.#addLabels(at, revision);
        at = this.downOf(at)[0];
      }
    }
  }

  #addLabels(id: string, { branchLabels }: Revision): void {
    const { labels } = this.#node(id);
    for (const label of branchLabels) labels.add(label);
  }

  #node(id: string): Node {
    const node = this.#nodes.get(id);
    if (node === undefined)
      throw new RevlineError("revision-not-found", `There is no revision "${id}".`);
    return node;
  }

  has(id: string): boolean {
    return this.#nodes.has(id);
  }

  /** @throws RevlineError revision-not-found */
  get(id: string): Revision {
    return this.#node(id).revision;
  }

  /** The place in load order. */
  orderOf(id: string): number {
    return this.#node(id).order;
  }

  /** Revisions whose down revision this is. */
  childrenOf(id: string): readonly string[] {
    return this.#children.get(id) ?? NONE;
  }

  /** Revisions whose down revision or dependency this is. */
  dependentsOf(id: string): readonly string[] {
    return this.#dependents.get(id) ?? NONE;
  }

  downOf(id: string): readonly string[] {
    return this.#node(id).revision.downRevisions;
  }

  /** `dependsOn` as ids. */
  dependenciesOf(id: string): readonly string[] {
    return this.#node(id).dependencies;
  }

  /** What must be applied right before: down revisions, and dependencies that no ancestor has already. */
  parentsOf(id: string): readonly string[] {
    return this.#node(id).parents;
  }

  /** All labels of the branches this revision is on. */
  labelsOf(id: string): ReadonlySet<string> {
    return this.#node(id).labels;
  }

  isHead(id: string): boolean {
    return this.childrenOf(id).length === 0;
  }

  isRealHead(id: string): boolean {
    return this.dependentsOf(id).length === 0;
  }

  /** More than one revision stands on it. */
  isBranchPoint(id: string): boolean {
    return this.childrenOf(id).length > 1;
  }

  isMergePoint(id: string): boolean {
    return this.downOf(id).length > 1;
  }

  /** The given revisions and all below them. */
  ancestors(ids: Iterable<string>, ways: Ways = "all"): Set<string> {
    return reachable(ids, ways === "all" ? (id) => this.parentsOf(id) : (id) => this.downOf(id));
  }

  /** The given revisions and all above them. */
  descendants(ids: Iterable<string>, ways: Ways = "all"): Set<string> {
    return reachable(
      ids,
      ways === "all" ? (id) => this.dependentsOf(id) : (id) => this.childrenOf(id),
    );
  }

  /** Whether `below` is `above` or among its ancestors; walks no deeper than it must. */
  isAncestor(below: string, above: string): boolean {
    const bottom = this.#levels.get(below) ?? 0;
    const higher = (id: string): boolean => id === below || (this.#levels.get(id) ?? 0) > bottom;
    return reachable([above], (id) => this.parentsOf(id).filter(higher)).has(below);
  }
}
