import { walkEach } from "./walk.ts";
import {
  aggregate,
  check,
  domain,
  enumType,
  grants,
  index,
  policy,
  sql,
  sqlFunction,
  sqlProcedure,
  t,
  table,
  trigger,
  view,
} from "../../src/schema/index.ts";

const users = table("users", { id: t.integer().primaryKey(), email: t.text().notNull() });
const usersWithName = table("users", {
  id: t.integer().primaryKey(),
  email: t.text().notNull(),
  name: t.text(),
});
const rows = (isCalling: boolean) =>
  table(
    "users",
    { id: t.integer().primaryKey(), email: t.text() },
    {
      with: () =>
        isCalling
          ? [
              index("ix_users_label").on(sql`label(users.*)`),
              check("ck_users_label", sql`label(users.*) <> 'x'::text`),
            ]
          : [],
    },
  );
const rowed = (body: string) =>
  sqlFunction("label", {
    parameters: [{ name: "u", type: "users" }],
    returns: "text",
    volatility: "immutable",
    body: sql.raw(`SELECT ${body}`),
  });
const slug = (body = sql`SELECT lower(word)`) =>
  sqlFunction("slug", {
    parameters: [{ name: "word", type: "text" }],
    returns: "text",
    body,
    volatility: "immutable",
  });
const onRows = [
  sqlFunction("label", {
    parameters: [{ name: "u", type: "users" }],
    returns: "text",
    body: sql`SELECT u.email`,
    comment: "how a user is called",
  }),
  sqlFunction("everyone", { returns: "SETOF users", body: sql`SELECT * FROM users` }),
  view("labels", { query: sql`SELECT label(u) AS name FROM everyone() u` }),
];
const plus = (more: NonNullable<Parameters<typeof sqlFunction>[1]["parameters"]>) =>
  sqlFunction("plus", {
    parameters: [{ name: "n", type: "integer" }, ...more],
    returns: "integer",
    body: sql`SELECT n + 1`,
    volatility: "immutable",
  });
/** What calls both, and an unlike one that is made anew. */
const callingPlus = (returns: string): readonly unknown[] => [
  sqlFunction("plus", {
    parameters: [{ name: "word", type: "text" }],
    returns,
    body: sql`SELECT word || '+'`,
    volatility: "immutable",
  }),
  table(
    "sums",
    { n: t.integer().default(sql`plus(1)`) },
    { with: () => [check("sums_n", sql`plus(n) > 0`)] },
  ),
  view("pluses", {
    query: sql`SELECT plus(n) AS a, plus(n, 2) AS b, plus('x'::text) AS c FROM sums`,
  }),
];
const posts = table(
  "posts",
  {
    id: t.integer().primaryKey(),
    title: t
      .text()
      .notNull()
      .default(sql`slug('New')`),
  },
  {
    with: (c) => [
      check("posts_title", sql`slug(${c.title}) <> ''`),
      index("posts_slug").on(sql`slug(${c.title})`),
    ],
  },
);

/** What stands on types and columns of others; the way from one to the next replaces a type, or changes a column's. */
const onTypes = (
  moods: readonly [string, ...string[]],
  type: ReturnType<typeof t.integer>,
  limit: string,
): readonly unknown[] => {
  const mood = enumType("mood", moods);
  const short = domain("short", { baseType: `varchar(${limit})` });
  return [
    mood,
    short,
    table(
      "people",
      {
        id: t.integer().primaryKey(),
        mood: mood().notNull().default("ok"),
        age: type.notNull(),
        name: short(),
      },
      { postgresql: { rowSecurity: true } },
    ),
    table(
      "notes",
      { id: t.integer().primaryKey(), note: t.text().default(sql`'ok'::mood::text`) },
      {
        postgresql: { rowSecurity: true },
        with: (c) => [check("notes_mood", sql`${c.note} <> 'ok'::mood::text`)],
      },
    ),
    sqlFunction("is_ok", {
      parameters: [
        { name: "m", type: "mood" },
        { name: "s", type: "short" },
      ],
      returns: "mood",
      volatility: "immutable",
      body: sql`SELECT m`,
    }),
    sqlFunction("moods", { returns: "mood[]", body: sql`SELECT ARRAY['ok'::mood]` }),
    sqlFunction("oldest", {
      returns: "bigint",
      body: sql`BEGIN ATOMIC SELECT max(age) FROM people; END`,
    }),
    view("happy", { query: sql`SELECT id, is_ok(mood, name) AS mood FROM people WHERE age > 1` }),
    policy("own", {
      table: "notes",
      using: sql`id IN (SELECT p.age FROM people p WHERE p.mood = 'ok')`,
    }),
  ];
};

/** What calls a function that gets more parameters: the call stays as it is written. */
const calling = (
  parameters: NonNullable<Parameters<typeof sqlFunction>[1]["parameters"]>,
): readonly unknown[] => [
  sqlFunction("weigh", {
    parameters: [{ name: "n", type: "integer" }, ...parameters],
    returns: "integer",
    volatility: "immutable",
    body: sql`SELECT n + 1`,
  }),
  domain("heavy", {
    baseType: "integer",
    checks: [{ name: "weighs", expression: sql`weigh(VALUE) > 1` }],
  }),
  table(
    "goods",
    {
      id: t
        .integer()
        .primaryKey()
        .default(sql`weigh(1)`),
      weight: t.raw("heavy"),
      size: t.integer(),
    },
    {
      postgresql: { rowSecurity: true },
      with: (c) => [
        check("goods_size", sql`weigh(${c.size}) > 0`),
        index("goods_weighed").on(sql`weigh(${c.size})`),
      ],
    },
  ),
  policy("light", { table: "goods", using: sql`weigh(size) < 10` }),
  view("weighed", { query: sql`SELECT id, weigh(size) AS weight FROM goods` }),
];

const sayingMore = (more: number, others: readonly unknown[]): readonly unknown[] => [
  sqlFunction("note", {
    returns: "trigger",
    language: "plpgsql",
    body: sql`BEGIN RETURN NEW; END`,
  }),
  table("posts", { id: t.integer() }),
  sqlFunction("total", {
    returns: "bigint",
    body: sql.raw(`RETURN (SELECT sum(id) + ${String(more)} FROM posts)`),
  }),
  ...others,
];

/** What calls a function that gets more parameters or fewer, and calls it otherwise then. */
const callingAnew = (isMore: boolean): readonly unknown[] => {
  const call = isMore ? sql`weigh(size, 2)` : sql`weigh(size)`;
  return [
    sqlFunction("weigh", {
      parameters: [
        { name: "n", type: "integer" },
        ...(isMore ? [{ name: "more", type: "integer", default: sql`0` }] : []),
      ],
      returns: "integer",
      volatility: "immutable",
      body: sql`SELECT n + 1`,
    }),
    sqlFunction("weigh_twice", {
      parameters: [{ name: "size", type: "integer" }],
      returns: "integer",
      body: sql`RETURN ${call} * 2`,
    }),
    grants("weigh", {
      on: "function",
      arguments: isMore ? "integer, integer" : "integer",
      to: { pg_monitor: ["execute"] },
    }),
    table(
      "goods",
      { size: t.integer() },
      {
        with: (c) => [
          check("goods_size", sql`${call} > 0`),
          index("goods_weighed").on(call, c.size),
        ],
      },
    ),
    view("weighed", { query: sql`SELECT size, ${call} AS weight FROM goods` }),
  ];
};

const onLines = (parameter: string, returns = "integer"): unknown =>
  sqlFunction("lines", {
    parameters: [{ name: parameter, type: "integer" }],
    returns,
    language: "plpgsql",
    body: sql`
DECLARE
    words text := 'one

  two';
BEGIN
  RETURN length(words);
END`,
  });

const STEPS: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  "a body of many lines, and a parameter of another name": [
    [onLines("size"), view("twice", { query: sql`SELECT lines(2) AS n` })],
    [onLines("length"), view("twice", { query: sql`SELECT lines(2) AS n` })],
    [onLines("length", "bigint"), view("twice", { query: sql`SELECT lines(2) AS n` })],
  ],
  "that tables call come before them and go after them": [[slug(), posts], []],
  "change with every attribute": [
    [
      sqlFunction("f", {
        parameters: [
          { name: "a", type: "int" },
          { name: "b", type: "varchar", mode: "inout", default: sql`'x'` },
          { name: "rest", type: "int[]", mode: "variadic", default: sql`'{}'` },
        ],
        language: "plpgsql",
        body: sql.raw("BEGIN\n  -- it's `odd` $$\n  b := '\\n' || ${1};\nEND"),
        comment: "first",
      }),
      sqlFunction("f", { parameters: [{ type: "text" }], returns: "void", body: sql`SELECT` }),
      sqlProcedure("p", { parameters: [{ name: "n", type: "integer" }], body: sql`SELECT n` }),
    ],
    [
      sqlFunction("f", {
        parameters: [
          { name: "a", type: "int4" },
          { name: "b", type: "varchar", mode: "inout", default: sql`'y'` },
          { name: "rest", type: "int[]", mode: "variadic", default: sql`'{}'` },
        ],
        language: "plpgsql",
        body: sql`BEGIN b := ''; END`,
        volatility: "stable",
        strict: true,
        security: "definer",
        leakproof: true,
        parallel: "safe",
        cost: 7,
        set: { search_path: "public, pg_temp", work_mem: "64MB" },
      }),
      sqlFunction("f", {
        parameters: [{ name: "w", type: "text" }],
        returns: "SETOF integer",
        body: sql`SELECT 1`,
        rows: 5,
        set: { search_path: '""' },
      }),
      sqlProcedure("p", {
        parameters: [
          { name: "m", type: "integer" },
          { name: "o", type: "text", mode: "inout" },
        ],
        language: "plpgsql",
        body: sql`BEGIN o := m::text; END`,
        comment: "second",
      }),
    ],
  ],
  "of another result keep what calls them": [
    [slug(), posts, view("slugs", { query: sql`SELECT slug(title) AS s FROM posts` })],
    [
      sqlFunction("slug", {
        parameters: [{ name: "w", type: "text" }],
        returns: "text",
        body: sql`SELECT upper(w)`,
        volatility: "immutable",
      }),
      posts,
      view("slugs", { query: sql`SELECT slug(title) AS s FROM posts` }),
    ],
  ],
  "with a row in the signature follow the table": [
    [],
    [
      users,
      sqlFunction("label", {
        parameters: [{ name: "u", type: "users" }],
        returns: "text",
        body: sql`SELECT u.email`,
      }),
      sqlFunction("everyone", {
        returns: "SETOF users",
        body: sql`SELECT * FROM users ORDER BY label(users)`,
      }),
      sqlFunction("how_many", {
        returns: "bigint",
        body: sql`RETURN (SELECT count(*) FROM users)`,
      }),
    ],
    [
      usersWithName,
      sqlFunction("label", {
        parameters: [{ name: "u", type: "users" }],
        returns: "text",
        body: sql`SELECT u.name`,
      }),
      sqlFunction("how_many", {
        returns: "bigint",
        body: sql`BEGIN ATOMIC SELECT count(name) FROM users; END`,
      }),
    ],
  ],
  "with a row in the signature follow a table that becomes a partitioned one": [
    [users, ...onRows],
    [
      table(
        "users",
        { id: t.integer().primaryKey(), email: t.text().notNull() },
        { postgresql: { partitionBy: "hash (id)" } },
      ),
      ...onRows,
    ],
    [users, ...onRows],
  ],
  "stand on types and columns that change": [
    onTypes(["ok", "sad", "odd"], t.integer(), "10"),
    onTypes(["sad", "ok"], t.integer(), "10"),
    onTypes(["sad", "ok"], t.bigint(), "10"),
    onTypes(["sad", "ok"], t.bigint(), "20"),
    onTypes(["ok"], t.integer(), "10"),
  ],
  "get another signature under what calls them": [
    calling([]),
    calling([{ name: "more", type: "integer", default: sql`0` }]),
    calling([
      { name: "more", type: "bigint", default: sql`0` },
      { name: "word", type: "text", default: sql`''` },
    ]),
    calling([]),
  ],
  "change beside grants and triggers that have the names they speak of": [
    sayingMore(1, [
      grants("posts", { on: "table", to: { pg_monitor: ["select"] } }),
      trigger("id", { table: "posts", timing: "before", events: ["insert"], execute: sql`note()` }),
    ]),
    sayingMore(2, []),
  ],
  "give way to another of their name that gets a default": [
    [plus([]), plus([{ name: "more", type: "integer" }]), ...callingPlus("text")],
    [plus([{ name: "more", type: "integer", default: sql`1` }]), ...callingPlus("varchar")],
    [plus([]), plus([{ name: "more", type: "integer" }]), ...callingPlus("text")],
  ],
  "get another signature beside what calls them otherwise": [
    callingAnew(false),
    callingAnew(true),
    callingAnew(false),
  ],
  "that are aggregates": [
    [
      sqlFunction("join_words", {
        parameters: [
          { name: "a", type: "text" },
          { name: "b", type: "text" },
        ],
        returns: "text",
        body: sql`SELECT a || b`,
      }),
      aggregate("words", {
        parameters: [{ type: "text" }],
        definition: { sfunc: "join_words", stype: "text", initcond: "it's" },
        comment: "joined",
      }),
      aggregate("many", { definition: { sfunc: "int8inc", stype: "bigint", initcond: "0" } }),
      table("w", { w: t.text() }),
      view("all_words", { query: sql`SELECT words(w) AS w FROM w` }),
    ],
    [
      sqlFunction("join_words", {
        parameters: [
          { name: "a", type: "text" },
          { name: "b", type: "text" },
        ],
        returns: "text",
        body: sql`SELECT a || b`,
      }),
      aggregate("words", {
        parameters: [{ name: "word", type: "text" }],
        definition: { sfunc: "join_words", stype: "text", parallel: "safe" },
      }),
      table("w", { w: t.text() }),
      view("all_words", { query: sql`SELECT words(w) AS w FROM w` }),
    ],
    [],
  ],
  "have parameters and types that are called like tables, and are called by defaults": [
    [
      ...["date", "category", "path"].map((name) => table(name, { id: t.integer() })),
      sqlFunction("today", {
        parameters: [{ name: "category", type: "text", default: sql`'x'` }],
        returns: "date",
        body: sql`SELECT '2020-01-01'::date`,
      }),
      sqlFunction("ways", {
        parameters: [{ type: "path[]" }],
        returns: "TABLE(category text, path public.path)",
        body: sql`SELECT 'x', NULL::public.path`,
      }),
      table("seen", { at: t.date().default(sql`today()`) }),
    ],
    [],
  ],
  "are called with a row by an index and a check of the table": [
    [rowed("lower(u.email)"), rows(true)],
    [rowed("upper(u.email)"), rows(true)],
    [rows(false)],
  ],
  "change places with an aggregate under what calls them": [
    [
      sqlFunction("x", {
        parameters: [{ type: "integer" }],
        returns: "integer",
        body: sql`SELECT $1`,
        comment: "one",
      }),
      view("xs", { query: sql`SELECT x(1) AS x` }),
    ],
    [
      aggregate("x", {
        parameters: [{ type: "integer" }],
        definition: { sfunc: "int4pl", stype: "integer" },
      }),
      view("xs", { query: sql`SELECT x(1) AS x` }),
    ],
  ],
  "change places with a procedure": [
    [sqlFunction("x", { returns: "void", body: sql`SELECT` })],
    [sqlProcedure("x", { body: sql`SELECT` })],
  ],
};

walkEach("routines", STEPS);
