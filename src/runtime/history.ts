import { hostname, userInfo } from "node:os";
import type { Connection, Dialect, HistoryRecord, Row } from "../dialects/contract.ts";
import type { TableName } from "../schema/types.ts";
import { VERSION } from "../util/version.ts";
import type { VersionOptions } from "./context.ts";

/** One line of the history, as it was written. */
export interface AppliedRevision extends HistoryRecord {
  /** ISO 8601 in UTC, by the database's clock. */
  readonly appliedAt: string;
}

/** What was done with a revision; {@link STAMPED_BASE} stands for one where a stamp took all rows away. */
export type Done = Pick<HistoryRecord, "revision" | "direction" | "checksum" | "milliseconds">;

/** Of a stamp that took all rows away. */
export const STAMPED_BASE = "base";

const MOST = 255;

/** Who runs this, for people. */
function whoAmI(): string {
  return `${nameOfUser()}@${hostname()}`.slice(0, MOST);
}

/** A container's user may have no name. */
function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env["USER"] ?? String(process.getuid?.() ?? "?");
  }
}

/**
 * The table of what was applied: when, by whom, from which text. It is a record, nothing is decided by
 * it: the version table alone says where the database is.
 */
export class HistoryTable {
  readonly #connection: Connection;
  readonly #dialect: Dialect;
  readonly #table: TableName;

  private constructor(connection: Connection, dialect: Dialect, table: TableName) {
    this.#connection = connection;
    this.#dialect = dialect;
    this.#table = table;
  }

  /** Undefined where none is kept. */
  static of({
    connection,
    dialect,
    history,
  }: Pick<VersionOptions, "connection" | "dialect" | "history">): HistoryTable | undefined {
    return history === undefined ? undefined : new HistoryTable(connection, dialect, history);
  }

  async exists(): Promise<boolean> {
    const { sql, params } = this.#dialect.versionTable.exists(this.#table, this.#connection.server);
    return (await this.#connection.query(sql, params)).length > 0;
  }

  /**
   * Makes the table if it is not there.
   *
   * @returns false where that would have committed a transaction of the caller's
   */
  async ensure(): Promise<boolean> {
    if (await this.exists()) return true;
    if (this.#connection.inTransaction && !this.#dialect.capabilities.transactionalDdl)
      return false;
    const { sql, params } = this.#dialect.history.create(this.#table);
    await this.#connection.execute(sql, params);
    return true;
  }

  /** Writes what was done with a revision; in the transaction of its version row. */
  async record(done: Done): Promise<void> {
    const { sql, params } = this.#dialect.history.insert(this.#table, {
      ...done,
      toolVersion: VERSION,
      appliedBy: whoAmI(),
      milliseconds: Math.round(done.milliseconds),
    });
    await this.#connection.execute(sql, params);
  }

  /** All lines, the oldest first; none where there is no table. */
  async read(): Promise<readonly AppliedRevision[]> {
    if (!(await this.exists())) return [];
    const { sql, params } = this.#dialect.history.select(this.#table);
    return (await this.#connection.query(sql, params)).map(recordOf);
  }
}

function recordOf(row: Row): AppliedRevision {
  const direction = row["direction"];
  const checksum = row["checksum"];
  return {
    revision: String(row["revision"]),
    direction: direction === "downgrade" || direction === "stamp" ? direction : "upgrade",
    ...(typeof checksum === "string" ? { checksum } : {}),
    toolVersion: String(row["tool_version"]),
    appliedBy: String(row["applied_by"]),
    milliseconds: Number(row["milliseconds"]),
    appliedAt: new Date(String(row["applied_at_text"])).toISOString(),
  };
}
