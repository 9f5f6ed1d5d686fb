import { afterEach, beforeEach, expect, it } from "vitest";
import { reverseAll } from "../../../src/operations/index.ts";
import {
  check,
  collect,
  desc,
  enumType,
  index,
  part,
  primaryKey,
  sql,
  t,
  table,
  unique,
  uniqueIndex,
  type AnyColumnBuilder,
  type DeclaresTable,
} from "../../../src/schema/index.ts";
import { forEachDatabase, type TestDatabase } from "../../support/databases.ts";
import { Bench, modelsOf } from "./support.ts";

/** Columns by a word; every one must come back as it was said, and be silent. */
const COLUMNS: Readonly<Record<string, AnyColumnBuilder>> = {
  small: t.smallint().default(-5),
  tiny: t.tinyint().default(1),
  whole: t.integer().notNull().default(0),
  big: t.bigint().default(5_000_000_000),
  negative: t.bigint().default(-5),
  money: t.numeric(12, 2).notNull().default("0.00"),
  quoted: t.numeric(12, 2).default("0"),
  plain: t.numeric().default(sql`0`),
  scale0: t.numeric(10, 0),
  fraction: t.real().default(0.5),
  minus: t.double().default(-1.5),
  float: t.float(10),
  yes: t.boolean().notNull().default(true),
  no: t.boolean().default(sql`'false'`),
  letter: t.char().default("x"),
  letters: t.char(3).default("ab"),
  word: t.varchar(20).default("it's"),
  path: t.text().default("a\\b"),
  empty: t.varchar().default(""),
  said: t.text().default(sql`upper('x')`),
  bytes: t.blob().default(sql`'\\x00ff'`),
  bits: t.bit(8).default("00000001"),
  somebits: t.varbit(8),
  day: t.date().default("2020-01-31"),
  today: t.date().default(sql`CURRENT_DATE`),
  hour: t.time().default("10:00"),
  zoned: t.time({ tz: true, precision: 3 }),
  moment: t.timestamp().default("2020-01-31 10:00"),
  instant: t
    .timestamp({ tz: true })
    .notNull()
    .default(sql`now()`),
  current: t.timestamp({ tz: true, precision: 3 }).default(sql`CURRENT_TIMESTAMP`),
  fixed: t.timestamp({ tz: true }).default("2020-01-31 10:00+02"),
  span: t.interval().default("1 day 3 hours"),
  spans: t.interval({ fields: "day to second", precision: 3 }),
  key: t.uuid().default(sql`'00000000-0000-0000-0000-000000000001'`),
  json: t.json().default('{"a": 1}'),
  jsonb: t.jsonb().default('{"b":1,"a":2}'),
  list: t
    .array(t.integer())
    .notNull()
    .default(sql`'{1,2}'`),
  words: t.array(t.varchar(10)).default(sql`ARRAY['a', 'b']`),
  none: t.array(t.text()).default("{}"),
  address: t.raw("inet").default(sql`'127.0.0.1'`),
  alias: t.raw("INT4"),
  numbers: t.raw("numeric(5,2)[]"),
  sorted: t.text().collate("C"),
  said_too: t.text().comment("it's\na comment"),
  loose: t.enum(["a", "b"]),
};

const AS_TABLE = table("matrix", { id: t.integer().identity().primaryKey(), ...COLUMNS });

const CHECKS: Readonly<Record<string, ReturnType<typeof sql>>> = {
  among: sql`word IN ('a', 'b')`,
  notEqual: sql`whole != 3`,
  between: sql`whole BETWEEN 1 AND 10`,
  like: sql`word LIKE 'a%' OR word IS NULL`,
  length: sql`length(word) > 3`,
  regexp: sql`word ~ '^[a-z]+$'`,
  cast: sql`word::text <> ''`,
  and: sql`whole > 0 AND (yes OR word = 'x')`,
  when: sql`CASE WHEN yes THEN whole > 0 ELSE true END`,
  any: sql`whole = ANY (ARRAY[1, 2])`,
  coalesce: sql`coalesce(whole, 0) >= 0`,
  quoted: sql`"word" = 'x y' OR "word" = 'O''Neil'`,
  time: sql`instant > '2020-01-01'`,
};

const CHECKED = table(
  "checked",
  { whole: t.integer(), word: t.varchar(20), yes: t.boolean(), instant: t.timestamp({ tz: true }) },
  {
    with: () => Object.entries(CHECKS).map(([name, expression]) => check(`ck_${name}`, expression)),
  },
);

const INDEXED = table(
  "indexed",
  {
    id: t.bigint().identity({ always: true, start: 100, increment: 5, cache: 10 }).primaryKey(),
    a: t.integer(),
    b: t.text(),
    c: t.varchar(40),
    doc: t.jsonb(),
    tags: t.array(t.text()),
    at: t.timestamp(),
    lower: t.text().generatedAs(sql`lower(b)`),
  },
  {
    comment: "all kinds of indexes",
    postgresql: {
      fillfactor: 70,
      autovacuum_enabled: false,
      "toast.autovacuum_enabled": false,
      "toast.vacuum_truncate": true,
    },
    with: (c) => [
      index("ix_plain").on(c.a),
      uniqueIndex("ix_unique").on(c.a, c.b),
      index("ix_desc").on(
        desc(c.a),
        part(c.b, { order: "desc", nulls: "last" }),
        part(c.at, { nulls: "first" }),
      ),
      index("ix_expression").on(sql`lower(b)`, sql`(a + 1)`),
      index("ix_partial")
        .on(c.a)
        .where(sql`b is not null and a > 3`),
      index("ix_gin").on(c.doc).using("gin"),
      index("ix_path")
        .on(part(c.doc, { operatorClass: "jsonb_path_ops" }))
        .using("gin"),
      index("ix_pattern").on(part(c.c, { operatorClass: "varchar_pattern_ops" })),
      index("ix_default_class").on(part(c.b, { operatorClass: "text_ops" })),
      index("ix_collated").on(part(c.b, { collation: "C" })),
      index("ix_hash").on(c.b).using("hash"),
      index("ix_brin").on(c.at).using("brin").options({ pages_per_range: 32 }),
      index("ix_include").on(c.a).include(c.b).comment("covers b"),
      unique("uq_deferrable", [c.a], { deferrable: true, initiallyDeferred: true }),
    ],
  },
);

const PARENT = table(
  "parent",
  { a: t.integer(), b: t.integer() },
  { with: (c) => [primaryKey(c.a, c.b)] },
);
const CHILD = table("child", {
  id: t.integer().identity({ serial: true }).primaryKey(),
  parent: t.integer().references("child.id", { onDelete: "set null", onUpdate: "cascade" }),
  other: t
    .integer()
    .unique()
    .references("child.id", { name: "fk_other", deferrable: true, initiallyDeferred: true }),
});

const ALL: readonly DeclaresTable[] = [AS_TABLE, CHECKED, INDEXED, PARENT, CHILD];

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

    it("what is created is found equal, down and up again too", async () => {
      const models = modelsOf(...ALL);
      const created = await bench.upgradeTo(models);
      expect(await bench.differences(models)).toEqual([]);
      const first = await bench.reflect();
      await bench.downgrade(created);
      expect((await bench.reflect()).tables).toEqual([]);
      await bench.migrate(created);
      expect(await bench.reflect()).toEqual(first);
    });

    it("what is reflected says all: made again from it, the database is equal", async () => {
      await bench.upgradeTo(modelsOf(...ALL));
      const reflected = await bench.reflect();
      await bench.close();
      await database.reset();
      bench = await Bench.open(database);
      await bench.upgradeTo(reflected);
      expect(await bench.reflect()).toEqual(reflected);
      expect(await bench.differences(reflected)).toEqual([]);
    });

    it("each column becomes each neighbour and goes back, exactly", async () => {
      const names = Object.keys(COLUMNS);
      const typed = names.map((name): [string, AnyColumnBuilder | undefined] => [
        name,
        COLUMNS[name],
      ]);
      const shifted = (by: number): DeclaresTable =>
        table(
          "matrix",
          Object.fromEntries(
            names.map((name, at) => [
              `c_${name}`,
              typed[(at + by) % names.length]?.[1] ?? t.text(),
            ]),
          ),
        );
      const from = modelsOf(shifted(0));
      await bench.upgradeTo(from);
      const before = await bench.reflect();
      for (const by of [1, 7]) {
        const to = modelsOf(shifted(by));
        const operations = await bench.upgradeTo(to);
        expect(await bench.differences(to)).toEqual([]);
        await bench.migrate(reverseAll(operations));
        expect(await bench.reflect()).toEqual(before);
      }
    });

    it("a changed check, index, comment or option is the one difference", async () => {
      const one = (limit: number, words: string, fillfactor: number): DeclaresTable =>
        table(
          "t",
          { a: t.integer(), b: t.text() },
          {
            comment: words,
            postgresql: { fillfactor, "toast.autovacuum_vacuum_threshold": fillfactor },
            with: (c) => [
              check("ck_a", sql`a > ${limit}`),
              index("ix_b")
                .on(sql`lower(b)`)
                .where(sql`a > ${limit}`)
                .comment(words),
              unique("uq_a", [c.a]),
            ],
          },
        );
      await bench.upgradeTo(modelsOf(one(1, "one", 70)));
      const before = await bench.reflect();
      const operations = await bench.upgradeTo(modelsOf(one(2, "two", 80)));
      expect(operations.map(({ kind }) => kind).toSorted()).toEqual(
        [
          "addConstraint",
          "createIndex",
          "dropConstraint",
          "dropIndex",
          "setTableComment",
          "setTableOptions",
        ].toSorted(),
      );
      expect(await bench.differences(modelsOf(one(2, "two", 80)))).toEqual([]);
      await bench.downgrade(operations);
      expect(await bench.reflect()).toEqual(before);
    });

    it("two keys over the same columns are two", async () => {
      const models = modelsOf(
        table(
          "t",
          { a: t.integer() },
          { with: (c) => [primaryKey("pk", c.a), unique("uq", [c.a])] },
        ),
      );
      await bench.upgradeTo(models);
      expect(await bench.differences(models)).toEqual([]);
    });

    it("an enum called like a keyword keeps its default", async () => {
      const group = enumType("group", ["one", "two"]);
      const models = collect([
        table("t", { a: group().default("one"), b: t.array(group()).default("{one}") }),
      ]);
      await bench.upgradeTo(models);
      expect(await bench.differences(models)).toEqual([]);
      const [found] = (await bench.reflect()).tables;
      expect(found?.columns.map((column) => column.default)).toEqual([
        { value: "one" },
        { value: "{one}" },
      ]);
    });

    it("numbers that are written otherwise are the same number", async () => {
      await database.query(
        "CREATE TABLE t (a numeric(10,2) DEFAULT 0, b bigint DEFAULT '5', c real DEFAULT '1.5')",
      );
      const models = modelsOf(
        table("t", {
          a: t.numeric(10, 2).default("0"),
          b: t.bigint().default(5),
          c: t.real().default(1.5),
        }),
      );
      expect(await bench.differences(models)).toEqual([]);
    });

    it("now() and CURRENT_TIMESTAMP are two things", async () => {
      await database.query("CREATE TABLE t (a timestamptz DEFAULT now())");
      const models = modelsOf(
        table("t", { a: t.timestamp({ tz: true }).default(sql`CURRENT_TIMESTAMP`) }),
      );
      expect((await bench.differences(models)).map(({ kind }) => kind)).toEqual(["alterColumn"]);
    });
  },
  { only: ["postgresql"] },
);
