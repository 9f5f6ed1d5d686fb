import { afterEach, beforeEach, expect, it } from "vitest";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { Flow } from "../laws/flow.ts";
import { metaDataOf, sql, t, table, trigger, view, type MetaData } from "../../src/schema/index.ts";

const users = table("users", { id: t.integer().primaryKey(), email: t.varchar(80).notNull() });
const named = table("users", {
  id: t.integer().primaryKey(),
  email: t.varchar(80).notNull(),
  name: t.varchar(80),
});
const log = table("log", { at: t.integer(), what: t.varchar(80) });

const noted = (what: string) => sql`INSERT INTO log (at, what) VALUES (NEW.id, ${what});`;

/** Versions of a schema whose triggers come, change in every attribute, and go. */
const ON_SQLITE: readonly MetaData[] = [
  metaDataOf([users, log]),
  metaDataOf([
    users,
    log,
    view("addresses", { query: sql`SELECT id, email FROM users` }),
    trigger("noted", { table: "users", timing: "after", events: ["insert"], body: noted("new") }),
    trigger("through", {
      table: "addresses",
      timing: "insteadOf",
      events: ["delete"],
      body: sql`DELETE FROM users WHERE id = OLD.id; -- of the view`,
    }),
  ]),
  // the view is made anew, its trigger stays; the other one changes with the table it is on
  metaDataOf([
    named,
    log,
    view("addresses", { query: sql`SELECT id, email, name FROM users` }),
    trigger("noted", {
      table: "users",
      timing: "before",
      events: ["update"],
      columns: ["email", "name"],
      when: sql`NEW.name <> 'begin' AND (SELECT count(*) FROM log) < 100`,
      body: sql`UPDATE log SET what = CASE WHEN NEW.name IS NULL THEN 'end;' ELSE NEW.name END; SELECT 1`,
    }),
    trigger("through", {
      table: "addresses",
      timing: "insteadOf",
      events: ["delete"],
      body: sql`DELETE FROM users WHERE id = OLD.id; -- of the view`,
    }),
  ]),
  // what it stood on goes
  metaDataOf([
    users,
    log,
    trigger("noted", {
      table: "users",
      timing: "after",
      events: ["delete"],
      body: sql`DELETE FROM log`,
    }),
  ]),
];

async function through(flow: Flow, db: TestDatabase, versions: readonly MetaData[]): Promise<void> {
  const [first] = versions;
  for (const models of versions) {
    await flow.autogenerate(models);
    await flow.upgrade();
    expect(await flow.check(models)).toEqual([]);
    // a second look, and the models as the database tells them
    expect(await flow.check(await flow.reflect())).toEqual([]);
    await flow.downgrade();
    await flow.upgrade();
    expect(await flow.check(models)).toEqual([]);
    if (models === first)
      await db.query("INSERT INTO users (id, email) VALUES (1, 'ada@example.org')");
  }
  expect(await db.query("SELECT id, email FROM users")).toEqual([
    { id: 1, email: "ada@example.org" },
  ]);
}

forEachDatabase(
  (db) => {
    let flow: Flow;
    let database: TestDatabase;
    beforeEach(async () => {
      database = await db.create();
      flow = await Flow.open(database.url);
    });
    afterEach(() => flow.close());

    it("triggers come, change and go with the tables and views they are on", async () => {
      await through(flow, database, ON_SQLITE);
    });

    it("reads triggers that were written in any way", async () => {
      await database.query(`CREATE TABLE "a b" (x, "select", begin);
        CREATE TABLE t (as_ INT);
        CREATE TRIGGER IF NOT EXISTS main."tr 1" AFTER UPDATE OF x, [select] ON 'a b' FOR EACH ROW
          WHEN new.begin > 1 AND (SELECT 1) BEGIN INSERT INTO t VALUES (1); SELECT CASE WHEN 1 THEN 2 END; /* END */ END;
        CREATE TRIGGER before DELETE ON T BEGIN SELECT 'begin;end'; END;`);
      await flow.close();
      flow = await Flow.open(database.url);
      const { objects, skipped } = await flow.reflect();
      expect(skipped).toEqual([]);
      expect(objects).toMatchObject([
        { name: "before", table: "t", timing: "before", events: ["delete"] },
        {
          name: "tr 1",
          table: "a b",
          timing: "after",
          events: ["update"],
          columns: ["x", "select"],
        },
      ]);
      expect(await flow.check(await flow.reflect())).toEqual([]);
    });
  },
  { only: ["sqlite"] },
);
