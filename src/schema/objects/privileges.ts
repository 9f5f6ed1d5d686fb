/** Who may do what, as plain data. */
import type { ObjectName } from "./types.ts";

/** What privileges can be granted on. */
export type GrantTarget = "table" | "sequence" | "function" | "procedure" | "schema";

/** What default privileges are on: all that is made later, of one kind. `large objects`: PostgreSQL 18. */
export type DefaultPrivilegesTarget =
  "tables" | "sequences" | "functions" | "types" | "schemas" | "large objects";

/** Privileges by role; `public` is everybody. */
export type Privileges = Readonly<Record<string, readonly string[]>>;

/** Privileges on single columns, by the columns' names. */
export type ColumnPrivileges = Readonly<Record<string, Privileges>>;

/** Who may do what with a table, sequence, routine or schema (PostgreSQL). The owner's own rights are not told. */
export interface Grants extends ObjectName {
  readonly kind: "grants";
  /** What the name is the name of; views are tables here. */
  readonly on: GrantTarget;
  /** `{ app: ["select", "insert"] }`. Of a routine everybody may execute it unless said otherwise here. */
  readonly to: Privileges;
  /** Those that may be handed on. */
  readonly withGrantOption?: Privileges;
  readonly columns?: ColumnPrivileges;
  /** Those on single columns that may be handed on. */
  readonly columnsWithGrantOption?: ColumnPrivileges;
}

/**
 * Who may do what with what a role makes later (PostgreSQL, `ALTER DEFAULT PRIVILEGES`). With a schema they are for
 * what is made there, beside those without one, and a schema is always said, the default one too.
 */
export interface DefaultPrivileges extends ObjectName {
  readonly kind: "defaultPrivileges";
  /** Absent: the role that runs the revisions. */
  readonly role?: string;
  /** Without a schema: all that anybody but the owner has; everybody may use functions and types only if it is said here. */
  readonly to: Privileges;
  /** Those that may be handed on. */
  readonly withGrantOption?: Privileges;
  /** What the owner has. Absent: with a schema nothing more, without one everything. */
  readonly owner?: readonly string[];
  /** What the owner has with the grant option written down. */
  readonly ownerWithGrantOption?: readonly string[];
}
