import { afterEach, beforeEach, expect, it } from "vitest";
import { forEachDatabase } from "../support/databases.ts";
import { Flow } from "../laws/flow.ts";
import { metaDataOf, sql, t, table, view, type MetaData } from "../../src/schema/index.ts";

const users = table("users", { id: t.integer().primaryKey(), email: t.varchar(80).notNull() });
const withName = table("users", {
  id: t.integer().primaryKey(),
  email: t.varchar(80).notNull(),
  name: t.varchar(80),
});

const VERSIONS: readonly MetaData[] = [
  metaDataOf([users]),
  metaDataOf([users, view("addresses", { query: sql`SELECT email FROM users` })]),
  // stands on a column that comes with it, and another view stands on it
  metaDataOf([
    withName,
    view("above", { query: sql`SELECT name FROM addresses WHERE name <> ''` }),
    view("addresses", { query: sql`SELECT email, name FROM users` }),
  ]),
  // the columns it stood on go
  metaDataOf([users, view("addresses", { query: sql`SELECT email FROM users WHERE id > 0` })]),
];

forEachDatabase(
  (db) => {
    let flow: Flow;
    beforeEach(async () => {
      flow = await Flow.open((await db.create()).url);
    });
    afterEach(() => flow.close());

    it("views come, change and go with the tables they stand on", async () => {
      for (const models of VERSIONS) {
        await flow.autogenerate(models);
        await flow.upgrade();
        expect(await flow.check(models)).toEqual([]);
        await flow.downgrade();
        await flow.upgrade();
        expect(await flow.check(models)).toEqual([]);
      }
    });
  },
  { only: ["sqlite", "mysql", "mariadb"] },
);
