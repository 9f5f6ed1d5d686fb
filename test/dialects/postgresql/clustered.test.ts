import { expect, it } from "vitest";
import { forEachDatabase } from "../../support/databases.ts";
import { Flow } from "../../laws/flow.ts";
import { index, metaDataOf, t, table, type MetaData } from "../../../src/schema/index.ts";

const models = (clustered: boolean): MetaData =>
  metaDataOf([
    table(
      "users",
      { id: t.integer().primaryKey(), email: t.text() },
      {
        with: (c) => [
          index("ix_email")
            .on(c.email)
            .options(clustered ? { clustered: true } : {}),
        ],
      },
    ),
  ]);

const CLUSTERED =
  "SELECT relname::text FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE indisclustered";

forEachDatabase(
  (db) => {
    it("the index that a table is clustered on is told, made and unmade", async () => {
      const { url, query } = await db.create();
      const flow = await Flow.open(url);
      const steps = [false, true, false, true];
      for (const clustered of steps) {
        await flow.autogenerate(models(clustered));
        await flow.upgrade();
        expect(await query(CLUSTERED)).toEqual(clustered ? [{ relname: "ix_email" }] : []);
        expect(await flow.check(models(clustered))).toEqual([]);
      }
      await flow.downgrade();
      expect(await query(CLUSTERED)).toEqual([]);
      await flow.close();
    });
  },
  { only: ["postgresql"] },
);
