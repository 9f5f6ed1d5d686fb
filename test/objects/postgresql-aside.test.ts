import { walkEach } from "./walk.ts";
import {
  check,
  collation,
  compositeType,
  domain,
  exclude,
  index,
  materializedView,
  policy,
  sql,
  sqlFunction,
  t,
  table,
  trigger,
  view,
  type RoutineParameter,
} from "../../src/schema/index.ts";

/** A function that gets another signature, under all sorts of indexes. */
const indexed = (parameters: readonly RoutineParameter[]): readonly unknown[] => [
  sqlFunction("weigh", {
    parameters: [{ name: "n", type: "integer" }, ...parameters],
    returns: "integer",
    volatility: "immutable",
    body: sql`SELECT n + 1`,
  }),
  table(
    "goods",
    { size: t.integer().notNull() },
    {
      with: (c) => [
        exclude("goods_excl", sql`USING btree (weigh(size) WITH =)`, { deferrable: true }),
        index("goods_weighed")
          .on(sql`weigh(size)`)
          .options({ clustered: true }),
        index("goods_size")
          .on(c.size)
          .unique()
          .where(sql`weigh(size) > 0`),
      ],
    },
  ),
  table(
    "parted",
    { size: t.integer() },
    {
      with: () => [index("parted weighed").on(sql`weigh(size)`)],
      postgresql: { partitionBy: "RANGE (size)" },
    },
  ),
  table(
    "some",
    {},
    {
      with: () => [index("some_weighed").on(sql`weigh(size)`, sql`size`)],
      postgresql: { partitionOf: "parted", values: "FOR VALUES FROM (1) TO (9)" },
    },
  ),
  table("others", {}, { postgresql: { partitionOf: "parted", values: "DEFAULT" } }),
];

/** All that can say a collation, or have one of what it stands on. */
const collated = (locale: string): readonly unknown[] => {
  const own = sql`COLLATE own`;
  const given = domain("given", {
    baseType: "text",
    collation: "own",
    default: sql`'b' ${own}`,
    checks: [{ expression: sql`VALUE ${own} > 'a'` }],
  });
  const nick = domain("nick", { baseType: "given" });
  const whole = compositeType("whole", {
    attributes: [
      { name: "first", type: "text", collation: "own" },
      { name: "nick", type: "nick" },
    ],
  });
  return [
    collation("own", { locale }),
    given,
    nick,
    whole,
    sqlFunction("is_late", {
      parameters: [{ name: "word", type: "text" }],
      returns: "boolean",
      body: sql`RETURN word ${own} > 'm'`,
    }),
    sqlFunction("pass", {
      returns: "trigger",
      language: "plpgsql",
      body: sql`BEGIN RETURN NEW; END`,
    }),
    table(
      "people",
      {
        word: t.text().notNull(),
        ordered: t.text().collate("own"),
        isLate: t.boolean().default(sql`'a' ${own} > 'b'`),
        name: given(),
        names: t.array(nick()),
        whole: whole(),
      },
      {
        postgresql: { rowSecurity: true },
        with: (c) => [
          check("late", sql`word ${own} < 'x'`),
          exclude("alone", sql`USING btree (word ${own} WITH =)`),
          index("by_all")
            .on(c.ordered, sql`(word ${own})`, c.name)
            .where(sql`word ${own} > 'a'`),
        ],
      },
    ),
    table(
      "parted",
      { id: t.integer(), word: t.text() },
      {
        with: () => [
          check("early", sql`word ${own} > 'a'`),
          index("by_id").on(sql`lower(word ${own})`),
        ],
        postgresql: { partitionBy: "RANGE (id)" },
      },
    ),
    table("part", {}, { postgresql: { partitionOf: "parted", values: "DEFAULT" } }),
    view("words", { query: sql`SELECT word ${own} AS word, name, ordered FROM people` }),
    view("late_words", { query: sql`SELECT word FROM words WHERE is_late(word)` }),
    materializedView("sorted", { query: sql`SELECT word FROM people ORDER BY word ${own}` }),
    policy("late", { table: "people", using: sql`word ${own} > 'b'` }),
    trigger("pass", {
      table: "people",
      timing: "before",
      events: ["insert"],
      when: sql`NEW.word ${own} > 'b'`,
      execute: sql`pass()`,
    }),
  ];
};

/** What names each attribute of a composite type. */
const attributed = (...names: readonly string[]): readonly unknown[] => {
  const address = compositeType("address", {
    attributes: names.map((name) => ({ name, type: "text" })),
  });
  const parts = names.map((name) => `(home).${name}`).join(", ");
  return [
    address,
    table("people", { home: address() }),
    view("homes", { query: sql`SELECT ${sql.raw(parts)} FROM people` }),
    materializedView("kept", { query: sql`SELECT home, ${sql.raw(parts)} FROM people` }),
  ];
};

walkEach("what is put aside comes again", {
  "what names an attribute that goes": [
    attributed("street", "town"),
    attributed("street"),
    attributed("street", "country"),
    attributed("town"),
  ],
  "indexes of all sorts": [
    indexed([]),
    indexed([{ name: "more", type: "integer", default: sql`0` }]),
  ],
  "all that says a collation": [collated("C"), collated("POSIX")],
});
