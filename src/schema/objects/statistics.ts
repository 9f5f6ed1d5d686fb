import { declaring, type Declared } from "./declare.ts";
import type { Statistics } from "./types.ts";

/** All that stands beside the name. */
export type StatisticsDefinition = Omit<Statistics, "kind" | "name" | "arguments">;

/** The data, from the name and what stands beside it. */
export function statisticsOf(name: string, definition: StatisticsDefinition): Statistics {
  return { kind: "statistics", name, ...definition };
}

/**
 * Declares extended statistics of a table or materialised view (PostgreSQL): what the planner shall know of
 * columns together, or of expressions.
 *
 * @example
 * export const placeStats = statistics("place_stats", {
 *   table: "addresses",
 *   kinds: ["dependencies"],
 *   elements: ["city", "zip"],
 * });
 */
export const statistics: (name: string, definition: StatisticsDefinition) => Declared<Statistics> =
  declaring(statisticsOf);
