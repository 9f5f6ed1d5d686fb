import { afterEach, beforeEach, expect, it } from "vitest";
import { insertions } from "../../src/objects/enum/values.ts";
import { reverseAll, type Operation } from "../../src/operations/index.ts";
import {
  check,
  enumType,
  index,
  metaDataOf,
  sql,
  t,
  table,
  type MetaData,
} from "../../src/schema/index.ts";
import { Bench } from "../dialects/postgresql/support.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";

it("values are added next to the one that is there", () => {
  expect(insertions(["b", "d"], ["a", "b", "c", "d", "e"])).toEqual([
    { value: "a", place: "BEFORE", neighbour: "b" },
    { value: "c", place: "AFTER", neighbour: "b" },
    { value: "e", place: "AFTER", neighbour: "d" },
  ]);
  expect(insertions([], ["a", "b"])).toEqual([
    { value: "a", place: "AFTER" },
    { value: "b", place: "AFTER", neighbour: "a" },
  ]);
  expect(insertions(["a", "b"], ["b", "a"])).toBeUndefined();
  expect(insertions(["a", "b"], ["a"])).toBeUndefined();
});

function modelsWith(values: readonly string[], first: string, comment?: string): MetaData {
  const mood = enumType("mood", values, comment === undefined ? {} : { comment });
  const people = table(
    "people",
    {
      id: t.integer().identity().primaryKey(),
      mood: mood().notNull().default(first),
      moods: t.array(mood()).default("{}"),
      is_low: t.boolean().generatedAs(sql`mood = 'low'`),
    },
    {
      with: (c) => [
        check("ck_mood", sql`mood <> 'low' OR id > 0`),
        index("ix_mood").on(c.mood),
        index("ix_low")
          .on(c.id)
          .where(sql`mood = 'low'`),
      ],
    },
  );
  return metaDataOf([mood, people]);
}

forEachDatabase(
  (db) => {
    let database: TestDatabase;
    let bench: Bench;
    beforeEach(async () => {
      database ??= await db.create();
      bench = await Bench.open(database);
    });
    afterEach(async () => {
      await bench.close();
      await database.reset();
    });

    const rows = (): Promise<unknown> =>
      database.query("SELECT id, mood::text, moods::text, is_low FROM people ORDER BY id");
    const change = async (from: MetaData, to: MetaData): Promise<readonly Operation[]> => {
      await bench.upgradeTo(from);
      await database.query(
        "INSERT INTO people (mood, moods) VALUES ('low', '{low,high}'), ('high', NULL)",
      );
      const before = { catalog: await bench.reflect(), rows: await rows() };
      const operations = await bench.upgradeTo(to);
      expect(await bench.differences(to)).toEqual([]);
      expect(await rows()).toEqual(before.rows);
      const statements = bench.statements;
      await bench.migrate(reverseAll(operations));
      expect(await bench.reflect()).toEqual(before.catalog);
      expect(await rows()).toEqual(before.rows);
      expect(await bench.differences(from)).toEqual([]);
      bench.statements = statements;
      return operations;
    };

    it("a value that nobody uses yet is added in its place", async () => {
      await change(
        modelsWith(["low", "high"], "low"),
        modelsWith(["low", "middle", "high"], "low"),
      );
      expect(bench.statements).toEqual([`ALTER TYPE "mood" ADD VALUE 'middle' AFTER 'low'`]);
    });

    it("a value that is the new default in the same revision can be used at once", async () => {
      const operations = await change(
        modelsWith(["low", "high"], "low"),
        modelsWith(["low", "middle", "high"], "middle"),
      );
      expect(operations.map(({ kind }) => kind)).toEqual(["alterEnum", "alterColumn"]);
    });

    it("values removed and reordered keep rows, defaults, checks, indexes and computed columns", async () => {
      await change(
        modelsWith(["gone", "low", "high"], "gone", "a mood"),
        modelsWith(["high", "low"], "high", "a mood"),
      );
    });

    it("only the comment changes", async () => {
      const operations = await change(
        modelsWith(["low", "high"], "low", "one"),
        modelsWith(["low", "high"], "low", "two"),
      );
      expect(operations.map(({ kind }) => kind)).toEqual(["alterEnum"]);
      expect(bench.statements).toEqual([`COMMENT ON TYPE "mood" IS 'two'`]);
    });

    it("views, foreign keys and other schemas follow", async () => {
      const models = (values: readonly string[]): MetaData => {
        const kind = enumType("kind", values, { schema: "app" });
        const parent = table("parent", { kind: kind().primaryKey() }, { schema: "app" });
        const child = table("child", {
          id: t.integer().primaryKey(),
          kind: kind().default("b").references("app.parent.kind", { name: "child_kind_fkey" }),
        });
        return metaDataOf([kind, parent, child]);
      };
      const filter = { schemas: [undefined, "app"] };
      await bench.upgradeTo(models(["a", "b"]), filter);
      await database.query(`INSERT INTO app.parent VALUES ('a'), ('b'); INSERT INTO child (id) VALUES (1);
        CREATE VIEW lower_ AS SELECT id, kind FROM child WHERE kind = 'b'; COMMENT ON VIEW lower_ IS 'kept';
        CREATE VIEW upper_ AS SELECT c.id, p.kind FROM lower_ c JOIN app.parent p ON p.kind = c.kind; GRANT SELECT ON upper_ TO PUBLIC`);
      const before = await bench.reflect(filter);
      const operations = await bench.upgradeTo(models(["b", "a", "c"]), filter);
      expect(await bench.differences(models(["b", "a", "c"]), filter)).toEqual([]);
      expect(await database.query("SELECT * FROM upper_")).toEqual([{ id: 1, kind: "b" }]);
      await bench.migrate(reverseAll(operations));
      expect(await bench.reflect(filter)).toEqual(before);
      const [kept] = await database.query(
        "SELECT obj_description('lower_'::regclass) AS comment, has_table_privilege('public', 'upper_', 'select') AS granted",
      );
      expect(kept).toEqual({ comment: "kept", granted: true });
    });

    it("an enum called like a type of the server's own, and odd values", async () => {
      const models = (values: readonly string[]): MetaData => {
        const name = enumType("name", values);
        return metaDataOf([name, table("t", { a: name().default("it's"), b: t.array(name()) })]);
      };
      await bench.upgradeTo(models(["it's", "b\\s", "größe, x"]));
      expect(await bench.differences(models(["it's", "b\\s", "größe, x"]))).toEqual([]);
      await bench.upgradeTo(models(["größe, x", "it's"]));
      expect(await bench.differences(models(["größe, x", "it's"]))).toEqual([]);
    });

    it("a removed value that rows still have is refused, and nothing changes", async () => {
      await bench.upgradeTo(modelsWith(["low", "high"], "low"));
      await database.query("INSERT INTO people (mood) VALUES ('high')");
      const before = await bench.reflect();
      await expect(bench.upgradeTo(modelsWith(["low"], "low"))).rejects.toMatchObject({
        code: "statement-failed",
      });
      expect(await bench.reflect()).toEqual(before);
    });
  },
  { only: ["postgresql"] },
);
