import { afterEach, beforeEach, expect, it } from "vitest";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { Flow } from "../laws/flow.ts";
import { hazards } from "../../src/operations/hazards.ts";
import {
  metaDataOf,
  sql,
  t,
  table,
  trigger,
  virtualTable,
  type MetaData,
} from "../../src/schema/index.ts";

const post = table("post", { id: t.integer().primaryKey(), title: t.text(), body: t.text() });

const search = (...args: readonly string[]) =>
  virtualTable("post_search", { module: "fts5", args });
const filled = trigger("post_filled", {
  table: "post",
  timing: "after",
  events: ["insert"],
  body: sql`INSERT INTO post_search (rowid, title) VALUES (NEW.id, NEW.title);`,
});
const boxes = virtualTable("box", { module: "rtree", args: ["id", "min_x", "max_x"] });

const VERSIONS: readonly MetaData[] = [
  metaDataOf([post]),
  metaDataOf([post, boxes, filled, search("title", "content='post'", "content_rowid='id'")]),
  metaDataOf([
    post,
    filled,
    search("title", "body", "content='post'", "content_rowid='id'", "tokenize = 'porter ascii'"),
  ]),
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

    it("virtual tables come, change and go; an index over another table's rows is filled again", async () => {
      for (const [at, models] of VERSIONS.entries()) {
        await flow.autogenerate(models);
        await flow.upgrade();
        if (at === 0) await database.query("INSERT INTO post VALUES (1, 'Ada', 'walks')");
        expect(await flow.check(models)).toEqual([]);
        expect(await flow.check(await flow.reflect())).toEqual([]);
        await flow.downgrade();
        await flow.upgrade();
        if (at === 0) await database.query("INSERT INTO post VALUES (1, 'Ada', 'walks')");
        expect(await flow.check(models)).toEqual([]);
      }
      const found = await database.query("SELECT rowid FROM post_search('walking')");
      expect(found).toEqual([{ rowid: 1 }]);
    });

    it("keeps what the module has behind it, and says what a change of it costs", async () => {
      await flow.autogenerate(metaDataOf([boxes]));
      await flow.upgrade();
      const { objects, skipped, tables } = await flow.reflect();
      expect([tables, skipped]).toEqual([[], []]);
      expect(objects).toMatchObject([{ kind: "virtualTable", name: "box" }]);
      const { operations } = await flow.difference(
        metaDataOf([virtualTable("box", { module: "rtree_i32", args: ["id", "min_x", "max_x"] })]),
      );
      expect(operations.flatMap(hazards)).toEqual([
        { kind: "loss", text: "drops the virtual table's rows" },
      ]);
    });
  },
  { only: ["sqlite"] },
);
