/** Two lists of named things, taken apart: what is only left, only right, and on both sides. */
export interface Matched<T> {
  readonly removed: readonly T[];
  readonly added: readonly T[];
  readonly both: readonly (readonly [before: T, after: T])[];
}

/** Matches by key; the order of each side stands. */
export function matchByKey<T>(
  before: readonly T[],
  after: readonly T[],
  key: (item: T) => string,
): Matched<T> {
  const left = new Map(before.map((item) => [key(item), item]));
  const right = new Map(after.map((item) => [key(item), item]));
  return {
    removed: before.filter((item) => !right.has(key(item))),
    added: after.filter((item) => !left.has(key(item))),
    both: after.flatMap((item) => {
      const other = left.get(key(item));
      return other === undefined ? [] : [[other, item] as const];
    }),
  };
}

/** Pairs each item of the right with the first free one of the left that is equal. */
export function pairEqual<T>(
  before: readonly T[],
  after: readonly T[],
  equal: (a: T, b: T) => boolean,
): Matched<T> {
  const free = [...before];
  const both: (readonly [T, T])[] = [];
  const added: T[] = [];
  for (const item of after) {
    const at = free.findIndex((other) => equal(other, item));
    const [found] = at < 0 ? [] : free.splice(at, 1);
    if (found === undefined) added.push(item);
    else both.push([found, item]);
  }
  return { removed: free, added, both };
}
