import { declaring, type Declared } from "./declare.ts";
import type { View } from "./types.ts";

/** What a view is beside its name. */
export type ViewDefinition = Omit<View, "kind" | "name" | "table" | "arguments">;

/** The data of a view. */
export function viewOf(name: string, definition: ViewDefinition): View {
  return { kind: "view", name, ...definition };
}

/**
 * Declares a view.
 *
 * @example
 * export const activeUsers = view("active_users", {
 *   query: sql`SELECT id, email FROM users WHERE deleted_at IS NULL`,
 * });
 */
export const view: (name: string, definition: ViewDefinition) => Declared<View> = declaring(viewOf);
