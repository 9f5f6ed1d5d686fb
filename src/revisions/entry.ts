import type { RevisionMap } from "./revision-map.ts";

/** One revision with its place in the graph, as plain data for people and programs. */
export interface RevisionEntry {
  readonly id: string;
  readonly message: string;
  /** The whole doc comment. */
  readonly doc: string;
  /** As the file says it; null: it does not. */
  readonly created: string | null;
  readonly downRevisions: readonly string[];
  /** As ids. */
  readonly dependsOn: readonly string[];
  /** Labels that begin here. */
  readonly branchLabels: readonly string[];
  readonly children: readonly string[];
  readonly isHead: boolean;
  /** False for a head that another revision depends on: the version table never ends there. */
  readonly isRealHead: boolean;
  readonly isBranchPoint: boolean;
  readonly isMergePoint: boolean;
  readonly path: string | null;
}

/** @throws RevlineError revision-not-found */
export function entryOf(map: RevisionMap, id: string): RevisionEntry {
  const revision = map.get(id);
  return {
    id,
    message: revision.message,
    doc: revision.doc,
    created: revision.created ?? null,
    downRevisions: revision.downRevisions,
    dependsOn: map.dependenciesOf(id),
    branchLabels: revision.branchLabels,
    children: map.childrenOf(id),
    isHead: map.isHead(id),
    isRealHead: map.isRealHead(id),
    isBranchPoint: map.isBranchPoint(id),
    isMergePoint: map.isMergePoint(id),
    path: revision.path ?? null,
  };
}
