import {
  canonicalIndex,
  canonicalText,
  canonicalTrigger,
  parseCreateTable,
  printed,
  tokenize,
} from "./sqlite-text.ts";
import {
  compact,
  OWN_TABLES,
  SnapshotBuilder,
  toJson,
  type Query,
  type RowSnapshot,
  type Snapshot,
} from "./snapshot.ts";

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** SQLite takes ASCII letters of both cases for the same, and no others. */
const folded = (name: string): string => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

interface MasterRow {
  readonly type: string;
  readonly name: string;
  readonly table: string;
  readonly sql: string;
}

async function master(query: Query): Promise<readonly MasterRow[]> {
  const rows = await query(
    "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name",
  );
  return rows
    .map((row) => ({
      type: String(row["type"]),
      name: folded(String(row["name"])),
      table: folded(String(row["tbl_name"])),
      sql: row["sql"] === null ? "" : String(row["sql"]),
    }))
    .filter(({ table }) => !OWN_TABLES.includes(table));
}

/** `REFERENCES t` without columns means the primary key of t. */
async function withImpliedTargets(query: Query, text: string): Promise<string> {
  const implied = /^foreign key \(.*?\) references (.+?) \(\)/.exec(text);
  if (implied?.[1] === undefined) return text;
  const parent = implied[1].startsWith('"') ? String(JSON.parse(implied[1])) : implied[1];
  const columns = await query(`PRAGMA table_xinfo(${quote(parent)})`);
  const key = columns
    .filter((column) => Number(column["pk"]) > 0)
    .toSorted((a, b) => Number(a["pk"]) - Number(b["pk"]));
  return text.replace(
    " ()",
    ` (${key.map((column) => printed(tokenize(quote(String(column["name"]))))).join(", ")})`,
  );
}

async function judgeTable(
  query: Query,
  snapshot: SnapshotBuilder,
  { name, sql }: MasterRow,
): Promise<void> {
  const [listed] = (await query(`PRAGMA table_list(${quote(name)})`)).filter(
    (row) => row["schema"] === "main",
  );
  if (listed?.["type"] !== "table") {
    snapshot.add("virtual table", name, canonicalText(sql));
    return;
  }
  const parsed = parseCreateTable(sql);
  snapshot.add(
    "table",
    name,
    compact({ strict: Number(listed["strict"]) === 1, withoutRowid: Number(listed["wr"]) === 1 }),
  );
  for (const column of await query(`PRAGMA table_xinfo(${quote(name)})`)) {
    const label = folded(String(column["name"]));
    const position = Number(column["cid"]);
    const written = parsed.columns[position];
    const attributes = {
      position,
      type: written?.type ?? column["type"],
      notNull: Number(column["notnull"]) === 1 ? "yes" : "",
      ...written?.attributes,
      hidden: Number(column["hidden"]),
    };
    // a primary key is not nullable on a table without rowid whether it says so or not
    if (Number(listed["wr"]) === 1 && Number(column["pk"]) > 0) attributes.notNull = "yes";
    snapshot.add(
      "column",
      `${name}.${label}`,
      compact({ ...attributes, key: Number(column["pk"]) || null }),
    );
  }
  for (const constraint of parsed.constraints) {
    const text = await withImpliedTargets(query, constraint.text);
    snapshot.add("constraint", `${name}.${constraint.name ?? `(${text})`}`, text);
  }
}

async function judgeIndex(
  query: Query,
  snapshot: SnapshotBuilder,
  { name, table, sql }: MasterRow,
): Promise<void> {
  const elements = (await query(`PRAGMA index_xinfo(${quote(name)})`))
    .filter((row) => Number(row["key"]) === 1)
    .map((row) =>
      compact({
        name: row["name"] === null ? null : folded(String(row["name"])),
        desc: Number(row["desc"]) === 1,
        collation: String(row["coll"]).toLowerCase(),
      }),
    );
  // an index without text belongs to a constraint: its name is a number, its columns say what it is
  if (sql === "") snapshot.add("constraint index", `${table}.${JSON.stringify(elements)}`, true);
  else snapshot.add("index", name, { table, text: canonicalIndex(sql), elements });
}

/** Everything an SQLite file holds. A column's place counts, the case of names does not: it does not to SQLite. */
export async function judgeSqlite(query: Query): Promise<Snapshot> {
  const snapshot = new SnapshotBuilder();
  for (const row of await master(query)) {
    if (row.name.startsWith("sqlite_") && row.type === "table") continue;
    if (row.type === "table") await judgeTable(query, snapshot, row);
    else if (row.type === "index") await judgeIndex(query, snapshot, row);
    else {
      const text = row.type === "trigger" ? canonicalTrigger(row.sql) : canonicalText(row.sql);
      snapshot.add(row.type, row.name, { table: row.table, text });
    }
  }
  for (const pragma of [
    "encoding",
    "auto_vacuum",
    "application_id",
    "user_version",
    "journal_mode",
  ]) {
    const [row] = await query(`PRAGMA ${pragma}`);
    snapshot.add("pragma", pragma, toJson(row?.[pragma]));
  }
  return snapshot.build();
}

/** All rows of all tables, each value with its storage class. */
export async function rowsOfSqlite(query: Query): Promise<RowSnapshot> {
  const found: Record<string, RowSnapshot[string]> = {};
  for (const { type, name } of await master(query)) {
    if (type !== "table" || name.startsWith("sqlite_")) continue;
    const columns = (await query(`PRAGMA table_xinfo(${quote(name)})`)).map((column) =>
      String(column["name"]),
    );
    const list = columns.map((column) => `quote(${quote(column)}) AS ${quote(column)}`).join(", ");
    const rows = await query(`SELECT ${list} FROM ${quote(name)}`);
    const plain = rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([key, value]) => [key, toJson(value)])),
    );
    found[name] = plain.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  return found;
}

/** AUTOINCREMENT counters. */
export async function countersOfSqlite(query: Query): Promise<Readonly<Record<string, number>>> {
  const [exists] = await query("SELECT 1 AS yes FROM sqlite_schema WHERE name = 'sqlite_sequence'");
  if (exists === undefined) return {};
  const rows = await query("SELECT name, seq FROM sqlite_sequence ORDER BY name");
  return Object.fromEntries(rows.map((row) => [String(row["name"]), Number(row["seq"])]));
}
