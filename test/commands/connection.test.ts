import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import * as revline from "../../src/index.ts";
import { dialectFor } from "../../src/dialects/index.ts";
import { createProject } from "../support/cli.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { openRaw, type RawConnection } from "../support/raw.ts";

const open: RawConnection[] = [];
afterEach(async () => {
  for (const connection of open.splice(0)) await connection.close();
});

async function project(): Promise<string> {
  return createProject({
    "models.ts": `import { table, t } from "revline/schema";
export const users = table("users", { id: t.integer().identity().primaryKey(), n: t.bigint() });
`,
    "migrations/versions/a1.ts": `export const revision = "a1";
export const downRevision = null;
export function upgrade(op) {
  op.createTable("users", (t) => ({ id: t.integer().identity().primaryKey(), n: t.bigint() }));
}
export function downgrade(op) { op.dropTable("users"); }
`,
  });
}

async function connect({ family, url }: TestDatabase): Promise<RawConnection> {
  const connection = await openRaw(family, url);
  open.push(connection);
  return connection;
}

const MYSQL_SETTINGS =
  "SELECT @@SESSION.sql_mode, @@SESSION.foreign_key_checks, @@SESSION.autocommit";

/** What a session of the user's own is set to. */
const SETTINGS = {
  sqlite: "SELECT foreign_keys AS f FROM pragma_foreign_keys",
  postgresql: "SELECT string_agg(name || setting, ',' ORDER BY name) AS s FROM pg_settings",
  mysql: MYSQL_SETTINGS,
  mariadb: MYSQL_SETTINGS,
};

forEachDatabase((db) => {
  it("runs on a connection of the caller's, and leaves it as it was", async () => {
    const database = await db.create();
    const cwd = await project();
    const raw = await connect(database);
    if (db.family === "mysql" || db.family === "mariadb")
      await raw.query("SET SESSION sql_mode = 'ANSI_QUOTES', foreign_key_checks = 0");
    const before = await raw.query(SETTINGS[db.family]);
    const options = { cwd, connection: raw.driver, models: "models.ts" };
    const up = await revline.upgrade({ ...options, target: "head" });
    expect(up.to).toEqual(["a1"]);
    expect(up.url).not.toContain("undefined");
    expect((await revline.current(options)).isAtHeads).toBe(true);
    expect(await revline.check(options)).toMatchObject({ matches: true });
    expect((await revline.status(options)).drift).toBe(0);
    await raw.query("INSERT INTO users (n) VALUES (9007199254740993)");
    expect(await raw.query(SETTINGS[db.family])).toEqual(before);
    await revline.downgrade({ ...options, target: "base" });
    expect((await revline.current({ cwd, url: database.url })).rows).toEqual([]);
    expect(await raw.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  it("runs on a connection of ours", async () => {
    const { url } = await db.create();
    const connection = await dialectFor(url).connect(url);
    try {
      const options = { cwd: await project(), connection };
      expect((await revline.upgrade({ ...options, target: "head" })).to).toEqual(["a1"]);
      expect(await connection.query("SELECT COUNT(*) AS n FROM users")).toEqual([{ n: 0 }]);
    } finally {
      await connection.close();
    }
  });
});

forEachDatabase(
  (db) => {
    it("runs inside of the caller's transaction, which the caller ends", async () => {
      const database = await db.create();
      const cwd = await project();
      const raw = await connect(database);
      const options = { cwd, connection: raw.driver, models: "models.ts" };
      if (db.family === "sqlite") await raw.query("PRAGMA foreign_keys = OFF");
      await raw.query("BEGIN");
      await revline.upgrade({ ...options, target: "head" });
      expect((await revline.current(options)).rows).toEqual(["a1"]);
      expect(await revline.check(options)).toMatchObject({ matches: true });
      expect((await revline.current({ cwd, url: database.url })).rows).toEqual([]);
      // nobody else runs what is not committed yet
      await expect(
        revline.upgrade({ cwd, url: database.url, target: "head", lockTimeout: 0 }),
      ).rejects.toMatchObject({
        code: db.family === "sqlite" ? "database-locked" : "lock-timeout",
      });
      await raw.query("ROLLBACK");
      expect((await revline.current(options)).rows).toEqual([]);
      await raw.query("BEGIN");
      await revline.stamp({ ...options, revisions: ["a1"] });
      await raw.query("COMMIT");
      expect((await revline.current({ cwd, url: database.url })).rows).toEqual(["a1"]);
    });
  },
  { only: ["sqlite", "postgresql"] },
);

forEachDatabase(
  (db) => {
    it("refuses a transaction that cannot hold a change of the schema", async () => {
      const database = await db.create();
      const raw = await connect(database);
      await raw.query(db.family === "sqlite" ? "PRAGMA foreign_keys = ON" : "SELECT 1");
      await raw.query("BEGIN");
      const options = { cwd: await project(), connection: raw.driver, target: "head" };
      await expect(revline.upgrade(options)).rejects.toMatchObject({
        code: "unsupported",
        message: expect.stringContaining("The caller's transaction cannot be used"),
        hint: expect.stringContaining(db.family === "sqlite" ? "foreign_keys = OFF" : "Commit it"),
      });
      expect((await revline.current(options)).rows).toEqual([]);
      await raw.query("ROLLBACK");
      await revline.upgrade(options);
    });
  },
  { only: ["sqlite", "mysql", "mariadb"] },
);

forEachDatabase(
  (db) => {
    it("takes the plain connections of mysql2 too", async () => {
      const { url } = await db.create();
      const { createConnection } = await import("mysql2");
      const connection = createConnection(url.replace(/^[a-z]+:/, "mysql:"));
      try {
        const options = { cwd: await project(), connection };
        expect((await revline.upgrade({ ...options, target: "head" })).to).toEqual(["a1"]);
      } finally {
        connection.end();
        await sleep(1);
      }
    });
  },
  { only: ["mysql", "mariadb"] },
);

it("says which connections it takes", async () => {
  for (const connection of [{}, "postgresql://x", null, new Map()]) {
    await expect(revline.current({ cwd: await project(), connection })).rejects.toMatchObject({
      code: "usage",
      hint: expect.stringContaining("better-sqlite3"),
    });
  }
});
