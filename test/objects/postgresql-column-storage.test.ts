import { expect, it } from "vitest";
import { walk } from "./walk.ts";
import { Flow } from "../laws/flow.ts";
import { forEachDatabase } from "../support/databases.ts";
import { t, table } from "../../src/schema/index.ts";

const key = t.integer().primaryKey();
const item = (columns: Parameters<typeof table>[1]): readonly unknown[] => [
  table("item", { id: key, ...columns }),
];

forEachDatabase(
  (db) => {
    it("how values are kept and sampled comes and goes with the column, and outlives a new type", async () => {
      const database = await db.create();
      const flow = await Flow.open(database.url);
      try {
        const steps = [
          item({ body: t.text(), size: t.numeric(10, 2) }),
          item({
            body: t.text().options({ storage: "external", statistics: 500 }),
            size: t.numeric(10, 2).options({ n_distinct: -0.5 }),
          }),
          item({
            body: t.varchar(200).options({ storage: "EXTERNAL", compression: "pglz" }),
            size: t.numeric(12, 2).options({ n_distinct: 10, n_distinct_inherited: 20 }),
          }),
          item({
            body: t.varchar(300).options({ storage: "main" }),
            size: t.numeric(12, 2).options({ storage: "external", statistics: 0 }),
            more: t.jsonb().options({ compression: "pglz", statistics: 10 }),
          }),
          // what the type has anyway
          item({
            body: t.varchar(300).options({ storage: "extended", compression: "default" }),
            size: t.numeric(12, 2).options({ storage: "main", statistics: -1 }),
          }),
        ];
        expect(await walk(flow, database, steps)).toBe(steps.length);
      } finally {
        await flow.close();
      }
    });

    it("what the models cannot say is told", async () => {
      const database = await db.create();
      await database.query(`
        CREATE TABLE item (a int, b int);
        CREATE INDEX item_ix ON item ((a + b));
        ALTER INDEX item_ix ALTER COLUMN 1 SET STATISTICS 300;
        CREATE TABLE part (a int, b text) PARTITION BY LIST (a);
        CREATE TABLE part_one PARTITION OF part FOR VALUES IN (1);
        ALTER TABLE part_one ALTER COLUMN b SET STORAGE external;
        CREATE CONVERSION turn FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;`);
      const flow = await Flow.open(database.url);
      try {
        const { skipped } = await flow.reflect();
        const kinds = skipped.map(({ kind }) => kind);
        expect(kinds).toEqual(
          expect.arrayContaining([...["conversion", "statistics target", "inherited column"]]),
        );
      } finally {
        await flow.close();
      }
    });

    it("what the models cannot say of a NOT NULL is told", async () => {
      const database = await db.create();
      await database.query("CREATE TABLE item (a int CONSTRAINT own NOT NULL, b int, c int)");
      const flow = await Flow.open(database.url);
      try {
        if (flow.connection.server.versionNumber >= 180_000)
          await database.query(`
            ALTER TABLE item ADD CONSTRAINT seen NOT NULL b NOT VALID, ADD CONSTRAINT alone NOT NULL c NO INHERIT;
            COMMENT ON CONSTRAINT alone ON item IS 'why'`);
        const { skipped } = await flow.reflect();
        const told = skipped.map(({ kind, table, name }) => `${kind} ${table ?? ""}.${name}`);
        expect(told).toEqual(
          flow.connection.server.versionNumber >= 180_000
            ? [
                "comment of not null item.alone",
                "not null without inheritance item.alone",
                "unvalidated not null item.seen",
              ]
            : [],
        );
      } finally {
        await flow.close();
      }
    });
  },
  { only: ["postgresql"] },
);
