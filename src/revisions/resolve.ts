import { expand, find, parseIdentifier } from "./identifiers.ts";
import type { RevisionMap } from "./revision-map.ts";
import { walk, type Place } from "./walk.ts";
import { RevlineError } from "../errors.ts";

/**
 * All places that an identifier means; none for `base`. `-N` counts down from each head: `null` is the
 * ground, `undefined` is below it.
 *
 * @throws RevlineError revision-not-found, revision-ambiguous, multiple-heads, relative-invalid
 */
export function resolve(map: RevisionMap, identifier: string): readonly (Place | undefined)[] {
  const { branch, symbol } = parseIdentifier(identifier);
  if (/^\s*-0*[1-9]\d*\s*$/.test(symbol)) {
    const heads =
      branch === undefined
        ? map.realHeads
        : map.realHeads.filter((id) => map.labelsOf(id).has(branch));
    return heads.map((head) => walk(map, head, Number(symbol)));
  }
  return expand(map, identifier).map((name) => find(map, name, branch));
}

/**
 * The revisions that an identifier means, as `show`, `edit` and `merge` take them.
 *
 * @throws RevlineError revision-not-found, revision-ambiguous, multiple-heads, relative-invalid
 */
export function resolveRevisions(map: RevisionMap, identifier: string): readonly string[] {
  return resolve(map, identifier).map((place) => {
    if (typeof place === "string") return place;
    throw new RevlineError("relative-invalid", `"${identifier}" goes below the first revision.`, {
      hint: "Take a smaller number.",
    });
  });
}
