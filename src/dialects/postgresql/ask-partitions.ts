import { askObjects } from "./ask-objects.ts";
import { collation } from "./compile.ts";
import { maybeText, text } from "./rows.ts";
import { textOption } from "./options.ts";
import { quote } from "./spelling.ts";
import { compileType } from "./types.ts";
import type { Connection } from "../contract.ts";
import { sameTable, tableKey } from "../../schema/collect.ts";
import { allColumns, parentsOf } from "../../schema/parents.ts";
import type { Column, Options, Table } from "../../schema/types.ts";

const TEMPORARY = `
SELECT c.relname::text AS name, pg_get_partkeydef(c.oid) AS "partitionBy", CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END AS "values"
FROM pg_class c WHERE c.relnamespace = pg_my_temp_schema() AND c.relkind IN ('r', 'p')`;

const KEYS = ["partitionBy", "values"] as const;

function optionsOf({ options }: Table): Options {
  return options?.postgresql ?? {};
}

/** Texts that are not the database's own word for word. */
function isDoubtful(table: Table, live: Table): boolean {
  return KEYS.some((key) => {
    const [model, there] = [table, live].map((one) => textOption(optionsOf(one), key));
    return model !== undefined && there !== undefined && model !== there;
  });
}

function columnsText(columns: readonly Column[]): string {
  const texts = columns.map(
    ({ name, type, collation: collated }) =>
      `${quote(name)} ${compileType(type)}${collated === undefined ? "" : ` COLLATE ${collation(collated)}`}`,
  );
  return `(${texts.join(", ")})`;
}

/** How the server spells the keys and bounds of partitions that the models spell in another way than it does. */
export async function settlePartitions(
  connection: Connection,
  tables: readonly Table[],
  live: readonly Table[],
): Promise<readonly Table[]> {
  const byKey = new Map(tables.map((table) => [tableKey(table), table]));
  const doubtful = tables.filter((table) => {
    const there = live.find((other) => sameTable(other, table));
    return there !== undefined && isDoubtful(table, there);
  });
  const trials = doubtful.map((table) => ({
    object: table,
    create: (name: string): readonly string[] => {
      const own = optionsOf(table);
      const [parent] = parentsOf(table).map((path) => byKey.get(tableKey(path)));
      const columns = allColumns(table, (path) => byKey.get(tableKey(path))) ?? table.columns;
      const key = textOption(own, "partitionBy");
      const values = textOption(own, "values");
      const parted = key === undefined ? "" : ` PARTITION BY ${key}`;
      const path = quote("pg_temp", name);
      if (values === undefined || parent === undefined)
        return [`CREATE TABLE ${path} ${columnsText(columns)}${parted}`];
      const above = quote("pg_temp", `${name}_parent`);
      return [
        `CREATE TABLE ${above} ${columnsText(columns)} PARTITION BY ${textOption(optionsOf(parent), "partitionBy") ?? ""}`,
        `CREATE TABLE ${path} PARTITION OF ${above} ${values}${parted}`,
      ];
    },
  }));
  const verdicts = await askObjects(connection, trials, async () => {
    const rows = await connection.query(TEMPORARY);
    return new Map(rows.map((row) => [text(row, "name"), row]));
  });
  return tables.map((table) => {
    const verdict = verdicts.get(table);
    if (verdict?.kind !== "made") return table;
    const said = KEYS.flatMap((key) => {
      const value = maybeText(verdict.read, key);
      return value === undefined ? [] : [[key, value] as const];
    });
    return {
      ...table,
      options: {
        ...table.options,
        postgresql: { ...optionsOf(table), ...Object.fromEntries(said) },
      },
    };
  });
}
