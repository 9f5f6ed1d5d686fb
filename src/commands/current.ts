import { Environment, readVersionRows, type EnvironmentOptions } from "../config/index.ts";
import { entryOf, type RevisionEntry } from "../revisions/entry.ts";
import { checkRows } from "../revisions/plan.ts";

export interface CurrentResult {
  /** Without a password. */
  readonly url: string;
  /** The rows of the version table. */
  readonly rows: readonly string[];
  /** The same as revisions; empty when there is no folder of revisions here. */
  readonly revisions: readonly RevisionEntry[];
  /** Null when there is no folder of revisions here. */
  readonly isAtHeads: boolean | null;
}

/**
 * What the database is at. Makes no version table.
 *
 * @throws RevlineError url-missing, of the connection, version-unknown
 */
export async function current(options: EnvironmentOptions = {}): Promise<CurrentResult> {
  const environment = await Environment.create(options);
  const rows = await environment.inspect((connection) => readVersionRows(environment, connection));
  const url = environment.redactedUrl;
  if (!environment.hasMigrations) return { url, rows, revisions: [], isAtHeads: null };
  const { map } = await environment.scripts();
  checkRows(map, rows);
  const isAtHeads =
    rows.length === map.realHeads.length && map.realHeads.every((head) => rows.includes(head));
  return { url, rows, revisions: rows.map((id) => entryOf(map, id)), isAtHeads };
}
