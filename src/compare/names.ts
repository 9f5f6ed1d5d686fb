import { pairEqual } from "./lists.ts";
import type { Capabilities, Dialect } from "../dialects/contract.ts";
import { tableKey } from "../schema/collect.ts";
import { isConstraint } from "../schema/naming.ts";
import type { Constraint, Index, MetaData, Table, TableName } from "../schema/types.ts";
import { deepEqual, omit } from "../util/equal.ts";

/** Equal but for the name. */
export function sameStructure(a: Constraint | Index, b: Constraint | Index): boolean {
  return deepEqual(omit(a, "name"), omit(b, "name"));
}

/** Names a constraint or index stands on in the schema: those with an index of their own. */
function hasIndex(item: Constraint | Index): boolean {
  return !isConstraint(item) || ["primaryKey", "unique", "exclude"].includes(item.kind);
}

/**
 * Whether another table has a name that only one of a schema may have. A name that changes hands is dropped
 * and added, for which there is an order; renames may stand in a circle.
 */
export function namesElsewhere(
  tables: readonly Table[],
  { indexNamespace }: Naming["capabilities"],
): (table: TableName, name: string) => boolean {
  const key = ({ schema = "" }: TableName, name: string): string => JSON.stringify([schema, name]);
  const holders = new Map<string, string>();
  for (const table of indexNamespace === "schema" ? tables : []) {
    for (const item of [...table.constraints, ...table.indexes]) {
      if (item.name !== undefined && hasIndex(item))
        holders.set(key(table, item.name), tableKey(table));
    }
  }
  return (table, name) => {
    const holder = holders.get(key(table, name));
    return holder !== undefined && holder !== tableKey(table);
  };
}

type Naming = Pick<Dialect, "defaultName"> & {
  readonly capabilities: Pick<Capabilities, "indexNamespace">;
};

/**
 * Gives a name to every constraint and index of the models that has none: first the name of the equal
 * one in the database, so that no name is a difference by itself; else the name that the database itself
 * would give.
 */
export function nameItems(database: MetaData, models: MetaData, dialect: Naming): MetaData {
  const live = new Map(database.tables.map((table) => [tableKey(table), table]));
  const inSchema = new Map<string, Set<string>>();
  const schemaNames = (table: Table): Set<string> => {
    const key = table.schema ?? "";
    const names = inSchema.get(key) ?? new Set();
    inSchema.set(key, names);
    return names;
  };
  const inherited = models.tables.map((table) =>
    inheritNames(table, live.get(tableKey(table)), dialect),
  );
  for (const table of inherited) {
    const names = schemaNames(table).add(table.name);
    for (const item of [...table.constraints, ...table.indexes]) {
      if (item.name !== undefined && hasIndex(item)) names.add(item.name);
    }
  }
  const tables = inherited.map((table) => {
    const inTable = new Set(
      [...table.constraints, ...table.indexes].flatMap(({ name }) => name ?? []),
    );
    const matched = new Set(
      [...(live.get(tableKey(table))?.constraints ?? [])].filter(({ name }) => name === undefined),
    );
    const named = <T extends Constraint | Index>(item: T): T => {
      if (item.name !== undefined || [...matched].some((other) => sameStructure(other, item)))
        return item;
      const wide = dialect.capabilities.indexNamespace === "schema" && hasIndex(item);
      const taken = wide ? new Set([...inTable, ...schemaNames(table)]) : inTable;
      const name = dialect.defaultName(table, item, taken);
      if (name === undefined) return item;
      inTable.add(name);
      if (hasIndex(item)) schemaNames(table).add(name);
      return { ...item, name };
    };
    return {
      ...table,
      constraints: table.constraints.map(named),
      indexes: table.indexes.map(named),
    };
  });
  return { ...models, tables };
}

function inheritNames(table: Table, live: Table | undefined, dialect: Naming): Table {
  if (live === undefined) return table;
  const all = [...live.constraints, ...live.indexes];
  const isGiven = (item: Constraint | Index): boolean => {
    const others = new Set(all.flatMap((other) => (other === item ? [] : (other.name ?? []))));
    return dialect.defaultName(live, item, others) === item.name;
  };
  return {
    ...table,
    constraints: inherit(live.constraints, table.constraints, isGiven),
    indexes: inherit(live.indexes, table.indexes, isGiven),
  };
}

function inherit<T extends Constraint | Index>(
  before: readonly T[],
  after: readonly T[],
  isGiven: (item: T) => boolean,
): readonly T[] {
  const spoken = new Set(after.flatMap(({ name }) => name ?? []));
  const unnamed = before.filter(({ name }) => name === undefined);
  const named = before.filter(({ name }) => name !== undefined && !spoken.has(name));
  // of equal ones that with the database's own name is the one that nobody has named
  const free = [...unnamed, ...named.filter(isGiven), ...named.filter((item) => !isGiven(item))];
  const { both } = pairEqual(
    free,
    after.filter(({ name }) => name === undefined),
    sameStructure,
  );
  const names = new Map(both.map(([found, item]) => [item, found.name]));
  return after.map((item) => {
    const name = names.get(item);
    return name === undefined ? item : { ...item, name };
  });
}
