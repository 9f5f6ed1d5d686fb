import { describe, expect, it } from "vitest";
import { dialectFor } from "../../src/dialects/index.ts";
import type { Operations } from "../../src/operations/operations.ts";
import { forEachDatabase } from "../support/databases.ts";
import { createProject, rejection, upgrade, upgradingWith } from "./project.ts";
import { MortalConnection } from "./mortal.ts";

forEachDatabase((db) => {
  const isPostgresql = db.family === "postgresql";
  const alone = {
    sqlite: "PRAGMA journal_mode = WAL",
    postgresql: "VACUUM counted",
    mysql: "ANALYZE TABLE counted",
    mariadb: "ANALYZE TABLE counted",
  }[db.family];

  /** A table, what cannot stand in a transaction, and batches that are committed one by one. */
  const script = async (op: Operations): Promise<void> => {
    op.createTable("counted", (t) => ({ id: t.integer().primaryKey(), n: t.integer().notNull() }));
    op.bulkInsert("counted", [
      { id: 1, n: 0 },
      { id: 2, n: 0 },
    ]);
    op.autocommitBlock(() => op.execute(alone));
    await op.autocommitBlock(async () => {
      for (;;) {
        const rows = await op.query<{ id: number }>(
          "SELECT id FROM counted WHERE n = 0 ORDER BY id",
        );
        const [next] = rows;
        if (next === undefined) return;
        op.execute("UPDATE counted SET n = n + 1 WHERE id = :id", { id: next.id });
      }
    });
    op.execute("UPDATE counted SET n = n + 10");
  };
  const done = [
    { id: 1, n: 11 },
    { id: 2, n: 11 },
  ];

  describe("an autocommit block", () => {
    it("runs outside the revision's transaction, and the rest inside", async () => {
      const project = createProject();
      project.revision("a1", null, "");
      const { url, query } = await db.create();
      await upgrade(url, project, "head", upgradingWith(script));
      expect(await query("SELECT id, n FROM counted ORDER BY id")).toEqual(done);
      expect(await query("SELECT version_num FROM revline_version")).toEqual([
        { version_num: "a1" },
      ]);
      project.remove();
    });

    it("ends as if nothing had happened, at whatever moment the process is killed", async () => {
      const project = createProject();
      project.revision("a1", null, "");
      const database = await db.create();
      const { url } = database;
      const connect = dialectFor(url).connect;
      for (let call = 4; ; call += 3) {
        const mortal = new MortalConnection(await connect(url), { call, when: "after" });
        const first = await rejection(
          upgrade(url, project, "head", { ...upgradingWith(script), connection: mortal }),
        );
        await mortal.close();
        if (first instanceof Error) await upgrade(url, project, "head", upgradingWith(script));
        expect(await database.query("SELECT id, n FROM counted ORDER BY id"), String(call)).toEqual(
          done,
        );
        if (!(first instanceof Error)) break;
        await database.reset();
      }
      project.remove();
    }, 120_000);

    it("is refused in a transaction that is not the revision's own", async () => {
      const project = createProject();
      project.revision("a1", null, "");
      const { url } = await db.create();
      const connection = await dialectFor(url).connect(url);
      await connection.begin();
      const failure = await rejection(
        upgrade(url, project, "head", {
          ...upgradingWith(async (op) => op.autocommitBlock(() => op.execute(alone))),
          connection,
        }),
      );
      expect(failure).toMatchObject({
        code: "unsupported",
        hint: expect.stringContaining("transactionPerMigration"),
      });
      await connection.close();
      project.remove();
    });

    it("must be awaited where its body is asynchronous", async () => {
      const project = createProject();
      project.revision("a1", null, "");
      const { url } = await db.create();
      const failure = await rejection(
        upgrade(
          url,
          project,
          "head",
          upgradingWith(async (op) => {
            // oxlint-disable-next-line typescript/no-floating-promises -- the mistake under test
            op.autocommitBlock(async () => {
              await new Promise(() => undefined);
            });
          }),
        ),
      );
      expect(failure).toMatchObject({
        code: "query-not-awaited",
        hint: expect.stringContaining("op.autocommitBlock"),
      });
      project.remove();
    });
  });

  describe("an index that is built concurrently", () => {
    const build = async (op: Operations): Promise<void> => {
      op.createIndex("counted_n", "counted", ["n"], { unique: true, concurrently: true });
    };
    const drop = async (op: Operations): Promise<void> => {
      op.dropIndex("counted_n", "counted", { concurrently: true });
    };

    it("is built and dropped, a half-built one of an earlier try first", async () => {
      const project = createProject();
      project.revision("a1", null, "");
      const database = await db.create();
      const { url, query } = database;
      await query("CREATE TABLE counted (id INTEGER, n INTEGER)");
      await query("INSERT INTO counted VALUES (1, 5), (2, 5)");
      if (isPostgresql) {
        // of an earlier try of somebody else: it stays, and is not valid
        await rejection(query("CREATE UNIQUE INDEX CONCURRENTLY counted_n ON counted (n)"));
      }
      expect(await rejection(upgrade(url, project, "head", upgradingWith(build)))).toMatchObject({
        code: "revision-failed",
      });
      await query("DELETE FROM counted WHERE id = 2");
      await upgrade(url, project, "head", upgradingWith(build));
      expect(await rejection(query("INSERT INTO counted VALUES (3, 5)"))).toBeInstanceOf(Error);
      if (isPostgresql) {
        expect(
          await query(
            "SELECT indisvalid FROM pg_index WHERE indisunique AND indexrelid = 'counted_n'::regclass",
          ),
        ).toEqual([{ indisvalid: true }]);
      }
      project.revision("a2", "a1", "");
      await upgrade(url, project, "head", upgradingWith(drop));
      await query("INSERT INTO counted VALUES (3, 5)");
      project.remove();
    });
  });
});
