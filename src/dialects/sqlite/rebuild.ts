import { TEMPORARY } from "./driver-errors.ts";
import { compileDefault } from "./default.ts";
import {
  createDefinition,
  shapeOfDefinition,
  type ColumnPart,
  type Definition,
} from "./definition.ts";
import { createIndex } from "./compile.ts";
import { fold } from "./names.ts";
import { isRowidAlias } from "./shape.ts";
import { literal, quote } from "./spelling.ts";
import { keepStatistics } from "./statistics.ts";

/** What a rebuild must put back beside the table. */
export interface Surroundings {
  /** The texts of the table's triggers, in the order in which they were made: they fire in that order. */
  readonly triggers: readonly string[];
  /** Names that are in use. */
  readonly taken: readonly string[];
  /** The tables of statistics that the database has. */
  readonly statistics: readonly string[];
}

/** A free name for the time of the rebuild. */
export function freeName(wish: string, taken: readonly string[]): string {
  const used = new Set(taken.map(fold));
  const candidates = [
    wish,
    ...Array.from({ length: used.size + 1 }, (_, at) => `${wish}_${at + 2}`),
  ];
  return candidates.find((name) => !used.has(fold(name))) ?? wish;
}

/** The value a column takes from the old row; undefined for none. */
function copied(part: ColumnPart): string | undefined {
  const { column, origin, using } = part;
  if (origin === undefined || column.computed !== undefined) return undefined;
  const value = using ?? quote(origin.name);
  const fills = origin.nullable && !column.nullable && column.default !== undefined;
  return fills && column.default !== undefined
    ? `COALESCE(${value}, ${compileDefault(column.default)})`
    : value;
}

/**
 * The name under which rowids are copied: foreign tables, full-text indexes and applications may hold
 * them. Undefined where they are copied anyhow, or where a table has none.
 */
function rowidName(before: Definition, after: Definition): string | undefined {
  if (before.withoutRowid || after.withoutRowid) return undefined;
  const shape = shapeOfDefinition(after);
  if (after.columns.some(({ column }) => isRowidAlias(column, shape))) return undefined;
  const names = [...before.columns, ...after.columns].map(({ column }) => fold(column.name));
  return ["rowid", "_rowid_", "oid"].find((name) => !names.includes(name));
}

function copy(before: Definition, after: Definition, into: string): string {
  const rowid = rowidName(before, after);
  const pairs = after.columns.flatMap((part) => {
    const value = copied(part);
    return value === undefined ? [] : [[quote(part.column.name), value] as const];
  });
  const all = rowid === undefined ? pairs : [[rowid, rowid] as const, ...pairs];
  const [names, values] = [all.map(([name]) => name), all.map(([, value]) => value)];
  // OR ABORT: a conflict clause of the table may not drop or replace rows here
  return `INSERT OR ABORT INTO ${quote(into)} (${names.join(", ")})\nSELECT ${values.join(", ")}\nFROM ${quote(before.name)}`;
}

function isNumbered(definition: Definition): boolean {
  return definition.columns.some(({ column }) => column.identity !== undefined);
}

/** The counter of AUTOINCREMENT goes along: it may be past the last row, and numbers are never given twice. */
function copyCounter(from: string, to: string): readonly string[] {
  return [
    `DELETE FROM sqlite_sequence WHERE name = ${literal(to)}`,
    `INSERT INTO sqlite_sequence (name, seq) SELECT ${literal(to)}, seq FROM sqlite_sequence WHERE name = ${literal(from)}`,
  ];
}

/**
 * The table made anew: a new one, the rows, then the old one goes and the new one takes its name. The
 * old table is never renamed, for references in triggers and views would follow it; and the new one is
 * renamed in legacy mode, so that nothing else is touched: views and triggers of other tables that name
 * the table stay as they are. Runs with foreign key enforcement off, or the children would be deleted.
 *
 * @see https://sqlite.org/lang_altertable.html#otheralter
 */
export function rebuild(
  before: Definition,
  after: Definition,
  surroundings: Surroundings,
): readonly string[] {
  const temporary = freeName(`${TEMPORARY}${after.name}`, surroundings.taken);
  const { aside, back } = keepStatistics(before, after, temporary, surroundings.statistics);
  const hasRowsToCopy = after.columns.some((part) => copied(part) !== undefined);
  return [
    createDefinition(after, temporary),
    ...(hasRowsToCopy ? [copy(before, after, temporary)] : []),
    ...(isNumbered(before) && isNumbered(after) ? copyCounter(before.name, temporary) : []),
    ...aside,
    `DROP TABLE ${quote(before.name)}`,
    "PRAGMA legacy_alter_table = ON",
    `ALTER TABLE ${quote(temporary)} RENAME TO ${quote(after.name)}`,
    "PRAGMA legacy_alter_table = OFF",
    ...after.indexes.map(({ index, sql }) => sql ?? createIndex(after, index)),
    ...back,
    ...surroundings.triggers,
  ];
}
