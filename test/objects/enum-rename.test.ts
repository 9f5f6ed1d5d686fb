import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Flow, print } from "../laws/flow.ts";
import { judgePostgresql } from "../laws/judge/index.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { likelyRenames, parseRename } from "../../src/compare/index.ts";

const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`;
const inArray = (value: string): string =>
  /^\w+$/.test(value) ? value : `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;

/** Everything that a value of an enum can be part of. */
function schema(value: string): string {
  const on = quoted(value);
  return `
    CREATE SCHEMA app;
    CREATE TYPE status AS ENUM ('new', ${on}, 'off');
    CREATE TYPE app."Mood" AS ENUM (${on}, 'sad');
    CREATE TYPE other AS ENUM ('active');
    CREATE DOMAIN known AS status DEFAULT ${on} CHECK (VALUE <> 'off');
    CREATE TABLE item (
      id integer PRIMARY KEY,
      status status NOT NULL DEFAULT ${on},
      states status[] DEFAULT ARRAY[${on}, 'off']::status[],
      mood app."Mood" DEFAULT ${on},
      other other DEFAULT 'active',
      known known,
      word text DEFAULT 'active',
      is_on boolean GENERATED ALWAYS AS (status = ${on}) STORED,
      CONSTRAINT item_ck CHECK (status IN (${on}, 'off') OR word = 'active' OR mood = ${on}),
      CONSTRAINT item_any_ck CHECK (status = ANY (${quoted(`{new,${inArray(value)}}`)}::status[]) OR other = 'active')
    );
    CREATE INDEX item_on_ix ON item (id) WHERE status = ${on};
    CREATE INDEX item_is_ix ON item ((status = ${on}));
    CREATE VIEW shown AS SELECT id, CASE status WHEN ${on} THEN 'active' ELSE 'x' END AS word FROM item WHERE mood = ${on};
    CREATE MATERIALIZED VIEW kept AS SELECT id FROM item WHERE status = ${on};
    ALTER TABLE item ENABLE ROW LEVEL SECURITY;
    CREATE POLICY those ON item USING (status = ${on}) WITH CHECK (known::status <> ${on});
    CREATE FUNCTION said() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
    CREATE TRIGGER tell BEFORE UPDATE ON item FOR EACH ROW WHEN (NEW.status = ${on}) EXECUTE FUNCTION said();
    CREATE RULE quiet AS ON DELETE TO item WHERE old.status = ${on} DO INSTEAD NOTHING;
    CREATE TABLE part (id integer, status status) PARTITION BY LIST (status);
    CREATE TABLE part_on PARTITION OF part FOR VALUES IN (${on}, 'new') PARTITION BY LIST (status);
    CREATE TABLE part_on_on PARTITION OF part_on FOR VALUES IN (${on});`;
}

forEachDatabase(
  (db) => {
    describe("a value of an enum", () => {
      let before: TestDatabase;
      let after: TestDatabase;
      let flow: Flow;
      let target: Flow;
      beforeEach(async () => {
        before = await db.create();
        after = await db.create();
        flow = await Flow.open(before.url, ["app"]);
        target = await Flow.open(after.url, ["app"]);
      });
      afterEach(async () => {
        await flow.close();
        await target.close();
      });
      const seen = (place: TestDatabase): Promise<unknown> =>
        judgePostgresql((text) => place.query(text));

      it.each([
        ["active", "enabled"],
        ["active", 'it\'s {on}, "now"'],
        ["in progress", "running"],
        ["a:b.c", "d"],
      ])("is renamed wherever it is used: %s to %s", async (from, to) => {
        await before.query(schema(from));
        await after.query(schema(to));
        await before.query(
          `INSERT INTO item (id, status, states, mood) VALUES (1, ${quoted(from)}, ARRAY[${quoted(from)}]::status[], ${quoted(from)})`,
        );
        const [start, models] = [await seen(before), await target.reflect()];
        const { operations } = await flow.difference(models);
        const questions = likelyRenames(operations);
        expect(questions.map(({ name }) => name).toSorted()).toEqual([
          `app.Mood.${from}:${to}`,
          `status.${from}:${to}`,
        ]);
        const live = await flow.reflect();
        const renames = questions.map(({ name }) => parseRename(name, live, models));
        const done = await flow.autogenerate(models, renames);
        expect(done.operations.map(print).toSorted()).toEqual(
          [{ name: "status" }, { schema: "app", name: "Mood" }]
            .map((name) => print({ kind: "renameEnumValue", enum: name, from, to }))
            .toSorted(),
        );
        await flow.upgrade();
        expect(await seen(before)).toEqual(await seen(after));
        expect(await flow.check(models)).toEqual([]);
        expect(await before.query("SELECT status, states::text[], mood FROM item")).toEqual([
          { status: to, states: [to], mood: to },
        ]);
        await flow.downgrade();
        expect(await seen(before)).toEqual(start);
        await flow.upgrade();
        expect(await seen(before)).toEqual(await seen(after));
      });

      it("is renamed together with changes of the others", async () => {
        await before.query(
          `CREATE TYPE status AS ENUM ('a', 'b', 'c');
           CREATE TABLE item (id integer PRIMARY KEY, status status DEFAULT 'a');
           INSERT INTO item (id, status) VALUES (1, 'a'), (2, 'b')`,
        );
        await after.query(
          `CREATE TYPE status AS ENUM ('b', 'a', 'd', 'e');
           CREATE TABLE item (id integer PRIMARY KEY, status status DEFAULT 'd')`,
        );
        const [start, models] = [await seen(before), await target.reflect()];
        const live = await flow.reflect();
        const names = ["status.a:b", "status.b:a", "status.c:d"];
        await flow.autogenerate(
          models,
          names.map((name) => parseRename(name, live, models)),
        );
        await flow.upgrade();
        expect(await seen(before)).toEqual(await seen(after));
        expect(await before.query("SELECT id, status FROM item ORDER BY id")).toEqual([
          { id: 1, status: "b" },
          { id: 2, status: "a" },
        ]);
        expect(await flow.check(models)).toEqual([]);
        await flow.downgrade();
        expect(await seen(before)).toEqual(start);
        expect(await before.query("SELECT id, status FROM item ORDER BY id")).toEqual([
          { id: 1, status: "a" },
          { id: 2, status: "b" },
        ]);
      });
    });
  },
  { only: ["postgresql"] },
);
