import type { RevisionMap } from "./revision-map.ts";

/**
 * Sorts revisions so that each comes before all it stands on: the order of a downgrade and of
 * `history`; reversed, that of an upgrade. Goes down one branch as far as it can before the next, and
 * begins with the heads in load order.
 *
 * @param heads where to begin; what they do not reach follows, from its own heads
 */
export function newestFirst(
  map: RevisionMap,
  revisions: ReadonlySet<string>,
  heads: readonly string[],
): readonly string[] {
  const left = new Set(revisions);
  const sorted: string[] = [];
  descend(
    map,
    left,
    sorted,
    heads.filter((id) => left.has(id)),
  );
  while (left.size > 0) {
    const tops = [...left].filter((id) => !map.dependentsOf(id).some((above) => left.has(above)));
    descend(map, left, sorted, tops);
  }
  return sorted;
}

function descend(
  map: RevisionMap,
  left: Set<string>,
  sorted: string[],
  heads: readonly string[],
): void {
  const open = [...new Set(heads)].toSorted((a, b) => map.orderOf(a) - map.orderOf(b));
  let at = 0;
  for (let id = open[at]; id !== undefined; id = open[at]) {
    const candidate = id;
    // whatever stands on the candidate comes first
    const blocking = open.findIndex(
      (other) => other !== candidate && map.isAncestor(candidate, other),
    );
    if (blocking >= 0) {
      at = blocking;
      continue;
    }
    if (left.delete(candidate)) sorted.push(candidate);
    const [next, ...more] = map
      .parentsOf(candidate)
      .filter((parent) => left.has(parent) && !open.includes(parent));
    if (next === undefined) {
      open.splice(at, 1);
      at = Math.max(at - 1, 0);
    } else {
      open[at] = next;
      open.push(...more);
    }
  }
}
