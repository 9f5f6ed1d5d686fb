import { defaultName } from "./naming.ts";
import type { Offline } from "../contract.ts";
import { serverOf } from "../url.ts";
import { applyOperations } from "../../operations/apply.ts";
import type { Operation } from "../../operations/operation.ts";
import { sameTable } from "../../schema/collect.ts";
import { isConstraint } from "../../schema/naming.ts";
import type { Constraint, Index, MetaData, Table } from "../../schema/types.ts";
import { RevlineError } from "../../errors.ts";

/** What a script is written for when nobody says: what it has, the later ones have too. */
const VERSION = "15";

type Item = Constraint | Index;

/** The names of tables, and of indexes, also of those behind constraints: one namespace in a schema. */
function relationsOf({ tables }: MetaData, schema: string | undefined): readonly string[] {
  return tables
    .filter((table) => table.schema === schema)
    .flatMap((table) => [
      table.name,
      ...table.indexes.flatMap(({ name }) => name ?? []),
      ...table.constraints.flatMap(({ kind, name }) =>
        kind === "check" || kind === "foreignKey" ? [] : (name ?? []),
      ),
    ]);
}

/** The server names what has no name at once, and the name stays when the table's changes. */
function named(table: Table, metadata: MetaData): Table {
  const own = new Set([...table.constraints, ...table.indexes].flatMap(({ name }) => name ?? []));
  const relations = relationsOf(metadata, table.schema);
  const name = <T extends Item>(item: T): T => {
    if (item.name !== undefined) return item;
    const isRelation = !isConstraint(item) || (item.kind !== "check" && item.kind !== "foreignKey");
    const given = defaultName(table, item, isRelation ? new Set([...own, ...relations]) : own);
    if (given === undefined) return item;
    own.add(given);
    return { ...item, name: given };
  };
  return { ...table, constraints: table.constraints.map(name), indexes: table.indexes.map(name) };
}

function follow(metadata: MetaData, operation: Operation): MetaData {
  const after = applyOperations(metadata, [operation]);
  if (
    operation.kind !== "createTable" &&
    operation.kind !== "addConstraint" &&
    operation.kind !== "createIndex"
  )
    return after;
  const { table: place } = operation;
  return {
    ...after,
    tables: after.tables.map((table) => (sameTable(table, place) ? named(table, after) : table)),
  };
}

export const offline: Offline = {
  follow: (metadata, operation) => follow(metadata, operation),
  server: (url, version = VERSION) => {
    const [, major, minor = "0"] = /^\s*(?:PostgreSQL\s+)?(\d+)(?:\.(\d+))?/i.exec(version) ?? [];
    if (major === undefined) {
      throw new RevlineError("config-invalid", `"${version}" is no version of PostgreSQL.`, {
        hint: 'Set `serverVersion` as the server says it, for instance "16.3".',
      });
    }
    return {
      dialect: "postgresql",
      version,
      versionNumber: Number(major) * 10_000 + Number(minor) * 100,
      database: serverOf(url).database ?? "",
      defaultSchema: "public",
    };
  },
};
