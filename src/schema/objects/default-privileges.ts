import { declaring, type Declared } from "./declare.ts";
import type { DefaultPrivileges, DefaultPrivilegesTarget } from "./types.ts";

/** Who gets what, of whose objects, and where. */
export type DefaultPrivilegesDefinition = Pick<
  DefaultPrivileges,
  "schema" | "role" | "to" | "withGrantOption" | "owner" | "ownerWithGrantOption"
>;

/** The data, from the kind of what is made later. */
export function defaultPrivilegesOf(
  name: string,
  definition: DefaultPrivilegesDefinition,
): DefaultPrivileges {
  return { kind: "defaultPrivileges", name, ...definition };
}

/**
 * Declares the privileges on what will be made later (PostgreSQL, `ALTER DEFAULT PRIVILEGES`); the roles belong to
 * the server and have to be there.
 *
 * @param name `tables` (views too), `sequences`, `functions` (procedures too), `types`, `schemas`, `large objects`
 * @example
 * export const newTables = defaultPrivileges("tables", {
 *   schema: "app",
 *   to: { reader: ["select"] },
 *   withGrantOption: { support: ["select", "update"] },
 * });
 * // nobody but the owner may execute what is new
 * export const newFunctions = defaultPrivileges("functions", { to: {} });
 */
export const defaultPrivileges: (
  name: DefaultPrivilegesTarget,
  definition: DefaultPrivilegesDefinition,
) => Declared<DefaultPrivileges> = declaring(defaultPrivilegesOf);
