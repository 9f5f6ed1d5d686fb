/**
 * Random pairs of schemas: A, and B that comes from A by a few edits, both valid for the database. They are
 * plain MetaData made from lists of numbers, so that fast-check draws and shrinks them.
 */
import fc from "fast-check";
import {
  EMPTY_METADATA,
  type MetaData,
  type Table,
  type TableName,
} from "../../../src/schema/index.ts";
import { allColumns } from "../../../src/schema/parents.ts";
import { Choices } from "./choices.ts";
import { putTable } from "./edit.ts";
import { edit } from "./edits.ts";
import type { Kind } from "./kinds.ts";
import { isTable, repair } from "./repair.ts";
import { someCheckConstraint, someExclude, someForeignKey, someUnique } from "./constraints.ts";
import { THING_NUMBERS, withThings, type Maker } from "./things/both-sides.ts";
import { domains } from "./things/domains.ts";
import { policies, triggers } from "./things/on-tables.ts";
import { heirs, partitions } from "./things/partitions.ts";
import { sequences } from "./things/sequences.ts";
import { extendedStatistics, schemaComments } from "./things/statistics.ts";
import { VIEW_NUMBERS, withViews } from "./views.ts";
import { someIndex } from "./indexes.ts";
import type { Surroundings } from "./surroundings.ts";
import { someEnum, someTable } from "./tables.ts";

export { isMysql, type Kind } from "./kinds.ts";

type Numbers = readonly number[];

/** What a pair is made from. */
export interface Seeds {
  readonly tables: readonly {
    readonly table: Numbers;
    readonly columns: readonly Numbers[];
    readonly extras: readonly Numbers[];
  }[];
  readonly enums: readonly Numbers[];
  readonly schemas: number;
  readonly edits: readonly Numbers[];
  readonly views: readonly Numbers[];
  readonly things: readonly Numbers[];
}

/** What is made for both sides at once. */
const MAKERS: readonly Maker[] = [
  sequences,
  domains,
  policies,
  triggers,
  partitions,
  heirs,
  extendedStatistics,
  schemaComments,
];

export interface Pair {
  readonly before: MetaData;
  readonly after: MetaData;
}

// fast-check leans towards small numbers, which are the plain answers here: noBias draws all alike
const numbers = (length: number): fc.Arbitrary<number[]> =>
  fc.noBias(fc.array(fc.nat({ max: 9999 }), { minLength: length, maxLength: length }));
const lists = (length: number, minLength: number, maxLength: number): fc.Arbitrary<number[][]> =>
  fc.noBias(fc.array(numbers(length), { minLength, maxLength }));

/** Seeds of random pairs. */
export const seeds: fc.Arbitrary<Seeds> = fc.record({
  tables: fc.noBias(
    fc.array(fc.record({ table: numbers(20), columns: lists(16, 1, 5), extras: lists(16, 0, 5) }), {
      minLength: 1,
      maxLength: 3,
    }),
  ),
  enums: lists(10, 0, 2),
  schemas: fc.nat({ max: 3 }),
  edits: lists(70, 1, 6),
  views: lists(VIEW_NUMBERS, 0, 3),
  things: lists(1 + THING_NUMBERS, 0, 4),
});

function addExtra(metadata: MetaData, table: Table, given: Numbers, kind: Kind): MetaData {
  const choices = new Choices(given);
  const around: Surroundings = { kind, metadata };
  const which = choices.below(kind === "postgresql" ? 6 : 5);
  if (which === 0 || which === 1) {
    const index = someIndex(choices, around, table);
    return index === undefined
      ? metadata
      : putTable(metadata, { ...table, indexes: [...table.indexes, index] });
  }
  if (which === 2) {
    const found = someForeignKey(choices, around, table);
    if (found === undefined) return metadata;
    return putTable(metadata, {
      ...table,
      columns: [...table.columns, ...found.columns],
      constraints: [...table.constraints, found.key],
    });
  }
  const constraint =
    which === 3
      ? someCheckConstraint(choices, around, table)
      : which === 4
        ? someUnique(choices, around, table)
        : someExclude(choices, around, table);
  return constraint === undefined
    ? metadata
    : putTable(metadata, { ...table, constraints: [...table.constraints, constraint] });
}

function schemaOf(given: Seeds, kind: Kind): MetaData {
  let metadata: MetaData = EMPTY_METADATA;
  if (kind === "postgresql" && given.schemas === 3) metadata = { ...metadata, schemas: ["other"] };
  if (kind === "postgresql") {
    for (const item of given.enums)
      metadata = {
        ...metadata,
        objects: [...metadata.objects, someEnum(new Choices(item), { kind, metadata })],
      };
  }
  for (const item of given.tables) {
    const table = someTable(new Choices(item.table), { kind, metadata }, item.columns);
    metadata = repair({ ...metadata, tables: [...metadata.tables, table] }, kind);
  }
  for (const [at, { extras }] of given.tables.entries()) {
    for (const extra of extras) {
      const table = metadata.tables[at];
      if (table !== undefined) metadata = repair(addExtra(metadata, table, extra, kind), kind);
    }
  }
  return metadata;
}

/** The same without what speaks of columns in SQL, where they get other names. */
export const NAMELESS: readonly Maker[] = MAKERS.filter(
  (maker) => ![policies, triggers, extendedStatistics].includes(maker),
);

/** The pair that seeds make on a database. */
export function pairOf(given: Seeds, kind: Kind, makers = MAKERS): Pair {
  const before = schemaOf(given, kind);
  const edited = given.edits.reduce((metadata, item) => edit(metadata, item, kind), before);
  const pair = withThings({ before, after: edited }, given.things, kind, makers);
  const after =
    kind === "postgresql"
      ? { ...pair.after, tables: pair.after.tables.map((table) => inOrderOf(pair.before, table)) }
      : pair.after;
  return withViews({ before: used(pair.before), after: used(after) }, given.views, kind);
}

/** PostgreSQL moves no column: those of A keep their order in B, and new ones come last. */
function inOrderOf(before: MetaData, table: Table): Table {
  const find = (path: TableName): Table | undefined =>
    before.tables.find((item) => isTable(item, path));
  const old = find(table);
  const names = (old === undefined ? [] : (allColumns(old, find) ?? old.columns)).map(
    ({ name }) => name,
  );
  const place = (name: string): number =>
    names.includes(name) ? names.indexOf(name) : names.length;
  return { ...table, columns: table.columns.toSorted((a, b) => place(a.name) - place(b.name)) };
}

/** Schemas of MetaData are those that hold something. */
function used(metadata: MetaData): MetaData {
  const schemas = [...metadata.tables, ...metadata.objects].flatMap(({ schema }) => schema ?? []);
  return { ...metadata, schemas: [...new Set(schemas)].toSorted() };
}
