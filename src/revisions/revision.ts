/** One revision, as its file says it. */
export interface Revision {
  readonly id: string;
  /** The revisions it stands on: none (a base), one, or several (a merge). */
  readonly downRevisions: readonly string[];
  /** Names of the branch that begins here. */
  readonly branchLabels: readonly string[];
  /** Ids or labels of revisions that must be applied before, without being its parents. */
  readonly dependsOn: readonly string[];
  /** The first paragraph of the doc comment. */
  readonly message: string;
  /** The whole doc comment, without its stars. */
  readonly doc: string;
  /** The doc comment's `Created:` line, as it is written. */
  readonly created?: string;
  /** Absent for revisions that are not in a file. */
  readonly path?: string;
}

/** A {@link Revision} from its id and whatever else is known. */
export function revisionOf(id: string, rest: Partial<Omit<Revision, "id">> = {}): Revision {
  return {
    downRevisions: [],
    branchLabels: [],
    dependsOn: [],
    message: "",
    doc: rest.message ?? "",
    ...rest,
    id,
  };
}

/** The words that never are a revision's id or label. */
export const RESERVED_IDENTIFIERS: readonly string[] = ["head", "heads", "base", "current"];

/** Where a revision is, for people: its file, or its id where it has none. */
export function whereIs(revision: Revision): string {
  return revision.path ?? `revision "${revision.id}"`;
}
