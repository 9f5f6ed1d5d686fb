import type { Offline } from "../contract.ts";
import { columnFor } from "../ddl.ts";
import { serverOf, splitUrl } from "../url.ts";
import { flavorOf, readVersion, type Flavor } from "./flavor.ts";
import { foreignKeysOf, ownedIndex, serves } from "./implicit.ts";
import { defaultName } from "./naming.ts";
import { canonicalType } from "./types.ts";
import { applyOperations } from "../../operations/apply.ts";
import type { Operation, RenameTable } from "../../operations/operation.ts";
import { sameTable } from "../../schema/collect.ts";
import type { Constraint, ForeignKey, Index, MetaData, Table } from "../../schema/types.ts";
import { RevlineError } from "../../errors.ts";

/** What a script is written for when nobody says; which of the two, says the URL's scheme. */
const VERSIONS = { mysql: "8.4.0", mariadb: "10.11.0-MariaDB" };

type Item = Constraint | Index;

function onTable(
  metadata: MetaData,
  operation: Operation,
  change: (table: Table) => Table,
): MetaData {
  if (!("table" in operation)) return metadata;
  const { table: name } = operation;
  return {
    ...metadata,
    tables: metadata.tables.map((table) => (sameTable(table, name) ? change(table) : table)),
  };
}

/** The key goes with the index that the server made for it. */
function withoutOwned(table: Table, name: string | undefined, flavor: Flavor): Table {
  const key = foreignKeysOf(table).find((found) => found.name === name);
  const owned = key === undefined ? undefined : ownedIndex(table, key, flavor);
  return owned === undefined
    ? table
    : { ...table, indexes: table.indexes.filter((index) => index !== owned) };
}

/** The types as reflection gives them: what a column inherits of its table depends on them. */
function withOwnTypes(table: Table, flavor: Flavor): Table {
  const columns = table.columns.map((given) => {
    const column = columnFor(given, flavor.name);
    return { ...column, type: canonicalType(column.type, flavor) };
  });
  return { ...table, columns };
}

/** The server's names for what has none; the names of keys last, for their indexes look at the columns alone. */
function named(table: Table, isTurn: (item: Item) => boolean): Table {
  const taken = namesOf(table);
  const name = <T extends Item>(item: T): T => {
    const given =
      item.name === undefined && isTurn(item) ? defaultName(table, item, taken) : undefined;
    if (given === undefined) return item;
    taken.add(given);
    return { ...item, name: given };
  };
  return { ...table, constraints: table.constraints.map(name), indexes: table.indexes.map(name) };
}

function namesOf({ constraints, indexes }: Table): Set<string> {
  return new Set([...constraints, ...indexes].flatMap(({ name }) => name ?? []));
}

function isForeignKey(item: Item): item is ForeignKey {
  return "kind" in item && item.kind === "foreignKey";
}

/**
 * The server makes an index for each key that none serves. A new index or key takes the place of one that
 * has the name of its foreign key; others stay (see `keepEndangered`).
 */
function withKeyIndexes(table: Table, before: Table | undefined, flavor: Flavor): Table {
  const keys = foreignKeysOf(table);
  const replaced = new Set(
    foreignKeysOf(before ?? { ...table, constraints: [] }).flatMap((key) => {
      const owned = before === undefined ? undefined : ownedIndex(before, key, flavor);
      const isServed = [...table.indexes, ...table.constraints].some(
        (item) => item !== owned && serves(item, key.columns, flavor),
      );
      return owned !== undefined && isServed ? [owned] : [];
    }),
  );
  const indexes = table.indexes.filter((index) => !replaced.has(index));
  for (const key of keys) {
    if ([...indexes, ...table.constraints].some((item) => serves(item, key.columns, flavor)))
      continue;
    const index = { elements: key.columns.map((column) => ({ column })) };
    const name = key.name ?? defaultName(table, index, namesOf({ ...table, indexes }));
    indexes.push(name === undefined ? index : { name, ...index });
  }
  return { ...table, indexes };
}

/** Names that the server gave follow the table's. */
function renamed(metadata: MetaData, { from, to }: RenameTable, { mariadb }: Flavor): MetaData {
  const follow = <T extends Item>(item: T): T => {
    const { name } = item;
    const given = name?.slice(from.name.length);
    const isGiven =
      name?.startsWith(from.name) === true &&
      (given?.startsWith("_ibfk_") === true || (!mariadb && given?.startsWith("_chk_") === true));
    return isGiven && given !== undefined ? { ...item, name: to.name + given } : item;
  };
  return {
    ...metadata,
    tables: metadata.tables.map((table) =>
      sameTable(table, to)
        ? {
            ...table,
            constraints: table.constraints.map(follow),
            indexes: table.indexes.map(follow),
          }
        : table,
    ),
  };
}

function follow(metadata: MetaData, operation: Operation, flavor: Flavor): MetaData {
  const isKey = operation.kind === "dropConstraint" && operation.type === "foreignKey";
  const before = isKey
    ? onTable(metadata, operation, (table) => withoutOwned(table, operation.name, flavor))
    : metadata;
  const after = applyOperations(before, [operation]);
  if (operation.kind === "renameTable") return renamed(after, operation, flavor);
  return onTable(after, operation, (table) => {
    const earlier = before.tables.find((other) => sameTable(other, table));
    const declared = named(withOwnTypes(table, flavor), (item) => !isForeignKey(item));
    return named(withKeyIndexes(declared, earlier, flavor), isForeignKey);
  });
}

export const offline: Offline = {
  server: (url, given) => {
    const scheme = splitUrl(url).scheme === "mariadb" ? "mariadb" : "mysql";
    const version = given ?? VERSIONS[scheme];
    const { versionNumber, dialect } = readVersion(version);
    if (versionNumber === 0) {
      throw new RevlineError("config-invalid", `"${version}" is no version of MySQL or MariaDB.`, {
        hint: 'Set `serverVersion` as the server says it, for instance "8.4.2" or "10.11.6-MariaDB".',
      });
    }
    const { database = "" } = serverOf(url);
    return {
      dialect: scheme === "mariadb" ? "mariadb" : dialect,
      version,
      versionNumber,
      database,
      defaultSchema: database,
    };
  },
  follow: (metadata, operation, server) => follow(metadata, operation, flavorOf(server)),
};
