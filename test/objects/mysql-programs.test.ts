import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { Flow } from "../laws/flow.ts";
import {
  event,
  metaDataOf,
  sql,
  sqlFunction,
  sqlProcedure,
  t,
  table,
  trigger,
  view,
  type MetaData,
} from "../../src/schema/index.ts";

const users = table("users", { id: t.integer().primaryKey(), email: t.varchar(80).notNull() });
const named = table("users", {
  id: t.integer().primaryKey(),
  email: t.varchar(80).notNull(),
  name: t.varchar(80),
});

/** Each list: a schema whose objects come, change in every attribute, and go. */
const VERSIONS: Readonly<Record<string, readonly MetaData[]>> = {
  views: [
    metaDataOf([
      users,
      view("addresses", {
        columns: ["who", "address"],
        query: sql`SELECT id, email FROM users WHERE email LIKE '%😀\\_%' -- all`,
        options: { mysql: { algorithm: "merge", security: "invoker", checkOption: true } },
      }),
    ]),
    metaDataOf([
      named,
      view("everything", { query: sql`SELECT * FROM users` }),
      view("addresses", {
        query: sql`SELECT u.id, count(*) AS n FROM users AS u GROUP BY u.id`,
        options: { mysql: { algorithm: "temptable", definer: "nobody@localhost" } },
      }),
    ]),
    metaDataOf([users, view("everything", { query: sql`SELECT * FROM users` })]),
  ],
  triggers: [
    metaDataOf([
      users,
      trigger("first", {
        table: "users",
        timing: "before",
        events: ["insert"],
        body: sql`BEGIN SET NEW.email = lower(NEW.email); SET @seen = '😀;'; END`,
      }),
    ]),
    metaDataOf([
      named,
      trigger("zero", {
        table: "users",
        timing: "before",
        events: ["insert"],
        body: sql`SET NEW.name = 'zero'`,
      }),
      trigger("first", {
        table: "users",
        timing: "before",
        events: ["insert"],
        follows: "zero",
        body: sql`SET NEW.name = concat(NEW.name, '!'); `,
        options: { mysql: { sqlMode: "ANSI_QUOTES,PIPES_AS_CONCAT" } },
      }),
    ]),
    metaDataOf([
      users,
      trigger("first", {
        table: "users",
        timing: "after",
        events: ["delete"],
        definer: "nobody@localhost",
        body: sql`DELETE FROM users WHERE false`,
      }),
    ]),
  ],
  routines: [
    metaDataOf([
      users,
      sqlFunction("label", {
        parameters: [
          { name: "n", type: "INTEGER" },
          { name: "words", type: "varchar(20) CHARACTER SET latin1" },
        ],
        returns: "VARCHAR(40)",
        body: sql`BEGIN DECLARE x INT; SET x = n; RETURN concat(words, ';', x, '😀?'); END`,
        deterministic: true,
        dataAccess: "no sql",
      }),
      view("labels", { query: sql`SELECT label(id, email) AS label FROM users` }),
      sqlProcedure("purge", {
        parameters: [
          { name: "days", type: "int" },
          { name: "gone", type: "DECIMAL(10,2)", mode: "out" },
          { name: "both", type: "bigint unsigned", mode: "inout" },
        ],
        body: sql`BEGIN SELECT count(*) INTO gone FROM users; -- of all
          DELETE FROM users WHERE id < days; END`,
      }),
    ]),
    // characteristics alone
    metaDataOf([
      users,
      sqlFunction("label", {
        parameters: [
          { name: "n", type: "INTEGER" },
          { name: "words", type: "varchar(20) CHARACTER SET latin1" },
        ],
        returns: "VARCHAR(40)",
        body: sql`BEGIN DECLARE x INT; SET x = n; RETURN concat(words, ';', x, '😀?'); END`,
        deterministic: true,
        dataAccess: "reads sql data",
        security: "invoker",
        comment: "it's a label",
      }),
      view("labels", { query: sql`SELECT label(id, email) AS label FROM users` }),
    ]),
    metaDataOf([
      users,
      sqlFunction("label", {
        parameters: [{ name: "n", type: "bigint" }],
        returns: "text",
        body: sql`RETURN n`,
        dataAccess: "no sql",
        options: { mysql: { sqlMode: "" } },
      }),
      sqlProcedure("purge", { body: sql`DELETE FROM users`, dataAccess: "modifies sql data" }),
    ]),
  ],
  events: [
    metaDataOf([
      users,
      event("nightly", {
        every: "1 day",
        body: sql`BEGIN DELETE FROM users WHERE id < 0; SELECT ';'; END`,
      }),
      event("once", { at: sql`'2037-01-01 00:00'`, body: sql`DELETE FROM users`, comment: "it's" }),
      event("over", { at: sql`'2001-01-01'`, body: sql`DELETE FROM users` }),
      event("kept", { at: sql`'2001-01-01'`, preserve: true, body: sql`DELETE FROM users` }),
    ]),
    metaDataOf([
      users,
      event("nightly", {
        every: "'1:30' HOUR_MINUTE",
        starts: sql`'2036-01-01 00:00:00'`,
        ends: sql`'2037-01-01 00:00:00'`,
        enabled: "disabled",
        preserve: true,
        body: sql`DELETE FROM users`,
        options: { mysql: { timeZone: "+02:00" } },
      }),
      event("once", { at: sql`CURRENT_TIMESTAMP + INTERVAL 1 YEAR`, body: sql`DO 1` }),
    ]),
    metaDataOf([users]),
  ],
};

forEachDatabase(
  (db) => {
    let flow: Flow;
    let database: TestDatabase;
    beforeEach(async () => {
      database = await db.create();
      flow = await Flow.open(database.url);
    });
    afterEach(() => flow.close());

    describe.each(Object.keys(VERSIONS))("%s", (kind) => {
      it("come, change and go, both ways, and compare equal", async () => {
        for (const [at, models] of (VERSIONS[kind] ?? []).entries()) {
          const before = await flow.reflect();
          await flow.autogenerate(models);
          await flow.upgrade();
          expect(await flow.check(models)).toEqual([]);
          expect(await flow.check(await flow.reflect())).toEqual([]);
          if (at > 0) {
            await flow.downgrade();
            expect(await flow.check(before)).toEqual([]);
            await flow.upgrade();
            expect(await flow.check(models)).toEqual([]);
          }
          if (at === 0) await database.query("INSERT INTO users (id, email) VALUES (1, 'Ada')");
        }
        expect(await database.query("SELECT id FROM users")).toEqual([{ id: 1 }]);
      });
    });

    it("creates programs under the server's mode, and leaves the session as it was", async () => {
      const models = metaDataOf([
        sqlFunction("one", { returns: "int", body: sql`RETURN 1`, dataAccess: "no sql" }),
      ]);
      const mode = "SELECT @@SESSION.sql_mode AS mode";
      const [before] = await flow.connection.query(mode);
      await flow.autogenerate(models);
      await flow.upgrade();
      expect(await flow.connection.query(mode)).toEqual([before]);
      expect(
        await database.query(
          "SELECT sql_mode = @@GLOBAL.sql_mode AS same FROM information_schema.routines WHERE routine_schema = DATABASE()",
        ),
      ).toEqual([{ same: 1 }]);
    });

    it("reads and writes programs with every escape as they were written", async () => {
      const body = String.raw`SELECT 'it''s', "q""r", 'c\\d', 'e\'f'`;
      await database.query(
        [
          "CREATE TABLE t (a varchar(20))",
          String.raw`CREATE PROCEDURE texts(IN kind enum('x','(')) SQL SECURITY INVOKER COMMENT 'it''s \\' ${body}`,
          String.raw`CREATE FUNCTION said(a varchar(9)) RETURNS varchar(20) CHARSET latin1 DETERMINISTIC NO SQL RETURN 'it''s \\'`,
          String.raw`CREATE TRIGGER first BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 'one''s \\'`,
          "CREATE TRIGGER second BEFORE INSERT ON t FOR EACH ROW FOLLOWS first SET @seen = 'two''s'",
          "CREATE EVENT later ON SCHEDULE EVERY 1 YEAR STARTS '2036-01-01' DISABLE COMMENT 'do it' DO SET @seen = 'do ''it'''",
        ].join(";\n"),
      );
      const models = await flow.reflect();
      expect(JSON.stringify(models)).toContain(JSON.stringify(body).slice(1, -1));
      const fresh = await Flow.open((await db.create()).url);
      await fresh.autogenerate(models);
      await fresh.upgrade();
      expect(await fresh.check(models)).toEqual([]);
      expect(await fresh.connection.query("SELECT said('') AS text")).toEqual([
        { text: "it's \\" },
      ]);
      await fresh.close();
    });

    it("gives a trigger its place back that was one of another moment meanwhile", async () => {
      const on = (timing: "before" | "after", name: string, more: object = {}): unknown =>
        trigger(name, {
          table: "users",
          timing,
          events: ["insert"],
          body: sql`SET @a = NEW.id`,
          ...more,
        });
      const first = metaDataOf([
        users,
        on("before", "one"),
        on("before", "two", { follows: "one" }),
      ]);
      const wide = table("users", { id: t.bigint().primaryKey(), email: t.varchar(80).notNull() });
      await flow.autogenerate(first);
      await flow.upgrade();
      await flow.autogenerate(metaDataOf([wide, on("after", "one"), on("before", "two")]));
      await flow.upgrade();
      await flow.downgrade();
      const rows = await database.query(
        "SELECT trigger_name AS name FROM information_schema.triggers WHERE trigger_schema = DATABASE() ORDER BY action_order",
      );
      expect(rows).toEqual([{ name: "one" }, { name: "two" }]);
    });

    it("lets triggers of one moment change places while a column goes", async () => {
      const models = (column: string, [first, second]: readonly [string, string]): MetaData => {
        const on = (name: string, more: object): unknown =>
          trigger(name, {
            ...{ table: "notes", timing: "before", events: ["insert"] },
            body: sql`SET NEW.${sql.identifier(column)} = 1`,
            ...more,
          });
        const notes = table("notes", { id: t.integer().primaryKey(), [column]: t.integer() });
        return metaDataOf([notes, on(first, {}), on(second, { follows: first })]);
      };
      const states = [models("a", ["two", "one"]), models("b", ["one", "two"])];
      for (const state of [...states, ...states]) {
        await flow.autogenerate(state);
        await flow.upgrade();
        expect(await flow.check(state)).toEqual([]);
        await flow.downgrade();
        await flow.upgrade();
        expect(await flow.check(state)).toEqual([]);
      }
    });

    it("says of a trigger that is not there that the statement failed, not the connection", async () => {
      await flow.autogenerate(metaDataOf([users]));
      await flow.upgrade();
      const body = "BEFORE INSERT ON users FOR EACH ROW FOLLOWS nobody SET NEW.id = 1";
      await expect(flow.connection.query(`CREATE TRIGGER one ${body}`)).rejects.toMatchObject({
        code: "statement-failed",
      });
    });

    it("keeps views working over renames", async () => {
      const query = (name: string) => sql`SELECT id FROM ${sql.raw(name)}`;
      await flow.autogenerate(metaDataOf([users, view("ids", { query: query("users") })]));
      await flow.upgrade();
      const people = table("people", {
        id: t.integer().primaryKey(),
        email: t.varchar(80).notNull(),
      });
      await flow.autogenerate(metaDataOf([people, view("ids", { query: query("people") })]), [
        { kind: "table", from: { name: "users" }, to: { name: "people" } },
      ]);
      await flow.upgrade();
      expect(await database.query("SELECT * FROM ids")).toEqual([]);
      await flow.downgrade();
      expect(await database.query("SELECT * FROM ids")).toEqual([]);
      await flow.upgrade();
      expect(await database.query("SELECT * FROM ids")).toEqual([]);
    });
  },
  { only: ["mysql", "mariadb"] },
);
