import type { Dialect } from "../dialects/contract.ts";
import type { TableName } from "../schema/types.ts";

/** What stands beside the version table, each for one purpose. */
export type Purpose = "history" | "journal" | "lock";

const PURPOSES: readonly Purpose[] = ["history", "journal", "lock"];
const DEFAULT = "revline_version";

/** As many whole characters as fit. */
function cut(name: string, room: number, unit: "bytes" | "characters"): string {
  let kept = [...name];
  const size = (): number =>
    unit === "bytes" ? Buffer.byteLength(kept.join("")) : [...kept].length;
  while (size() > room) kept = kept.slice(0, -1);
  return kept.join("");
}

/**
 * The name of a table beside the version table: `revline_history` beside `revline_version`,
 * `app_migrations_history` beside `app_migrations`, so that two programs in one database do not meet.
 */
export function besideVersionTable(
  { capabilities: { maxIdentifier } }: Pick<Dialect, "capabilities">,
  { schema, name }: TableName,
  purpose: Purpose,
): TableName {
  const suffix = `_${purpose}`;
  const base = name === DEFAULT ? "revline" : name;
  const fitting =
    maxIdentifier === undefined
      ? base
      : cut(base, maxIdentifier.length - suffix.length, maxIdentifier.unit);
  return { ...(schema === undefined ? {} : { schema }), name: fitting + suffix };
}

/** The tables of ours that never take part in a plan or a comparison. */
export function ownTables(
  dialect: Dialect,
  versionTable: TableName,
  history?: TableName,
): readonly TableName[] {
  return [
    versionTable,
    ...PURPOSES.map((purpose) => besideVersionTable(dialect, versionTable, purpose)),
    ...(history === undefined ? [] : [history]),
  ];
}
