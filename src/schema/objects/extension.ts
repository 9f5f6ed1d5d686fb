import { OBJECT, type Declared } from "./declare.ts";
import type { Extension } from "./types.ts";

/** What an extension is beside its name: the schema it is installed in, a version. */
export type ExtensionDefinition = Omit<Extension, "kind" | "name" | "table" | "arguments" | "type">;

/** The data of an extension. */
export function extensionOf(name: string, definition: ExtensionDefinition = {}): Extension {
  return { kind: "extension", name, ...definition };
}

/**
 * Declares an extension of PostgreSQL. Its version is compared only where it is said.
 *
 * @example
 * export const trigrams = extension("pg_trgm");
 * export const crypto = extension("pgcrypto", { schema: "extensions", version: "1.3" });
 */
export function extension(name: string, definition: ExtensionDefinition = {}): Declared<Extension> {
  return { [OBJECT]: extensionOf(name, definition) };
}
