import { declaring, type Declared } from "./declare.ts";
import type { MaterializedView } from "./types.ts";

/** What a materialised view is beside its name. */
export type MaterializedViewDefinition = Omit<
  MaterializedView,
  "kind" | "name" | "table" | "arguments"
>;

/** The data of a materialised view. */
export function materializedViewOf(
  name: string,
  definition: MaterializedViewDefinition,
): MaterializedView {
  return { kind: "materializedView", name, ...definition };
}

/**
 * Declares a materialised view (PostgreSQL).
 *
 * @example
 * export const dailySales = materializedView("daily_sales", {
 *   query: sql`SELECT day, sum(total) AS total FROM sales GROUP BY day`,
 *   indexes: [{ name: "ix_daily_sales_day", elements: [{ column: "day" }], unique: true }],
 * });
 */
export const materializedView: (
  name: string,
  definition: MaterializedViewDefinition,
) => Declared<MaterializedView> = declaring(materializedViewOf);
