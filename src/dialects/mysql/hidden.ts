import { read } from "./catalog.ts";
import { stringLiteral } from "./quote.ts";
import type { Connection, Row } from "../contract.ts";
import { RevlineError } from "../../errors.ts";

/** What is known of a table before it is asked for the statement that makes it. */
export interface Suspect {
  readonly name: string;
  readonly engine: string;
}

/** Attributes of tables, columns and indexes for engines, of which these views tell (MySQL 8.0.21). */
const ATTRIBUTES = [
  ["tables_extensions", "table_schema"],
  ["columns_extensions", "table_schema"],
  ["table_constraints_extensions", "constraint_schema"],
] as const;

/** InnoDB's own tables name the files, `schema/table` in the spelling of file names. */
const FILES = [
  "SELECT name AS name FROM information_schema.innodb_tables WHERE space_type <> 'Single'",
  "SELECT name AS name FROM information_schema.innodb_tablespaces WHERE autoextend_size <> 0",
  "SELECT path AS name FROM information_schema.innodb_datafiles WHERE path NOT LIKE './%'",
] as const;

/** A name that its file has as it is: any other is spelled with `@` and codes. */
const PLAIN = /^\w+$/;

const key = (name: string): string => (PLAIN.test(name) ? name.toLowerCase() : "");

/** The rows, or nothing where the server's version has no such view and where the user may not read it (1227: PROCESS). */
async function ask(connection: Connection, sql: string): Promise<readonly Row[] | undefined> {
  try {
    return await connection.query(sql);
  } catch (error) {
    const isAnswer =
      error instanceof RevlineError &&
      (error.code === "statement-failed" || error.code === "permission-denied");
    if (isAnswer) return undefined;
    throw error;
  }
}

/** Tables of InnoDB that are not in a file of their own by the server's ways; all where that cannot be known. */
async function placedElsewhere(
  connection: Connection,
  schema: string,
): Promise<(name: string) => boolean> {
  const found = new Set<string>();
  for (const sql of FILES) {
    const rows = await ask(connection, sql);
    if (rows === undefined) return () => true;
    for (const row of rows) {
      const [file = "", folder = ""] = (read(row, "name") ?? "").split(/[/\\]/).toReversed();
      if (key(folder) === key(schema)) found.add(key(file.replace(/\.ibd$/i, "")));
    }
  }
  return (name) => found.has(key(name));
}

/** Tables with attributes for engines. */
async function withAttributes(
  connection: Connection,
  schema: string,
): Promise<(name: string) => boolean> {
  const sql = ATTRIBUTES.map(
    ([view, column]) =>
      `SELECT table_name AS name FROM information_schema.${view} WHERE ${column} = ${stringLiteral(schema)} AND COALESCE(engine_attribute, secondary_engine_attribute) IS NOT NULL`,
  ).join(" UNION ");
  const rows = connection.server.versionNumber < 80021 ? [] : await connection.query(sql);
  const found = new Set(rows.flatMap((row) => read(row, "name") ?? []));
  return (name) => found.has(name);
}

/**
 * Tells of which tables the catalog may hide something that the statement which makes them shows: unions, tablespaces,
 * attributes for engines, the formats and blocks of engines other than InnoDB. Four queries on MySQL, none on MariaDB.
 */
export async function hidesSomething(
  connection: Connection,
  schema: string,
): Promise<(table: Suspect) => boolean> {
  const isInnodb = ({ engine }: Suspect): boolean => engine.toLowerCase() === "innodb";
  if (connection.server.dialect === "mariadb") return (table) => !isInnodb(table);
  const hasAttributes = await withAttributes(connection, schema);
  const isPlaced = await placedElsewhere(connection, schema);
  return (table) => !isInnodb(table) || hasAttributes(table.name) || isPlaced(table.name);
}
