import { afterEach, beforeEach, expect, it } from "vitest";
import { dialectFor } from "../../src/dialects/index.ts";
import type { Connection } from "../../src/dialects/contract.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { createProject, rejection, upgrade, type Project } from "./project.ts";

let project: Project;
beforeEach(() => {
  project = createProject();
});
afterEach(() => project.remove());

forEachDatabase(
  (db) => {
    let database: TestDatabase;
    let connection: Connection;
    beforeEach(async () => {
      database ??= await db.create();
      await database.reset();
      connection = await dialectFor(database.url).connect(database.url);
    });
    afterEach(() => connection.close());

    const settings = async (): Promise<unknown> =>
      db.family === "postgresql"
        ? connection.query(
            "SELECT current_setting('lock_timeout') AS l, current_setting('statement_timeout') AS s",
          )
        : connection.query("SHOW SESSION VARIABLES LIKE '%timeout'");

    /** Another session that is in the way of a change of the table, until it is released. */
    const inTheWay = async (table: string): Promise<() => Promise<void>> => {
      const other = await dialectFor(database.url).connect(database.url);
      await other.execute("START TRANSACTION");
      await other.query(`SELECT * FROM ${table}`);
      return async () => {
        await other.execute("ROLLBACK");
        await other.close();
      };
    };
    const addColumn = `  op.addColumn("one", "a", (t) => t.integer());`;

    it("a revision waits for a table no longer than it is told, and leaves the session as it was", async () => {
      await database.query("CREATE TABLE one (id INT)");
      project.revision("a1", null, addColumn);
      const release = await inTheWay("one");
      const before = await settings();
      const failure = await rejection(
        upgrade(database.url, project, "head", { connection, timeouts: { lock: 200 } }),
      );
      expect(failure).toMatchObject({ code: "lock-timeout", hint: expect.stringMatching(/./) });
      expect(await settings()).toEqual(before);
      await release();
      expect(await upgrade(database.url, project, "head", { connection })).toMatchObject({
        after: ["a1"],
      });
    });

    it("is tried again when it is wished, and only when nothing of it stays", async () => {
      await database.query("CREATE TABLE one (id INT)");
      project.revision("a1", null, addColumn, "", "export const tableLockTimeout = 0.2;");
      const release = await inTheWay("one");
      const told: string[] = [];
      const result = await upgrade(database.url, project, "head", {
        lockRetries: 3,
        onEvent: (event) => {
          if (event.kind !== "warning") return;
          told.push(event.message);
          if (told.length === 2) void release();
        },
      });
      expect(result.after).toEqual(["a1"]);
      expect(told.length).toBeGreaterThanOrEqual(2);
      expect(told[0]).toMatch(/1 of 3/);
    });

    it("a statement is ended that takes too long", async () => {
      const long =
        db.family === "postgresql"
          ? "SELECT pg_sleep(60)"
          : "SELECT COUNT(*) FROM information_schema.columns a, information_schema.columns b, information_schema.columns c";
      project.revision(
        "a1",
        null,
        `  op.execute(${JSON.stringify(long)});`,
        "",
        "export const statementTimeout = 0.3;",
      );
      const before = await settings();
      const failure = await rejection(upgrade(database.url, project, "head", { connection }));
      expect(failure).toMatchObject({ code: "revision-failed" });
      expect(await settings()).toEqual(before);
      expect(
        await rejection(database.query("SELECT version_num FROM revline_version")),
      ).not.toEqual({ resolved: [{ version_num: "a1" }] });
    });

    it("refuses what is no time", async () => {
      project.revision("a1", null, "", "", 'export const statementTimeout = "soon";');
      expect(await rejection(upgrade(database.url, project))).toMatchObject({
        code: "revision-invalid",
        message: expect.stringContaining("statementTimeout"),
      });
    });

    it("says that the session is read-only", async () => {
      project.revision("a1", null, `  op.createTable("one", (t) => ({ id: t.integer() }));`);
      await connection.execute(
        db.family === "postgresql"
          ? "SET default_transaction_read_only = on"
          : "SET SESSION TRANSACTION READ ONLY",
      );
      expect(await rejection(upgrade(database.url, project, "head", { connection }))).toMatchObject(
        { code: "database-read-only", hint: expect.stringContaining("primary") },
      );
    });
  },
  { only: ["postgresql", "mariadb", "mysql"] },
);

forEachDatabase(
  (db) => {
    it("says that a privilege is missing", async () => {
      const { url, query } = await db.create();
      const user = `c_poor_${String(process.pid)}`;
      const poor = new URL(url);
      poor.username = user;
      poor.password = "weak";
      if (db.family === "postgresql") {
        await query(
          `CREATE ROLE ${user} LOGIN PASSWORD 'weak'; REVOKE CREATE ON SCHEMA public FROM public`,
        );
      } else {
        await query(`CREATE USER ${user}@'%' IDENTIFIED BY 'weak'`);
        await query(`GRANT SELECT ON \`${poor.pathname.slice(1)}\`.* TO ${user}@'%'`);
      }
      try {
        project.revision("a1", null, `  op.createTable("one", (t) => ({ id: t.integer() }));`);
        expect(await rejection(upgrade(poor.href, project))).toMatchObject({
          code: "permission-denied",
          hint: expect.stringContaining("Grant"),
        });
      } finally {
        await query(db.family === "postgresql" ? `DROP ROLE ${user}` : `DROP USER ${user}@'%'`);
      }
    });
  },
  { only: ["postgresql", "mariadb", "mysql"] },
);

forEachDatabase((db) => {
  it("says that the disk is full", async () => {
    if (db.family === "postgresql") return;
    const { url } = await db.create();
    const connection = await dialectFor(url).connect(url);
    const isFile = db.family === "sqlite";
    project.revision(
      "a1",
      null,
      isFile
        ? `  op.execute("CREATE TABLE big AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) SELECT i, hex(randomblob(200)) AS x FROM n");`
        : `  op.execute("CREATE TABLE big (x CHAR(250)) ENGINE=MEMORY MAX_ROWS=1");
  op.execute("INSERT INTO big WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900) SELECT i FROM n");
  op.execute("INSERT INTO big SELECT a.x FROM big a, big b");`,
    );
    try {
      await connection.execute(
        isFile ? "PRAGMA max_page_count = 60" : "SET SESSION max_heap_table_size = 16384",
      );
      const failure = await rejection(upgrade(url, project, "head", { connection }));
      // where a part stays, the first thing to know is how to go on
      const place = isFile
        ? { hint: expect.stringContaining("room") }
        : { details: expect.arrayContaining([expect.stringContaining("room")]) };
      expect(failure).toMatchObject({ code: "disk-full", ...place });
      if (isFile) expect(await connection.query("SELECT name FROM sqlite_schema")).toEqual([]);
    } finally {
      await connection.close();
    }
  });
});
