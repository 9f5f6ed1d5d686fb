import { describe, expect, it } from "vitest";
import { onPostgresql, walk } from "./walk.ts";
import type { TestDatabase } from "../support/databases.ts";
import {
  domain,
  materializedView,
  metaDataOf,
  sql,
  t,
  table,
  view,
  type MetaData,
} from "../../src/schema/index.ts";

const users = table("users", {
  id: t.integer().primaryKey(),
  email: t.varchar(80).notNull(),
  name: t.text(),
});
const wider = table("users", {
  id: t.bigint().primaryKey(),
  email: t.text().notNull(),
  name: t.text(),
  age: t.integer(),
});
const narrow = table("users", { id: t.integer().primaryKey(), email: t.varchar(80).notNull() });

const STEPS: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  "come and go": [
    [users],
    [users, view("addresses", { query: sql`SELECT email FROM users WHERE name <> ''` })],
    [users],
  ],
  "are replaced, options and comments too": [
    [
      users,
      view("v", {
        query: sql`SELECT id, email FROM users`,
        comment: "old",
        columnComments: { id: "the key", email: "where" },
        defaults: { email: sql`'nobody'` },
        options: { postgresql: { security_barrier: true } },
      }),
    ],
    [
      users,
      view("v", {
        query: sql`SELECT id, email, name FROM users`,
        comment: "new",
        columnComments: { id: "the key", name: "what" },
        defaults: { email: sql`'somebody'`, id: sql`1 + 1` },
        options: { postgresql: { check_option: "local" } },
      }),
    ],
    [users, view("v", { columns: ["a", "b"], query: sql`SELECT name, id FROM users` })],
  ],
  "are made anew under others that stay": [
    [
      users,
      view("a", { query: sql`SELECT id, email FROM users` }),
      view("b", { query: sql`SELECT id FROM a WHERE id > 1`, comment: "b" }),
      materializedView("c", {
        query: sql`SELECT count(*) AS n, max(id) AS id FROM b`,
        indexes: [{ name: "c_id", elements: [{ column: "id" }], unique: true }],
      }),
    ],
    [
      users,
      view("a", { query: sql`SELECT email, id FROM users WHERE name = 'x'` }),
      view("b", { query: sql`SELECT id FROM a WHERE id > 1`, comment: "b" }),
      materializedView("c", {
        query: sql`SELECT count(*) AS n, max(id) AS id FROM b`,
        indexes: [{ name: "c_id", elements: [{ column: "id" }], unique: true }],
      }),
    ],
  ],
  "change all at once, with the table below": [
    [
      users,
      view("a", { query: sql`SELECT * FROM users` }),
      view("b", { query: sql`SELECT id, name FROM a` }),
      view("z", { query: sql`SELECT id FROM b` }),
    ],
    [
      wider,
      view("a", { query: sql`SELECT * FROM users` }),
      view("b", { query: sql`SELECT age, id FROM a` }),
      view("z", { query: sql`SELECT id FROM b` }),
    ],
    [narrow, view("a", { query: sql`SELECT email FROM users` })],
    [users],
  ],
  "that stand on a table which becomes a view": [
    [users, view("v", { query: sql`SELECT id FROM users` })],
    [
      table("people", { id: t.integer().primaryKey() }),
      view("users", { query: sql`SELECT id FROM people` }),
      view("v", { query: sql`SELECT id FROM users` }),
    ],
  ],
  "that look for words among others": [
    [users, view("a", { query: sql`SELECT id FROM users WHERE email IN ('a', 'b')` })],
    [wider, view("a", { query: sql`SELECT id FROM users WHERE email IN ('a', 'b')` })],
  ],
  "that list all columns of a view follow it": [
    [
      users,
      view("a", { query: sql`SELECT id, email AS address FROM users` }),
      view("b", { query: sql`SELECT * FROM a` }),
      materializedView("c", { query: sql`SELECT * FROM b WHERE id > 1` }),
    ],
    [
      users,
      view("a", { query: sql`SELECT id, email AS mail, name FROM users` }),
      view("b", { query: sql`SELECT * FROM a` }),
      materializedView("c", { query: sql`SELECT * FROM b WHERE id > 1` }),
    ],
  ],
  "that list all columns of a table whose columns go and come again": [
    [users, view("a", { query: sql`SELECT * FROM users` })],
    [
      table("users", { id: t.integer().primaryKey(), name: t.text() }),
      view("a", { query: sql`SELECT * FROM users` }),
    ],
    [users, view("a", { query: sql`SELECT * FROM users` })],
  ],
  "that list all columns of a table which gets one of a new type": [
    [
      users,
      view("a", { query: sql`SELECT * FROM users` }),
      view("b", { query: sql`SELECT * FROM a` }),
    ],
    [
      domain("score", { baseType: "integer" }),
      table("users", {
        id: t.integer().primaryKey(),
        email: t.varchar(80).notNull(),
        name: t.text(),
        score: t.raw("score"),
      }),
      view("a", { query: sql`SELECT * FROM users` }),
      view("b", { query: sql`SELECT * FROM a` }),
    ],
  ],
  "are read with the columns that they will find": [
    [
      table("amounts", { id: t.integer().primaryKey(), amount: t.numeric(10, 2).notNull() }),
      view("a", { query: sql`SELECT id, amount + 1 AS more FROM amounts` }),
      view("b", { query: sql`SELECT id FROM a WHERE more * 2 > 10` }),
      view("c", { query: sql`SELECT id, sum(amount) AS n FROM public.amounts GROUP BY id` }),
    ],
    [
      table("amounts", { id: t.integer().primaryKey(), amount: t.integer().notNull() }),
      view("a", { query: sql`SELECT id, amount + 1 AS more FROM amounts` }),
      view("b", { query: sql`SELECT id FROM a WHERE more * 2 > 10` }),
      view("c", { query: sql`SELECT id, sum(amount) AS n FROM public.amounts GROUP BY id` }),
    ],
    [
      table("amounts", { id: t.integer().primaryKey(), amount: t.text().notNull() }),
      view("a", { query: sql`SELECT id, amount || '1' AS more FROM amounts` }),
      view("b", { query: sql`SELECT id FROM a WHERE lower(more) > 'x'` }),
    ],
    [
      table("amounts", { id: t.integer().primaryKey(), amount: t.integer().notNull() }),
      view("a", { query: sql`SELECT id, amount + 1 AS more FROM amounts` }),
    ],
  ],
  "that are materialised": [
    [
      users,
      materializedView("m", {
        query: sql`SELECT email, count(*) AS n FROM users GROUP BY email`,
        indexes: [
          { name: "m_email", elements: [{ column: "email" }], comment: "by email" },
          { name: "m_lower", elements: [{ expression: sql`lower(email)` }] },
        ],
        comment: "counts",
        columnComments: { n: "how many" },
        options: { postgresql: { fillfactor: 70 } },
      }),
      materializedView("long", {
        query: sql`SELECT email::text AS email FROM users`,
        options: { postgresql: { "toast.autovacuum_enabled": false } },
      }),
    ],
    [
      users,
      materializedView("m", {
        query: sql`SELECT email, count(*) AS n FROM users GROUP BY email`,
        indexes: [
          { name: "m_email", elements: [{ column: "email" }], unique: true },
          { name: "m_n", elements: [{ column: "n", order: "desc" }] },
        ],
        populated: false,
        columnComments: { email: "who" },
        options: { postgresql: { autovacuum_enabled: false } },
      }),
    ],
    [
      users,
      materializedView("m", {
        query: sql`SELECT count(*) AS n, name FROM users GROUP BY name`,
        indexes: [{ name: "m_n", elements: [{ column: "n", order: "desc" }] }],
      }),
    ],
  ],
};

onPostgresql((now) => {
  describe("stored queries", () => {
    for (const [name, steps] of Object.entries(STEPS)) {
      it(name, async () => {
        expect(await walk(now.flow, now.place, steps)).toBe(steps.length);
      });
    }

    it("that are made anew keep grants, rules and triggers of no one's models", async () => {
      const models = (query: string): MetaData =>
        metaDataOf([
          users,
          view("a", { query: sql.raw(query) }),
          view("b", { query: sql`SELECT id FROM a` }),
        ]);
      const { flow, place } = now;
      flow.kinds = undefined;
      await flow.autogenerate(models("SELECT id, email FROM users"));
      await flow.upgrade();
      await place.query("GRANT SELECT, INSERT (id) ON a TO PUBLIC");
      await place.query("GRANT SELECT ON b TO PUBLIC");
      await place.query("CREATE RULE r AS ON DELETE TO b DO INSTEAD NOTHING");
      const before = await acl(place);
      await flow.autogenerate(models("SELECT email, id FROM users"));
      await flow.upgrade();
      expect(await acl(place)).toEqual(before);
      await flow.downgrade();
      expect(await acl(place)).toEqual(before);
    });
  });
});

function acl(place: TestDatabase): Promise<unknown> {
  return place.query(
    `SELECT relname, relacl::text, (SELECT string_agg(attname || attacl::text, ',') FROM pg_attribute WHERE attrelid = c.oid AND attacl IS NOT NULL) AS columns,
      (SELECT count(*)::int FROM pg_rewrite WHERE ev_class = c.oid) AS rules FROM pg_class c WHERE relname IN ('a', 'b') ORDER BY 1`,
  );
}
