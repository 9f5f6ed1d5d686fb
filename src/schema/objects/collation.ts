import { declaring, type Declared } from "./declare.ts";
import type { Collation } from "./types.ts";

/** What a collation is beside its name. */
export type CollationDefinition = Omit<Collation, "kind" | "name" | "table" | "arguments" | "type">;

/** The data of a collation. */
export function collationOf(name: string, definition: CollationDefinition): Collation {
  return { kind: "collation", name, ...definition };
}

/**
 * Declares a collation of PostgreSQL; a column takes it by `.collate("ignore_case")`.
 *
 * @example
 * export const ignoreCase = collation("ignore_case", {
 *   provider: "icu", locale: "und-u-ks-level2", deterministic: false,
 * });
 */
export const collation: (name: string, definition: CollationDefinition) => Declared<Collation> =
  declaring(collationOf);
