import type { Column, ColumnType, EnumType, Options, Table } from "../../../src/schema/index.ts";
import { Choices } from "./choices.ts";
import { someColumn, someIdentity, strictOf } from "./columns.ts";
import { somePrimaryKey } from "./constraints.ts";
import type { Kind } from "./kinds.ts";
import { freshName } from "./names.ts";
import { named, someComment, takenNames, type Surroundings } from "./surroundings.ts";
import { enumValues } from "./types.ts";

export function someOptions(choices: Choices, kind: Kind): Pick<Table, "options"> {
  const only = (options: Options): Pick<Table, "options"> => ({
    options: { [kind === "mariadb" ? "mysql" : kind]: options },
  });
  if (kind === "sqlite")
    return only(
      choices.one<Options>([
        { strict: true },
        { withoutRowid: true },
        { strict: true, withoutRowid: true },
      ]),
    );
  if (kind === "postgresql")
    return only(
      choices.one<Options>([{ unlogged: true }, { fillfactor: 80 }, { autovacuum_enabled: false }]),
    );
  return only(
    choices.one<Options>([
      { collation: "utf8mb4_unicode_ci" },
      { charset: "utf8mb3" },
      { rowFormat: "COMPRESSED" },
      { charset: "utf8mb4", collation: "utf8mb4_bin" },
      { statsPersistent: 1, statsSamplePages: 30, maxRows: 1000 },
      { statsPersistent: 0, packKeys: 1 },
      { partitionBy: `KEY () PARTITIONS ${String(choices.one([2, 3]))}` },
      { partitionBy: "LINEAR KEY () PARTITIONS 2" },
      ...(kind === "mariadb"
        ? [
            { systemVersioning: true },
            { systemVersioning: true, partitionBy: "KEY () PARTITIONS 2" },
            { pageCompressed: 1 },
          ]
        : []),
    ]),
  );
}

/** One table, without foreign keys: they come when all tables are there. */
export function someTable(
  choices: Choices,
  around: Surroundings,
  columns: readonly (readonly number[])[],
): Table {
  const { kind, metadata } = around;
  const name = freshName(choices, kind, takenNames(metadata));
  const options = choices.chance(15) ? someOptions(choices, kind) : {};
  const schema = kind === "postgresql" ? choices.pick(["", "", "", ...metadata.schemas]) : "";
  const comment = kind !== "sqlite" && choices.chance(15) ? { comment: someComment(choices) } : {};
  let table: Table = {
    ...(schema ? { schema } : {}),
    name,
    columns: [],
    constraints: [],
    indexes: [],
    ...comment,
    ...options,
  };
  if (choices.chance(70)) {
    const key: Column = {
      name: "id",
      type: { name: choices.one(["integer", "bigint", "smallint"]) },
      nullable: false,
    };
    const numbered = choices.chance(60);
    const type: ColumnType =
      numbered && kind === "sqlite"
        ? { name: "integer" }
        : strictOf(table)
          ? { name: "integer" }
          : key.type;
    const without = options.options?.sqlite?.["withoutRowid"] === true;
    const identity = numbered && !without ? { identity: someIdentity(choices, kind) } : {};
    table = {
      ...table,
      columns: [{ ...key, type, ...identity }],
      constraints: [{ kind: "primaryKey", columns: ["id"] }],
    };
  }
  for (const numbers of columns)
    table = {
      ...table,
      columns: [...table.columns, someColumn(new Choices(numbers), around, table)],
    };
  if (table.constraints.length === 0 && choices.chance(60)) {
    const key = somePrimaryKey(choices, around, table);
    if (key !== undefined) table = { ...table, constraints: [key] };
  }
  return table;
}

export function someEnum(choices: Choices, around: Surroundings): EnumType {
  const name = named(choices, around, "");
  const schema = choices.pick(["", "", ...around.metadata.schemas]);
  const comment = choices.chance(20) ? { comment: someComment(choices) } : {};
  return {
    kind: "enum",
    ...(schema ? { schema } : {}),
    name,
    values: enumValues(choices),
    ...comment,
  };
}
