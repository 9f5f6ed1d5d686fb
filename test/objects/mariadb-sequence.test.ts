import { afterEach, beforeEach, expect, it } from "vitest";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { Flow } from "../laws/flow.ts";
import {
  metaDataOf,
  sequence,
  sql,
  t,
  table,
  view,
  type MetaData,
} from "../../src/schema/index.ts";

const bare = table("invoices", { id: t.integer().primaryKey() });
const counted = table("invoices", {
  id: t.integer().primaryKey(),
  number: t.bigint().default(sql`nextval(numbers)`),
});

const VERSIONS: readonly MetaData[] = [
  metaDataOf([bare]),
  metaDataOf([counted, sequence("numbers", { start: 1000, comment: "it's" })]),
  metaDataOf([
    counted,
    sequence("numbers", { increment: 10, minValue: 5, maxValue: 50000, cache: 0 }),
  ]),
  metaDataOf([counted, sequence("numbers", { increment: -3, cycle: true, cache: 20 })]),
  // the counter is not in the new range yet
  metaDataOf([bare, sequence("numbers", { increment: -3, maxValue: -500, start: -600 })]),
  metaDataOf([bare, sequence("others")]),
  metaDataOf([bare, sequence("others", { minValue: 5, start: 20 })]),
  metaDataOf([bare]),
];

forEachDatabase(
  (db) => {
    let flow: Flow;
    let database: TestDatabase;
    beforeEach(async () => {
      database = await db.create();
      flow = await Flow.open(database.url);
    });
    afterEach(() => flow.close());

    it("sequences come, change in every attribute, and go", async () => {
      for (const models of VERSIONS) {
        const before = await flow.reflect();
        await flow.autogenerate(models);
        await flow.upgrade();
        expect(await flow.check(models)).toEqual([]);
        expect(await flow.check(await flow.reflect())).toEqual([]);
        await flow.downgrade();
        expect(await flow.check(before)).toEqual([]);
        await flow.upgrade();
        expect(await flow.check(models)).toEqual([]);
      }
    });

    it("go after columns have moved under a view of all of them", async () => {
      const shown = view("shown", { query: sql`SELECT * FROM invoices` });
      const [id, name] = [t.integer().notNull(), t.text()];
      const number = t.bigint().default(sql`nextval(numbers)`);
      const before = metaDataOf([
        table("invoices", { id, name, number }),
        shown,
        sequence("numbers"),
      ]);
      const after = metaDataOf([table("invoices", { name, id }), shown]);
      const columns = async (): Promise<readonly string[]> => {
        const rows = await database.query("SHOW COLUMNS FROM shown");
        return rows.map((row) => String(row["Field"]));
      };
      await flow.autogenerate(before);
      await flow.upgrade();
      await flow.autogenerate(after);
      await flow.upgrade();
      expect(await columns()).toEqual(["name", "id"]);
      await flow.downgrade();
      expect(await columns()).toEqual(["id", "name", "number"]);
    });

    it("go on counting where they were, under the name of any database", async () => {
      const [, first = metaDataOf([]), second = metaDataOf([])] = VERSIONS;
      await flow.autogenerate(first);
      await flow.upgrade();
      await database.query("INSERT INTO invoices (id) VALUES (1)");
      await flow.autogenerate(second);
      await flow.upgrade();
      await database.query("INSERT INTO invoices (id) VALUES (2)");
      const rows = await database.query("SELECT number FROM invoices ORDER BY id");
      expect(Number(rows[1]?.["number"])).toBeGreaterThan(Number(rows[0]?.["number"]));
      expect(JSON.stringify((await flow.reflect()).tables)).not.toContain("`.`");
    });
  },
  { only: ["mariadb"] },
);
