import { describe, expect, it } from "vitest";
import type { Operation } from "../../../src/operations/operation.ts";
import { text, sql } from "../../../src/schema/expression.ts";
import type { Column } from "../../../src/schema/types.ts";
import { catalogOf, databaseOf, migrated, planned, reflected } from "./support.ts";

const T = { name: "t" };
const A: Column = { name: "a", type: { name: "integer" }, nullable: true };
const added = (
  column: Partial<Column> & { readonly name: string },
  after?: string | null,
): Operation => ({
  kind: "addColumn",
  table: T,
  column: { type: { name: "integer" }, nullable: true, ...column },
  ...(after === undefined ? {} : { after }),
});

describe("the plan", () => {
  it.each<readonly [string, readonly Operation[], readonly string[]]>([
    ["a nullable column", [added({ name: "b" })], ['ALTER TABLE "t" ADD COLUMN "b" INTEGER']],
    [
      "a constant default",
      [added({ name: "b", nullable: false, default: { value: -1 } })],
      ['ALTER TABLE "t" ADD COLUMN "b" INTEGER NOT NULL DEFAULT -1'],
    ],
    [
      "a virtual column",
      [added({ name: "b", computed: { expression: text("a + 1"), stored: false } })],
      ['ALTER TABLE "t" ADD COLUMN "b" INTEGER GENERATED ALWAYS AS (a + 1) VIRTUAL'],
    ],
    [
      "a column with its foreign key and check",
      [
        added({ name: "b" }),
        {
          kind: "addConstraint",
          table: T,
          constraint: {
            kind: "foreignKey",
            name: "fk",
            columns: ["b"],
            references: { name: "t", columns: ["id"] },
            onDelete: "cascade",
          },
        },
        {
          kind: "addConstraint",
          table: T,
          constraint: { kind: "check", expression: text("b > 0") },
        },
      ],
      [
        'ALTER TABLE "t" ADD COLUMN "b" INTEGER CONSTRAINT "fk" REFERENCES "t" ("id") ON DELETE CASCADE CHECK (b > 0)',
      ],
    ],
    [
      "a dropped column",
      [{ kind: "dropColumn", table: T, name: "a" }],
      ['ALTER TABLE "t" DROP COLUMN "a"'],
    ],
    [
      "an index",
      [{ kind: "createIndex", table: T, index: { name: "i", elements: [{ column: "a" }] } }],
      ['CREATE INDEX "i" ON "t" ("a")'],
    ],
    ["a comment", [{ kind: "setTableComment", table: T, from: null, to: "x" }], []],
    [
      "a renamed column",
      [{ kind: "renameColumn", table: T, from: "a", to: "b" }],
      ['ALTER TABLE "t" RENAME COLUMN "a" TO b'],
    ],
    [
      "a renamed table",
      [{ kind: "renameTable", from: T, to: { name: "u" } }],
      ['ALTER TABLE "t" RENAME TO "u"'],
    ],
  ])("has one statement for %s", async (_what, operations, expected) => {
    const connection = await databaseOf(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER)",
      "INSERT INTO t VALUES (1, 2)",
    );
    expect(await migrated(connection, operations)).toEqual(expected);
  });

  it.each<readonly [string, readonly Operation[]]>([
    [
      "a default that is no constant",
      [added({ name: "b", default: { expression: text("CURRENT_TIMESTAMP") } })],
    ],
    [
      "a stored column",
      [added({ name: "b", computed: { expression: text("a + 1"), stored: true } })],
    ],
    ["a column that is not the last", [added({ name: "b" }, "id")]],
    ["a column that is first", [added({ name: "b" }, null)]],
    ["a type", [{ kind: "alterColumn", table: T, from: A, to: { ...A, type: { name: "text" } } }]],
    [
      "a constraint",
      [{ kind: "addConstraint", table: T, constraint: { kind: "unique", columns: ["a"] } }],
    ],
    [
      "a table option",
      [{ kind: "setTableOptions", table: T, dialect: "sqlite", from: {}, to: { strict: true } }],
    ],
  ])("rebuilds once for %s", async (_what, operations) => {
    const connection = await databaseOf(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER)",
      "INSERT INTO t VALUES (1, 2)",
    );
    const statements = await migrated(connection, operations);
    expect(statements.filter((statement) => statement === 'DROP TABLE "t"')).toHaveLength(1);
    expect(await connection.query("SELECT id, a + 0 AS a FROM t")).toEqual([{ id: 1, a: 2 }]);
  });

  it("takes the changes of a table together over those of other tables", async () => {
    const connection = await databaseOf(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER)",
      "CREATE TABLE u (id INTEGER PRIMARY KEY, a INTEGER)",
    );
    const change = (name: string): Operation => ({
      kind: "alterColumn",
      table: { name },
      from: A,
      to: { ...A, nullable: false, default: { value: 1 } },
    });
    const key = (name: string, target: string): Operation => ({
      kind: "addConstraint",
      table: { name },
      constraint: {
        kind: "foreignKey",
        columns: ["a"],
        references: { name: target, columns: ["id"] },
      },
    });
    const statements = await planned(connection, [
      change("t"),
      change("u"),
      key("t", "u"),
      key("u", "t"),
    ]);
    expect(
      statements.filter(({ sql: statement }) => statement.startsWith("DROP TABLE")),
    ).toHaveLength(2);
    expect(new Set(statements.map(({ operation }) => operation))).toEqual(new Set([0, 1]));
  });

  it("gives the name of an index to another table when it is free", async () => {
    const connection = await databaseOf(
      "CREATE TABLE a (x INTEGER); CREATE TABLE b (x INTEGER); CREATE TABLE c (x INTEGER)",
      "CREATE INDEX i ON a (x); CREATE INDEX j ON b (x); CREATE INDEX k ON c (x)",
    );
    const [a, b, c] = [{ name: "a" }, { name: "b" }, { name: "c" }];
    const x: Column = { name: "x", type: { name: "integer" }, nullable: true };
    const on = (table: { readonly name: string }, name: string): Operation => ({
      kind: "createIndex",
      table,
      index: { name, elements: [{ column: "x" }] },
    });
    await migrated(connection, [
      { kind: "dropIndex", table: a, name: "i" },
      { kind: "dropIndex", table: b, name: "j" },
      { kind: "dropTable", table: c },
      { kind: "alterColumn", table: a, from: x, to: { ...x, type: { name: "text" } } },
      on(a, "J"),
      on(a, "k"),
      on(b, "I"),
    ]);
    expect(
      await connection.query(
        "SELECT name, tbl_name FROM sqlite_schema WHERE type = 'index' ORDER BY name",
      ),
    ).toEqual([
      { name: "I", tbl_name: "b" },
      { name: "J", tbl_name: "a" },
      { name: "k", tbl_name: "a" },
    ]);
  });

  it("drops the foreign key that is meant where a column has two", async () => {
    const connection = await databaseOf(
      "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE q (id INTEGER PRIMARY KEY)",
      "CREATE TABLE t (a INTEGER REFERENCES p (id) REFERENCES q (id))",
    );
    const drop = (name: string): Operation => ({
      kind: "dropConstraint",
      table: T,
      type: "foreignKey",
      dropped: { kind: "foreignKey", columns: ["a"], references: { name, columns: [] } },
    });
    await migrated(connection, [drop("q")]);
    expect(await connection.query("SELECT \"table\" FROM pragma_foreign_key_list('t')")).toEqual([
      { table: "p" },
    ]);
  });

  it("knows what SQL of the user's own did before", async () => {
    const connection = await databaseOf(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER)",
      "CREATE VIEW v AS SELECT a FROM t",
      "CREATE TABLE log (x)",
    );
    await migrated(connection, [
      {
        kind: "execute",
        sql: sql`-- a trigger\n CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log VALUES (NEW.id); END`,
      },
      { kind: "execute", sql: sql`DROP VIEW v` },
      { kind: "dropColumn", table: T, name: "a" },
      { kind: "execute", sql: sql`CREATE VIEW v AS SELECT id FROM t` },
      {
        kind: "addConstraint",
        table: T,
        constraint: { kind: "check", expression: text("id > 0") },
      },
      { kind: "bulkInsert", table: T, rows: [{ id: 1 }, { id: 2 }] },
    ]);
    expect(await connection.query("SELECT x FROM log")).toEqual([{ x: 1 }, { x: 2 }]);
  });

  it("refuses to change a table whose state it cannot know", async () => {
    const connection = await databaseOf("CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER)");
    const operations: readonly Operation[] = [
      { kind: "execute", sql: sql`ALTER TABLE somewhere_else ADD COLUMN x` },
      { kind: "alterColumn", table: T, from: A, to: { ...A, nullable: false } },
    ];
    await expect(planned(connection, operations)).rejects.toMatchObject({ code: "unsupported" });
  });

  it.each<readonly [string, Operation, string]>([
    [
      "a table that is not there",
      { kind: "dropColumn", table: { name: "none" }, name: "a" },
      "unknown-table",
    ],
    [
      "a column that is not there",
      { kind: "alterColumn", table: T, from: { ...A, name: "none" }, to: { ...A, name: "none" } },
      "statement-failed",
    ],
    [
      "a constraint that is not there",
      { kind: "dropConstraint", table: T, name: "none", type: "unique" },
      "statement-failed",
    ],
    ["a schema", { kind: "createSchema", name: "s" }, "unsupported"],
    [
      "a table in a schema",
      { kind: "dropTable", table: { schema: "s", name: "t" } },
      "unsupported",
    ],
    [
      "numbers for a column that is no key",
      { kind: "alterColumn", table: T, from: A, to: { ...A, identity: {} } },
      "unsupported",
    ],
    [
      "an exclusion constraint",
      {
        kind: "addConstraint",
        table: T,
        constraint: { kind: "exclude", definition: text("USING gist (a WITH =)") },
      },
      "unsupported",
    ],
  ])("fails for %s before anything is done", async (_what, operation, code) => {
    const connection = await databaseOf("CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER)");
    await expect(planned(connection, [operation])).rejects.toMatchObject({
      code,
      hint: expect.any(String),
    });
  });

  it("drops a parent without touching its children's rows, and is stopped when they need it", async () => {
    const connection = await databaseOf(
      "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p ON DELETE CASCADE)",
      "INSERT INTO p VALUES (1); INSERT INTO c VALUES (1, 1)",
      "PRAGMA foreign_keys = ON",
    );
    await expect(
      migrated(connection, [{ kind: "dropTable", table: { name: "p" } }]),
    ).rejects.toMatchObject({ code: "foreign-key-violation" });
    expect(await connection.query("SELECT count(*) AS n FROM p JOIN c ON c.p = p.id")).toEqual([
      { n: 1 },
    ]);
    const before = await catalogOf(connection);
    const p: Column = { name: "p", type: { name: "integer" }, nullable: true };
    const constraint = (await reflected(connection)).tables
      .find(({ name }) => name === "c")
      ?.constraints.find(({ kind }) => kind === "foreignKey");
    if (constraint === undefined) throw new Error("no foreign key");
    await migrated(connection, [
      { kind: "dropConstraint", table: { name: "c" }, type: "foreignKey", dropped: constraint },
      { kind: "alterColumn", table: { name: "c" }, from: p, to: { ...p, type: { name: "text" } } },
      { kind: "dropTable", table: { name: "p" } },
    ]);
    expect(await connection.query("SELECT id, p FROM c")).toEqual([{ id: 1, p: "1" }]);
    expect(await catalogOf(connection)).not.toEqual(before);
  });

  it("inserts rows in portions, each with the columns it names", async () => {
    const connection = await databaseOf(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER DEFAULT 7)",
    );
    const rows = [...Array.from({ length: 1201 }, (_, id) => ({ id, a: id })), { id: 5000 }, {}];
    const statements = await migrated(connection, [{ kind: "bulkInsert", table: T, rows }]);
    expect(statements).toHaveLength(5);
    expect(
      await connection.query("SELECT count(*) AS n, max(id) AS id, sum(a = 7) AS sevens FROM t"),
    ).toEqual([{ n: 1203, id: 5001, sevens: 3 }]);
  });

  it("renames a table and a column to another case", async () => {
    const connection = await databaseOf(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER REFERENCES t (id))",
    );
    await migrated(connection, [
      { kind: "renameTable", from: T, to: { name: "T" } },
      { kind: "renameColumn", table: { name: "T" }, from: "a", to: "A" },
    ]);
    const [table] = (await reflected(connection)).tables;
    expect(table?.name).toBe("T");
    expect(table?.columns.map(({ name }) => name)).toEqual(["id", "A"]);
  });

  it("adds columns in their places when one comes before another new one", async () => {
    const connection = await databaseOf("CREATE TABLE t (a INTEGER)");
    await migrated(connection, [added({ name: "c" }), added({ name: "b" }, "a")]);
    const [table] = (await reflected(connection)).tables;
    expect(table?.columns.map(({ name }) => name)).toEqual(["a", "b", "c"]);
  });

  it("adds columns behind one that needs a rebuild", async () => {
    const connection = await databaseOf("CREATE TABLE t (a INTEGER, z INTEGER)");
    await migrated(connection, [added({ name: "b" }, "a"), added({ name: "c" }, "b")]);
    const [table] = (await reflected(connection)).tables;
    expect(table?.columns.map(({ name }) => name)).toEqual(["a", "b", "c", "z"]);
  });

  it("renames a key that SQLite cannot rename under a UNIQUE", async () => {
    const connection = await databaseOf(
      'CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT, UNIQUE (b, "id") ON CONFLICT IGNORE) WITHOUT ROWID',
      "CREATE TABLE u (b TEXT, id INTEGER, FOREIGN KEY (b, id) REFERENCES t (b, id))",
      "INSERT INTO t VALUES (1, 'x')",
    );
    await migrated(connection, [{ kind: "renameColumn", table: T, from: "id", to: "key" }]);
    expect(await connection.query("SELECT * FROM t")).toEqual([{ key: 1, b: "x" }]);
    const [t, u] = (await reflected(connection)).tables;
    expect(t?.constraints).toMatchObject([
      { kind: "primaryKey", columns: ["key"] },
      { kind: "unique", columns: ["b", "key"], options: { onConflict: "ignore" } },
    ]);
    expect(u?.constraints).toMatchObject([{ references: { name: "t", columns: ["b", "key"] } }]);
  });

  it("exchanges two names", async () => {
    const connection = await databaseOf(
      "CREATE TABLE t (a TEXT, b INTEGER)",
      "INSERT INTO t VALUES ('x', 1)",
    );
    const rename = (from: string, to: string): Operation => ({
      kind: "renameColumn",
      table: T,
      from,
      to,
    });
    await migrated(connection, [rename("a", "c"), rename("b", "a"), rename("c", "b")]);
    expect(await connection.query("SELECT a, b FROM t")).toEqual([{ a: 1, b: "x" }]);
  });
});
