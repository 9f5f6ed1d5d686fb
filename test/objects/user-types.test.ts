import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { Flow } from "../laws/flow.ts";
import { loadModels } from "../../src/models/index.ts";
import { renderModels } from "../../src/render/index.ts";
import {
  collation,
  compositeType,
  domain,
  enumType,
  metaDataOf,
  rangeType,
  sql,
  t,
  table,
  type DeclaresTable,
  type MetaData,
} from "../../src/schema/index.ts";

const none = metaDataOf([]);
const users = (column: Parameters<typeof table>[1][string]): DeclaresTable =>
  table("users", { id: t.integer().primaryKey(), value: column });

const hasAt = { name: "email_at", expression: sql`VALUE LIKE '%@%'` };

/** A domain in every one of its attributes, under a column that has rows. */
const EMAILS = [
  domain("email", { baseType: "text" }),
  domain("email", { baseType: "text", checks: [hasAt], comment: "it's" }),
  domain("email", { baseType: "text", notNull: true, default: sql`'a@b'`, checks: [hasAt] }),
  domain("email", {
    baseType: "text",
    default: sql`lower('A@b')`,
    checks: [
      { ...hasAt, name: "email_has_at", comment: "why" },
      { expression: sql`length(VALUE) > 2` },
      { name: "later", expression: sql`VALUE <> 'never'`, notValid: true },
    ],
  }),
  domain("email", {
    baseType: "text",
    checks: [{ name: "now", expression: sql`VALUE <> 'never'` }],
  }),
  domain("email", { baseType: "varchar(40)", checks: [hasAt] }),
  domain("email", { baseType: "varchar(40)", collation: "C", comment: "ordered" }),
];
const DOMAINS: readonly MetaData[] = EMAILS.map((email) => metaDataOf([users(email()), email]));
const IN_ARRAYS: readonly MetaData[] = EMAILS.map((email) =>
  metaDataOf([users(t.array(email())), email]),
);

const COMPOSITES: readonly MetaData[] = [
  compositeType("address", { attributes: [{ name: "street", type: "text" }] }),
  compositeType("address", {
    attributes: [
      { name: "street", type: "text", comment: "with number" },
      { name: "zip", type: "varchar(10)" },
    ],
    comment: "where",
  }),
  compositeType("address", {
    attributes: [{ name: "street", type: "varchar(50)", collation: "C" }],
  }),
  compositeType("address", {
    attributes: [
      { name: "city", type: "text" },
      { name: "street", type: "varchar(50)" },
    ],
  }),
  compositeType("address", { attributes: [{ name: "street", type: "text" }] }),
].map((address) => metaDataOf([users(address()), address]));

const RANGES: readonly MetaData[] = [
  rangeType("amounts", { subtype: "integer" }),
  rangeType("amounts", { subtype: "float8", difference: "float8mi", comment: "money" }),
  rangeType("amounts", { subtype: "float8", comment: "money" }),
  rangeType("amounts", { subtype: "numeric", multirange: "many_amounts" }),
].map((amounts) => metaDataOf([users(amounts()), amounts]));

const order = (definition: Parameters<typeof collation>[1]): MetaData =>
  metaDataOf([users(t.text().collate("own")), collation("own", definition)]);
const COLLATIONS: readonly MetaData[] = [
  order({ locale: "C" }),
  order({ locale: "C", comment: "bytes" }),
  order({ provider: "icu", locale: "und-u-ks-level2", deterministic: false }),
  order({ lcCollate: "C", lcCtype: "POSIX" }),
];

/** Types that hold others, under columns that have rows; each step changes one of those that are held. */
const nested = (moods: readonly string[], number: string, street: string): MetaData => {
  const mood = enumType("mood", moods);
  const positive = domain("positive", {
    baseType: number,
    checks: [{ name: "is_positive", expression: sql`VALUE > 0`, comment: "why" }],
  });
  const usual = domain("usual", {
    baseType: "mood",
    default: sql`'ok'::mood`,
    checks: [{ expression: sql`VALUE >= 'ok'::mood`, notValid: true }],
    comment: "it's",
  });
  const small = domain("small", { baseType: "positive", notNull: true });
  const place = compositeType("place", { attributes: [{ name: "street", type: street }] });
  const person = compositeType("person", {
    attributes: [
      { name: "mood", type: "usual", comment: "today" },
      { name: "age", type: "positive" },
      { name: "place", type: "place" },
    ],
    comment: "somebody",
  });
  const people = table("people", {
    id: t.integer().primaryKey(),
    mood: usual().notNull(),
    size: small().default(1),
    who: person(),
    all: t.array(person()),
  });
  return metaDataOf([people, mood, positive, usual, small, place, person]);
};
const NESTED: readonly MetaData[] = [
  nested(["ok", "odd", "sad"], "integer", "text"),
  nested(["sad", "ok"], "integer", "text"),
  nested(["sad", "ok"], "bigint", "text"),
  nested(["sad", "ok"], "bigint", "varchar(20)"),
  nested(["ok", "odd"], "integer", "text"),
];

forEachDatabase(
  (db) => {
    let flow: Flow;
    let database: TestDatabase;
    beforeEach(async () => {
      database = await db.create();
      flow = await Flow.open(database.url, ["other"]);
    });
    afterEach(() => flow.close());

    describe.each([
      { kind: "domain", versions: DOMAINS, value: "'x@y'", shown: "value::text", is: "x@y" },
      {
        kind: "domain in arrays",
        versions: IN_ARRAYS,
        value: "'{x@y}'",
        shown: "value[1]::text",
        is: "x@y",
      },
      {
        kind: "composite type",
        versions: COMPOSITES,
        value: "ROW('Main 1')",
        shown: "(value).street::text",
        is: "Main 1",
      },
      {
        kind: "range type",
        versions: RANGES,
        value: "'[1,5)'",
        shown: "upper(value)::text",
        is: "5",
      },
      { kind: "collation", versions: COLLATIONS, value: "'b'", shown: "value::text", is: "b" },
    ])("a $kind", ({ versions, value, shown, is }) => {
      it("comes, changes in every attribute under its rows, and goes", async () => {
        let before = none;
        for (const models of [...versions, none]) {
          await flow.autogenerate(models);
          await flow.upgrade();
          expect(await flow.check(models)).toEqual([]);
          await flow.downgrade();
          expect(await flow.check(before)).toEqual([]);
          await flow.upgrade();
          expect(await flow.check(models)).toEqual([]);
          if (models === none) return;
          if (before === none) await database.query(`INSERT INTO users VALUES (1, ${value})`);
          const [row] = await database.query(`SELECT ${shown} AS v FROM users`);
          expect(row).toEqual({ v: is });
          before = models;
        }
      });

      it("is introspected as models that say the same", async () => {
        for (const models of versions) {
          await flow.autogenerate(models);
          await flow.upgrade();
          const folder = await mkdtemp(join(tmpdir(), "revline-types-"));
          try {
            await writeFile(join(folder, "models.ts"), renderModels(await flow.reflect()));
            expect(await flow.check(await loadModels("models.ts", folder))).toEqual([]);
          } finally {
            await rm(folder, { recursive: true, force: true });
          }
        }
      });
    });

    it("types that hold others follow them, with their rows", async () => {
      let before = none;
      for (const models of NESTED) {
        await flow.autogenerate(models);
        await flow.upgrade();
        expect(await flow.check(models)).toEqual([]);
        await flow.downgrade();
        expect(await flow.check(before)).toEqual([]);
        await flow.upgrade();
        expect(await flow.check(models)).toEqual([]);
        if (before === none)
          await database.query(`INSERT INTO people (id, who, "all") VALUES
            (1, ROW('ok', 5, ROW('Main')), ARRAY[ROW('ok', 6, ROW('High'))::person])`);
        const [row] = await database.query(`SELECT mood::text, size::text, (who).mood::text AS m,
          ((who).place).street::text AS s, (("all")[1]).age::text AS a FROM people`);
        expect(row).toEqual({ mood: "ok", size: "1", m: "ok", s: "Main", a: "6" });
        before = models;
      }
    });

    it("types may have the name of one of the server's own", async () => {
      const definition = { baseType: "text", checks: [{ expression: sql`VALUE <> ''` }] };
      const box = compositeType("box", { attributes: [{ name: "at", type: "public.path" }] });
      const line = rangeType("line", { subtype: "integer" });
      const things = (words: string | undefined): MetaData =>
        metaDataOf([
          table("things", {
            path: t.raw("public.path"),
            box: t.raw("public.box"),
            line: t.raw("public.line"),
            many: t.array(t.raw("public.box")),
          }),
          domain("path", {
            ...definition,
            ...(words === undefined ? {} : { comment: words }),
          }),
          box,
          line,
        ]);
      let before = none;
      for (const models of [things(undefined), things("of a file")]) {
        await flow.autogenerate(models);
        await flow.upgrade();
        expect(await flow.check(models)).toEqual([]);
        await flow.downgrade();
        expect(await flow.check(before)).toEqual([]);
        await flow.upgrade();
        before = models;
      }
      expect(
        await database.query(
          `SELECT count(*)::int AS n FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
           WHERE attrelid = 'things'::regclass AND attnum > 0 AND t.typnamespace = 'public'::regnamespace`,
        ),
      ).toEqual([{ n: 4 }]);
    });

    it("a domain changes beside a column of it that goes, with its rows", async () => {
      const strict = domain<string>("strict", {
        baseType: "text",
        notNull: true,
        default: sql`'x'`,
      });
      const loose = domain<string>("strict", { baseType: "text" });
      const of = (type: typeof strict, isThere: boolean): MetaData =>
        metaDataOf([
          table("things", {
            id: t.integer().primaryKey(),
            ...(isThere ? { value: type() } : {}),
          }),
          type,
        ]);
      for (const [from, to] of [
        [strict, loose],
        [loose, strict],
      ] as const) {
        await flow.autogenerate(of(from, true));
        await flow.upgrade();
        await database.query("INSERT INTO things VALUES (1)");
        await flow.autogenerate(of(to, false));
        await flow.upgrade();
        expect(await flow.check(of(to, false))).toEqual([]);
        await flow.downgrade();
        expect(await flow.check(of(from, true))).toEqual([]);
        await flow.autogenerate(none);
        await flow.upgrade();
      }
    });

    it("types stand on each other and in other schemas", async () => {
      const positive = domain<number>("positive", {
        schema: "other",
        baseType: "integer",
        checks: [{ expression: sql`VALUE > 0` }],
      });
      const pair = compositeType("a pair", {
        attributes: [
          { name: "first", type: "other.positive" },
          { name: "second", type: '"User"' },
        ],
      });
      const user = domain("User", { baseType: "text", collation: "own" });
      const own = collation("own", { locale: "C" });
      const both = table("both", {
        id: positive().primaryKey(),
        pair: pair(),
        many: t.array(pair()),
        user: user().default("x"),
      });
      const models = metaDataOf([both, pair, positive, user, own]);
      await flow.autogenerate(models);
      await flow.upgrade();
      expect(await flow.check(models)).toEqual([]);
      await flow.downgrade();
      expect(await flow.check(none)).toEqual([]);
    });
  },
  { only: ["postgresql"] },
);
