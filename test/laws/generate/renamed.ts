import { nameItems } from "../../../src/compare/index.ts";
import { applyRenames, type Rename } from "../../../src/compare/renames.ts";
import { dialects } from "../../../src/dialects/index.ts";
import { nameOnly, qualifiedName } from "../../../src/schema/collect.ts";
import { allColumns, type FindTable } from "../../../src/schema/parents.ts";
import { enumsOf } from "../../../src/schema/objects/declare.ts";
import { EMPTY_METADATA, type MetaData, type Table } from "../../../src/schema/index.ts";
import type { Pair } from "./index.ts";
import { Choices } from "./choices.ts";
import { isTable } from "./repair.ts";
import type { Kind } from "./kinds.ts";

/** B under new names, and what a person says of them. */
export interface RenamedPair extends Pair {
  /** As `--rename` takes them. */
  readonly renames: readonly string[];
}

interface Named {
  readonly name?: string;
}

/** New names for some of what is in both; now and then two change places. */
function newNames(
  choices: Choices,
  before: readonly Named[],
  after: readonly Named[],
  word: string,
): readonly (readonly [from: string, to: string])[] {
  const old = new Set(before.map(({ name }) => name));
  const stayed = after.flatMap(({ name }) => (name !== undefined && old.has(name) ? [name] : []));
  const chosen = stayed.filter(() => choices.chance(30));
  const [first, second] = chosen;
  if (first !== undefined && second !== undefined && choices.chance(30))
    return [
      [first, second],
      [second, first],
    ];
  return chosen.map((name, at) => [name, `${word} ${String(at)}`]);
}

function inTable(
  choices: Choices,
  before: Table,
  after: Table,
  { name, place, find }: { name: string; place: number; find: FindTable },
): readonly Rename[] {
  const table = { ...nameOnly(after), name };
  // what an heir shares with its parent has no new name of its own
  const inherited = new Set(
    (allColumns({ ...before, columns: [] }, find) ?? []).map((column) => column.name),
  );
  const own = after.columns.filter((column) => !inherited.has(column.name));
  return [
    ...newNames(choices, before.columns, own, `column of table ${String(place)}`).map(
      ([from, to]): Rename => ({ kind: "column", table, from, to }),
    ),
    ...newNames(choices, before.indexes, after.indexes, `index of table ${String(place)}`).map(
      ([from, to]): Rename => ({ kind: "index", table, from, to }),
    ),
  ];
}

function renamesOf({ before, after }: Pair, choices: Choices): readonly Rename[] {
  const both = after.tables.flatMap((table) => {
    const old = before.tables.find((item) => isTable(item, table));
    return old === undefined ? [] : [{ old, table }];
  });
  const movable = both.map(({ table }) => table).filter((table) => table.schema === undefined);
  const tables = new Map(newNames(choices, movable, movable, "renamed table"));
  const values = (type: { readonly values: readonly string[] } | undefined): readonly Named[] =>
    type?.values.map((name) => ({ name })) ?? [];
  return [
    ...[...tables].map(([from, to]): Rename => ({
      kind: "table",
      from: { name: from },
      to: { name: to },
    })),
    ...both.flatMap(({ old, table }, place) =>
      inTable(choices, old, table, {
        name: table.schema === undefined ? (tables.get(table.name) ?? table.name) : table.name,
        place,
        find: (name) => before.tables.find((item) => isTable(item, name)),
      }),
    ),
    ...enumsOf(after.objects).flatMap((type) => {
      const old = enumsOf(before.objects).find((item) => isTable(item, type));
      return newNames(choices, values(old), values(type), "renamed value").map(
        ([from, to]): Rename => ({ kind: "enumValue", enum: nameOnly(type), from, to }),
      );
    }),
  ];
}

function textOf(rename: Rename): string {
  if (rename.kind === "table") return `${qualifiedName(rename.from)}:${qualifiedName(rename.to)}`;
  const owner = rename.kind === "enumValue" ? rename.enum : rename.table;
  return `${qualifiedName(owner)}.${rename.from}:${rename.to}`;
}

/** The pair with other names in B, and with names for all that is made of them otherwise. */
export function renamed(pair: Pair, numbers: readonly number[], kind: Kind): RenamedPair {
  const dialect = dialects.find(({ name }) => name === (kind === "mariadb" ? "mysql" : kind));
  const named = (metadata: MetaData): MetaData =>
    // MySQL gives the names of its own with a table's new name
    dialect === undefined || kind === "sqlite" || kind === "mysql"
      ? metadata
      : nameItems(EMPTY_METADATA, metadata, dialect);
  const [before, after] = [named(pair.before), named(pair.after)];
  const renames = renamesOf({ before, after }, new Choices(numbers));
  return {
    before,
    after: applyRenames(after, after, renames).database,
    renames: renames.map(textOf),
  };
}
