import { expect, it } from "vitest";
import { differences, models, onBothServers, open, upgrade } from "./helpers.ts";
import {
  check,
  desc,
  index,
  part,
  primaryKey,
  sql,
  t,
  table,
  unique,
  uniqueIndex,
} from "../../../src/schema/index.ts";
import type { AnyColumnBuilder } from "../../../src/schema/column.ts";

const types: Readonly<Record<string, AnyColumnBuilder>> = {
  c_tinyint: t.tinyint(),
  c_tinyint_u: t.tinyint({ unsigned: true }),
  c_bool: t.boolean(),
  c_bool_true: t.boolean().default(true),
  c_bool_false: t.boolean().notNull().default(false),
  c_bool_sql: t.boolean().default(sql`TRUE`),
  c_bool_one: t.boolean().default(sql`1`),
  c_small: t.smallint().default(3),
  c_medium: t.mediumint({ unsigned: true }).default(0),
  c_int: t.integer().default(-7),
  c_int_sql: t.integer().default(sql`(1 + 2)`),
  c_int_wrapped: t.integer().default(sql`(1)`),
  c_big: t.bigint({ unsigned: true }).$as<bigint>().default(18446744073709551615n),
  c_zero: t.integer({ zerofill: true }).default(5),
  c_zero_width: t.integer({ zerofill: true, width: 4 }),
  c_num: t.numeric(),
  c_num_2: t.numeric(10, 2).default("1"),
  c_num_3: t.numeric(10, 2, { unsigned: true }).notNull().default("1.50"),
  c_real: t.real().default(1.5),
  c_float: t.float().default(0.1),
  c_float_30: t.float(30),
  c_double: t.double().default(1e10),
  c_char: t.char(5).default("a"),
  c_char_1: t.char(),
  c_varchar: t.varchar(50).default('it\'s \\ "quoted" `x` %s ?'),
  c_varchar_empty: t.varchar(50).default(""),
  c_varchar_null: t.varchar(50).default("NULL"),
  c_varchar_now: t.varchar(50).default("CURRENT_TIMESTAMP"),
  c_varchar_uni: t.varchar(50).default("grüße 日本 🎉"),
  c_varchar_lines: t.varchar(50).default("a\nb\tc"),
  c_varchar_sql: t.varchar(64).default(sql`(concat('a', 'b'))`),
  c_varchar_bin: t.varchar(20, { charset: "latin1" }),
  c_varchar_coll: t.varchar(20).collate("utf8mb4_bin"),
  c_text: t.text(),
  c_text_default: t.text().default("x"),
  c_text_100: t.text(100),
  c_tinytext: t.tinytext(),
  c_mediumtext: t.mediumtext(),
  c_longtext: t.longtext(),
  c_binary: t.binary(4).default("ab"),
  c_varbinary: t.varbinary(8).default("ab"),
  c_varbinary_hex: t.varbinary(8).default(sql`0x00FF10`),
  c_blob: t.blob(),
  c_blob_big: t.blob(70_000),
  c_longblob: t.longblob(),
  c_bit: t.bit(),
  c_bit_5: t.bit(5).default(sql`b'101'`),
  c_date: t.date().default("2020-02-29"),
  c_year: t.year(),
  c_time: t.time().default("01:02:03"),
  c_time_2: t.time({ precision: 2 }).default("01:02:03"),
  c_datetime: t.timestamp().default("2020-01-01"),
  c_datetime_now: t.timestamp().default(sql`now()`),
  c_datetime_3: t
    .timestamp({ precision: 3 })
    .default(sql`CURRENT_TIMESTAMP(3)`)
    .onUpdate(sql`now(3)`),
  c_timestamp: t
    .timestamp({ tz: true })
    .notNull()
    .default(sql`CURRENT_TIMESTAMP`)
    .onUpdate(sql`CURRENT_TIMESTAMP`),
  c_timestamp_null: t.timestamp({ tz: true }),
  c_timestamp_6: t
    .timestamp({ tz: true, precision: 6 })
    .notNull()
    .default(sql`CURRENT_TIMESTAMP(6)`),
  c_uuid: t.uuid(),
  c_json: t.json(),
  c_jsonb: t.jsonb(),
  c_json_default: t.json().default(sql`('{}')`),
  c_enum: t.enum(["a", "it's", "b\\c", "x,y"]).default("it's"),
  c_set: t.set(["a", "b"]).default("a,b"),
  c_point: t.raw("point"),
  c_geometry: t.raw("geometry"),
  c_comment: t.integer().comment('it\'s a \\ "comment"\nwith lines'),
  c_invisible: t.integer().default(1).invisible(),
};

onBothServers((db) => {
  it("gives every type and default back as it was declared", async () => {
    const database = await db.create();
    const connection = await open(database);
    const everything = models(
      table("everything", { id: t.bigint().identity().primaryKey(), ...types }),
    );
    await upgrade(connection, everything);
    expect(await differences(connection, everything)).toEqual([]);
    await connection.close();
  });

  it("gives generated columns and checks back as they were declared", async () => {
    const connection = await open(await db.create());
    const declared = models(
      table(
        "person",
        {
          id: t.integer().identity().primaryKey(),
          first: t.varchar(40).notNull(),
          last: t.varchar(40).notNull(),
          age: t.integer(),
          full_name: t.varchar(90).generatedAs(sql`concat(first, ' it''s \\ ', last)`),
          initials: t
            .varchar(2)
            .generatedAs(sql`CONCAT(LEFT(first, 1), LEFT(last, 1))`, { stored: false }),
          twice: t.integer().generatedAs(sql`age * 2 + 1`),
          kind: t.varchar(10).check(sql`kind in ('a','b') or kind is null`),
        },
        {
          with: (c) => [
            check("ck_age", sql`${c.age} >= ${0} AND ${c.age} < 150`),
            check(
              "ck_name",
              sql`length(${c.first}) > 1 and (first like 'x%' or not (last = 'it''s'))`,
            ),
            check("ck_mixed", sql`age between 1 and 2 or age != 3 && kind <> 'x'`),
            check(sql`lower(first) <> 'root'`),
            check("ck_regexp", sql`first regexp '^[a-z\\.]+$'`),
            check("ck_case", sql`case when age > 3 then 1 else 0 end = 1`),
          ],
        },
      ),
    );
    await upgrade(connection, declared);
    expect(await differences(connection, declared)).toEqual([]);
    await connection.close();
  });

  it("gives keys and indexes back as they were declared", async () => {
    const connection = await open(await db.create());
    const declared = models(
      table(
        "doc",
        {
          a: t.integer().notNull(),
          b: t.varchar(30).notNull(),
          body: t.text(),
          place: t.raw("point").notNull(),
          d: t.date().index(),
          e: t.integer().unique(),
        },
        {
          with: (c) => [
            primaryKey(c.a, c.b),
            unique("uq_be", [c.b, c.e]),
            uniqueIndex("ux_plain").on(c.e, c.d),
            uniqueIndex("ux_prefix").on(part(c.b, { length: 5 })),
            index("ix_desc").on(desc(c.d), c.a),
            index("ix_prefix").on(part(c.body, { length: 20 }), c.a),
            index("ix_full_length").on(part(c.b, { length: 30 })),
            index("ft_body").on(c.body).using("fulltext"),
            index("sp_place").on(c.place).using("spatial"),
            index("ix_hash").on(c.e).using("hash"),
            index("ix_comment").on(c.e, c.a).comment("it's"),
            index("ix_hidden").on(c.d, c.e).invisible(),
            ...(db.family === "mysql"
              ? [index("ix_lower").on(sql`lower(${c.b})`, c.a), index().on(desc(sql`a + 1`))]
              : []),
          ],
        },
      ),
    );
    await upgrade(connection, declared);
    expect(await differences(connection, declared)).toEqual([]);
    await connection.close();
  });

  it("gives table options back, and none that nobody gave", async () => {
    const database = await db.create();
    const connection = await open(database);
    const declared = models(
      table("plain", { id: t.integer().primaryKey(), name: t.varchar(10) }),
      table(
        "latin",
        {
          id: t.integer().primaryKey(),
          name: t.varchar(10),
          wide: t.varchar(10, { charset: "utf8mb4" }),
        },
        { mysql: { charset: "latin1" }, comment: "it's" },
      ),
      table(
        "binary_order",
        { id: t.integer().primaryKey(), name: t.varchar(10) },
        { mysql: { collation: "utf8mb4_bin", rowFormat: "compressed" } },
      ),
      table("isam", { id: t.integer().primaryKey() }, { mysql: { engine: "myisam" } }),
    );
    await upgrade(connection, declared);
    expect(await differences(connection, declared)).toEqual([]);
    await connection.close();
  });
});
