/** Everything that can be reached from the given ids, themselves included, in the order of a walk into the depth. */
export function reachable(
  starts: Iterable<string>,
  next: (id: string) => readonly string[],
): Set<string> {
  const seen = new Set<string>();
  for (const start of starts) {
    const open = [start];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      open.push(...next(id));
    }
  }
  return seen;
}

/** Every id once, in the given order. */
export function distinct(ids: Iterable<string>): readonly string[] {
  return [...new Set(ids)];
}

/** A map of lists: appends to the list of a key. */
export function append(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else if (!list.includes(value)) list.push(value);
}
