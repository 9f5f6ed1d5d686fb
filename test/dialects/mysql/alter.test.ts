import { expect, it } from "vitest";
import { models, onBothServers, roundTrip } from "./helpers.ts";
import {
  check,
  desc,
  foreignKey,
  index,
  primaryKey,
  sql,
  t,
  table,
  unique,
} from "../../../src/schema/index.ts";
import type { AnyColumnBuilder } from "../../../src/schema/column.ts";
import type { MetaData } from "../../../src/schema/types.ts";

const one = (
  columns: Readonly<Record<string, AnyColumnBuilder>>,
  options: Parameters<typeof table>[2] = {},
): MetaData =>
  models(
    table(
      "one",
      { id: t.integer().identity().primaryKey(), ...columns, last: t.integer() },
      options,
    ),
  );

const columnChanges: Readonly<Record<string, readonly [AnyColumnBuilder, AnyColumnBuilder]>> = {
  type: [t.varchar(255), t.varchar(10)],
  "text to varchar": [t.text(), t.varchar(3000)],
  "int to bigint": [t.integer().default(1), t.bigint().default(1)],
  "int to boolean": [t.tinyint(), t.boolean()],
  "null to not null": [t.integer(), t.integer().notNull()],
  "default added": [t.integer(), t.integer().default(5)],
  "default removed, comment kept": [
    t.varchar(9).default("x").comment("c"),
    t.varchar(9).comment("c"),
  ],
  "literal to expression": [t.integer().default(5), t.integer().default(sql`(2 + 3 * 2)`)],
  "'' to none": [t.varchar(5).default(""), t.varchar(5)],
  "text default": [t.text().default("a"), t.text().default("b")],
  "fractional seconds": [
    t.timestamp().default(sql`now()`),
    t.timestamp({ precision: 6 }).default(sql`CURRENT_TIMESTAMP(6)`),
  ],
  "on update": [t.timestamp(), t.timestamp().onUpdate(sql`CURRENT_TIMESTAMP`)],
  "datetime to timestamp": [t.timestamp(), t.timestamp({ tz: true })],
  "enum values": [t.enum(["a", "b"]).default("a"), t.enum(["a", "c", "b"]).default("a")],
  collation: [t.varchar(9), t.varchar(9).collate("utf8mb4_bin")],
  charset: [
    t.varchar(9).notNull().default("x"),
    t.varchar(9, { charset: "latin1" }).notNull().default("x"),
  ],
  comment: [t.integer().comment("a"), t.integer().comment("b's \\")],
  invisible: [t.integer(), t.integer().invisible()],
  unsigned: [t.integer(), t.integer({ unsigned: true })],
  json: [t.text(), t.json()],
  "generated expression": [
    t.integer().generatedAs(sql`last + 1`),
    t.integer().generatedAs(sql`last + 2`),
  ],
  "virtual expression": [
    t.integer().generatedAs(sql`last + 1`, { stored: false }),
    t.integer().generatedAs(sql`last * 2`, { stored: false }),
  ],
  "virtual to stored": [
    t.integer().generatedAs(sql`last + 1`, { stored: false }),
    t.integer().generatedAs(sql`last + 1`),
  ],
  "generated to regular": [t.integer().generatedAs(sql`last + 1`), t.integer()],
  "virtual to regular": [
    t.integer().generatedAs(sql`last + 1`, { stored: false }),
    t.integer().default(3),
  ],
  spatial: [t.raw("point"), t.raw("geometry")],
  "uuid default": [
    t.uuid(),
    t
      .uuid()
      .notNull()
      .default(sql`(uuid())`),
  ],
  "bit to uuid": [t.bit(3), t.uuid()],
  binary: [t.binary(3).default("a"), t.binary(5).default("b")],
};

onBothServers((db) => {
  it.each(Object.entries(columnChanges))("changes a column and back: %s", async (_, [from, to]) => {
    const { operations } = await roundTrip(db, one({ c: from }), one({ c: to }));
    expect(operations.map(({ kind }) => kind)).toEqual(["alterColumn"]);
  });

  it("changes a column under indexes and checks that stay", async () => {
    const around = (column: AnyColumnBuilder): MetaData =>
      one(
        { c: column },
        {
          with: () => [
            index("ix").on("c", "last"),
            unique("uq", ["c", "id"]),
            check("ck", sql`c > 0`),
            index("ix_d").on(desc("c")),
          ],
        },
      );
    await roundTrip(
      db,
      around(t.integer().generatedAs(sql`last + 1`, { stored: false })),
      around(t.integer().generatedAs(sql`last + 1`)),
    );
    await roundTrip(
      db,
      around(t.integer().generatedAs(sql`last + 1`, { stored: false })),
      around(t.integer()),
    );
    await roundTrip(db, around(t.integer()), around(t.bigint().notNull()));
  });

  it("does neighbouring changes of one table in one statement", async () => {
    const { statements } = await roundTrip(
      db,
      one(
        { a: t.integer(), b: t.integer() },
        { with: () => [index("ix_a").on("a"), check("ck", sql`b > 1`)], comment: "old" },
      ),
      one(
        { b: t.bigint(), c: t.integer().notNull().default(1) },
        { with: () => [index("ix_c").on("c"), check("ck", sql`b > 2`)] },
      ),
    );
    expect(statements).toHaveLength(1);
  });

  it("drops the last column but one while it adds others", async () => {
    await roundTrip(
      db,
      models(table("one", { a: t.integer() })),
      models(table("one", { b: t.varchar(5), c: t.integer() })),
    );
  });

  it("keeps the places of columns", async () => {
    const { operations } = await roundTrip(
      db,
      one({ a: t.integer(), b: t.integer() }),
      one({ x: t.integer(), b: t.integer(), y: t.text() }),
    );
    expect(operations.map(({ kind }) => kind)).toEqual(["addColumn", "addColumn", "dropColumn"]);
  });

  it("changes primary keys, with AUTO_INCREMENT too", async () => {
    const keyed = (first: "a" | "b", ...more: readonly string[]): MetaData =>
      models(
        table(
          "k",
          { a: t.integer().notNull(), b: t.integer().notNull() },
          { with: (c) => [primaryKey(c[first], ...more)] },
        ),
      );
    await roundTrip(db, keyed("a"), keyed("b", "a"));
    await roundTrip(
      db,
      models(table("k", { a: t.integer().notNull() })),
      models(table("k", { a: t.integer().identity().primaryKey() })),
    );
    await roundTrip(
      db,
      models(table("k", { a: t.integer().identity().primaryKey(), b: t.integer().notNull() })),
      models(table("k", { a: t.integer().notNull(), b: t.integer().identity().primaryKey() })),
    );
    await roundTrip(
      db,
      models(table("k", { a: t.integer().primaryKey() })),
      models(table("k", { a: t.integer().notNull(), n: t.bigint().identity().primaryKey() })),
    );
  });

  it("changes a key of several columns that move, with AUTO_INCREMENT too", async () => {
    await roundTrip(
      db,
      models(
        table("k", { id: t.integer().identity().primaryKey(), c: t.integer(), d: t.integer() }),
      ),
      models(
        table(
          "k",
          { d: t.integer().notNull(), id: t.integer().notNull(), c: t.integer() },
          { with: (columns) => [primaryKey(columns.d, columns.id)] },
        ),
      ),
    );
    await roundTrip(
      db,
      models(
        table("k", {
          id: t.integer().identity().primaryKey(),
          c: t.integer(),
          d: t.integer(),
          e: t.integer(),
        }),
      ),
      models(
        table(
          "k",
          {
            id: t.integer().notNull().identity(),
            c: t.integer().notNull(),
            e: t.integer(),
            d: t.integer(),
          },
          { with: (columns) => [primaryKey(columns.id, columns.c)] },
        ),
      ),
    );
  });

  it("changes a key beside a foreign key that gets another name", async () => {
    const other = table("other", { id: t.integer().primaryKey() });
    const keyed = (isCounted: boolean): MetaData =>
      models(
        other,
        table(
          "k",
          {
            id: isCounted ? t.integer().identity() : t.integer().notNull(),
            ref: t.integer().notNull(),
          },
          {
            with: (c) => [
              primaryKey(isCounted ? [c.id] : [c.ref]),
              foreignKey([c.ref], ["other.id"], { name: isCounted ? "fk_counted" : "fk_keyed" }),
            ],
          },
        ),
      );
    await roundTrip(db, keyed(true), keyed(false));
  });

  it("changes the engine of a table whose rows were compressed", async () => {
    const stored = (mysql: Readonly<Record<string, string | number>>): MetaData =>
      models(table("k", { id: t.integer().primaryKey(), c: t.integer().index() }, { mysql }));
    await roundTrip(
      db,
      stored({ engine: "InnoDB", rowFormat: "COMPRESSED", keyBlockSize: 8 }),
      stored({ engine: "MyISAM", rowFormat: "FIXED" }),
    );
  });

  it("changes a key beside a computed column that is stored from now on", async () => {
    const keyed = (isWide: boolean): MetaData =>
      models(
        table(
          "k",
          {
            id: t.integer().identity(),
            b: isWide ? t.integer().notNull() : t.integer(),
            c: t.integer().generatedAs(sql`b + 1`, { stored: isWide }),
          },
          { with: (c) => [primaryKey(isWide ? [c.id, c.b] : [c.id])] },
        ),
      );
    await roundTrip(db, keyed(false), keyed(true));
  });

  it("cuts no index when a column goes", async () => {
    await roundTrip(
      db,
      one(
        { a: t.integer(), b: t.integer() },
        { with: () => [index("ix").on("a", "b"), unique("uq", ["b", "a"]), index("ix_b").on("b")] },
      ),
      one({ b: t.integer() }, { with: () => [index("ix_b").on("b")] }),
    );
  });

  it("adds columns whose default is another for every row", async () => {
    await roundTrip(
      db,
      one({ a: t.integer() }),
      one({
        a: t.bigint(),
        u: t
          .uuid()
          .notNull()
          .default(sql`(uuid())`),
        r: t.double().default(sql`(rand())`),
        z: t.integer(),
      }),
    );
  });

  it("changes a column whose default is another for every row beside a new column", async () => {
    const of = (words: string, options: Parameters<typeof table>[2], more: object): MetaData =>
      one(
        {
          id: t.integer(),
          ...more,
          u: t
            .uuid()
            .default(sql`(uuid())`)
            .comment(words),
        },
        options,
      );
    const collated = { mysql: { charset: "utf8mb4", collation: "utf8mb4_unicode_ci" } };
    await roundTrip(db, of("one", {}, {}), of("two", {}, { a: t.integer() }));
    await roundTrip(db, of("one", collated, {}), of("one", {}, { a: t.integer() }));
  });

  it("changes character sets under checks", async () => {
    const checked = (
      options: Parameters<typeof table>[2],
      column: AnyColumnBuilder = t.varchar(20),
    ): MetaData =>
      one(
        { name: column },
        {
          ...options,
          with: () => [check("ck", sql`name not like 'x%' and upper(name) <> 'it''s'`)],
        },
      );
    await roundTrip(db, checked({ mysql: { charset: "utf8mb3" } }), checked({}));
    await roundTrip(db, checked({}, t.varchar(20, { charset: "latin1" })), checked({}));
  });

  it("changes table options and back", async () => {
    const { operations } = await roundTrip(
      db,
      one({ name: t.varchar(20), body: t.text() }),
      one(
        { name: t.varchar(20), body: t.text() },
        { mysql: { charset: "latin1", rowFormat: "COMPRESSED" }, comment: "new" },
      ),
    );
    expect(operations.map(({ kind }) => kind).toSorted()).toEqual([
      "setTableComment",
      "setTableOptions",
    ]);
    await roundTrip(
      db,
      one({ a: t.integer() }),
      one({ a: t.integer() }, { mysql: { engine: "MyISAM" } }),
    );
  });

  it("changes indexes: order, visibility, uniqueness, name", async () => {
    const with_ = (...items: ReturnType<typeof index>[]): MetaData =>
      one({ a: t.varchar(20), b: t.text() }, { with: () => items });
    await roundTrip(db, with_(index("ix").on("a")), with_(index("ix").on(desc("a"))));
    await roundTrip(db, with_(index("ix").on("a")), with_(index("ix").on("a").invisible()));
    await roundTrip(db, with_(index("ix").on("a")), with_(index("ix").on("a").unique()));
    await roundTrip(
      db,
      with_(),
      with_(index("f1").on("b").using("fulltext"), index("f2").on("a").using("fulltext")),
    );
    const { operations } = await roundTrip(
      db,
      with_(index("ix").on("a")),
      with_(index("ix2").on("a")),
    );
    expect(operations.map(({ kind }) => kind)).toEqual(["renameIndex"]);
  });
});
