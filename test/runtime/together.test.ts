import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dialectFor } from "../../src/dialects/index.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import {
  collector,
  createProject,
  downgrade,
  gate,
  rejection,
  upgrade,
  upgradingWith,
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

  /** An upgrade that is in the middle of its revision until it is released. */
  const longUpgrade = async (): Promise<{ readonly first: Promise<unknown>; release(): void }> => {
    const inside = gate();
    const end = gate();
    const first = upgrade(
      database.url,
      project,
      "head",
      upgradingWith(async (op) => {
        op.createTable("one", (t) => ({ id: t.integer() }));
        await op.query("SELECT 1");
        inside.open();
        await end.opened;
      }),
    );
    await Promise.race([inside.opened, first]);
    return { first, release: end.open };
  };
  /** SQLite waits for the file's write lock first, by the timeout of the session. */
  const impatient = (): string =>
    db.family === "sqlite" ? `${database.url}?timeout=50` : database.url;

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
      project.revision("a1", null, "");
      const { first, release } = await longUpgrade();
      const { events, onEvent } = collector();
      const second = await rejection(
        upgrade(impatient(), project, "head", { lockTimeout: 200, onEvent }),
      );
      // SQLite waits for the file's write lock
      expect(second).toMatchObject({
        code: db.family === "sqlite" ? "database-locked" : "lock-timeout",
      });
      expect(events.map(({ kind }) => kind)).toContain("waiting");
      release();
      await first;
      expect(await versions()).toEqual(["a1"]);
    });
  });

  describe("an interruption", () => {
    it("while a revision runs leaves the version table true", async () => {
      const stop = new AbortController();
      for (const [id, down] of [
        ["a1", null],
        ["b2", "a1"],
        ["c3", "b2"],
      ] as const)
        project.revision(id, down, table(id));
      await upgrade(database.url, project, "a1");
      const attempt = upgrade(database.url, project, "head", {
        signal: stop.signal,
        ...upgradingWith(async (op) => {
          op.createTable("two", (t) => ({ id: t.integer() }));
          await op.query("SELECT 1");
          stop.abort();
          op.createTable("three", (t) => ({ id: t.integer() }));
        }),
      });
      expect(await rejection(attempt)).toMatchObject({ code: "interrupted" });
      // what cannot be rolled back is finished first
      const rolledBack = db.family === "sqlite" || db.family === "postgresql";
      expect(await versions()).toEqual([rolledBack ? "a1" : "b2"]);
      expect(await tableIsThere("two")).toBe(!rolledBack);
      expect(await tableIsThere("three")).toBe(!rolledBack);
      await upgrade(database.url, project);
      expect(await versions()).toEqual(["c3"]);
    });

    it("while waiting for the lock ends the waiting", async () => {
      project.revision("a1", null, "");
      const { first, release } = await longUpgrade();
      const stop = new AbortController();
      const waiting = upgrade(impatient(), project, "head", {
        signal: stop.signal,
        onEvent: ({ kind }) => {
          if (kind === "waiting") stop.abort();
        },
      });
      expect(await rejection(waiting)).toMatchObject({ code: "interrupted" });
      release();
      await first;
      expect(await versions()).toEqual(["a1"]);
      // nobody holds the lock any more
      await downgrade(database.url, project, "base", { lockTimeout: 5000 });
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
