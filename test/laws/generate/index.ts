/**
 * Random pairs of schemas: A, and B that comes from A by a few edits, both valid for the database. They are
 * plain MetaData made from lists of numbers, so that fast-check draws and shrinks them.
 */
import fc from "fast-check";
import { EMPTY_METADATA, type MetaData, type Table } from "../../../src/schema/index.ts";
import { Choices } from "./choices.ts";
import { putTable } from "./edit.ts";
import { edit } from "./edits.ts";
import type { Kind } from "./kinds.ts";
import { isTable, repair } from "./repair.ts";
import { withViews } from "./views.ts";
import { someCheckConstraint, someForeignKey, someUnique } from "./constraints.ts";
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
}

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
  views: lists(5, 0, 2),
});

function addExtra(metadata: MetaData, table: Table, given: Numbers, kind: Kind): MetaData {
  const choices = new Choices(given);
  const around: Surroundings = { kind, metadata };
  const which = choices.below(5);
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
    which === 3 ? someCheckConstraint(choices, around, table) : someUnique(choices, around, table);
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

/** The pair that seeds make on a database. */
export function pairOf(given: Seeds, kind: Kind): Pair {
  const before = schemaOf(given, kind);
  const after = given.edits.reduce((metadata, item) => edit(metadata, item, kind), before);
  const pair = {
    before: used(before),
    after: used(
      kind === "postgresql"
        ? { ...after, tables: after.tables.map((table) => inOrderOf(before, table)) }
        : after,
    ),
  };
  return kind === "postgresql" ? pair : withViews(pair, given.views);
}

/** PostgreSQL moves no column: those of A keep their order in B. */
function inOrderOf(before: MetaData, table: Table): Table {
  const names =
    before.tables.find((item) => isTable(item, table))?.columns.map(({ name }) => name) ?? [];
  const stayed = table.columns
    .filter(({ name }) => names.includes(name))
    .toSorted((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
  return {
    ...table,
    columns: table.columns.map((column) =>
      names.includes(column.name) ? (stayed.shift() ?? column) : column,
    ),
  };
}

/** Schemas of MetaData are those that hold something. */
function used(metadata: MetaData): MetaData {
  const schemas = [...metadata.tables, ...metadata.objects].flatMap(({ schema }) => schema ?? []);
  return { ...metadata, schemas: [...new Set(schemas)].toSorted() };
}
