import type { Connection, ReflectFilter, Row } from "../contract.ts";
import type { TableName } from "../../schema/types.ts";
import { stringLiteral } from "./quote.ts";

/** A row of the catalog, read by column: MySQL gives some texts as bytes, and every name in upper case unless aliased. */
export function read(row: Row, column: string): string | undefined {
  const value = row[column];
  if (value === null || value === undefined) return undefined;
  return value instanceof Uint8Array ? Buffer.from(value).toString("utf8") : String(value);
}

/** What a table or column has when nobody says otherwise. */
export interface Defaults {
  /** Names of tables are the same whatever their case (lower_case_table_names). */
  readonly caseless: boolean;
  readonly engine: string;
  /** The engines that the server has, as it writes them. */
  readonly engines: readonly string[];
  /** By schema; the default one under `""`. */
  readonly collations: ReadonlyMap<string, string>;
  /** The collation that a character set has by itself. */
  readonly collationOf: ReadonlyMap<string, string>;
}

/** The rows about one schema. */
export interface SchemaRows {
  /** Absent for the connection's own database. */
  readonly schema: string | undefined;
  readonly tables: readonly Row[];
  readonly columns: readonly Row[];
  readonly statistics: readonly Row[];
  readonly keyColumns: readonly Row[];
  readonly references: readonly Row[];
  readonly checks: readonly Row[];
  readonly triggers: readonly Row[];
  readonly routines: readonly Row[];
  readonly events: readonly Row[];
}

/** The schemas that a filter asks for; the connection's own database is `undefined`. */
export async function schemasOf(
  filter: ReflectFilter,
  connection: Connection,
): Promise<readonly (string | undefined)[]> {
  const { database } = connection.server;
  if (filter.allSchemas === true) {
    const rows = await connection.query(
      "SELECT schema_name AS name FROM information_schema.schemata WHERE schema_name NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys') ORDER BY schema_name",
    );
    const others = rows.flatMap((row) => read(row, "name") ?? []);
    return [undefined, ...others.filter((name) => name !== database)];
  }
  const asked =
    filter.schemas ??
    (filter.tables === undefined ? [undefined] : filter.tables.map(({ schema }) => schema));
  return [...new Set(asked.map((schema) => (schema === database ? undefined : schema)))];
}

export async function readDefaults(
  connection: Connection,
  schemas: readonly (string | undefined)[],
): Promise<Defaults> {
  const { database } = connection.server;
  const names = [...new Set([database, ...schemas.map((schema) => schema ?? database)])].map(
    stringLiteral,
  );
  const collations = await connection.query(
    `SELECT schema_name AS name, default_collation_name AS collation, @@default_storage_engine AS engine, @@lower_case_table_names AS caseless
     FROM information_schema.schemata WHERE schema_name IN (${names.join(", ")})`,
  );
  const charsets = await connection.query(
    "SELECT character_set_name AS name, default_collate_name AS collation FROM information_schema.character_sets",
  );
  const engines = await connection.query("SELECT engine AS name FROM information_schema.engines");
  return {
    engines: engines.flatMap((row) => read(row, "name") ?? []),
    caseless: collations.some((row) => (read(row, "caseless") ?? "0") !== "0"),
    engine: collations.flatMap((row) => read(row, "engine") ?? [])[0] ?? "InnoDB",
    collations: new Map(
      collations.map((row) => {
        const name = read(row, "name") ?? "";
        return [name === database ? "" : name, modern(read(row, "collation") ?? "")];
      }),
    ),
    collationOf: new Map(
      charsets.map((row) => [
        modern(read(row, "name") ?? ""),
        modern(read(row, "collation") ?? ""),
      ]),
    ),
  };
}

/** `utf8` is the old name of `utf8mb3`, in character sets and collations. */
export function modern(name: string): string {
  return name.toLowerCase().replace(/^utf8(?=_|$)/, "utf8mb3");
}

const SPATIAL = /^(?:geometry|point|linestring|polygon|multi\w+|geometrycollection)$/i;

/** MariaDB keeps the reference systems of spatial columns in a view of their own: asked where there are such columns. */
async function withReferenceSystems(
  connection: Connection,
  schema: string,
  columns: readonly Row[],
): Promise<readonly Row[]> {
  if (!columns.some((row) => SPATIAL.test(read(row, "word") ?? ""))) return columns;
  const found = await connection.query(
    `SELECT g_table_name AS table_name, g_geometry_column AS name, srid AS srid
     FROM information_schema.geometry_columns WHERE g_table_schema = ${schema} AND srid <> 0`,
  );
  const key = (row: Row): string => JSON.stringify([read(row, "table_name"), read(row, "name")]);
  const systems = new Map(found.map((row) => [key(row), read(row, "srid")]));
  return columns.map((row) => ({ ...row, srid: systems.get(key(row)) }));
}

/** The catalog's rows about one schema: nine queries, whatever the number of tables. */
export async function readSchema(
  connection: Connection,
  schema: string | undefined,
  tables: readonly TableName[] | undefined,
): Promise<SchemaRows> {
  const { dialect, database } = connection.server;
  const mariadb = dialect === "mariadb";
  const name = stringLiteral(schema ?? database);
  // an equality (not IN) lets MariaDB open one directory and one table instead of all
  const wanted = tables
    ?.filter((table) => (table.schema === database ? undefined : table.schema) === schema)
    .map((table) => stringLiteral(table.name));
  const [only] = wanted ?? [];
  const narrow = (column = "table_name"): string => {
    if (wanted === undefined) return "";
    return wanted.length === 1 && only !== undefined
      ? ` AND ${column} = ${only}`
      : ` AND ${column} IN (${wanted.join(", ") || "NULL"})`;
  };
  const whole = wanted === undefined;
  // MySQL's create_options say nothing of PARTITION BY KEY ()
  const partitioned = mariadb
    ? "0"
    : `table_name IN (SELECT p.table_name FROM information_schema.partitions p WHERE p.table_schema = ${name} AND p.partition_name IS NOT NULL)`;
  return {
    schema,
    tables: await connection.query(
      `SELECT table_name AS name, table_type AS type, engine AS engine, table_collation AS collation,
         create_options AS options, table_comment AS comment, ${partitioned} AS is_partitioned
       FROM information_schema.tables WHERE table_schema = ${name}${narrow()} ORDER BY table_name`,
    ),
    columns: await withReferenceSystems(
      connection,
      name,
      await connection.query(
        `SELECT table_name AS table_name, column_name AS name, column_type AS type, is_nullable AS nullable,
         column_default AS value, extra AS extra, generation_expression AS computed, collation_name AS collation,
         column_comment AS comment, ${mariadb ? "NULL" : "srs_id"} AS srid, ${mariadb ? "data_type" : "NULL"} AS word
       FROM information_schema.columns WHERE table_schema = ${name}${narrow()} ORDER BY table_name, ordinal_position`,
      ),
    ),
    statistics: await connection.query(
      `SELECT table_name AS table_name, index_name AS name, non_unique AS non_unique, column_name AS column_name,
         collation AS direction, sub_part AS length, index_type AS type, comment AS state, index_comment AS comment,
         ${mariadb ? "ignored = 'YES'" : "is_visible = 'NO'"} AS hidden, ${mariadb ? "NULL" : "expression"} AS expression
       FROM information_schema.statistics WHERE table_schema = ${name}${narrow()} ORDER BY table_name, index_name, seq_in_index`,
    ),
    keyColumns: await connection.query(
      `SELECT table_name AS table_name, constraint_name AS name, column_name AS column_name,
         referenced_table_schema AS target_schema, referenced_table_name AS target, referenced_column_name AS target_column
       FROM information_schema.key_column_usage
       WHERE table_schema = ${name}${narrow()} AND referenced_table_name IS NOT NULL ORDER BY table_name, constraint_name, ordinal_position`,
    ),
    references: await connection.query(
      `SELECT table_name AS table_name, constraint_name AS name, update_rule AS on_update, delete_rule AS on_delete
       FROM information_schema.referential_constraints WHERE constraint_schema = ${name}${narrow()}`,
    ),
    checks: await connection.query(
      mariadb
        ? `SELECT table_name AS table_name, constraint_name AS name, check_clause AS clause, level AS level, 'YES' AS enforced
           FROM information_schema.check_constraints WHERE constraint_schema = ${name}${narrow()}`
        : `SELECT t.table_name AS table_name, c.constraint_name AS name, c.check_clause AS clause, 'Table' AS level, t.enforced AS enforced
           FROM information_schema.check_constraints c JOIN information_schema.table_constraints t
             ON t.constraint_schema = c.constraint_schema AND t.constraint_name = c.constraint_name AND t.constraint_type = 'CHECK'
           WHERE c.constraint_schema = ${name}${narrow("t.table_name")}`,
    ),
    triggers: await connection.query(
      `SELECT trigger_name AS name, event_object_table AS table_name, action_timing AS timing, event_manipulation AS event,
         action_statement AS statement
       FROM information_schema.triggers WHERE event_object_schema = ${name}${narrow("event_object_table")}
       ORDER BY event_object_table, event_manipulation, action_timing, action_order`,
    ),
    routines: whole
      ? await connection.query(
          `SELECT routine_name AS name, routine_type AS type FROM information_schema.routines WHERE routine_schema = ${name} ORDER BY routine_name`,
        )
      : [],
    events: whole
      ? await connection.query(
          `SELECT event_name AS name FROM information_schema.events WHERE event_schema = ${name} ORDER BY event_name`,
        )
      : [],
  };
}
