import { declaring, type Declared } from "./declare.ts";
import type { Grants } from "./types.ts";

/** What is granted, and on what kind of thing. */
export type GrantsDefinition = Omit<Grants, "kind" | "name" | "table" | "type">;

/** The data, from the name of what the privileges are on. */
export function grantsOf(name: string, definition: GrantsDefinition): Grants {
  return { kind: "grants", name, ...definition };
}

/**
 * Declares all privileges on one thing (PostgreSQL); the roles belong to the server and have to be there.
 *
 * @param name of the table, view, sequence, routine or schema
 * @example
 * export const usersGrants = grants("users", {
 *   on: "table",
 *   to: { app: ["select", "insert"], public: ["select"] },
 *   columns: { email: { support: ["update"] } },
 * });
 */
export const grants: (name: string, definition: GrantsDefinition) => Declared<Grants> =
  declaring(grantsOf);
