import { OBJECT, type Declared } from "./declare.ts";
import type { Publication } from "./types.ts";

/** What a publication is beside its name. */
export type PublicationDefinition = Omit<
  Publication,
  "kind" | "name" | "schema" | "table" | "arguments" | "type" | "on" | "role"
>;

/** The data of a publication. */
export function publicationOf(name: string, definition: PublicationDefinition = {}): Publication {
  return { kind: "publication", name, ...definition };
}

/**
 * Declares a publication (PostgreSQL): which changes of which tables subscribers get.
 *
 * @example
 * export const news = publication("news", {
 *   tables: ["posts", { name: "users", columns: ["id", "name"], where: sql`active` }],
 *   publish: ["insert", "update"],
 * });
 * export const everything = publication("everything", { allTables: true });
 */
export function publication(
  name: string,
  definition: PublicationDefinition = {},
): Declared<Publication> {
  return { [OBJECT]: publicationOf(name, definition) };
}
