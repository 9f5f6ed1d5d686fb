import { walkEach } from "./walk.ts";
import {
  check,
  domain,
  enumType,
  index,
  sequence,
  sql,
  sqlFunction,
  t,
  table,
  view,
} from "../../src/schema/index.ts";

const small = enumType("size", ["s", "m"]);
const large = enumType("size", ["s", "m", "l"]);
const id = () => t.integer().primaryKey();
const bare = table("a", { id: id() });

function sizesIn(name: string, ...values: readonly string[]): unknown {
  const list = values.map((value) => `'${value}'::size`).join(", ");
  return view("sizes", {
    query: sql`SELECT id FROM ${sql.identifier(name)} WHERE size = ANY (ARRAY[${sql.raw(list)}])`,
  });
}

function askedBy(size: typeof small | typeof large): readonly unknown[] {
  return [
    sqlFunction("is_small", {
      parameters: [{ type: "size" }],
      returns: "boolean",
      volatility: "immutable",
      body: sql`SELECT $1 = 's'`,
    }),
    table(
      "a",
      { id: id(), size: size() },
      { with: () => [check("ck", sql`is_small(size) IS NOT NULL`)] },
    ),
  ];
}

/** A domain over the enum that names one of its values in all of its parts, and what has it. */
function named(value: string): readonly unknown[] {
  return [
    domain("worn", {
      baseType: "size",
      default: sql`${sql.raw(`'${value}'`)}`,
      checks: [
        { name: "other", expression: sql`VALUE <> ${sql.raw(`'${value}'`)} OR VALUE IS NOT NULL` },
        { name: "small", expression: sql`VALUE <> 's'` },
      ],
    }),
    table("worn_by", { id: id(), size: t.raw("worn") }),
  ];
}

/** A function that takes one of the values where nothing is said. */
function taking(value: string): unknown {
  return sqlFunction("taken", {
    parameters: [{ name: "size", type: "size", default: sql`${sql.raw(`'${value}'`)}` }],
    returns: "text",
    body: sql`SELECT size::text`,
  });
}

/** In each the enum gets a value, or on the way back and at last loses it, beside what must keep its order. */
walkEach("an enum changes", {
  "beside a sequence that a column leaves which goes": [
    [
      small,
      sequence("numbers", { ownedBy: { table: "a", column: "n" } }),
      table("a", { id: id(), n: t.bigint().default(sql`nextval('numbers')`) }),
    ],
    [large, sequence("numbers", { increment: 3 })],
    [small],
  ],
  "beside a view that changes over to a new table": [
    [small, bare, view("v", { query: sql`SELECT id FROM a` })],
    [large, bare, table("b", { n: t.text() }), view("v", { query: sql`SELECT n FROM b` })],
    [small, bare, view("v", { query: sql`SELECT id FROM a` })],
  ],
  "beside a view that changes over to a new view": [
    [small, bare, view("v", { query: sql`SELECT id FROM a` })],
    [
      large,
      bare,
      view("w", { query: sql`SELECT 1 AS n` }),
      view("v", { query: sql`SELECT n FROM w` }),
    ],
    [small, bare, view("v", { query: sql`SELECT id FROM a` })],
  ],
  "for a column with the new value for its default": [
    [small, bare],
    [large, table("a", { id: id(), size: large().default("l") })],
    [small, bare],
  ],
  "for a table with the new value for its default": [
    [small],
    [large, table("a", { id: id(), size: large().default("l") })],
    [small],
  ],
  "for checks and indexes that name the new value": [
    [small, table("a", { id: id(), size: small().default("s") })],
    [
      large,
      table(
        "a",
        { id: id(), size: large().default("l") },
        {
          with: (c) => [
            check("ck", sql`size <> 'l' OR id > 5`),
            index("ix")
              .on(c.id)
              .where(sql`size = 'l'`),
          ],
        },
      ),
    ],
    [small, table("a", { id: id(), size: small().default("s") })],
  ],
  "as one value comes and another goes": [
    [small, table("a", { id: id(), size: small().default("m") })],
    [
      enumType("size", ["s", "xl"]),
      table(
        "a",
        { id: id(), size: t.text().default("xl") },
        { with: () => [check("ck", sql`size <> 'm'`)] },
      ),
      table("b", { size: enumType("size", ["s", "xl"])().default("xl") }),
    ],
    [small, table("a", { id: id(), size: small().default("m") })],
  ],
  "whose value a view names among others": [
    [large, table("a", { id: id(), size: large() }), sizesIn("a", "s", "l")],
    [small, table("a", { id: id(), size: small() }), sizesIn("a", "s", "m")],
    [large, table("a", { id: id(), size: large() }), sizesIn("a", "l")],
  ],
  "which a function takes that a check calls": [
    [large, ...askedBy(large)],
    [small, ...askedBy(small)],
    [large, ...askedBy(large)],
  ],
  "whose values a domain names": [
    [large, ...named("l")],
    [small, ...named("m")],
    [enumType("size", ["s", "xl"]), ...named("xl")],
    [large, ...named("m")],
  ],
  "whose value a function takes by default": [
    [large, taking("l")],
    [small, taking("m")],
    [large, taking("l")],
  ],
  "whose value an heir's check names": [
    [
      large,
      table("a", { id: id(), size: large() }, { with: () => [check("ck", sql`size <> 'l'`)] }),
      table("heir", {}, { postgresql: { inherits: "a" } }),
    ],
    [
      small,
      table("a", { id: id(), size: small() }),
      table("heir", { id: t.integer().notNull(), size: small() }),
    ],
  ],
});
