import { groupBy, maybeText, text } from "./rows.ts";
import { quote } from "./spelling.ts";
import type { Row, ServerInfo } from "../contract.ts";
import type { Privileges } from "../../schema/objects/types.ts";

const ALL = {
  table: ["delete", "insert", "references", "select", "trigger", "truncate", "update"],
  sequence: ["select", "update", "usage"],
  function: ["execute"],
  procedure: ["execute"],
  schema: ["create", "usage"],
  type: ["usage"],
  "large object": ["select", "update"],
} as const;

/** What can be granted on. */
export type PrivilegeTarget = keyof typeof ALL;

/** Every privilege that the server has on a kind of thing. */
export function privilegesOn(
  on: PrivilegeTarget,
  { versionNumber }: Pick<ServerInfo, "versionNumber">,
): readonly string[] {
  return on === "table" && versionNumber >= 170000 ? [...ALL.table, "maintain"] : ALL[on];
}

/** Privileges by role, of rows that have both; a row without a role says nothing. */
export function rolesOf(rows: readonly Row[]): Privileges | undefined {
  const said = rows.filter((row) => maybeText(row, "role") !== undefined);
  if (said.length === 0) return undefined;
  return Object.fromEntries(
    [...groupBy(said, "role")].map(([role, own]) => [
      role,
      own.map((row) => text(row, "privilege")),
    ]),
  );
}

/** Privileges in order, each once, `all` written out. */
export function tidyPrivileges(
  privileges: readonly string[] = [],
  all: readonly string[],
): readonly string[] {
  const names = privileges.map((privilege) => privilege.toLowerCase());
  const written = names.some((name) => /^all( privileges)?$/.test(name)) ? all : names;
  return [...new Set(written)].toSorted();
}

/** Roles and privileges in order, `all` written out, roles without any left out. */
export function tidyRoles(
  roles: Privileges | undefined,
  all: readonly string[],
): Privileges | undefined {
  const said = Object.entries(roles ?? {})
    .map(([role, privileges]) => [role, tidyPrivileges(privileges, all)] as const)
    .filter(([, privileges]) => privileges.length > 0)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return said.length === 0 ? undefined : Object.fromEntries(said);
}

/** A role as `GRANT` takes it. */
export function roleText(role: string): string {
  return role.toLowerCase() === "public" ? "PUBLIC" : quote(role);
}
