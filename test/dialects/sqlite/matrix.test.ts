import { describe, expect, it } from "vitest";
import { createTable } from "../../../src/dialects/sqlite/compile.ts";
import { sqlite } from "../../../src/dialects/sqlite/index.ts";
import { reverseAll } from "../../../src/operations/index.ts";
import { check, index, sql, t, table, unique, type MetaData } from "../../../src/schema/index.ts";
import { metaDataOf } from "../../../src/schema/metadata.ts";
import type { AnyColumnBuilder } from "../../../src/schema/column.ts";
import { catalogOf, databaseOf, differences, migrated, reflected } from "./support.ts";

/** A column of every generic type, with the spelling that SQLite gets, in an ordinary and in a STRICT table. */
const TYPES: readonly (readonly [AnyColumnBuilder, string, string])[] = [
  [t.tinyint(), "TINYINT", "INTEGER"],
  [t.smallint(), "SMALLINT", "INTEGER"],
  [t.mediumint(), "MEDIUMINT", "INTEGER"],
  [t.integer(), "INTEGER", "INTEGER"],
  [t.integer({ unsigned: true }), "INTEGER", "INTEGER"],
  [t.bigint(), "BIGINT", "INTEGER"],
  [t.numeric(), "NUMERIC", "TEXT"],
  [t.numeric(10), "NUMERIC(10)", "TEXT"],
  [t.numeric(10, 2), "NUMERIC(10, 2)", "TEXT"],
  [t.real(), "REAL", "REAL"],
  [t.float(), "FLOAT", "REAL"],
  [t.float(24), "FLOAT(24)", "REAL"],
  [t.double(), "DOUBLE", "REAL"],
  [t.boolean(), "BOOLEAN", "INTEGER"],
  [t.char(), "CHAR", "TEXT"],
  [t.char(3), "CHAR(3)", "TEXT"],
  [t.varchar(), "VARCHAR", "TEXT"],
  [t.varchar(255), "VARCHAR(255)", "TEXT"],
  [t.text(), "TEXT", "TEXT"],
  [t.mediumtext(), "TEXT", "TEXT"],
  [t.binary(16), "BINARY(16)", "BLOB"],
  [t.varbinary(16), "VARBINARY(16)", "BLOB"],
  [t.blob(), "BLOB", "BLOB"],
  [t.longblob(), "BLOB", "BLOB"],
  [t.bit(8), "CHAR(8)", "TEXT"],
  [t.date(), "DATE", "TEXT"],
  [t.year(), "INTEGER", "INTEGER"],
  [t.time(), "TIME", "TEXT"],
  [t.timestamp(), "DATETIME", "TEXT"],
  [t.timestamp({ tz: true, precision: 3 }), "DATETIME", "TEXT"],
  [t.interval(), "TEXT", "TEXT"],
  [t.uuid(), "CHAR(36)", "TEXT"],
  [t.json(), "JSON", "TEXT"],
  [t.jsonb(), "JSONB", "BLOB"],
  [t.enum(["a", "b"]), "TEXT", "TEXT"],
  [t.set(["a", "b"]), "TEXT", "TEXT"],
  [t.array(t.integer()), "JSON", "TEXT"],
  [t.raw("ANY"), "ANY", "ANY"],
  [t.raw("INT"), "INT", "INT"],
  [t.text().variant("sqlite", "BLOB"), "BLOB", "BLOB"],
];
/** Spellings that only an ordinary table takes. */
const ODD = [
  "",
  "UNSIGNED BIG INT",
  "DECIMAL(10,5)",
  "double precision",
  "VARCHAR (10)",
  "nvarchar(20)",
  "TIMESTAMP",
];

function modelsOf(...tables: readonly unknown[]): MetaData {
  return metaDataOf(tables);
}

async function expectSilence(models: MetaData): Promise<void> {
  const connection = await databaseOf(...models.tables.flatMap(createTable));
  expect(await differences(connection, models)).toEqual([]);
  const found = await reflected(connection);
  expect(await differences(connection, found)).toEqual([]);
  const copy = await databaseOf(...found.tables.flatMap(createTable));
  expect(await catalogOf(copy)).toEqual(await catalogOf(connection));
}

describe("types", () => {
  it("are spelled by their affinity, and read back", async () => {
    const columns = Object.fromEntries(TYPES.map(([column], at) => [`c${at}`, column]));
    for (const strict of [false, true]) {
      const models = modelsOf(table("t", columns, { sqlite: { strict } }));
      const connection = await databaseOf(...models.tables.flatMap(createTable));
      const rows = await connection.query("SELECT type FROM pragma_table_xinfo('t')");
      expect(rows.map(({ type }) => type)).toEqual(
        TYPES.map(([, plain, inStrict]) => (strict ? inStrict : plain)),
      );
      await expectSilence(models);
    }
  });

  it("that are odd stay as they are written", async () => {
    await expectSilence(
      modelsOf(table("t", Object.fromEntries(ODD.map((type, at) => [`c${at}`, t.raw(type)])))),
    );
  });

  it("differ by more than case and spaces only", async () => {
    const connection = await databaseOf(
      "CREATE TABLE t (a varchar ( 10 ), b integer, c decimal(10,2), d int)",
    );
    expect(
      await differences(
        connection,
        modelsOf(
          table("t", {
            a: t.varchar(10),
            b: t.integer(),
            c: t.raw("DECIMAL(10, 2)"),
            d: t.raw("INT"),
          }),
        ),
      ),
    ).toEqual([]);
    expect(
      await differences(
        connection,
        modelsOf(
          table("t", {
            a: t.varchar(10),
            b: t.integer(),
            c: t.raw("DECIMAL(10, 2)"),
            d: t.integer(),
          }),
        ),
      ),
    ).toHaveLength(1);
  });
});

const DEFAULTS: readonly AnyColumnBuilder[] = [
  t.integer().default(0),
  t.integer().default(-5),
  t.bigint().default(9223372036854775807n),
  t.real().default(1.5),
  t.real().default(1e21),
  t.real().default(-0),
  t.boolean().default(true),
  t.boolean().default(false),
  t.boolean().default(sql`TRUE`),
  t.text().default(""),
  t.text().default('it\'s "quoted" `here` [and] -- no /* comment */ ; \\ \n end'),
  t.text().default("null"),
  t.text().default("CURRENT_TIMESTAMP"),
  t.text().default("ünï 🚀"),
  t.text().default("nul\0inside"),
  t.timestamp().default(sql`CURRENT_TIMESTAMP`),
  t.timestamp().default(sql`current_timestamp`),
  t.date().default(sql`(CURRENT_DATE)`),
  t.text().default(sql`lower(hex(randomblob(16)))`),
  t.text().default(sql`((datetime('now', ${"localtime"})))`),
  t.integer().default(sql`(1 + 2) * (3 + 4)`),
  t.integer().default(sql`-1`),
  t.text().default(sql`NULL`),
  t.blob().default(sql`x'00FF'`),
  t.json().default("{}"),
];

describe("defaults", () => {
  it("are silent, each by itself and in a STRICT table", async () => {
    const columns = Object.fromEntries(DEFAULTS.map((column, at) => [`c${at}`, column]));
    await expectSilence(modelsOf(table("t", columns)));
    await expectSilence(modelsOf(table("t", columns, { sqlite: { strict: true } })));
  });

  it.each([
    ["TRUE", t.boolean().default(true)],
    ["1", t.boolean().default(true)],
    ["(0)", t.boolean().default(false)],
    ['"word"', t.text().default("word")],
    ["word", t.text().default("word")],
    ["(('x'))", t.text().default("x")],
    ["NULL", t.text()],
    ["current_timestamp", t.timestamp().default(sql`CURRENT_TIMESTAMP`)],
    ["( datetime( 'now' ) )", t.timestamp().default(sql`DATETIME('now')`)],
  ])("DEFAULT %s is what the model says", async (text, column) => {
    const models = modelsOf(table("t", { a: column }));
    const [type] = models.tables.flatMap(({ columns }) => columns.map((known) => known.type.name));
    const connection = await databaseOf(
      `CREATE TABLE t (a ${type === "boolean" ? "BOOLEAN" : type === "timestamp" ? "DATETIME" : "TEXT"} DEFAULT ${text})`,
    );
    expect(await differences(connection, models)).toEqual([]);
  });

  it("are compared exactly", async () => {
    const connection = await databaseOf(
      "CREATE TABLE t (a TEXT DEFAULT 'X', b TEXT DEFAULT '1', c INTEGER DEFAULT 1)",
    );
    const models = modelsOf(
      table("t", {
        a: t.text().default("x"),
        b: t.text().default(sql`1`),
        c: t.integer().default("1"),
      }),
    );
    expect(await differences(connection, models)).toHaveLength(3);
  });
});

const CHECKS = [
  sql`a > 0`,
  sql`(a > 0) AND (b <> 'x')`,
  sql`a IN (1, 2)`,
  sql`length(b) BETWEEN ${1} AND ${10}`,
  sql`b LIKE ${"%'(%"} OR t.a IS NULL`,
];
const INDEXES = [
  index("i0").on("a"),
  index("i1").on("a", "b").unique(),
  index("i2")
    .on(sql`lower(b)`)
    .where(sql`a IS NOT NULL`),
  index("i3").on({ column: "b", collation: "NOCASE", order: "desc" }, sql`a + 1`),
  index("i4").on({ expression: sql`b || 'x'`, collation: "nocase" }),
];

/** Small models that differ in one thing; each must become each other exactly. */
const VARIANTS: readonly MetaData[] = [
  modelsOf(table("t", { id: t.integer().identity().primaryKey(), a: t.integer(), b: t.text() })),
  modelsOf(table("t", { id: t.integer().primaryKey(), a: t.integer(), b: t.text() })),
  modelsOf(
    table("t", {
      id: t.bigint().primaryKey(),
      a: t.integer().notNull().default(7),
      b: t.varchar(10),
    }),
  ),
  modelsOf(
    table("t", {
      id: t.integer().primaryKey(),
      a: t.integer().unique(),
      b: t.text().unique("uq_b"),
    }),
  ),
  modelsOf(
    table("t", { id: t.integer().primaryKey(), a: t.integer(), b: t.text().collate("NOCASE") }),
  ),
  modelsOf(
    table("t", {
      id: t.integer().primaryKey(),
      a: t.integer(),
      b: t.text().notNull().default("x"),
      c: t.text().generatedAs(sql`b || a`),
    }),
  ),
  modelsOf(
    table("t", {
      id: t.integer().primaryKey(),
      a: t.integer(),
      b: t.text(),
      c: t.text().generatedAs(sql`b || a`, { stored: false }),
    }),
  ),
  modelsOf(
    table("t", {
      id: t.integer().primaryKey(),
      a: t.integer().references("t.id", { onDelete: "cascade" }),
      b: t.text(),
    }),
  ),
  modelsOf(
    table("t", {
      id: t.integer().primaryKey(),
      a: t.integer().references("t.id", { name: "fk", deferrable: true, initiallyDeferred: true }),
      b: t.text(),
    }),
  ),
  modelsOf(
    table(
      "t",
      { id: t.integer().primaryKey(), a: t.integer(), b: t.text() },
      {
        with: () =>
          CHECKS.map((given, at) => (at % 2 === 0 ? check(given) : check(`ck${at}`, given))),
      },
    ),
  ),
  modelsOf(
    table(
      "t",
      { id: t.integer().primaryKey(), a: t.integer(), b: t.text() },
      { with: () => INDEXES },
    ),
  ),
  ...[undefined, "binary"].map((collation) =>
    modelsOf(
      table(
        "t",
        { id: t.integer().primaryKey(), a: t.integer(), b: t.text().collate("nocase") },
        {
          with: () => [
            index("ib").on(collation === undefined ? "b" : { column: "b", collation }),
            index("ie").on(sql`CAST(b AS TEXT) COLLATE BINARY`),
          ],
        },
      ),
    ),
  ),
  modelsOf(
    table(
      "t",
      { id: t.integer().primaryKey(), a: t.integer(), b: t.text() },
      { with: () => [unique(["a", "b"]), unique("uq", ["b", "a"])] },
    ),
  ),
  modelsOf(
    table(
      "t",
      { id: t.text().primaryKey(), a: t.integer(), b: t.text() },
      { sqlite: { withoutRowid: true } },
    ),
  ),
  modelsOf(
    table(
      "t",
      { id: t.integer().primaryKey(), a: t.integer(), b: t.text() },
      { sqlite: { strict: true } },
    ),
  ),
  modelsOf(
    table("t", {
      id: t.integer().primaryKey("pk"),
      a: t.integer(),
      x: t.json().default("{}"),
      b: t.text(),
    }),
  ),
  modelsOf(
    table("t", {
      id: t.text().options({ nullable: true }).primaryKey(),
      a: t.integer(),
      b: t.text(),
    }),
  ),
  modelsOf(table("t", { id: t.integer().notNull(), a: t.integer(), b: t.text() })),
  modelsOf(),
];

describe("checks and indexes", () => {
  it.each(VARIANTS.map((models, at) => ({ at, models })))(
    "are silent (variant $at)",
    async ({ models }) => {
      await expectSilence(models);
    },
  );
});

describe("from every variant to every other", () => {
  const pairs = VARIANTS.flatMap((_, from) => VARIANTS.map((__, to) => ({ from, to }))).filter(
    ({ from, to }) => from !== to,
  );
  it.each(pairs)("$from to $to and back is exact and silent", async ({ from, to }) => {
    const [a, b] = [VARIANTS[from], VARIANTS[to]];
    if (a === undefined || b === undefined) throw new Error("no such variant");
    const connection = await databaseOf();
    await migrated(connection, await differences(connection, a));
    const catalogA = await catalogOf(connection);
    const fresh = await databaseOf();
    await migrated(fresh, await differences(fresh, b));
    const operations = await differences(connection, b);
    await migrated(connection, operations);
    expect(await differences(connection, b)).toEqual([]);
    expect(await catalogOf(connection)).toEqual(await catalogOf(fresh));
    await migrated(connection, reverseAll(operations));
    expect(await catalogOf(connection)).toEqual(catalogA);
    expect(await differences(connection, a)).toEqual([]);
  });
});

describe("names", () => {
  const NAMES = [
    'quo"te',
    "ap'os",
    "do.t",
    "sp ace",
    "back`tick",
    "[bracket]",
    "select",
    "ünï🚀",
    "new\nline",
    "semi;colon",
    "--",
    "/*",
    "per%cent",
    "__proto__",
    "constructor",
    "x".repeat(300),
  ];
  it.each(NAMES.map((name) => ({ name })))("may be $name", async ({ name }) => {
    const parent = table(name, { [name]: t.integer().primaryKey() });
    const child = table(
      `${name}2`,
      {
        id: t.integer().primaryKey(),
        ref: t
          .integer()
          .references(() => Object.values(parent)[0] ?? t.integer(), { name: `fk${name}` }),
      },
      {
        with: (c) => [
          unique(`uq${name}`, [c.ref]),
          check(`ck${name}`, sql`${c.ref} > 0`),
          index(`ix${name}`).on(c.ref),
        ],
      },
    );
    const models = modelsOf(parent, child);
    await expectSilence(models);
    const connection = await databaseOf();
    await migrated(connection, await differences(connection, models));
    const before = await catalogOf(connection);
    await migrated(connection, [
      { kind: "renameTable", from: { name }, to: { name: `_${name}` } },
      { kind: "renameColumn", table: { name: `_${name}` }, from: name, to: `${name}_` },
    ]);
    await migrated(connection, [
      { kind: "renameColumn", table: { name: `_${name}` }, from: `${name}_`, to: name },
      { kind: "renameTable", from: { name: `_${name}` }, to: { name } },
    ]);
    expect(await catalogOf(connection)).toEqual(before);
    expect(await differences(connection, models)).toEqual([]);
  });

  it("differ by more than their case only", async () => {
    const connection = await databaseOf(
      "CREATE TABLE Users (Id INTEGER PRIMARY KEY, Name TEXT UNIQUE); CREATE INDEX ix ON users (NAME)",
    );
    const models = modelsOf(
      table(
        "users",
        { id: t.integer().primaryKey(), name: t.text().unique() },
        { with: (c) => [index("ix").on(c.name)] },
      ),
    );
    expect(await differences(connection, models)).toEqual([]);
  });

  it("may not hold NUL", () => {
    expect(() => sqlite.quote("a\0b")).toThrow(expect.objectContaining({ code: "name-invalid" }));
  });
});

describe("reflection", () => {
  it("asks as often at 3 tables as at 1,000", async () => {
    const counts: number[] = [];
    for (const size of [3, 1000]) {
      const tables = Array.from(
        { length: size },
        (_, at) =>
          `CREATE TABLE t${at} (id INTEGER PRIMARY KEY, p INTEGER REFERENCES t0 (id)); CREATE INDEX i${at} ON t${at} (p);`,
      );
      const connection = await databaseOf(tables.join("\n"));
      let count = 0;
      connection.onStatement = () => (count += 1);
      expect((await reflected(connection)).tables).toHaveLength(size);
      counts.push(count);
    }
    expect(counts[0]).toBe(counts[1]);
  });
});
