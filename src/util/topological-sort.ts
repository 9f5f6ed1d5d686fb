/**
 * Sorts items so that each comes after those it depends on; among free ones the given order stands.
 * A cycle is cut where it is found last: the caller breaks cycles before, or accepts that.
 *
 * @param dependencies the items that must come before an item; others are ignored
 */
export function topologicalSort<T>(
  items: readonly T[],
  dependencies: (item: T) => readonly T[],
): readonly T[] {
  const sorted: T[] = [];
  const state = new Map<T, "open" | "done">();
  const known = new Set(items);
  // an explicit stack: chains of thousands of items must not overflow the call stack
  for (const root of items) {
    const stack: { item: T; rest: T[] }[] = [];
    const enter = (item: T): void => {
      if (state.has(item)) return;
      state.set(item, "open");
      stack.push({ item, rest: dependencies(item).filter((other) => known.has(other)) });
    };
    enter(root);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.rest.shift();
      if (next !== undefined) {
        enter(next);
        continue;
      }
      state.set(top.item, "done");
      sorted.push(top.item);
      stack.pop();
    }
  }
  return sorted;
}

/** The items that take part in a cycle, grouped (strongly connected components with more than one member, or a self-loop). */
export function cycles<T>(
  items: readonly T[],
  dependencies: (item: T) => readonly T[],
): readonly (readonly T[])[] {
  const known = new Set(items);
  const forward = topologicalSort(items, dependencies);
  const dependents = new Map<T, T[]>(items.map((item) => [item, []]));
  for (const item of items) {
    for (const dependency of dependencies(item)) {
      if (known.has(dependency)) dependents.get(dependency)?.push(item);
    }
  }
  // Kosaraju: walk the reversed graph in reverse finishing order
  const seen = new Set<T>();
  const groups: T[][] = [];
  for (const root of forward.toReversed()) {
    if (seen.has(root)) continue;
    const group: T[] = [];
    const open = [root];
    seen.add(root);
    for (let item = open.pop(); item !== undefined; item = open.pop()) {
      group.push(item);
      for (const other of dependents.get(item) ?? []) {
        if (!seen.has(other)) {
          seen.add(other);
          open.push(other);
        }
      }
    }
    groups.push(group);
  }
  return groups.filter(
    (group) => group.length > 1 || group.some((item) => dependencies(item).includes(item)),
  );
}
