import { describe, expect, it } from "vitest";
import { dialectFor } from "../../src/dialects/index.ts";
import type { Operations } from "../../src/operations/operations.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { createProject, rehearse, rejection, upgrade, upgradingWith } from "./project.ts";

forEachDatabase((db) => {
  const isMysql = db.family === "mysql" || db.family === "mariadb";

  /** Runs one revision. */
  async function run(
    database: TestDatabase,
    script: (op: Operations) => Promise<void>,
  ): Promise<unknown> {
    const project = createProject();
    project.revision("a1", null, "");
    const answer = await rejection(upgrade(database.url, project, "head", upgradingWith(script)));
    project.remove();
    if (!(answer instanceof Error)) await database.query("DELETE FROM revline_version");
    return answer;
  }

  async function succeed(
    database: TestDatabase,
    script: (op: Operations) => Promise<void>,
  ): Promise<void> {
    const answer = await run(database, script);
    if (answer instanceof Error) throw answer;
  }

  describe("conditions", () => {
    it("make operations that may be run again", async () => {
      const database = await db.create();
      const script = async (op: Operations): Promise<void> => {
        op.createTable(
          "t",
          (t) => ({ id: t.integer().primaryKey(), n: t.integer().index("ix_t_n") }),
          { ifNotExists: true, comment: "a table" },
        );
        op.addColumn("t", "a", (t) => t.integer(), { ifNotExists: true });
        op.createIndex("ix_t_a", "t", ["a"], { ifNotExists: true });
        op.dropIndex("nothing", "t", { ifExists: true });
        op.dropConstraint("nothing", "t", "unique", { ifExists: true });
        op.dropColumn("t", "nothing", { ifExists: true });
        op.dropTable("nothing", { ifExists: true });
      };
      await succeed(database, script);
      await database.query("INSERT INTO t (id, n, a) VALUES (1, 2, 3)");
      await succeed(database, script);
      expect(await database.query("SELECT * FROM t")).toEqual([{ id: 1, n: 2, a: 3 }]);
      await succeed(database, async (op) => {
        op.dropIndex("ix_t_a", "t", { ifExists: true });
        op.dropColumn("t", "a", { ifExists: true });
        op.dropTable("t", { ifExists: true });
      });
      expect(await rejection(database.query("SELECT * FROM t"))).toBeInstanceOf(Error);
    });
  });

  describe("values of a text", () => {
    it("go in as they are", async () => {
      const database = await db.create();
      await succeed(database, async (op) => {
        op.createTable("t", (t) => ({ id: t.integer().primaryKey(), text: t.text() }));
        op.execute("INSERT INTO t (id, text) VALUES (:id, :text)", { id: 1, text: "it's :id" });
        op.execute("INSERT INTO t (id, text) VALUES (2, ':id') -- :id");
        const rows = await op.query<{ text: string }>("SELECT text FROM t WHERE id = :id", {
          id: 1,
        });
        op.execute("UPDATE t SET text = :text WHERE id = 2", { text: rows[0]?.text ?? null });
      });
      expect(await database.query("SELECT text FROM t ORDER BY id")).toEqual([
        { text: "it's :id" },
        { text: "it's :id" },
      ]);
    });

    it.each([
      ["SELECT :a, :b", { a: 1 }, ":b"],
      ["SELECT :a", { a: 1, b: 2 }, ":b"],
      ["SELECT ':a'", { a: 1 }, ":a"],
    ])("have each a place: %s", async (text, values, name) => {
      const failure = await run(await db.create(), async (op) => op.execute(text, values));
      expect(failure).toMatchObject({
        code: "revision-failed",
        message: expect.stringContaining(name),
        hint: expect.stringContaining("op.sql"),
      });
    });
  });

  describe("the driver's own client", () => {
    const insert = async (op: Operations): Promise<void> => {
      const sql = "INSERT INTO t (id) VALUES (7)";
      const client = await op.connection<{
        query?: (sql: string) => Promise<unknown>;
        exec?: (sql: string) => void;
      }>();
      if (client.exec === undefined) await client.query?.(sql);
      else client.exec(sql);
    };

    it("sees what was recorded before, and is part of the transaction", async () => {
      const database = await db.create();
      await succeed(database, async (op) => {
        op.createTable("t", (t) => ({ id: t.integer().primaryKey() }));
        await insert(op);
        op.execute("UPDATE t SET id = id + 1");
      });
      expect(await database.query("SELECT id FROM t")).toEqual([{ id: 8 }]);
      const failure = await run(database, async (op) => {
        await insert(op);
        op.execute("INSERT INTO nowhere VALUES (1)");
      });
      expect(failure).toMatchObject({ code: "revision-failed" });
      expect(await database.query("SELECT id FROM t")).toEqual([{ id: 8 }]);
    });

    it("is not given where nothing is run", async () => {
      const project = createProject();
      project.revision("a1", null, `await op.connection();`);
      const { url } = await db.create();
      expect(await rejection(rehearse(url, project))).toMatchObject({
        code: "offline-query",
        message: expect.stringMatching(/a1\.ts:\d+: /),
        hint: expect.stringContaining("isOffline"),
      });
      project.remove();
    });

    if (isMysql) {
      it("is not given a second time where what it did is committed", async () => {
        const project = createProject();
        project.revision("a1", null, "");
        const database = await db.create();
        const script = upgradingWith(async (op) => {
          op.createTable("t", (t) => ({ id: t.integer().primaryKey() }));
          await insert(op);
          op.createTable("u", (t) => ({ id: t.integer().primaryKey() }));
          op.execute("INSERT INTO nowhere VALUES (1)");
        });
        await rejection(upgrade(database.url, project, "head", script));
        const second = await rejection(upgrade(database.url, project, "head", script));
        expect(second).toMatchObject({ code: "revision-changed" });
        expect(await database.query("SELECT id FROM t")).toEqual([{ id: 7 }]);
        project.remove();
      });
    }
  });

  describe("a batch", () => {
    it("changes one table, and keeps its rows", async () => {
      const database = await db.create();
      await succeed(database, async (op) => {
        op.createTable("t", (t) => ({ id: t.integer().primaryKey(), a: t.integer().default(1) }));
        op.execute("INSERT INTO t (id) VALUES (1)");
      });
      await succeed(database, async (op) =>
        op.batchAlterTable(
          "t",
          (batch) => {
            batch.addColumn("b", (t) => t.integer());
            batch.alterColumn("a", (t) => ({
              from: t.integer().default(1),
              to: t.bigint().notNull().default(2),
            }));
            batch.createCheckConstraint("ck_t", op.sql`id > 0`);
            batch.createUniqueConstraint("uq_t", ["a"]);
            batch.createIndex("ix_t", ["b"]);
            batch.renameColumn("b", "c");
          },
          { recreate: "always" },
        ),
      );
      expect(await database.query("SELECT id, c FROM t")).toEqual([{ id: 1, c: null }]);
      expect(await rejection(database.query("INSERT INTO t (id) VALUES (0)"))).toBeInstanceOf(
        Error,
      );
      await succeed(database, async (op) =>
        op.batchAlterTable("t", (batch) => {
          batch.dropConstraint("ck_t", "check");
          batch.dropConstraint("uq_t", "unique");
          batch.dropIndex("ix_t");
          batch.dropColumn("c");
        }),
      );
      expect(await database.query("SELECT * FROM t")).toHaveLength(1);
    });

    if (db.family === "sqlite") {
      it("says how SQLite is to do it", async () => {
        const database = await db.create();
        const text = async (): Promise<unknown> =>
          (await database.query("SELECT sql FROM sqlite_schema WHERE name = 't'"))[0]?.["sql"];
        await database.query("CREATE TABLE t (id INTEGER PRIMARY KEY, a INT UNIQUE)");
        await succeed(database, async (op) =>
          op.batchAlterTable("t", (batch) => batch.addColumn("b", (t) => t.integer()), {
            recreate: "never",
          }),
        );
        expect(await text()).toContain("a INT UNIQUE");
        const change = (op: Operations, recreate: "auto" | "never"): void =>
          op.batchAlterTable(
            "t",
            (batch) => batch.alterColumn("b", (t) => ({ from: t.integer(), to: t.text() })),
            { recreate },
          );
        expect(await run(database, async (op) => change(op, "never"))).toMatchObject({
          code: "unsupported",
          hint: expect.stringContaining("recreate"),
        });
        await succeed(database, async (op) => change(op, "auto"));
        await succeed(database, async (op) =>
          op.batchAlterTable("t", (batch) => batch.dropConstraint("uq_t_a", "unique"), {
            naming: { uq: "uq_%(table_name)s_%(column_0_name)s" },
          }),
        );
        expect(await text()).not.toContain("UNIQUE");
      });
    }
  });

  it("knows the client as what the driver made", async () => {
    const { url } = await db.create();
    const connection = await dialectFor(url).connect(url);
    expect(connection.client).toBeTypeOf("object");
    await connection.close();
  });
});
