import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { Flow } from "../laws/flow.ts";
import { loadModels } from "../../src/models/index.ts";
import { renderModels } from "../../src/render/index.ts";
import {
  check,
  enumType,
  foreignKey,
  metaDataOf,
  sql,
  t,
  table,
  unique,
  type MetaData,
} from "../../src/schema/index.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";

/*
 * What other tools of the field are known to stumble over: differences that never go away, changes that the database
 * refuses. (Of the rest, partial failures are in runtime/run.test.ts, line ends in commands/history.test.ts, settings that
 * leak to the caller's session in commands/connection.test.ts, poolers in runtime/lock.test.ts.)
 */

const open: Flow[] = [];
afterEach(async () => {
  for (const flow of open.splice(0)) await flow.close();
});

async function flowOn(database: TestDatabase): Promise<Flow> {
  const flow = await Flow.open(database.url);
  open.push(flow);
  return flow;
}

const models = (...declarations: readonly unknown[]): MetaData => metaDataOf(declarations);

/** Makes the database what the models say, and demands that it then is. */
async function become(flow: Flow, wanted: MetaData): Promise<void> {
  await flow.autogenerate(wanted);
  await flow.upgrade();
  expect(await flow.check(wanted)).toEqual([]);
  expect((await flow.difference(wanted, true)).operations).toEqual([]);
}

/** Makes one of the other, back and again. */
async function change(flow: Flow, before: MetaData, after: MetaData): Promise<void> {
  await become(flow, before);
  await become(flow, after);
  await flow.downgrade();
  expect(await flow.check(before)).toEqual([]);
  await flow.upgrade();
  expect(await flow.check(after)).toEqual([]);
}

/** The models that `introspect` writes of a database, read back. */
async function introspected(flow: Flow): Promise<MetaData> {
  const folder = await mkdtemp(join(tmpdir(), "revline-traps-"));
  await writeFile(join(folder, "models.ts"), renderModels(await flow.reflect()));
  const found = await loadModels("models.ts", folder);
  await rm(folder, { recursive: true });
  return found;
}

forEachDatabase((db) => {
  const isMysql = db.family === "mysql" || db.family === "mariadb";

  it("takes booleans and their defaults in any spelling", async () => {
    const flow = await flowOn(await db.create());
    const flags = (...defaults: readonly unknown[]): MetaData =>
      models(
        table("flags", {
          id: t.integer().primaryKey(),
          a: t.boolean().default(defaults[0] === true),
          b: t.boolean().default(sql`FALSE`),
          c: t.boolean().notNull().default(1),
          ...(isMysql ? {} : { d: t.boolean().default(sql`'false'`) }),
        }),
      );
    await change(flow, flags(true), flags(false));
  });

  it("knows a JSON column, and the alias it is on MariaDB", async () => {
    const database = await db.create();
    const flow = await flowOn(database);
    const wanted = models(
      table("doc", {
        id: t.integer().primaryKey(),
        body: t.json().notNull(),
        more: t.json(),
        ...(isMysql ? { plain: t.longtext().collate("utf8mb4_bin") } : {}),
      }),
    );
    await change(flow, models(table("doc", { id: t.integer().primaryKey() })), wanted);
    expect(await flow.check(await introspected(flow))).toEqual([]);
  });

  it("knows a check by what it says, however the server spells it", async () => {
    const flow = await flowOn(await db.create());
    const wanted = (limit: number): MetaData =>
      models(
        table(
          "t",
          { id: t.integer().primaryKey(), kind: t.varchar(20), n: t.integer() },
          {
            with: (c) => [
              check("ck_in", sql`${c.kind} IN ('a', 'b')`),
              check("ck_not", sql`${c.n} != 0 and not (${c.n} > ${limit})`),
              check("ck_like", sql`${c.kind} LIKE 'a%' OR ${c.kind} IS NULL`),
              check(
                "ck_case",
                sql`CASE WHEN ${c.n} > 1 THEN length(${c.kind}) ELSE 3 END BETWEEN 1 AND 5`,
              ),
            ],
          },
        ),
      );
    await change(flow, wanted(10), wanted(20));
  });

  it("changes a column to an enum under its default, and uses a value that it has just added", async () => {
    const database = await db.create();
    const flow = await flowOn(database);
    const role = (...values: [string, ...string[]]) => enumType("role", values);
    const member = (column: object): object =>
      table("member", { id: t.integer().primaryKey(), ...column });
    const plain = models(member({ role: t.varchar(10).notNull().default("user") }));
    const two = role("user", "admin");
    const three = role("user", "admin", "owner");
    await become(flow, plain);
    await database.query("INSERT INTO member (id) VALUES (1)");
    await become(flow, models(two, member({ role: two().notNull().default("user") })));
    await become(flow, models(three, member({ role: three().notNull().default("owner") })));
    await database.query("INSERT INTO member (id) VALUES (2)");
    expect(await database.query("SELECT id, role FROM member ORDER BY id")).toEqual([
      { id: 1, role: "user" },
      { id: 2, role: "owner" },
    ]);
    await database.query("DELETE FROM member WHERE id = 2");
    await flow.downgrade();
    expect(await database.query("SELECT id, role FROM member")).toEqual([{ id: 1, role: "user" }]);
  });

  it("has names that several tables share", async () => {
    const flow = await flowOn(await db.create());
    const own = db.family === "mysql" ? "" : "_of";
    const both = (limit: number): MetaData =>
      models(
        ...["one", "two"].map((name) =>
          table(
            name,
            { id: t.integer().primaryKey(), a: t.integer(), b: t.integer() },
            {
              with: (c) => [
                // MySQL wants checks and foreign keys to be alone in their database
                check(own === "" ? `positive_${name}` : "positive", sql`${c.a} > ${limit}`),
                foreignKey([c.b], [() => c.id], { name: isMysql ? `self_${name}` : "self" }),
                ...(isMysql ? [unique("uq_a", [c.a])] : []),
              ],
            },
          ),
        ),
      );
    await change(flow, both(0), both(5));
  });

  describe("long names", () => {
    const limit = isMysql ? 64 : db.family === "postgresql" ? 63 : 200;
    const longest = (letter: string): string => letter.repeat(limit);

    it("are taken up to the limit, with the names that the database makes of them", async () => {
      const flow = await flowOn(await db.create());
      const wanted = models(
        table(longest("p"), { id: t.integer().primaryKey(), [longest("k")]: t.integer().unique() }),
        table(
          longest("t"),
          { id: t.integer().primaryKey(), [longest("c")]: t.integer().index() },
          {
            with: () => [
              // MySQL would make a name of the table's, and find it too long
              foreignKey(
                [longest("c")],
                [`${longest("p")}.id`],
                isMysql ? { name: longest("f") } : {},
              ),
              check(longest("x"), sql`${sql.identifier(longest("c"))} > 0`),
            ],
          },
        ),
      );
      await become(flow, wanted);
      expect(await flow.check(await introspected(flow))).toEqual([]);
    });

    it("are refused beyond it, before anything is written", async () => {
      if (db.family === "sqlite") return; // it has no limit
      const flow = await flowOn(await db.create());
      const beyond = models(table(`${longest("t")}t`, { id: t.integer().primaryKey() }));
      await expect(flow.autogenerate(beyond)).rejects.toMatchObject({ code: "name-too-long" });
      expect(flow.texts).toEqual([]);
    });
  });

  if (db.family === "sqlite") {
    it("keeps columns without a type", async () => {
      const database = await db.create();
      await database.query(
        "CREATE TABLE loose (id INTEGER PRIMARY KEY, a, b DEFAULT 1 NOT NULL, c CHECK (c > 0))",
      );
      const flow = await flowOn(database);
      const found = await introspected(flow);
      expect(await flow.check(found)).toEqual([]);
      await become(flow, found);
    });
  }

  if (db.family === "postgresql") {
    it("takes NOT NULL for the column's, also where it is a constraint with a name (PostgreSQL 18)", async () => {
      const database = await db.create();
      await database.query(
        "CREATE TABLE n (id integer CONSTRAINT given NOT NULL, a integer NOT NULL, b text)",
      );
      const flow = await flowOn(database);
      const rows = (isNull: boolean): MetaData => {
        const free = t.integer();
        return models(
          table("n", {
            id: t.integer().notNull(),
            a: isNull ? free : free.notNull(),
            b: isNull ? t.text().notNull() : t.text(),
          }),
        );
      };
      expect(await flow.check(rows(false))).toEqual([]);
      await change(flow, rows(false), rows(true));
    });
  }

  if (isMysql) {
    it("leaves the index that the server makes for a foreign key to the key", async () => {
      const database = await db.create();
      await database.query(
        `CREATE TABLE p (id int PRIMARY KEY);
         CREATE TABLE c (id int PRIMARY KEY, p int, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (id))`,
      );
      const flow = await flowOn(database);
      const parent = table("p", { id: t.integer().primaryKey() });
      const child = (key: boolean): MetaData => {
        const p = t.integer();
        return models(
          parent,
          table("c", {
            id: t.integer().primaryKey(),
            p: key ? p.references(() => parent.id, { name: "c_p" }) : p,
          }),
        );
      };
      expect(await flow.check(child(true))).toEqual([]);
      await change(flow, child(true), child(false));
    });
  }
});
