import { bytesDefault, trimZeros } from "./defaults.ts";
import { read } from "./catalog.ts";
import { isLarge } from "./compile-column.ts";
import type { Flavor } from "./flavor.ts";
import { expressionSql, quoteName, quoteTable } from "./quote.ts";
import { showCreate } from "./show-create.ts";
import type { Connection } from "../contract.ts";
import { text } from "../../schema/expression.ts";
import type { Column, Table } from "../../schema/types.ts";

const isBytes = ({ type }: Column): boolean => type.name === "binary" || type.name === "varbinary";

function isLiteral({ default: value }: Column, flavor: Flavor): boolean {
  if (value === undefined) return false;
  return "value" in value || /^0x/i.test(expressionSql(value.expression, flavor));
}

/** A literal may be only there where MySQL takes no other default than an expression; DEFAULT() does not answer it (3773). */
function mayAsk(column: Column, flavor: Flavor): boolean {
  return isLiteral(column, flavor) && (flavor.mariadb || !isLarge(column.type.name));
}

/** True unless the catalog is known to show the default whole. */
function isDoubtful(column: Column, { mariadb }: Flavor): boolean {
  const value = column.default;
  if (value === undefined) return false;
  const isGarbled = "value" in value && String(value.value).includes("?");
  if (!isBytes(column)) return isGarbled && /char|text/.test(column.type.name);
  return !mariadb || "expression" in value || value.value === "" || isGarbled;
}

/**
 * The tables with the exact literals of their defaults: the catalogs cut bytes at a zero (MySQL), show `?` for
 * bytes that are no ASCII (MariaDB), and for characters of four bytes both. One query a table that has a doubtful
 * one; no row is read.
 */
export async function readLiteralDefaults(
  connection: Connection,
  tables: readonly Table[],
  flavor: Flavor,
): Promise<readonly Table[]> {
  const exact: Table[] = [];
  for (const table of tables) {
    const open = table.columns.filter(
      (column) => isDoubtful(column, flavor) && mayAsk(column, flavor),
    );
    if (open.length === 0) {
      exact.push(table);
      continue;
    }
    const list = open
      .map((column, at) => {
        const value = `DEFAULT(t.${quoteName(column.name)})`;
        return `HEX(${isBytes(column) ? value : `CONVERT(${value} USING utf8mb4)`}) AS c${String(at)}`;
      })
      .join(", ");
    const [row = {}] = await connection.query(
      `SELECT ${list} FROM (SELECT 1 AS one) AS one_row LEFT JOIN ${quoteTable(table)} AS t ON FALSE`,
    );
    const found = new Map(open.map((column, at) => [column.name, read(row, `c${String(at)}`)]));
    // MySQL makes a NULL of the default too where the column is NOT NULL; it shows bytes exactly
    const isSilent = [...found.values()].includes(undefined);
    const shown = isSilent ? (await showCreate(connection, table)).defaults : undefined;
    const columns = table.columns.map((column): Column => {
      const hex = found.get(column.name);
      if (hex === undefined) {
        const given = found.has(column.name) ? shown?.get(column.name) : undefined;
        return given === undefined ? column : { ...column, default: { expression: text(given) } };
      }
      const bytes = Buffer.from(hex, "hex");
      if (!isBytes(column)) return { ...column, default: { value: bytes.toString("utf8") } };
      return {
        ...column,
        default: bytesDefault(column.type.name === "binary" ? trimZeros(bytes) : bytes),
      };
    });
    exact.push({ ...table, columns });
  }
  return exact;
}
