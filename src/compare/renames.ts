import { sameStructure } from "./names.ts";
import { respelled } from "./respell.ts";
import type { Capabilities } from "../dialects/contract.ts";
import { applyOperations } from "../operations/apply.ts";
import type { Operation } from "../operations/operation.ts";
import { enumsOf } from "../schema/objects/declare.ts";
import { nameOnly, qualifiedName, sameTable, tableKey } from "../schema/collect.ts";
import type { Constraint, Index, MetaData, TableName } from "../schema/types.ts";
import { RevlineError } from "../errors.ts";

/** A decision that something was renamed: a table, something that a table has, a value of an enum. */
export type Rename =
  | { readonly kind: "table"; readonly from: TableName; readonly to: TableName }
  | (Names & { readonly kind: "column"; readonly table: TableName })
  | RenamedItem
  | (Names & { readonly kind: "enumValue"; readonly enum: TableName });
interface Names {
  readonly from: string;
  readonly to: string;
}
interface RenamedItem extends Names {
  readonly kind: "constraint" | "index";
  readonly table: TableName;
}

function requireFree(
  owner: string,
  thing: string,
  names: readonly (string | undefined)[],
  { from, to }: Names,
): void {
  if (names.includes(from) && !names.includes(to)) return;
  const problem = names.includes(from)
    ? `has a ${thing} "${to}" already`
    : `has no ${thing} "${from}"`;
  throw new RevlineError("usage", `${owner} ${problem}, so it cannot be renamed.`, {
    hint: "Give --rename table.old:new with the old name as it is in the database.",
  });
}

function renameTable(
  { from, to }: Extract<Rename, { kind: "table" }>,
  { tables }: MetaData,
): Operation {
  if (tables.some((known) => sameTable(known, to))) {
    throw new RevlineError(
      "usage",
      `Table "${qualifiedName(to)}" exists in the database already, so "${qualifiedName(from)}" cannot be renamed to it.`,
      {
        hint: "Rename to a name that is free, or drop that table in a revision of its own first.",
      },
    );
  }
  return { kind: "renameTable", from, to };
}

/** The operation that a decision becomes. @throws RevlineError usage when it is not there or the name is taken */
function renameOperation(rename: Rename, database: MetaData): Operation {
  if (rename.kind === "table") return renameTable(rename, database);
  const { from, to } = rename;
  if (rename.kind === "enumValue") {
    const type = enumsOf(database.objects).find((known) => sameTable(known, rename.enum));
    requireFree(`Enum "${qualifiedName(rename.enum)}"`, "value", type?.values ?? [], rename);
    return { kind: "renameEnumValue", enum: rename.enum, from, to };
  }
  const { table } = rename;
  const owner = `Table "${qualifiedName(table)}"`;
  const live = database.tables.find((known) => sameTable(known, table));
  const namesOf = (
    things: readonly { readonly name?: string }[] = [],
  ): readonly (string | undefined)[] => things.map(({ name }) => name);
  if (rename.kind === "column") {
    requireFree(owner, "column", namesOf(live?.columns), rename);
    return { kind: "renameColumn", table, from, to };
  }
  if (rename.kind === "index") {
    requireFree(owner, "index", namesOf(live?.indexes), rename);
    return { kind: "renameIndex", table, from, to };
  }
  requireFree(owner, "constraint", namesOf(live?.constraints), rename);
  const type = live?.constraints.find(({ name }) => name === from)?.kind ?? "check";
  return { kind: "renameConstraint", table, type, from, to };
}

/** What shares its names: all tables, all keys and indexes of a schema, the columns of one table, the values of one enum. */
function scopeOf(rename: Rename): string {
  if (rename.kind === "table") return "table";
  if (isItem(rename)) return `item ${rename.table.schema ?? ""}`;
  return `${rename.kind} ${tableKey(rename.kind === "enumValue" ? rename.enum : rename.table)}`;
}

const oldName = ({ from }: Rename): string => (typeof from === "string" ? from : tableKey(from));
const newName = ({ to }: Rename): string => (typeof to === "string" ? to : tableKey(to));

/** In two steps, so that the name is free for another in between. */
function byWay(rename: Rename, way: string): readonly [Rename, Rename] {
  if (rename.kind === "table") {
    const between = { ...rename.to, name: way };
    return [
      { ...rename, to: between },
      { ...rename, from: between },
    ];
  }
  return [
    { ...rename, to: way },
    { ...rename, from: way },
  ];
}

/**
 * Tables first: what a table has names it by its new name. What takes a name that another gives up comes after
 * that; where they change names in a circle, one of them steps aside.
 */
export function inOrder(renames: readonly Rename[]): readonly Rename[] {
  const waiting = renames.toSorted(
    (a, b) => Number(b.kind === "table") - Number(a.kind === "table"),
  );
  const ordered: Rename[] = [];
  const isTaken = (rename: Rename): boolean =>
    waiting.some(
      (other) =>
        other !== rename &&
        scopeOf(other) === scopeOf(rename) &&
        oldName(other) === newName(rename),
    );
  for (;;) {
    const [first] = waiting;
    if (first === undefined) return ordered;
    const next = waiting.find((rename) => scopeOf(rename) === scopeOf(first) && !isTaken(rename));
    if (next !== undefined) {
      ordered.push(...waiting.splice(waiting.indexOf(next), 1));
      continue;
    }
    const [aside, back] = byWay(first, `renamed_${String(ordered.length + 1)}`);
    ordered.push(aside);
    waiting.splice(0, 1, back);
  }
}

interface Renamed {
  readonly operations: readonly Operation[];
  readonly database: MetaData;
}

/**
 * The operations that decisions become, and the database after them.
 *
 * @throws RevlineError usage when something is not there or its new name is taken
 */
export function applyRenames(
  database: MetaData,
  models: MetaData,
  renames: readonly Rename[],
): Renamed {
  const [others, items] = [renames.filter((rename) => !isItem(rename)), renames.filter(isItem)];
  const first = inOrder(others).reduce(renamed, { operations: [], database });
  const state = renames.length === 0 ? database : respelled(first.database, models);
  return inOrder(inPlace(items, state, models)).reduce(renamed, { ...first, database: state });
}

function renamed({ operations, database }: Renamed, rename: Rename): Renamed {
  const operation = renameOperation(rename, database);
  return {
    operations: [...operations, operation],
    database: applyOperations(database, [operation]),
  };
}

const isItem = (rename: Rename): rename is RenamedItem =>
  rename.kind === "constraint" || rename.kind === "index";

/**
 * The constraints and indexes of which the name alone is another. The rest is dropped and made anew; to rename
 * it before that would be in vain, and what would take its name has to wait for the drop.
 */
function inPlace(
  renames: readonly RenamedItem[],
  database: MetaData,
  models: MetaData,
): readonly RenamedItem[] {
  const find = (
    { table }: RenamedItem,
    { tables }: MetaData,
    name: string,
  ): Constraint | Index | undefined => {
    const found = tables.find((known) => sameTable(known, table));
    return [...(found?.constraints ?? []), ...(found?.indexes ?? [])].find(
      (item) => item.name === name,
    );
  };
  const kept = renames.filter((rename) => {
    const [live, wanted] = [find(rename, database, rename.from), find(rename, models, rename.to)];
    return live === undefined || wanted === undefined || sameStructure(live, wanted);
  });
  const isFree = (rename: RenamedItem): boolean =>
    find(rename, database, rename.to) === undefined ||
    kept.some((other) => scopeOf(other) === scopeOf(rename) && other.from === rename.to);
  const free = kept.filter(isFree);
  return free.length === renames.length ? renames : inPlace(free, database, models);
}

/**
 * Where names are the same whatever their case, a name spelled anew is a rename, never a drop and an add:
 * the database would say that the name is taken.
 */
export function caseRenames(
  database: MetaData,
  models: MetaData,
  rule: Capabilities["caseInsensitive"],
): readonly Rename[] {
  return models.tables.flatMap((table): readonly Rename[] => {
    const live =
      database.tables.find((known) => sameTable(known, table)) ??
      (rule.tables
        ? database.tables.find((known) => sameTable(folded(known), folded(table)))
        : undefined);
    if (live === undefined) return [];
    const renamed: readonly Rename[] =
      live.name === table.name
        ? []
        : [{ kind: "table", from: nameOnly(live), to: nameOnly(table) }];
    if (!rule.columns) return renamed;
    const names = new Set(live.columns.map(({ name }) => name));
    const columns = table.columns.flatMap(({ name: to }): readonly Rename[] => {
      const from = names.has(to)
        ? undefined
        : live.columns.find(({ name }) => name.toLowerCase() === to.toLowerCase())?.name;
      return from === undefined ? [] : [{ kind: "column", table: nameOnly(table), from, to }];
    });
    return [...renamed, ...columns];
  });
}

function folded({ schema, name }: TableName): TableName {
  return {
    ...(schema === undefined ? {} : { schema: schema.toLowerCase() }),
    name: name.toLowerCase(),
  };
}
