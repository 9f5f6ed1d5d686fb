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
   * The table holds 32 characters, as Alembic's does; one that was there before may hold more.
   *
   * @throws RevlineError revision-invalid for an id that it does not hold
   */
  async requireRoom(ids: readonly string[]): Promise<void> {
    const longest = ids.find((id) => id.length > LONGEST_VERSION);
    if (longest === undefined) return;
    const room = await this.#room();
    const tooLong = ids.find((id) => id.length > room);
    if (tooLong === undefined) return;
    throw new RevlineError(
      "revision-invalid",
      `Revision id "${tooLong}" has ${tooLong.length} characters; the version table holds ${room}.`,
      { hint: "Give the revision a shorter id." },
    );
  }

  async #room(): Promise<number> {
    const { schema, name } = this.name;
    const { tables } = await this.#dialect.reflect(this.#connection, {
      schemas: [schema],
      tables: [this.name],
    });
    const column = tables
      .find((table) => table.name === name)
      ?.columns.find((one) => one.name === "version_num");
    if (column === undefined) return LONGEST_VERSION;
    if (!this.#dialect.capabilities.enforcesLength) return Infinity;
    if ("length" in column.type && column.type.length !== undefined) return column.type.length;
    return column.type.name === "text" || column.type.name === "varchar"
      ? Infinity
      : LONGEST_VERSION;
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
