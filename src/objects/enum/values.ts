import type { Operation } from "../../operations/operation.ts";

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

/** True where the operations may write the value: as a default, in an expression, in a row. */
export function usesValue(operations: readonly Operation[], value: string): boolean {
  const quoted = `'${value.replaceAll("'", "''")}'`;
  const names = (words: string): boolean =>
    words === value || words.includes(quoted) || (words.includes("{") && words.includes(value));
  const search = (node: unknown, key: string): boolean => {
    // the type of a column lists all values and uses none
    if (key === "type") return false;
    if (typeof node === "string") return names(node);
    if (typeof node !== "object" || node === null) return false;
    return Object.entries(node).some(([name, child]) => search(child, name));
  };
  return operations.some((operation) => search(operation, ""));
}
