import {
  compact,
  OWN_TABLES,
  SnapshotBuilder,
  toJson,
  type Json,
  type Query,
  type RowSnapshot,
  type Snapshot,
} from "./snapshot.ts";

const quote = (name: unknown): string => `\`${String(name).replaceAll("`", "``")}\``;

/** Keys of the information schema come in capitals on MySQL and as written on MariaDB. */
function lower(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key.toLowerCase(), value]));
}

/** The semicolon behind a program is part of it only where a client has sent several statements at once. */
function withoutEnd(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const bodies = ["routine_definition", "event_definition", "action_statement"].filter(
    (key) => typeof row[key] === "string",
  );
  return {
    ...row,
    ...Object.fromEntries(bodies.map((key) => [key, String(row[key]).replace(/[;\s]+$/, "")])),
  };
}

/** `SHOW CREATE TABLE` without the counter; keys and constraints sorted, since their order means nothing. */
export function sortedCreate(text: string, collation: string): Json {
  const lines = text.split("\n").map((line) => line.trim().replace(/,$/, ""));
  const [head, ...rest] = lines;
  const columns = rest.filter((line) => line.startsWith("`"));
  const tail = rest.find((line) => line.startsWith(")")) ?? "";
  // MySQL says an inherited one as well where it is not the usual one of its character set
  const inherited = new RegExp(
    `(?: CHARACTER SET ${collation.replace(/_.*/, "")})? COLLATE ${collation}\\b`,
  );
  const keys = rest.filter((line) => !line.startsWith("`") && !line.startsWith(")"));
  return {
    head: head ?? "",
    // a character set that was given and is the table's own: the view of the columns knows no difference
    columns: columns.map((line) => plainly(line).replace(inherited, "")),
    keys: keys.map(plainly).toSorted(),
    tail: tail
      .replace(/ AUTO_INCREMENT=\d+/, "")
      // where a table is when nobody says so, and what one says that was elsewhere
      .replace(/ \/\*!50100 TABLESPACE `innodb_file_per_table` \*\//, ""),
  };
}

/**
 * Without what is written in two ways and means one thing to the server: the introducer of a string, RESTRICT and
 * NO ACTION, the method of an index (which its view says as it is), the block size of an index (InnoDB has none), and
 * the sign of a number in a check: MySQL 9 prints `-(5)` until the table is rebuilt, then `-5` (ALTER TABLE … FORCE).
 */
function plainly(text: string): string {
  return (
    text
      .replaceAll(/\b_utf8mb[34](?=\\?')/g, "")
      // MySQL 9 puts it before a constant when it rebuilds a table with a check on a column of that set
      .replaceAll(/\b_latin1(?=\\?'[\x20-\x7e]*?')/g, "")
      .replaceAll(/ ON (?:DELETE|UPDATE) (?:RESTRICT|NO ACTION)/g, "")
      .replaceAll(/ USING (?:BTREE|HASH)\b/g, "")
      .replaceAll(/ KEY_BLOCK_SIZE=\d+$/g, "")
      .replaceAll(/-\((\d+(?:\.\d+)?)\)/g, "-$1")
  );
}

async function readTables(ask: Query, database: string, snapshot: SnapshotBuilder): Promise<void> {
  const tables = await ask(
    `SELECT * FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE IN ('BASE TABLE','SYSTEM VERSIONED') ORDER BY TABLE_NAME`,
    [database],
  );
  for (const table of tables) {
    const name = String(table["table_name"]);
    if (OWN_TABLES.includes(name)) continue;
    const [created] = await ask(`SHOW CREATE TABLE ${quote(database)}.${quote(name)}`);
    snapshot.add("table", name, {
      engine: toJson(table["engine"]),
      collation: toJson(table["table_collation"]),
      options: toJson(table["create_options"]),
      comment: toJson(table["table_comment"]),
      create: sortedCreate(String(created?.["create table"]), String(table["table_collation"])),
    });
  }
}

async function readColumns(ask: Query, database: string, snapshot: SnapshotBuilder): Promise<void> {
  const columns = await ask(
    // MySQL 9.7 counts the column behind a functional key with the others once one is added after it
    `SELECT COLUMNS.*, RANK() OVER (PARTITION BY TABLE_NAME ORDER BY ORDINAL_POSITION) AS PLACE
     FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME, ORDINAL_POSITION`,
    [database],
  );
  const views = await ask(
    `SELECT TABLE_NAME FROM information_schema.VIEWS WHERE TABLE_SCHEMA = ?`,
    [database],
  );
  const skipped = new Set([...OWN_TABLES, ...views.map((row) => String(row["table_name"]))]);
  for (const row of columns) {
    if (skipped.has(String(row["table_name"]))) continue;
    const kept = [
      "place",
      "column_type",
      "is_nullable",
      "column_default",
      "extra",
      "character_set_name",
      "collation_name",
      "column_comment",
      "generation_expression",
      "srs_id",
    ];
    const entries = Object.fromEntries(
      kept.map((key) => [key, typeof row[key] === "string" ? plainly(row[key]) : row[key]]),
    );
    snapshot.add(
      "column",
      `${String(row["table_name"])}.${String(row["column_name"])}`,
      compact(entries),
    );
  }
}

async function readIndexes(ask: Query, database: string, snapshot: SnapshotBuilder): Promise<void> {
  const rows = await ask(
    `SELECT * FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX`,
    [database],
  );
  const indexes = new Map<string, Json[]>();
  for (const row of rows) {
    if (OWN_TABLES.includes(String(row["table_name"]))) continue;
    const name = `${String(row["table_name"])}.${String(row["index_name"])}`;
    const kept = [
      "non_unique",
      "column_name",
      "collation",
      "sub_part",
      "index_type",
      "index_comment",
      "expression",
      "is_visible",
      "ignored",
    ];
    indexes.set(name, [
      ...(indexes.get(name) ?? []),
      compact(Object.fromEntries(kept.map((key) => [key, row[key]]))),
    ]);
  }
  for (const [name, parts] of indexes) snapshot.add("index", name, parts);
}

async function readConstraints(
  ask: Query,
  database: string,
  snapshot: SnapshotBuilder,
): Promise<void> {
  const references = await ask(
    `SELECT r.TABLE_NAME, r.CONSTRAINT_NAME, r.UPDATE_RULE, r.DELETE_RULE, r.MATCH_OPTION, r.REFERENCED_TABLE_NAME
     FROM information_schema.REFERENTIAL_CONSTRAINTS r WHERE r.CONSTRAINT_SCHEMA = ?`,
    [database],
  );
  const usage = await ask(
    `SELECT TABLE_NAME, CONSTRAINT_NAME, COLUMN_NAME, REFERENCED_COLUMN_NAME, REFERENCED_TABLE_SCHEMA FROM information_schema.KEY_COLUMN_USAGE
     WHERE TABLE_SCHEMA = ? AND REFERENCED_TABLE_NAME IS NOT NULL ORDER BY TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION`,
    [database],
  );
  for (const row of references) {
    const name = `${String(row["table_name"])}.${String(row["constraint_name"])}`;
    const columns = usage
      .filter(
        (part) =>
          part["table_name"] === row["table_name"] &&
          part["constraint_name"] === row["constraint_name"],
      )
      .map((part) => `${String(part["column_name"])} -> ${String(part["referenced_column_name"])}`);
    const rule = (given: unknown): unknown => (given === "RESTRICT" ? "NO ACTION" : given);
    const rules = { update_rule: rule(row["update_rule"]), delete_rule: rule(row["delete_rule"]) };
    snapshot.add(
      "constraint",
      name,
      compact({
        type: "foreign key",
        ...row,
        ...rules,
        table_name: null,
        constraint_name: null,
        columns,
      }),
    );
  }
  for (const row of await readChecks(ask, database)) {
    if (OWN_TABLES.includes(String(row["table_name"]))) continue;
    const { table_name: table, constraint_name: name, ...rest } = row;
    snapshot.add(
      "constraint",
      `${String(table)}.${String(name)}`,
      compact({ type: "check", ...rest, check_clause: plainly(String(rest["check_clause"])) }),
    );
  }
}

async function readChecks(ask: Query, database: string): ReturnType<Query> {
  const [version] = await ask("SELECT VERSION() AS v");
  if (String(version?.["v"]).includes("MariaDB")) {
    // a column's own check is listed by the name that the column had when it was made (10.11)
    return ask(
      `SELECT TABLE_NAME, IF(LEVEL = 'Column', CHECK_CLAUSE, CONSTRAINT_NAME) AS CONSTRAINT_NAME, LEVEL, CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = ?`,
      [database],
    );
  }
  return ask(
    `SELECT t.TABLE_NAME, c.CONSTRAINT_NAME, c.CHECK_CLAUSE, t.ENFORCED FROM information_schema.CHECK_CONSTRAINTS c
     JOIN information_schema.TABLE_CONSTRAINTS t ON t.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA AND t.CONSTRAINT_NAME = c.CONSTRAINT_NAME AND t.CONSTRAINT_TYPE = 'CHECK'
     WHERE c.CONSTRAINT_SCHEMA = ?`,
    [database],
  );
}

/** Programs beside tables; who created them and when is left out, DEFINER with it where it is the judge itself. */
const PROGRAMS: readonly { readonly kind: string; readonly sql: string }[] = [
  {
    kind: "trigger",
    sql: `SELECT TRIGGER_NAME AS name, EVENT_OBJECT_TABLE, EVENT_MANIPULATION, ACTION_TIMING, ACTION_ORDER, ACTION_STATEMENT, SQL_MODE,
        DEFINER FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ?`,
  },
  {
    kind: "event",
    sql: `SELECT EVENT_NAME AS name, EVENT_DEFINITION, EVENT_TYPE, EXECUTE_AT, INTERVAL_VALUE, INTERVAL_FIELD, STARTS, ENDS, STATUS, ON_COMPLETION,
        EVENT_COMMENT, TIME_ZONE, SQL_MODE, DEFINER FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ?`,
  },
];

async function readViews(ask: Query, database: string, snapshot: SnapshotBuilder): Promise<void> {
  const views = await ask(
    `SELECT TABLE_NAME AS name, CHECK_OPTION, SECURITY_TYPE, DEFINER
     FROM information_schema.VIEWS WHERE TABLE_SCHEMA = ?`,
    [database],
  );
  for (const { name, ...rest } of views) {
    // without the database's name: the session is in it
    const [created] = await ask(`SHOW CREATE VIEW ${quote(name)}`);
    const text = String(created?.["create view"]);
    snapshot.add("view", String(name), {
      ...toRecord(rest),
      create: text
        .replace(/ DEFINER=`(?:[^`]|``)*`@`(?:[^`]|``)*`/, "")
        .replaceAll(`${quote(database)}.`, ""),
    });
  }
}

function toRecord(entries: Readonly<Record<string, unknown>>): Readonly<Record<string, Json>> {
  return Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, toJson(value)]));
}

async function readRoutines(
  ask: Query,
  database: string,
  snapshot: SnapshotBuilder,
): Promise<void> {
  const routines = await ask(
    `SELECT ROUTINE_NAME AS name, ROUTINE_TYPE, DTD_IDENTIFIER, COLLATION_NAME, ROUTINE_DEFINITION, IS_DETERMINISTIC, SQL_DATA_ACCESS, SECURITY_TYPE,
       SQL_MODE, ROUTINE_COMMENT, DEFINER FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ?`,
    [database],
  );
  const parameters = await ask(
    `SELECT SPECIFIC_NAME, ROUTINE_TYPE, PARAMETER_MODE, PARAMETER_NAME, DTD_IDENTIFIER, COLLATION_NAME FROM information_schema.PARAMETERS
     WHERE SPECIFIC_SCHEMA = ? AND ORDINAL_POSITION > 0 ORDER BY SPECIFIC_NAME, ORDINAL_POSITION`,
    [database],
  );
  for (const { name, routine_type: type, ...rest } of routines) {
    const own = parameters.filter(
      (row) => row["specific_name"] === name && row["routine_type"] === type,
    );
    snapshot.add(String(type).toLowerCase(), String(name), {
      ...toRecord(rest),
      parameters: own.map(({ specific_name: _name, routine_type: _type, ...parameter }) =>
        toRecord(parameter),
      ),
    });
  }
}

/** Everything a MySQL or MariaDB database holds. A column's place counts. */
export async function judgeMysql(query: Query, database: string): Promise<Snapshot> {
  // not in SQL: MariaDB 10.11.19 may die of CURRENT_USER() over a view of the information schema
  const [me] = await query("SELECT CURRENT_USER() AS me");
  // MariaDB writes the database before a sequence in a default
  const here = `nextval(${quote(database)}.`;
  const withoutHere = (value: unknown): unknown =>
    typeof value === "string" ? value.replaceAll(here, "nextval(") : value;
  const ask: Query = async (sql, params) =>
    (await query(sql, params))
      .map(lower)
      .map((row) =>
        Object.fromEntries(Object.entries(row).map(([key, value]) => [key, withoutHere(value)])),
      )
      .map(withoutEnd)
      .map((row) =>
        row["definer"] !== undefined && row["definer"] === me?.["me"]
          ? { ...row, definer: null }
          : row,
      );
  const snapshot = new SnapshotBuilder();
  await readTables(ask, database, snapshot);
  await readColumns(ask, database, snapshot);
  await readIndexes(ask, database, snapshot);
  await readConstraints(ask, database, snapshot);
  await readViews(ask, database, snapshot);
  await readRoutines(ask, database, snapshot);
  for (const { kind, sql } of PROGRAMS) {
    for (const { name, ...rest } of await ask(sql, [database]))
      snapshot.add(kind, String(name), compact(rest));
  }
  const sequences = await ask(
    `SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'SEQUENCE'`,
    [database],
  );
  for (const { name } of sequences) {
    const [created] = await ask(`SHOW CREATE SEQUENCE ${quote(database)}.${quote(name)}`);
    snapshot.add("mariadb sequence", String(name), toJson(created?.["create table"]));
  }
  return snapshot.build();
}

/** All rows of all tables. */
export async function rowsOfMysql(query: Query, database: string): Promise<RowSnapshot> {
  const tables = (
    await query(
      `SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') ORDER BY 1`,
      [database],
    )
  ).map(lower);
  const found: Record<string, RowSnapshot[string]> = {};
  for (const { name } of tables) {
    if (OWN_TABLES.includes(String(name))) continue;
    const columns = (
      await query(
        `SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION`,
        [database, name],
      )
    ).map((row) => lower(row)["name"]);
    // by position: the driver gives no column called __proto__
    const rows = await query(
      `SELECT ${columns.map((column, at) => `${quote(column)} AS c${String(at)}`).join(", ")} FROM ${quote(database)}.${quote(name)}`,
    );
    const plain = rows.map((row) =>
      Object.fromEntries(
        columns.map((column, at) => [String(column), toJson(row[`c${String(at)}`])]),
      ),
    );
    found[String(name)] = plain.toSorted((a, b) =>
      JSON.stringify(a) < JSON.stringify(b) ? -1 : 1,
    );
  }
  return found;
}
