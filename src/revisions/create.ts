import { resolveOne } from "./identifiers.ts";
import type { RevisionMap } from "./revision-map.ts";
import { resolveRevisions } from "./resolve.ts";
import { RevlineError } from "../errors.ts";

export interface NewRevision {
  /** What it stands on; several of them make a merge. */
  readonly heads: readonly string[];
  /** Allow standing on a revision that already has another on it. */
  readonly splice?: boolean;
  readonly dependsOn?: readonly string[];
}

/**
 * Where a new revision goes, with all identifiers as full ids; labels in `dependsOn` stay labels.
 *
 * @throws RevlineError multiple-heads, revision-not-found, revision-ambiguous, revision-invalid (not a head, twice the same)
 */
export function placeRevision(
  map: RevisionMap,
  wanted: NewRevision,
): { readonly downRevisions: readonly string[]; readonly dependsOn: readonly string[] } {
  const downRevisions = wanted.heads.flatMap((head) => resolveRevisions(map, head));
  const twice = downRevisions.find((id, at) => downRevisions.indexOf(id) !== at);
  if (twice !== undefined) {
    throw new RevlineError("revision-invalid", `Revision "${twice}" is named twice.`, {
      hint: "Name each revision once.",
    });
  }
  const inner = wanted.splice === true ? undefined : downRevisions.find((id) => !map.isHead(id));
  if (inner !== undefined) {
    throw new RevlineError("revision-invalid", `Revision "${inner}" is not a head.`, {
      hint: "Use --splice to begin a new branch there.",
    });
  }
  return {
    downRevisions,
    dependsOn: (wanted.dependsOn ?? []).map((name) => dependency(map, name)),
  };
}

function dependency(map: RevisionMap, name: string): string {
  const id = resolveOne(map, name);
  if (id === undefined) {
    throw new RevlineError("revision-not-found", `"${name}" is not a revision to depend on.`, {
      hint: "Give an id or a label.",
    });
  }
  return map.labelsOf(id).has(name) ? name : id;
}
