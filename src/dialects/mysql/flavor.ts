import type { ServerInfo } from "../contract.ts";
import type { DialectName } from "../../schema/types.ts";

/** What one server can do and how it spells it: MariaDB is a flavour of this dialect, not a copy. */
export interface Flavor {
  readonly name: Extract<DialectName, "mysql" | "mariadb">;
  readonly label: string;
  readonly mariadb: boolean;
  /** A type `uuid` of its own (MariaDB 10.7). */
  readonly uuidType: boolean;
  /** Indexes over expressions (MySQL 8.0.13). */
  readonly functionalIndexes: boolean;
  /** `NOT ENFORCED` checks (MySQL 8.0.16). */
  readonly notEnforcedChecks: boolean;
  /** Literal defaults on TEXT, BLOB and JSON; MySQL takes them as expressions only. */
  readonly literalBlobDefaults: boolean;
  /** `NOT NULL` behind a generated column; MariaDB's grammar has no place for it. */
  readonly notNullGenerated: boolean;
  /** `RENAME COLUMN` rewrites generated columns and checks that use the column; MySQL refuses (3108, 3959). */
  readonly renameFollowsExpressions: boolean;
  readonly dropCheck: "DROP CHECK" | "DROP CONSTRAINT";
  /** What hides an index from the optimizer. */
  readonly invisibleIndex: "INVISIBLE" | "IGNORED";
}

const MYSQL: Flavor = {
  name: "mysql",
  label: "MySQL",
  mariadb: false,
  uuidType: false,
  functionalIndexes: true,
  notEnforcedChecks: true,
  literalBlobDefaults: false,
  notNullGenerated: true,
  renameFollowsExpressions: false,
  dropCheck: "DROP CHECK",
  invisibleIndex: "INVISIBLE",
};

const MARIADB: Flavor = {
  name: "mariadb",
  label: "MariaDB",
  mariadb: true,
  uuidType: true,
  functionalIndexes: false,
  notEnforcedChecks: false,
  literalBlobDefaults: true,
  notNullGenerated: false,
  renameFollowsExpressions: true,
  dropCheck: "DROP CONSTRAINT",
  invisibleIndex: "IGNORED",
};

/** The flavour of a server. */
export function flavorOf(server: Pick<ServerInfo, "dialect" | "versionNumber">): Flavor {
  return server.dialect === "mariadb"
    ? { ...MARIADB, uuidType: server.versionNumber >= 100700 }
    : MYSQL;
}

/**
 * Which server a version string is of, and its comparable number. MariaDB before 11 may say
 * `5.5.5-10.6.1-MariaDB` in its greeting, hence the search.
 */
export function readVersion(version: string): {
  readonly dialect: Flavor["name"];
  readonly versionNumber: number;
} {
  const mariadb = /mariadb/i.test(version);
  const bare = mariadb ? version.replace(/^5\.5\.5-/, "") : version;
  const [, major = "0", minor = "0", patch = "0"] = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(bare) ?? [];
  return {
    dialect: mariadb ? "mariadb" : "mysql",
    versionNumber: Number(major) * 10_000 + Number(minor) * 100 + Number(patch),
  };
}
