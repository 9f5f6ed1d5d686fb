import { declaring, type Declared } from "./declare.ts";
import type { Cast } from "./types.ts";

/** All that stands beside the name. */
export type CastDefinition = Pick<Cast, "function" | "inout" | "context" | "comment">;

/** The data, from the name and what stands beside it. */
export function castOf(name: string, definition: CastDefinition): Cast {
  return { kind: "cast", name, ...definition };
}

/**
 * Declares a cast (PostgreSQL).
 *
 * @param name both types, as in `CREATE CAST`: `text AS mood`
 * @example
 * export const moodOfText = cast("text AS mood", { inout: true, context: "assignment" });
 */
export const cast: (name: string, definition: CastDefinition) => Declared<Cast> = declaring(castOf);
