import { declaring, type Declared } from "./declare.ts";
import type { VirtualTable } from "./types.ts";

/** What a virtual table is beside its name. */
export type VirtualTableDefinition = Omit<VirtualTable, "kind" | "name" | "table" | "arguments">;

/** The data of a virtual table. */
export function virtualTableOf(name: string, definition: VirtualTableDefinition): VirtualTable {
  return { kind: "virtualTable", name, ...definition };
}

/**
 * Declares a virtual table of SQLite: a module of the server's (`fts5`, `rtree`, …) and its arguments, word by
 * word. What the module keeps behind it belongs to it. A change of it makes it anew.
 *
 * @example
 * export const postSearch = virtualTable("post_search", {
 *   module: "fts5",
 *   args: ["title", "body", "content='post'", "content_rowid='id'"],
 * });
 */
export const virtualTable: (
  name: string,
  definition: VirtualTableDefinition,
) => Declared<VirtualTable> = declaring(virtualTableOf);

/** True for a full-text index over the rows of another table: it holds no data of its own. */
export function externalContent({
  module,
  args = [],
}: Pick<VirtualTable, "module" | "args">): boolean {
  return (
    /^fts[45]$/i.test(module) &&
    args.some((argument) => /^content\s*=\s*(?!['"`[]?\s*['"`\]]?\s*$)/i.test(argument))
  );
}
