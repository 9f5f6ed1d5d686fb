import type { Dialect } from "../dialects/contract.ts";
import type { Operation } from "../operations/operation.ts";
import { nameOnly, sameTable, tableKey } from "../schema/collect.ts";
import { text } from "../schema/expression.ts";
import { inheritAll, parentsBut } from "../schema/inherited.ts";
import {
  allColumns,
  ancestorsOf,
  parentPath,
  parentsOf,
  type FindTable,
} from "../schema/parents.ts";
import type {
  Column,
  Constraint,
  ForeignKey,
  Index,
  Options,
  Table,
  TableName,
} from "../schema/types.ts";
import { deepEqual, omit } from "../util/equal.ts";

type Naming = Pick<Dialect, "defaultName" | "nextValue">;

const PARENTAGE = ["partitionOf", "values", "inherits"];

function parentage(table: Table): Options {
  return Object.fromEntries(
    Object.entries(table.options?.postgresql ?? {}).filter(([key]) => PARENTAGE.includes(key)),
  );
}

/** True where a table has other parents, or another place among its parent's partitions. */
export function isMoved(before: Table, after: Table): boolean {
  return !deepEqual(parentage(before), parentage(after));
}

/** The table without a word of its parents. */
function orphan(table: Table): Table {
  const own = parentage(table);
  if (Object.keys(own).length === 0) return table;
  const options = Object.fromEntries(
    Object.entries(table.options?.postgresql ?? {}).filter(([key]) => !(key in own)),
  );
  return { ...table, options: { ...table.options, postgresql: options } };
}

/** Parents of an inheriting table that it has on both sides. */
function kept(before: Table, after: Table): Options {
  const [old, now] = [before, after].map((table) => parentage(table)["inherits"]);
  if (old === undefined || now === undefined) return {};
  const both = parentsOf(before).filter((name) =>
    parentsOf(after).some((other) => sameTable(other, name)),
  );
  return both.length === 0 ? {} : { inherits: both.map(parentPath).join(", ") };
}

type Names = Readonly<Record<string, string>>;

/**
 * Lets go of the parents that are no more, and goes to those that are new.
 *
 * @param names of a partition's keys and indexes on both sides, as {@link apart} tells them
 */
export function moves(
  before: Table,
  after: Table,
  [namesBefore, namesAfter]: readonly [Names, Names],
): readonly Operation[] {
  const table = nameOnly(after);
  const stays = kept(before, after);
  const change = (from: Options, to: Options, names: Names): readonly Operation[] => {
    if (deepEqual(from, to)) return [];
    const detachedNames = Object.keys(names).length === 0 ? {} : { detachedNames: names };
    return [{ kind: "setTableOptions", table, dialect: "postgresql", from, to, ...detachedNames }];
  };
  return [
    ...change(parentage(before), stays, namesBefore),
    ...change(stays, parentage(after), namesAfter),
  ];
}

interface Apart {
  readonly tables: readonly [Table, Table];
  /** What the keys and indexes that a partition has of its parent are called, by the parent's names. */
  readonly names: readonly [Names, Names];
}

/** The two tables with what they have of the parents that only one of them has. */
export function apart(
  before: Table,
  after: Table,
  [findBefore, findAfter]: readonly [FindTable, FindTable],
  naming: Naming,
): Apart {
  const stays = parentsOf({ options: { postgresql: kept(before, after) } });
  const whole = (table: Table, find: FindTable): Detached => {
    const left = parentsBut(table, stays);
    const isPartition = parentage(table)["partitionOf"] !== undefined;
    const paths = left.map(parentPath).join(", ");
    const postgresql: Options =
      left.length === 0 ? {} : { [isPartition ? "partitionOf" : "inherits"]: paths };
    const given = { ...table, options: { postgresql } };
    const found = detached(given, find, naming);
    const rest = omit(found.table, "options");
    const { options } = orphan(table);
    return { ...found, table: options === undefined ? rest : { ...rest, options } };
  };
  const [old, now] = [whole(before, findBefore), whole(after, findAfter)];
  // a column that goes comes back with the number that its parent's sequence gave it
  const numbered = handedDown(before, stays, findBefore, naming).filter(
    ({ name }) => !now.table.columns.some((column) => column.name === name),
  );
  const columns = old.table.columns.map(
    (column) => numbered.find(({ name }) => name === column.name) ?? column,
  );
  return { tables: [{ ...old.table, columns }, now.table], names: [old.names, now.names] };
}

/** The columns that a table has of serial ones of parents that only this side knows, with the default of those. */
function handedDown(
  table: Table,
  stays: readonly TableName[],
  find: FindTable,
  { nextValue }: Naming,
): readonly Column[] {
  return parentsBut(table, stays)
    .flatMap((name) => find(name) ?? [])
    .flatMap((parent) => [parent, ...(ancestorsOf(parent, find) ?? [])])
    .flatMap((parent) =>
      parent.columns.flatMap((column): readonly Column[] => {
        const isOwn = table.columns.some(({ name }) => name === column.name);
        if (column.identity?.serial !== true || isOwn || nextValue === undefined) return [];
        const expression = text(nextValue(parent, column));
        return [{ ...omit(column, "identity", "comment"), default: { expression } }];
      }),
    );
}

/** The default of a parent's serial column stays with a table that is let go, and does not come to one that is taken. */
export function serialDefaults(
  before: Table,
  after: Table,
  [findBefore, findAfter]: readonly [FindTable, FindTable],
  naming: Naming,
): readonly Operation[] {
  const stays = parentsOf({ options: { postgresql: kept(before, after) } });
  const table = nameOnly(after);
  const old = handedDown(before, stays, findBefore, naming);
  const now = handedDown(after, stays, findAfter, naming);
  const all = allColumns(after, findAfter) ?? [];
  const isIn = (columns: readonly Column[], column: Column): boolean =>
    columns.some((other) => other.name === column.name && deepEqual(other.default, column.default));
  const bare = (column: Column): Column => omit(column, "default");
  return [
    ...old
      .filter((column) => !isIn(now, column) && all.some(({ name }) => name === column.name))
      .map((from): Operation => ({ kind: "alterColumn", table, from, to: bare(from) })),
    ...now
      .filter((column) => !isIn(old, column))
      .map((to): Operation => ({ kind: "alterColumn", table, from: bare(to), to })),
  ];
}

interface Detached {
  readonly table: Table;
  readonly names: Names;
}

/**
 * The table with all that it has of its parents: as it is when it is let go, and must be to be taken. With it, for
 * a partition, the names of its keys and indexes by those of what they are of above.
 */
function detached(table: Table, find: FindTable, naming: Naming): Detached {
  const whole = inheritAll(table, find);
  const ancestors = ancestorsOf(table, find) ?? [];
  const isPartition = parentage(table)["partitionOf"] !== undefined;
  if (!isPartition) return { table: whole, names: {} };
  const taken = new Set([...table.constraints, ...table.indexes].flatMap(({ name }) => name ?? []));
  const names = new Map<string, string>();
  const named = <T extends Constraint | Index>(item: T): T => {
    const bare: T & { name?: string; comment?: string } = { ...item };
    delete bare.name;
    delete bare.comment;
    const name = naming.defaultName(whole, bare, taken);
    if (name === undefined) return bare;
    taken.add(name);
    if (item.name !== undefined) names.set(item.name, name);
    return { ...bare, name };
  };
  const keyOf = (key: ForeignKey): ForeignKey => {
    if (key.name !== undefined) names.set(key.name, key.name);
    return omit(key, "comment");
  };
  const constraints: Constraint[] = [...whole.constraints];
  const indexes: Index[] = [...table.indexes];
  for (const parent of ancestors) {
    for (const item of parent.constraints)
      if (item.kind !== "check")
        constraints.push(item.kind === "foreignKey" ? keyOf(item) : named(item));
    indexes.push(...parent.indexes.map(named));
  }
  return { table: { ...whole, constraints, indexes }, names: Object.fromEntries(names) };
}

/**
 * Tables whose rows are parted in another way: no ALTER TABLE does that, so they are made anew, and with
 * them the partitions that stay theirs.
 */
export function recast(
  pairs: readonly (readonly [Table, Table])[],
): (before: Table, after: Table) => boolean {
  const keyOf = ({ options }: Table): unknown => options?.postgresql?.["partitionBy"];
  const found = new Set<Table>();
  const isParent = (name: TableName): boolean => [...found].some((table) => sameTable(table, name));
  for (;;) {
    const more = pairs.filter(
      ([before, after]) =>
        !found.has(after) &&
        (keyOf(before) !== keyOf(after) ||
          parentsOf(before).some(
            (name) => isParent(name) && parentsOf(after).some((other) => sameTable(other, name)),
          )),
    );
    if (more.length === 0) return (_before, after) => found.has(after);
    for (const [, after] of more) found.add(after);
  }
}

/** Keys of other tables to tables that are made anew are away meanwhile. */
export function suspendedKeys(
  pairs: readonly (readonly [Table, Table])[],
  isRecast: (before: Table, after: Table) => boolean,
): readonly Operation[] {
  const anew = pairs.filter((pair) => isRecast(...pair)).map(([, after]) => after);
  return pairs
    .filter((pair) => !isRecast(...pair))
    .flatMap(([before, after]) =>
      before.constraints.flatMap((key): readonly Operation[] => {
        if (key.kind !== "foreignKey" || key.name === undefined) return [];
        const stays = after.constraints.some((other) => deepEqual(other, key));
        if (!stays || !anew.some((table) => sameTable(table, key.references))) return [];
        const table = nameOnly(after);
        return [
          { kind: "dropConstraint", table, name: key.name, type: "foreignKey", dropped: key },
          { kind: "addConstraint", table, constraint: key },
        ];
      }),
    );
}

/** How far below a table without parents each table of a family stands. */
export function depths(tables: readonly Table[]): (table: TableName) => number | undefined {
  const found = new Map<string, number>();
  const byKey = new Map(tables.map((table) => [tableKey(table), table]));
  const visit = (table: Table, seen: ReadonlySet<Table>): number => {
    const parents = parentsOf(table);
    const above = parents.map((name) => {
      const parent = byKey.get(tableKey(name));
      const own =
        parent === undefined || seen.has(parent) ? 0 : visit(parent, new Set([...seen, parent]));
      found.set(tableKey(name), Math.max(own, found.get(tableKey(name)) ?? 0));
      return own + 1;
    });
    return Math.max(0, ...above);
  };
  for (const table of tables) {
    const depth = visit(table, new Set([table]));
    if (depth > 0) found.set(tableKey(table), Math.max(depth, found.get(tableKey(table)) ?? 0));
  }
  return (table) => found.get(tableKey(table));
}
