import type { Flavor } from "./flavor.ts";
import type { Constraint, ForeignKey, Index, Table } from "../../schema/types.ts";

/** The columns that an index starts with, as far as a foreign key can use them; MySQL makes its own index beside a descending one. */
export function leading(item: Constraint | Index, { mariadb }: Flavor): readonly string[] {
  if ("kind" in item)
    return item.kind === "unique" || item.kind === "primaryKey" ? item.columns : [];
  if (item.method !== undefined && item.method !== "btree") return [];
  const stop = item.elements.findIndex(
    ({ column, length, order }) =>
      column === undefined || length !== undefined || (order !== undefined && !mariadb),
  );
  return (stop < 0 ? item.elements : item.elements.slice(0, stop)).flatMap(
    ({ column }) => column ?? [],
  );
}

/** True when InnoDB can use the index for a foreign key over these columns. */
export function serves(
  item: Constraint | Index,
  columns: readonly string[],
  flavor: Flavor,
): boolean {
  const first = leading(item, flavor);
  return (
    columns.length > 0 &&
    columns.every((column, at) => first[at]?.toLowerCase() === column.toLowerCase())
  );
}

/** Exactly what the server makes for a foreign key that no index serves: a plain index over its columns. */
export function isPlainOver(index: Index, columns: readonly string[]): boolean {
  const { elements, unique, method, invisible, comment, options } = index;
  if (
    unique === true ||
    method !== undefined ||
    invisible === true ||
    comment !== undefined ||
    options !== undefined
  )
    return false;
  return (
    elements.length === columns.length &&
    elements.every(
      (element, at) =>
        element.column === columns[at] &&
        element.length === undefined &&
        element.order === undefined,
    )
  );
}

export function foreignKeysOf(table: Table): readonly ForeignKey[] {
  return table.constraints.filter(
    (constraint): constraint is ForeignKey => constraint.kind === "foreignKey",
  );
}

function sameName(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a.toLowerCase() === b.toLowerCase();
}

/**
 * The index that stands behind a foreign key and belongs to it: it has the name and the form that the
 * server gives, and no other index of the table serves the key. Whoever declared it, the server would
 * make the same one, so it takes no part in a comparison, and goes when its key goes.
 */
export function ownedIndex(table: Table, key: ForeignKey, flavor: Flavor): Index | undefined {
  const candidate = table.indexes.find(
    (index) => sameName(index.name, key.name) && isPlainOver(index, key.columns),
  );
  if (candidate === undefined) return undefined;
  const others = [...table.indexes.filter((index) => index !== candidate), ...table.constraints];
  return others.some((item) => serves(item, key.columns, flavor)) ? undefined : candidate;
}

/**
 * Foreign keys for which the servers take a full-text index over the same columns, and then say that none serves
 * the key (MySQL 9.7: 1821, MariaDB 10.11: 1005, 1553): their own index has to be said, and then stays.
 */
export function behindFullText(table: Table, indexes: readonly Index[]): readonly ForeignKey[] {
  const texts = indexes
    .filter(({ method }) => method?.toLowerCase() === "fulltext")
    .map(({ elements }) => elements.map(({ column }) => column));
  return foreignKeysOf(table).filter(({ columns }) =>
    texts.some((text) => columns.every((column, at) => text[at] === column)),
  );
}

/** The indexes of foreign keys that a new table has to say: see {@link behindFullText}. */
export function indexesToSay(table: Table, flavor: Flavor): readonly Index[] {
  const items = [...table.indexes, ...table.constraints];
  return behindFullText(table, table.indexes)
    .filter(({ columns }) => !items.some((item) => serves(item, columns, flavor)))
    .map(({ name, columns }) => ({
      ...(name === undefined ? {} : { name }),
      elements: columns.map((column) => ({ column })),
    }));
}

/** The table without the indexes that belong to its foreign keys. */
export function withoutOwnedIndexes(table: Table, flavor: Flavor): Table {
  const owned = new Set(
    foreignKeysOf(table).flatMap((key) => ownedIndex(table, key, flavor) ?? []),
  );
  return owned.size === 0
    ? table
    : { ...table, indexes: table.indexes.filter((index) => !owned.has(index)) };
}

/**
 * MySQL names the index of a key without a name after its first column, and lets it keep an old table's
 * name when the key takes the new one's. Such an index cannot be told from a declared one: it is left out only where the models have the key and no such index.
 */
export function withoutColumnNamedIndexes(
  table: Table,
  models: Table | undefined,
  flavor: Flavor,
): Table {
  if (models === undefined) return table;
  const wanted = foreignKeysOf(models).map(({ columns }) => columns.join("\0"));
  const isLeftOver = (index: Index): boolean => {
    const key = foreignKeysOf(table).find(({ columns }) => isPlainOver(index, columns));
    const [first] = key?.columns ?? [];
    if (key === undefined || first === undefined || index.name === undefined) return false;
    const others = [...table.indexes.filter((other) => other !== index), ...table.constraints];
    return (
      hasGivenName(index.name, first) &&
      wanted.includes(key.columns.join("\0")) &&
      !models.indexes.some((other) => isPlainOver(other, key.columns)) &&
      !others.some((item) => serves(item, key.columns, flavor)) &&
      ![...models.indexes, ...models.constraints].some((item) => serves(item, key.columns, flavor))
    );
  };
  const kept = table.indexes.filter((index) => !isLeftOver(index));
  return kept.length === table.indexes.length ? table : { ...table, indexes: kept };
}

/** True for a name that the server may have given to the index of a foreign key over this column first. */
function hasGivenName(name: string, column: string): boolean {
  return (
    name.toLowerCase() === column.toLowerCase() ||
    isNumbered(name, column) ||
    /_ibfk_\d+$/.test(name)
  );
}

/**
 * The plain indexes that the server may have made by itself for a foreign key without a name, and would silently
 * drop now that another item serves their columns. Nobody can tell them from declared ones.
 */
export function endangered(
  table: Table,
  columns: readonly string[],
): readonly (Index & { readonly name: string })[] {
  return table.indexes.filter((index): index is Index & { readonly name: string } => {
    const own = index.elements.flatMap(({ column }) => column ?? []);
    const [first] = own;
    return (
      index.name !== undefined &&
      first !== undefined &&
      hasGivenName(index.name, first) &&
      isPlainOver(index, own) &&
      own.every((column, at) => columns[at] === column)
    );
  });
}

/** `column_2`, `column_3`, …. */
function isNumbered(name: string, column: string): boolean {
  return (
    name.toLowerCase().startsWith(`${column.toLowerCase()}_`) &&
    /^\d+$/.test(name.slice(column.length + 1))
  );
}
