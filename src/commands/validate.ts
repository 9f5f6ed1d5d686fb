import {
  Environment,
  readVersionRows,
  versionOptions,
  type EnvironmentOptions,
} from "../config/index.ts";
import { revisionChecksum } from "../revisions/checksum.ts";
import { findMismatches, HistoryTable, type Mismatch } from "../runtime/index.ts";

export interface ValidateResult {
  /** Without a password. */
  readonly url: string;
  /** Nothing is wrong. */
  readonly valid: boolean;
  readonly mismatches: readonly Mismatch[];
  /** How many applied revisions were compared with what was recorded. */
  readonly compared: number;
  /** Applied revisions that the history does not know: applied before it began, or without it. */
  readonly unrecorded: readonly string[];
}

/**
 * Compares the revision files with what was applied: changed after it was applied, without a file,
 * applied out of order. Line endings, comments and formatting do not count. Changes nothing.
 *
 * @throws RevlineError of the configuration, the graph and the connection
 */
export async function validate(options: EnvironmentOptions = {}): Promise<ValidateResult> {
  const environment = await Environment.create(options);
  const { map } = await environment.scripts();
  return environment.inspect(async (connection) => {
    const rows = await readVersionRows(environment, connection);
    const table = HistoryTable.of(versionOptions(environment, connection, map));
    const history = (await table?.read()) ?? [];
    const mismatches = findMismatches({
      map,
      rows,
      history,
      checksumOf: (id) => revisionChecksum(map.get(id)),
    });
    const recorded = new Set(history.map(({ revision }) => revision));
    const applied = [...map.ancestors(rows.filter((row) => map.has(row)))];
    const unrecorded = applied.filter((id) => !recorded.has(id));
    return {
      url: environment.redactedUrl,
      valid: mismatches.length === 0,
      mismatches,
      compared: applied.length - unrecorded.length,
      unrecorded,
    };
  });
}
