/** A value that is new, and the one it stands next to. */
export interface Insertion {
  readonly value: string;
  readonly place: "AFTER" | "BEFORE";
  /** Absent for the first value of an empty enum. */
  readonly neighbour?: string;
}

/** How to come from one list of values to the other by adding alone; undefined where that is not enough. */
export function insertions(
  from: readonly string[],
  to: readonly string[],
): readonly Insertion[] | undefined {
  const kept = to.filter((value) => from.includes(value));
  if (kept.length !== from.length || kept.some((value, at) => value !== from[at])) return undefined;
  return to.flatMap((value, at): readonly Insertion[] => {
    if (from.includes(value)) return [];
    const before = to[at - 1];
    if (before !== undefined) return [{ value, place: "AFTER", neighbour: before }];
    const [first] = from;
    return first === undefined
      ? [{ value, place: "AFTER" }]
      : [{ value, place: "BEFORE", neighbour: first }];
  });
}
