import type { Connection, Dialect, Statement } from "../dialects/contract.ts";
import type { TableName } from "../schema/types.ts";
import { qualifiedName } from "../schema/collect.ts";
import type { VersionChange } from "../revisions/version-rows.ts";
import { RevlineError } from "../errors.ts";

/** The column is VARCHAR(32), as Alembic's. */
export const LONGEST_VERSION = 32;

/** The version table of one database, read and written through its dialect. */
export class VersionTable {
  readonly name: TableName;
  readonly #connection: Connection;
  readonly #dialect: Dialect;

  constructor(connection: Connection, dialect: Dialect, name: TableName) {
    this.#connection = connection;
    this.#dialect = dialect;
    this.name = name;
  }

  /** For people, and the key of the deployers' lock. */
  get label(): string {
    return qualifiedName(this.name);
  }

  async exists(): Promise<boolean> {
    const { versionTable } = this.#dialect;
    const rows = await this.#query(versionTable.exists(this.name, this.#connection.server));
    return rows.length > 0;
  }

  /** Makes the table if it is not there. @returns whether it had to */
  async ensure(): Promise<boolean> {
    if (await this.exists()) return false;
    const { sql, params } = this.#dialect.versionTable.create(this.name);
    await this.#connection.execute(sql, params);
    return true;
  }

  /**
   * The rows; none where there is no table.
   *
   * @throws RevlineError version-conflict where the table is not a version table
   */
  async rows(): Promise<readonly string[]> {
    if (!(await this.exists())) return [];
    const rows = await this.#query(this.#dialect.versionTable.select(this.name));
    return rows.map(({ version_num: version }) => {
      if (typeof version === "string") return version;
      throw new RevlineError(
        "version-conflict",
        `Table "${this.label}" holds a version that is not text: ${String(version)}.`,
        {
          hint: "Set `versionTable` in the config to the name of the version table.",
        },
      );
    });
  }

  /**
   * Writes changes; each must touch exactly one row.
   *
   * @throws RevlineError version-conflict
   */
  async write(changes: readonly VersionChange[]): Promise<void> {
    for (const change of changes) await this.#write(change);
  }

  async #write(change: VersionChange): Promise<void> {
    const { sql, params } = this.#statementOf(change);
    const touched = await this.#connection.execute(sql, params);
    if (touched === 1) return;
    const row = change.kind === "update" ? change.from : change.version;
    throw new RevlineError(
      "version-conflict",
      `Writing row "${row}" of table "${this.label}" touched ${touched} rows instead of one.`,
      {
        hint: "Somebody else changes the table at the same time: see `migrate current`, then run the command again.",
      },
    );
  }

  #statementOf(change: VersionChange): Statement {
    const { versionTable } = this.#dialect;
    if (change.kind === "insert") return versionTable.insert(this.name, change.version);
    if (change.kind === "delete") return versionTable.delete(this.name, change.version);
    return versionTable.update(this.name, change.from, change.to);
  }

  async #query({ sql, params }: Statement): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return this.#connection.query(sql, params);
  }
}
