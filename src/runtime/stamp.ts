import { revisionChecksum } from "../revisions/checksum.ts";
import { planStamp } from "../revisions/stamp.ts";
import { versionChanges } from "../revisions/version-rows.ts";
import { versionTableOf, type VersionOptions } from "./context.ts";
import { withLock } from "./lock.ts";
import { beginInTurn } from "./begin.ts";
import { HistoryTable, STAMPED_BASE } from "./history.ts";
import { JournalTable } from "./journal-table.ts";
import { rollBack } from "./rollback.ts";

export interface StampOptions extends VersionOptions {
  /** Identifiers; `base` takes rows away. */
  readonly targets: readonly string[];
  /** Take all rows away first, also those that no file has. */
  readonly purge?: boolean;
}

export interface StampResult {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** The rows of the version table; none where there is no table. Makes nothing. */
export async function currentRows(
  options: Pick<VersionOptions, "connection" | "dialect" | "versionTable">,
): Promise<readonly string[]> {
  return versionTableOf(options).rows();
}

/** Makes the version table if it is not there. @returns whether it had to @throws RevlineError lock-timeout */
export async function ensureVersionTable(options: VersionOptions): Promise<boolean> {
  return withLock(options, () => versionTableOf(options).ensure());
}

/**
 * Says where the database is, without running anything.
 *
 * @throws RevlineError lock-timeout, version-unknown, version-conflict, and of identifiers
 */
export async function stamp(options: StampOptions): Promise<StampResult> {
  return withLock(options, async (held) => {
    const { connection, dialect, map, targets, purge = false } = options;
    const versions = versionTableOf(options);
    const planned = async (): Promise<StampResult> => {
      const before = await versions.rows();
      return { before, after: planStamp(map, purge ? [] : before, targets).after };
    };
    const result = await planned();
    await versions.requireRoom(result.after);
    if (versionChanges(result.before, result.after).length === 0) {
      if (!connection.inTransaction) await new JournalTable(options).drop();
      return result;
    }
    const own = !connection.inTransaction;
    if (!dialect.capabilities.transactionalDdl) {
      await versions.ensure();
      await HistoryTable.of(options)?.ensure();
    }
    if (own) await beginInTurn(options);
    try {
      await versions.ensure();
      const { before, after } = await planned();
      await held.guard?.();
      await versions.write(versionChanges(before, after));
      await recordStamp(options, after);
      const applied = {
        direction: "stamp",
        revision: undefined,
        before,
        after,
        connection,
      } as const;
      await options.onVersionApply?.(applied);
      if (own) await connection.commit();
      // whoever says where the database is has dealt with what was left in the middle
      if (own) await new JournalTable(options).drop();
      return { before, after };
    } catch (error) {
      if (own) await rollBack(connection);
      throw error;
    }
  });
}

async function recordStamp(options: VersionOptions, rows: readonly string[]): Promise<void> {
  const history = HistoryTable.of(options);
  if (history === undefined || !(await history.ensure())) return;
  const record = { direction: "stamp", milliseconds: 0 } as const;
  if (rows.length === 0) await history.record({ ...record, revision: STAMPED_BASE });
  for (const revision of rows) {
    const checksum = revisionChecksum(options.map.get(revision));
    await history.record({ ...record, revision, ...(checksum === undefined ? {} : { checksum }) });
  }
}
