import { history as revisionsIn } from "../revisions/history.ts";
import type { RevisionMap } from "../revisions/revision-map.ts";
import { STAMPED_BASE, type AppliedRevision } from "./history.ts";

/** Where the files and what was applied do not agree. */
export interface Mismatch {
  /** What is wrong: the file is another one now, it is gone, or it was applied later than what stands on it, or never. */
  readonly kind: "changed" | "missing-file" | "out-of-order" | "never-run";
  readonly revision: string;
  /** One sentence for people. */
  readonly message: string;
  /** When it was applied, by whom; null where that is not recorded. */
  readonly appliedAt: string | null;
  readonly appliedBy: string | null;
}

/** What the files and the history are compared by. */
export interface Evidence {
  readonly map: RevisionMap;
  /** The rows of the version table. */
  readonly rows: readonly string[];
  /** The oldest first. */
  readonly history: readonly AppliedRevision[];
  /** Of a revision's file as it is now. */
  readonly checksumOf: (id: string) => string | undefined;
}

interface Application {
  readonly record: AppliedRevision;
  /** Its place in the history. */
  readonly at: number;
}

/** The last record of each revision that was not taken back since. */
function applications(history: readonly AppliedRevision[]): ReadonlyMap<string, Application> {
  const last = new Map<string, Application>();
  for (const [at, record] of history.entries()) {
    if (record.direction === "downgrade") last.delete(record.revision);
    else if (record.direction === "stamp" && record.revision === STAMPED_BASE) last.clear();
    else last.set(record.revision, { record, at });
  }
  return last;
}

/**
 * Compares the revision files with what the history says was applied. What nobody recorded is not judged,
 * but for a revision that was put below one that had been applied.
 */
export function findMismatches(evidence: Evidence): readonly Mismatch[] {
  const { map, rows } = evidence;
  const last = applications(evidence.history);
  const applied = map.ancestors(rows.filter((row) => map.has(row)));
  const skipped = neverRun(evidence, last);
  const oldestFirst = revisionsIn(map, {}, [])
    .map(({ id }) => id)
    .filter((id) => applied.has(id))
    .toReversed();
  return [
    ...missing(evidence, last),
    ...oldestFirst.flatMap((id) => [
      ...changed(id, evidence, last),
      ...late(id, evidence, last),
      ...(skipped.has(id)
        ? [
            mismatch(
              "never-run",
              id,
              `${id} was put below revisions that were applied already, and was never run.`,
              undefined,
            ),
          ]
        : []),
    ]),
  ];
}

function mismatch(
  kind: Mismatch["kind"],
  revision: string,
  message: string,
  application: Application | undefined,
): Mismatch {
  const { appliedAt = null, appliedBy = null } = application?.record ?? {};
  return { kind, revision, message, appliedAt, appliedBy };
}

function missing(
  { map, rows, history }: Evidence,
  last: ReadonlyMap<string, Application>,
): readonly Mismatch[] {
  // whoever stamps says where the database is, also that older files are not needed any more
  const stamped = history.findLastIndex(({ direction }) => direction === "stamp");
  const recorded = [...last].filter(([, { at }]) => at > stamped).map(([id]) => id);
  return [...new Set([...rows, ...recorded])]
    .filter((id) => !map.has(id))
    .map((id) =>
      mismatch("missing-file", id, `${id} was applied, and no file has it.`, last.get(id)),
    );
}

function changed(
  id: string,
  { checksumOf }: Evidence,
  last: ReadonlyMap<string, Application>,
): readonly Mismatch[] {
  const application = last.get(id);
  const then = application?.record.checksum;
  const now = checksumOf(id);
  if (then === undefined || now === undefined || then === now) return [];
  return [
    mismatch("changed", id, `The file of ${id} was changed after it was applied.`, application),
  ];
}

/** Applied after something that stands on it. */
function late(
  id: string,
  { map }: Evidence,
  last: ReadonlyMap<string, Application>,
): readonly Mismatch[] {
  const own = last.get(id);
  if (own?.record.direction !== "upgrade") return [];
  const earlier = map.dependentsOf(id).find((other) => {
    const application = last.get(other);
    return application?.record.direction === "upgrade" && application.at < own.at;
  });
  return earlier === undefined
    ? []
    : [
        mismatch(
          "out-of-order",
          id,
          `${id} was applied after ${earlier}, which stands on it.`,
          own,
        ),
      ];
}

/** Between revisions that were recorded, and neither recorded nor stamped. */
function neverRun(
  { map, history }: Evidence,
  last: ReadonlyMap<string, Application>,
): ReadonlySet<string> {
  const stamped = map.ancestors(
    history
      .filter(({ direction, revision }) => direction === "stamp" && map.has(revision))
      .map(({ revision }) => revision),
  );
  const run = [...last.keys()].filter((id) => map.has(id));
  const below = map.ancestors(run);
  return new Set(
    [...map.descendants(run)].filter((id) => below.has(id) && !last.has(id) && !stamped.has(id)),
  );
}
