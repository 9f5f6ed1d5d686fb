import { describe, expect, it } from "vitest";
import { text } from "../../../src/schema/expression.ts";
import type { Column, Table } from "../../../src/schema/types.ts";
import type { Operation } from "../../../src/operations/operation.ts";
import { catalogOf, databaseOf, migrated, reflected } from "./support.ts";
import type { Connection } from "../../../src/dialects/contract.ts";

const SCHEMA = `
  CREATE TABLE parent (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- the number
    email varchar(80) NOT NULL UNIQUE ON CONFLICT IGNORE,
    age INT CONSTRAINT ck_age CHECK (parent.age > 0),
    twice INTEGER GENERATED ALWAYS AS (age * 2) STORED,
    thrice INT AS (age * 3),
    note TEXT COLLATE NOCASE DEFAULT 'it''s',
    CONSTRAINT uq_two UNIQUE (email COLLATE NOCASE, note DESC)
  );
  CREATE TABLE child (
    id INTEGER PRIMARY KEY,
    parent_id INTEGER REFERENCES parent ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
  );
  CREATE TABLE heap (a, b TEXT DEFAULT (lower('X')), UNIQUE (a, b));
  CREATE TABLE bag (k TEXT PRIMARY KEY, v BLOB) WITHOUT ROWID, STRICT;
  CREATE TABLE log (what TEXT);
  CREATE INDEX ix_note ON parent (lower(note) DESC, age) WHERE age > 3;
  CREATE INDEX ix_email ON parent (email COLLATE NOCASE);
  CREATE TRIGGER tr_b AFTER INSERT ON parent BEGIN INSERT INTO log VALUES ('b' || NEW.email); END;
  CREATE TRIGGER tr_a AFTER INSERT ON parent BEGIN INSERT INTO log VALUES ('a' || NEW.email); END;
  CREATE TRIGGER tr_child AFTER DELETE ON child BEGIN UPDATE parent SET note = 'gone' WHERE id = OLD.parent_id; END;
  CREATE VIEW v AS SELECT id, email FROM parent;
  CREATE VIEW vv AS SELECT count(*) AS n FROM v JOIN child ON child.parent_id = v.id;
  CREATE TRIGGER tr_v INSTEAD OF INSERT ON v BEGIN INSERT INTO parent (email) VALUES (NEW.email); END;
  INSERT INTO parent (id, email, age, note) VALUES (1, 'a', 5, NULL), (2, 'b', NULL, 'n'), (9, 'z', 1, 'x');
  DELETE FROM parent WHERE id = 9;
  INSERT INTO child VALUES (1, 1), (2, 1), (3, 2);
  INSERT INTO heap (rowid, a) VALUES (7, 1), (5, 'x'), (100, 2.5);
  INSERT INTO bag VALUES ('k', x'00ff');
`;

const ROWS = [
  "SELECT * FROM parent ORDER BY id",
  "SELECT * FROM child ORDER BY id",
  "SELECT rowid, a, typeof(a), b FROM heap ORDER BY rowid",
  "SELECT k, hex(v) FROM bag",
  "SELECT * FROM log ORDER BY rowid",
  "SELECT * FROM vv",
  "SELECT name, seq FROM sqlite_sequence ORDER BY name",
];

async function rowsOf(connection: Connection): Promise<unknown> {
  return Promise.all(ROWS.map((sql) => connection.query(sql)));
}

function tableIn(tables: readonly Table[], name: string): Table {
  const found = tables.find((table) => table.name === name);
  if (found === undefined) throw new Error(`no table ${name}`);
  return found;
}

function columnOf(table: Table, name: string): Column {
  const found = table.columns.find((column) => column.name === name);
  if (found === undefined) throw new Error(`no column ${name}`);
  return found;
}

const PLACES = [
  { table: "parent", column: "note" },
  { table: "parent", column: "email" },
  { table: "parent", column: "age" },
  { table: "child", column: "parent_id" },
  { table: "heap", column: "b" },
  { table: "heap", column: "a" },
  { table: "bag", column: "v" },
];

describe("a rebuild", () => {
  it.each(PLACES)(
    "loses nothing when column $column of $table changes and changes back",
    async ({ table: name, column }) => {
      const connection = await databaseOf(SCHEMA);
      const [before, rows, catalog] = [
        await reflected(connection),
        await rowsOf(connection),
        await catalogOf(connection),
      ];
      const from = columnOf(tableIn(before.tables, name), column);
      const to: Column = {
        ...from,
        type: name === "bag" ? { name: "raw", sql: "ANY" } : { name: "raw", sql: "ODD" },
      };
      await migrated(connection, [{ kind: "alterColumn", table: { name }, from, to }]);
      expect(await reflected(connection)).not.toEqual(before);
      await migrated(connection, [{ kind: "alterColumn", table: { name }, from: to, to: from }]);
      expect(await reflected(connection)).toEqual(before);
      expect(await catalogOf(connection)).toEqual(catalog);
      expect(await rowsOf(connection)).toEqual(rows);
      await connection.execute("INSERT INTO v (email) VALUES ('new')");
      expect(await connection.query("SELECT max(id) AS id FROM parent")).toEqual([{ id: 10 }]);
      const log = await connection.query("SELECT what FROM log WHERE what LIKE '%new'");
      // triggers fire from the last one made to the first
      expect(log).toEqual([{ what: "anew" }, { what: "bnew" }]);
      expect(await connection.query("PRAGMA foreign_key_check")).toEqual([]);
    },
  );

  it("takes several changes of a table together, renames apart", async () => {
    const connection = await databaseOf(SCHEMA);
    const { tables } = await reflected(connection);
    const parent = tableIn(tables, "parent");
    const note = columnOf(parent, "note");
    const table = { name: "parent" };
    const operations: readonly Operation[] = [
      { kind: "renameColumn", table, from: "note", to: "remark" },
      {
        kind: "alterColumn",
        table,
        from: { ...note, name: "remark" },
        to: { ...note, name: "remark", type: { name: "varchar", length: 10 } },
      },
      { kind: "dropConstraint", table, name: "ck_age", type: "check" },
      {
        kind: "createTable",
        table: {
          name: "other",
          columns: [{ name: "x", type: { name: "integer" }, nullable: true }],
          constraints: [],
          indexes: [],
        },
      },
      {
        kind: "addConstraint",
        table,
        constraint: { kind: "check", name: "ck_new", expression: text("age > 1") },
      },
    ];
    const statements = await migrated(connection, operations);
    expect(statements.filter((sql) => sql.startsWith("DROP TABLE"))).toHaveLength(1);
    const after = tableIn((await reflected(connection)).tables, "parent");
    expect(after.constraints.flatMap(({ name }) => name ?? [])).toEqual(["uq_two", "ck_new"]);
    expect(columnOf(after, "remark").type).toEqual({ name: "varchar", length: 10 });
    expect(after.indexes.map(({ name }) => name)).toEqual(["ix_email", "ix_note"]);
    const [trigger] = await connection.query(
      "SELECT sql FROM sqlite_schema WHERE name = 'tr_child'",
    );
    expect(String(trigger?.["sql"])).toContain("SET remark = ");
  });

  it("fills a column that becomes NOT NULL only from a default of its own", async () => {
    const connection = await databaseOf(SCHEMA);
    const parent = tableIn((await reflected(connection)).tables, "parent");
    const note = columnOf(parent, "note");
    const { default: _, ...bare } = note;
    const rows = await rowsOf(connection);
    const change = (to: Column): Operation => ({
      kind: "alterColumn",
      table: { name: "parent" },
      from: note,
      to,
    });
    await expect(
      migrated(connection, [change({ ...bare, nullable: false })]),
    ).rejects.toMatchObject({
      code: "statement-failed",
      message: "SQLite: NOT NULL constraint failed: parent.note",
    });
    expect(await rowsOf(connection)).toEqual(rows);
    expect(connection.inTransaction).toBe(false);
    await migrated(connection, [change({ ...note, nullable: false })]);
    expect(await connection.query("SELECT note FROM parent ORDER BY id")).toEqual([
      { note: "it's" },
      { note: "n" },
    ]);
  });

  it("keeps what ANALYZE found, but of indexes that change", async () => {
    const connection = await databaseOf(SCHEMA, "CREATE INDEX ix_age ON parent (age)", "ANALYZE");
    const statistics = (): Promise<readonly unknown[]> =>
      connection.query(
        `SELECT 1 AS stat, tbl, idx, stat AS found FROM sqlite_stat1
          UNION ALL SELECT 4, tbl, idx, neq || nlt || ndlt || hex(sample) FROM sqlite_stat4 ORDER BY 1, 2, 3, 4`,
      );
    const before = await statistics();
    const rebuilt = ["parent", "heap", "bag"].map((name): Operation => ({
      kind: "addConstraint",
      table: { name },
      constraint: { kind: "check", expression: text("1") },
    }));
    await migrated(connection, rebuilt);
    expect(await statistics()).toEqual(before);
    await migrated(connection, [
      { kind: "dropIndex", table: { name: "parent" }, name: "ix_age" },
      ...rebuilt,
      {
        kind: "createIndex",
        table: { name: "parent" },
        index: { name: "ix_age", elements: [{ column: "age", order: "desc" }] },
      },
    ]);
    expect(await statistics()).toEqual(
      before.filter((row) => !JSON.stringify(row).includes("ix_age")),
    );
  });

  it("says which view a dropped column would break, and changes nothing", async () => {
    const connection = await databaseOf(SCHEMA);
    const before = await catalogOf(connection);
    await expect(
      migrated(connection, [{ kind: "dropColumn", table: { name: "parent" }, name: "email" }]),
    ).rejects.toMatchObject({
      code: "statement-failed",
      message: expect.stringContaining('view "v"'),
    });
    expect(await catalogOf(connection)).toEqual(before);
  });

  it("keeps a broken view as it is, and renames around it", async () => {
    const connection = await databaseOf(SCHEMA, "CREATE VIEW broken AS SELECT a FROM nowhere");
    await migrated(connection, [
      { kind: "renameTable", from: { name: "parent" }, to: { name: "elder" } },
      { kind: "renameColumn", table: { name: "elder" }, from: "note", to: "remark" },
      { kind: "dropColumn", table: { name: "elder" }, name: "thrice" },
    ]);
    expect(
      await connection.query(
        "SELECT sql FROM sqlite_schema WHERE name IN ('broken', 'v') ORDER BY name",
      ),
    ).toEqual([
      { sql: "CREATE VIEW broken AS SELECT a FROM nowhere" },
      { sql: 'CREATE VIEW v AS SELECT id, email FROM "elder"' },
    ]);
    expect(
      await connection.query("SELECT \"table\" FROM pragma_foreign_key_list('child')"),
    ).toEqual([{ table: "elder" }]);
  });

  it("drops with a column what needs it, and nothing else", async () => {
    const connection = await databaseOf(
      `CREATE TABLE t (id INTEGER PRIMARY KEY, "null" INT CHECK (b > 0), a INT CHECK (a > 0), b INT CHECK (b IS NOT NULL),
        "like" INT, UNIQUE (a, b), UNIQUE (b), CONSTRAINT both CHECK (a > b OR a IS NULL), CHECK (b LIKE 'a'), CHECK (cast(b AS a) = 1))`,
      "CREATE INDEX i1 ON t (abs(a)); CREATE INDEX i2 ON t (abs(b)) WHERE b IS NOT NULL; CREATE INDEX i3 ON t (b, a)",
    );
    await migrated(
      connection,
      ["null", "a", "like"].map((name) => ({
        kind: "dropColumn" as const,
        table: { name: "t" },
        name,
      })),
    );
    const t = tableIn((await reflected(connection)).tables, "t");
    expect(t.columns.map(({ name }) => name)).toEqual(["id", "b"]);
    expect(t.indexes.map(({ name }) => name)).toEqual(["i2"]);
    const checks = t.constraints.flatMap((item) =>
      item.kind === "check" ? item.expression.parts : [],
    );
    expect(checks).toEqual(["b IS NOT NULL", "b > 0", "b LIKE 'a'", "cast(b AS a) = 1"]);
    expect(t.constraints.filter(({ kind }) => kind === "unique")).toHaveLength(1);
  });

  it("refuses what its parser does not understand, and leaves it whole", async () => {
    const connection = await databaseOf(
      "CREATE TABLE t (a REFERENCES t (a) ON INSERT CASCADE, b TEXT)",
    );
    const before = await catalogOf(connection);
    const { skipped, tables } = await reflected(connection);
    expect(skipped).toMatchObject([{ kind: "table", name: "t" }]);
    const b = columnOf(tableIn(tables, "t"), "b");
    await expect(
      migrated(connection, [
        { kind: "alterColumn", table: { name: "t" }, from: b, to: { ...b, nullable: false } },
      ]),
    ).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining('"t"'),
    });
    expect(await catalogOf(connection)).toEqual(before);
  });
});
