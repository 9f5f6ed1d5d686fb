import type { EnumType } from "../schema/types.ts";

/** The values of an enum that the other one has not. */
export function lostValues(from: EnumType, to: EnumType): readonly string[] {
  return from.values.filter((value) => !to.values.includes(value));
}

/**
 * True where something may write the value: as a default, in an expression, in a row.
 *
 * @param where operations, an object, or a part of them
 */
export function usesValue(where: unknown, value: string): boolean {
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
  return search(where, "");
}
