import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dialectFor } from "../../src/dialects/index.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import {
  collector,
  createProject,
  downgrade,
  rejection,
  upgrade,
  type Project,
} from "./project.ts";

let project: Project;
beforeEach(() => {
  project = createProject();
});
afterEach(() => project.remove());

const table = (name: string): string =>
  `  op.createTable("${name}", (t) => ({ id: t.integer().primaryKey() }));`;

forEachDatabase((db) => {
  let database: TestDatabase;
  beforeEach(async () => {
    database ??= await db.create();
    await database.reset();
  });
  const versions = async (): Promise<readonly unknown[]> =>
    (await database.query("SELECT version_num FROM revline_version")).map(
      (row) => row["version_num"],
    );
  const tableIsThere = async (name: string): Promise<boolean> =>
    !((await rejection(database.query(`SELECT * FROM ${name}`))) instanceof Error);

  describe("several deployers at once", () => {
    it("run each revision once, and all succeed", async () => {
      const chain = ["a1", "b2", "c3", "d4", "e5", "f6"];
      for (const [at, id] of chain.entries()) {
        project.revision(
          id,
          chain[at - 1] ?? null,
          `${table(`t_${id}`)}\n  await new Promise((resolve) => setTimeout(resolve, 20));`,
        );
      }
      const results = await Promise.all(
        Array.from({ length: 4 }, () => upgrade(database.url, project)),
      );
      expect(
        results.flatMap(({ done }) => done.map(({ revision }) => revision.id)).toSorted(),
      ).toEqual(chain);
      expect(results.map(({ after }) => after)).toEqual(Array.from({ length: 4 }, () => ["f6"]));
      expect(await versions()).toEqual(["f6"]);
    });

    it("wait for one another no longer than they are told", async () => {
      project.revision(
        "a1",
        null,
        `${table("one")}\n  await op.query("SELECT 1");\n  await new Promise((resolve) => setTimeout(resolve, 3000));`,
      );
      const first = upgrade(database.url, project);
      await sleep(1000);
      const { events, onEvent } = collector();
      // SQLite waits for the file's write lock, by the timeout of the session
      const url = db.family === "sqlite" ? `${database.url}?timeout=50` : database.url;
      const second = await rejection(upgrade(url, project, "head", { lockTimeout: 200, onEvent }));
      expect(second).toMatchObject({
        code: db.family === "sqlite" ? "database-locked" : "lock-timeout",
      });
      expect(events.map(({ kind }) => kind)).toContain("waiting");
      await first;
      expect(await versions()).toEqual(["a1"]);
    });
  });

  describe("an interruption", () => {
    it("while a revision runs leaves the version table true", async () => {
      const stop = new AbortController();
      project.revision("a1", null, table("one"));
      project.revision(
        "b2",
        "a1",
        `${table("two")}\n  await op.query("SELECT 1");\n  await new Promise((resolve) => setTimeout(resolve, 300));\n${table("three")}`,
      );
      project.revision("c3", "b2", table("four"));
      const { onEvent } = collector();
      const attempt = upgrade(database.url, project, "head", {
        signal: stop.signal,
        onEvent: (event) => {
          onEvent(event);
          if (event.kind === "started" && event.revision.id === "b2")
            setTimeout(() => stop.abort(), 150);
        },
      });
      expect(await rejection(attempt)).toMatchObject({ code: "interrupted" });
      // what cannot be rolled back is finished first
      const rolledBack = db.family === "sqlite" || db.family === "postgresql";
      expect(await versions()).toEqual([rolledBack ? "a1" : "b2"]);
      expect(await tableIsThere("two")).toBe(!rolledBack);
      expect(await tableIsThere("three")).toBe(!rolledBack);
      expect(await tableIsThere("four")).toBe(false);
      await upgrade(database.url, project);
      expect(await versions()).toEqual(["c3"]);
    });

    it("while waiting for the lock ends the waiting", async () => {
      project.revision(
        "a1",
        null,
        `${table("one")}\n  await op.query("SELECT 1");\n  await new Promise((resolve) => setTimeout(resolve, 1500));`,
      );
      const first = upgrade(database.url, project);
      await sleep(500);
      const stop = new AbortController();
      const url = db.family === "sqlite" ? `${database.url}?timeout=50` : database.url;
      setTimeout(() => stop.abort(), 300);
      expect(await rejection(upgrade(url, project, "head", { signal: stop.signal }))).toMatchObject(
        { code: "interrupted" },
      );
      await first;
      expect(await versions()).toEqual(["a1"]);
      // nobody holds the lock any more
      await downgrade(database.url, project, "base", { lockTimeout: 1000 });
    });

    it("before the start changes nothing", async () => {
      project.revision("a1", null, table("one"));
      expect(
        await rejection(upgrade(database.url, project, "head", { signal: AbortSignal.abort() })),
      ).toMatchObject({ code: "interrupted" });
      expect(await tableIsThere("revline_version")).toBe(false);
    });
  });

  describe("a session of the caller's", () => {
    it("stays open, and free of the lock", async () => {
      project.revision("a1", null, table("one"), `  op.dropTable("one");`);
      const connection = await dialectFor(database.url).connect(database.url);
      try {
        await upgrade(database.url, project, "head", { connection });
        await downgrade(database.url, project, "base", { lockTimeout: 500 });
        expect(connection.inTransaction).toBe(false);
        await upgrade(database.url, project, "head", { connection });
      } finally {
        await connection.close();
      }
      expect(await versions()).toEqual(["a1"]);
    });

    it("keeps its own transaction", async () => {
      project.revision(
        "a1",
        null,
        db.family === "sqlite" || db.family === "postgresql" ? table("one") : "",
      );
      if (db.family === "mysql" || db.family === "mariadb") {
        await database.query(
          "CREATE TABLE revline_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY) ENGINE=InnoDB",
        );
      }
      const connection = await dialectFor(database.url).connect(database.url);
      try {
        await connection.begin();
        await upgrade(database.url, project, "head", { connection });
        expect(connection.inTransaction).toBe(true);
        await connection.rollback();
        expect(await tableIsThere("one")).toBe(false);
        await connection.begin();
        await upgrade(database.url, project, "head", { connection });
        await connection.commit();
      } finally {
        await connection.close();
      }
      expect(await versions()).toEqual(["a1"]);
    });
  });

  it("does not run a revision twice when the version table changes under it", async () => {
    project.revision("a1", null, table("one"));
    project.revision("b2", "a1", table("two"));
    const other = async (): Promise<void> => {
      await database.query("UPDATE revline_version SET version_num = 'b2'");
    };
    const result = await upgrade(database.url, project, "head", {
      loadRevision: async (path) => {
        if (path.endsWith("b2.ts")) await other();
        return { upgrade: () => undefined };
      },
    });
    expect(result.done.map(({ revision }) => revision.id)).toEqual(["a1"]);
    expect(result.after).toEqual(["b2"]);
  });
});
