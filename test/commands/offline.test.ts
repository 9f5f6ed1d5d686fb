import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as revline from "../../src/index.ts";
import { judgeMysql, rowsOfMysql } from "../laws/judge/mysql.ts";
import { judgePostgresql, rowsOfPostgresql } from "../laws/judge/postgresql.ts";
import { judgeSqlite, rowsOfSqlite } from "../laws/judge/sqlite.ts";
import { createProject, rejection, type Project } from "../runtime/project.ts";
import { EXAMPLES, runScript } from "../support/client.ts";
import {
  forEachDatabase,
  type DatabaseUnderTest,
  type TestDatabase,
} from "../support/databases.ts";

/** What the catalog holds, the rows of all tables, and where the version table says it is. */
async function stateOf(database: TestDatabase): Promise<unknown> {
  const query: TestDatabase["query"] = (sql, params) => database.query(sql, params);
  const name = new URL(database.url).pathname.slice(1);
  const catalogs = {
    sqlite: () => judgeSqlite(query),
    postgresql: () => judgePostgresql(query),
    mysql: () => judgeMysql(query, name),
    mariadb: () => judgeMysql(query, name),
  };
  const rows = {
    sqlite: () => rowsOfSqlite(query),
    postgresql: () => rowsOfPostgresql(query),
    mysql: () => rowsOfMysql(query, name),
    mariadb: () => rowsOfMysql(query, name),
  };
  // a script leaves no line in the history, and does not make it
  const withoutHistory = (things: object): readonly unknown[] =>
    Object.entries(things).filter(([name]) => !name.includes("revline_history"));
  const catalog = Object.entries(await catalogs[database.family]());
  const versions = await database.query("SELECT version_num FROM revline_version ORDER BY 1");
  return [
    catalog
      .map(([kind, things]) => ({ kind, things: withoutHistory(things) }))
      .filter(({ things }) => things.length > 0),
    withoutHistory(await rows[database.family]()),
    versions.map((row) => Object.values(row)),
  ];
}

/** As a user without a server writes the URL. */
function offlineUrl({ kind, family }: DatabaseUnderTest): string {
  if (family === "sqlite") return "sqlite:./nowhere.db";
  const port = kind === "postgresql18" ? "18" : "1";
  return `${family}://nobody@localhost:${port}/nowhere`;
}

async function script(
  direction: "upgrade" | "downgrade",
  options: revline.EnvironmentOptions & { readonly target: string },
): Promise<string> {
  const plan = direction === "upgrade" ? revline.planUpgrade : revline.planDowngrade;
  return (await plan(options)).script;
}

/** A history with everything that a plan must know the tables for. */
function branchyHistory(project: Project): void {
  project.revision(
    "a1",
    null,
    `  op.createTable("people", (t) => ({
    id: t.integer().identity().primaryKey(),
    email: t.varchar(80).notNull().unique(),
    name: t.varchar(40).default("no; 'name' \\\\ here -- or #there"),
    age: t.integer(),
  }), { with: (c) => [c.check("people_age", op.sql\`age >= 0\`), c.index("people_name").on("name")] });
  op.createTable("notes", (t) => ({
    id: t.integer().identity().primaryKey(),
    people_id: t.integer().notNull().references("people.id", { onDelete: "cascade" }),
    body: t.text(),
  }));
  op.bulkInsert("people", [{ email: "a@b.c", name: "it's; fine" }, { email: "d@e.f", name: null }]);
  op.bulkInsert("notes", [{ people_id: 1, body: "one\\n-- two;" }, { people_id: 2, body: "\\\\ üñ 🙂" }]);`,
    `  op.dropTable("notes");
  op.dropTable("people");`,
  );
  project.revision(
    "b1",
    "a1",
    `  op.alterColumn("people", "name", (t) => ({ from: t.varchar(40).default("no; 'name' \\\\ here -- or #there"), to: t.varchar(60).notNull().default("x") }));`,
    `  op.alterColumn("people", "name", (t) => ({ from: t.varchar(60).notNull().default("x"), to: t.varchar(40).default("no; 'name' \\\\ here -- or #there") }));`,
    `export const branchLabels = ["left"];`,
  );
  // the names have to be there before NOT NULL
  project.revision(
    "a2",
    "a1",
    `  op.execute(op.sql\`UPDATE people SET name = \${"unnamed; $1 ? one"} WHERE name IS NULL\`);
  op.renameColumn("notes", "body", "text");
  op.createIndex("notes_people", "notes", ["people_id", "id"]);`,
    `  op.dropIndex("notes_people", "notes");
  op.renameColumn("notes", "text", "body");`,
  );
  project.revision(
    "b2",
    "b1",
    `  op.addColumn("people", "boss_id", (t) => t.integer().references("people.id", { name: "people_boss", onDelete: "set null" }));
  op.dropConstraint(null, "people", "unique", { columns: ["email"] });
  op.createUniqueConstraint("people_email_name", "people", ["email", "name"]);`,
    `  op.dropConstraint("people_email_name", "people", "unique");
  op.createUniqueConstraint(null, "people", ["email"]);
  op.dropConstraint("people_boss", "people", "foreignKey");
  op.dropColumn("people", "boss_id");`,
    `export const dependsOn = ["a2"];`,
  );
  project.revision(
    "m1",
    ["b2", "a2"],
    `  op.renameTable("notes", "remarks");
  op.alterColumn("remarks", "text", (t) => ({ from: t.text(), to: t.varchar(500).notNull().default("") }));
  op.dropColumn("people", "age");`,
    `  op.addColumn("people", "age", (t) => t.integer());
  op.createCheckConstraint("people_age", "people", op.sql\`age >= 0\`);
  op.alterColumn("remarks", "text", (t) => ({ from: t.varchar(500).notNull().default(""), to: t.text() }));
  op.renameTable("remarks", "notes");`,
  );
}

forEachDatabase((db) => {
  /** Online on one database, by scripts on another: all at once, then step by step, then down again. */
  async function compareWays(
    options: revline.EnvironmentOptions,
    steps: readonly string[],
  ): Promise<void> {
    const [online, offline] = [await db.create(), await db.create()];
    const there = { ...options, url: offlineUrl(db) };
    for (const step of steps) {
      const target = step.slice(step.indexOf(":") + 1);
      await revline.upgrade({ ...options, url: online.url, target });
      await runScript(offline, await script("upgrade", { ...there, target: step }));
      expect(await stateOf(offline), step).toEqual(await stateOf(online));
    }
    for (const step of steps.toReversed()) {
      const [from = "", to = ""] = step.split(":");
      await revline.downgrade({ ...options, url: online.url, target: from });
      await runScript(offline, await script("downgrade", { ...there, target: `${to}:${from}` }));
      expect(await stateOf(offline), `${to}:${from}`).toEqual(await stateOf(online));
    }
  }

  describe("the SQL of a range", () => {
    it.each(readdirSync(EXAMPLES).filter((name) => !name.includes(".")))(
      "of the example %s does what the run does",
      async (name) => {
        const cwd = join(EXAMPLES, name);
        const { revisions } = await revline.history({ cwd });
        const ids = revisions.map(({ id }) => id).toReversed();
        await compareWays({ cwd }, ["base:heads"]);
        await compareWays(
          { cwd },
          ids.map((id, at) => `${ids[at - 1] ?? "base"}:${id}`),
        );
      },
      60_000,
    );

    it("of branches that merge does what the run does", async () => {
      const project = createProject();
      branchyHistory(project);
      const options = { config: { migrations: project.folder } };
      await compareWays(options, ["base:head"]);
      await compareWays(options, ["base:a1", "a1:a2"]);
      project.remove();
    }, 60_000);

    if (db.family !== "sqlite") {
      it("is what to ask for where there is no server", async () => {
        const project = createProject();
        project.revision("a1", null, "");
        const options = { config: { migrations: project.folder }, url: offlineUrl(db) };
        expect(await rejection(script("upgrade", { ...options, target: "head" }))).toMatchObject({
          code: "connection-failed",
          hint: expect.stringContaining("base:head"),
        });
        expect(await script("upgrade", { ...options, target: "base:head" })).toContain("a1");
        project.remove();
      });
    }

    it("has bodies with semicolons in them", async () => {
      const bodies = {
        sqlite: "BEGIN UPDATE t SET b = ';' WHERE a = NEW.a; UPDATE t SET b = b || 'x'; END;",
        postgresql: "EXECUTE FUNCTION t_fill();",
        mysql: "BEGIN SET NEW.b = ';'; SET NEW.b = CONCAT(NEW.b, 'x'); END",
        mariadb: "BEGIN SET NEW.b = ';'; SET NEW.b = CONCAT(NEW.b, 'x'); END",
      };
      const before =
        db.family === "postgresql"
          ? "op.execute(`CREATE FUNCTION t_fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.b = ';'; NEW.b = NEW.b || 'x'; RETURN NEW; END $$`);"
          : "";
      const when = db.family === "sqlite" ? "AFTER" : "BEFORE";
      const project = createProject();
      project.revision(
        "t1",
        null,
        `op.createTable("t", (t) => ({ a: t.integer().primaryKey(), b: t.varchar(9) }));
        ${before}
        op.execute(\`CREATE TRIGGER fill ${when} INSERT ON t FOR EACH ROW ${bodies[db.family]}\`);
        op.execute("INSERT INTO t (a) VALUES (1) -- one");`,
      );
      const database = await db.create();
      await runScript(
        database,
        await script("upgrade", {
          config: { migrations: project.folder },
          url: offlineUrl(db),
          target: "base:head",
        }),
      );
      expect(await database.query("SELECT b FROM t")).toEqual([{ b: ";x" }]);
      project.remove();
    });

    it("is asked for nothing that only a database knows", async () => {
      const project = createProject();
      project.revision(
        "q1",
        null,
        `op.createTable("t", (t) => ({ a: t.integer(), b: t.integer() }));`,
      );
      const path = project.revision("q2", "q1", `await op.query("SELECT 1");`);
      project.revision(
        "q3",
        "q2",
        `op.alterColumn("t", "a", (t) => ({ from: t.integer(), to: t.bigint().notNull() }));`,
      );
      const options = { config: { migrations: project.folder }, url: offlineUrl(db) };
      expect(await rejection(script("upgrade", { ...options, target: "base:q2" }))).toMatchObject({
        code: "offline-query",
        message: expect.stringMatching(/^The upgrade of q2 \(do q2\) failed at .*q2\.ts:\d+: /),
        hint: expect.stringContaining("isOffline"),
        details: ["Nothing was run."],
      });
      // the table's state is needed, and known by replaying q1 and q2 alone
      expect(await rejection(script("upgrade", { ...options, target: "q2:q3" }))).toMatchObject({
        code: "offline-query",
        message: expect.stringMatching(/^What the tables look like at q2 .*q2\.ts:\d+/s),
        hint: expect.stringContaining("Leave the range out"),
      });
      project.revision(
        "q2",
        "q1",
        `if (op.getContext().isOffline) op.dropColumn("t", "b");
        else await op.query("SELECT 1");`,
      );
      expect(path).toContain("q2");
      expect(await script("upgrade", { ...options, target: "q2:q3" })).toContain("q3");
      project.remove();
    });

    it("writes the version table for a stamp and for ensure-version", async () => {
      const project = createProject();
      project.revision("s1", null, "");
      project.revision("s2", "s1", "");
      const database = await db.create();
      const options = { config: { migrations: project.folder }, url: offlineUrl(db) };
      const rows = async (): Promise<unknown> =>
        (await database.query("SELECT version_num FROM revline_version")).map((row) =>
          Object.values(row),
        );
      const stamp = async (target: string): Promise<void> =>
        runScript(database, (await revline.planStamp({ ...options, revisions: [target] })).script);
      const { sql } = await revline.ensureVersion({ ...options, sql: true });
      await runScript(database, `${sql};\n${sql};`);
      expect(await rows()).toEqual([]);
      await stamp("base:s1");
      expect(await rows()).toEqual([["s1"]]);
      await stamp("s1:s2");
      expect(await rows()).toEqual([["s2"]]);
      await stamp("s2:base");
      expect(await rows()).toEqual([]);
      expect((await revline.planStamp({ ...options, revisions: ["s1:s1"] })).script).toBe("");
      expect(
        await rejection(revline.planStamp({ ...options, revisions: ["s1:s2"], purge: true })),
      ).toMatchObject({ code: "range-invalid", hint: expect.stringContaining("--purge") });
      project.remove();
    });

    it("has one transaction for each revision, or one for all, where there are any", async () => {
      const project = createProject();
      project.revision("t1", null, "");
      project.revision("t2", "t1", "");
      const counted = async (transactionPerMigration?: boolean): Promise<readonly number[]> => {
        const text = await script("upgrade", {
          config: {
            migrations: project.folder,
            ...(transactionPerMigration === undefined ? {} : { transactionPerMigration }),
          },
          url: offlineUrl(db),
          target: "base:head",
        });
        return [/^BEGIN/gm, /^COMMIT;$/gm].map((pattern) => [...text.matchAll(pattern)].length);
      };
      const none = db.family === "mysql" || db.family === "mariadb";
      expect(await counted()).toEqual(none ? [0, 0] : [2, 2]);
      expect(await counted(true)).toEqual(none ? [0, 0] : [2, 2]);
      expect(await counted(false)).toEqual(none ? [0, 0] : [1, 1]);
      project.remove();
    });

    it("tells a revision where it is", async () => {
      const project = createProject();
      project.revision(
        "c1",
        null,
        `const { dialect, revision, direction, isOffline, x, tag, serverVersion } = op.getContext();
        op.execute("SELECT '" + [dialect, revision, direction, isOffline, x.to, tag, serverVersion].join() + "'");`,
      );
      const options = {
        config: { migrations: project.folder, serverVersion: "12.3.4" },
        url: offlineUrl(db),
        x: { to: "there" },
        tag: "v1",
      };
      const expected = (isOffline: boolean, version: string): string =>
        [db.family, "c1", "upgrade", isOffline, "there", "v1", version].join(",");
      expect(await script("upgrade", { ...options, target: "base:head" })).toContain(
        expected(true, "12.3.4"),
      );
      const { url } = await db.create();
      const plan = await revline.planUpgrade({ ...options, url, target: "head" });
      expect(plan.script).toContain(expected(true, "").slice(0, -1));
      const seen: string[] = [];
      const reporter = {
        progress: () => undefined,
        warn: () => undefined,
        statement: (sql: string) => void seen.push(sql),
      };
      await revline.upgrade({ ...options, url, target: "head", reporter });
      expect(seen.join("\n")).toContain(expected(false, "").slice(0, -1));
      project.remove();
    });
  });
});
