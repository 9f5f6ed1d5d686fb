import { bytesDefault, trimZeros } from "./defaults.ts";
import { read } from "./catalog.ts";
import type { Flavor } from "./flavor.ts";
import { expressionSql, quoteName, quoteTable } from "./quote.ts";
import type { Connection } from "../contract.ts";
import type { Column, Table } from "../../schema/types.ts";

/** True for a column of bytes with a literal as its default; DEFAULT() answers nothing about other expressions (3773). */
function isBinary({ type, default: value }: Column, flavor: Flavor): boolean {
  if (value === undefined || (type.name !== "binary" && type.name !== "varbinary")) return false;
  return "value" in value || /^0x/i.test(expressionSql(value.expression, flavor));
}

/** True unless the catalog is known to show the default whole. */
function isDoubtful(column: Column, { mariadb }: Flavor): boolean {
  const value = column.default;
  if (!mariadb) return true;
  return (
    value !== undefined &&
    ("expression" in value || value.value === "" || String(value.value).includes("?"))
  );
}

/**
 * The tables with the exact bytes of binary defaults: the catalogs cut them at a zero byte (MySQL) or show
 * `?` for what is no ASCII (MariaDB). One query a table that has a doubtful one; no row is read.
 */
export async function readBinaryDefaults(
  connection: Connection,
  tables: readonly Table[],
  flavor: Flavor,
): Promise<readonly Table[]> {
  const exact: Table[] = [];
  for (const table of tables) {
    const open = table.columns.filter(
      (column) => isBinary(column, flavor) && isDoubtful(column, flavor),
    );
    if (open.length === 0) {
      exact.push(table);
      continue;
    }
    const list = open
      .map(({ name }, at) => `HEX(DEFAULT(t.${quoteName(name)})) AS c${String(at)}`)
      .join(", ");
    const [row = {}] = await connection.query(
      `SELECT ${list} FROM (SELECT 1 AS one) AS one_row LEFT JOIN ${quoteTable(table)} AS t ON FALSE`,
    );
    const found = new Map(open.map((column, at) => [column.name, read(row, `c${String(at)}`)]));
    const columns = table.columns.map((column): Column => {
      const hex = found.get(column.name);
      if (hex === undefined) return column;
      const bytes = Buffer.from(hex, "hex");
      return {
        ...column,
        default: bytesDefault(column.type.name === "binary" ? trimZeros(bytes) : bytes),
      };
    });
    exact.push({ ...table, columns });
  }
  return exact;
}
