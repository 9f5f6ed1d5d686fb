import { walkEach } from "./walk.ts";
import { publication, sql, t, table, type PublicationDefinition } from "../../src/schema/index.ts";

type Columns = Parameters<typeof table>[1];
const key = t.integer().primaryKey();
const users = (more: Columns = {}) => table("users", { id: key, email: t.text(), ...more });
const posts = (more: Columns = {}) => table("posts", { id: key, body: t.text(), ...more });
const news = (...tables: NonNullable<PublicationDefinition["tables"]>) =>
  publication("news", { tables });
const parted = (partitionBy: string, bounds: string) => [
  table(
    "events",
    { day: t.date().notNull(), kind: t.integer().notNull(), note: t.text() },
    { postgresql: { partitionBy } },
  ),
  table("events_1", {}, { postgresql: { partitionOf: "events", values: bounds } }),
];
const byDay = parted("RANGE (day)", "FOR VALUES FROM ('2020-01-01') TO ('2030-01-01')");
const byKind = parted("LIST (kind)", "FOR VALUES IN (1)");
const viaRoot = { viaPartitionRoot: true } as const;

walkEach("publications", {
  "what is published, how, and the comment": [
    [users(), posts(), publication("news")],
    [users(), posts(), news("posts", "users", "users")],
    [
      users(),
      posts(),
      publication("news", {
        tables: [{ schema: "public", name: "posts" }],
        publish: ["update", "insert"],
        comment: "it's 100%",
      }),
    ],
    [
      users(),
      posts(),
      publication("news", {
        tables: ["posts"],
        publish: ["truncate", "delete", "update", "insert"],
        viaPartitionRoot: true,
        comment: "",
      }),
    ],
    [users(), posts(), publication("news", { publish: [] })],
    [users()],
  ],
  "all tables, or some": [
    [users(), news("users")],
    [users(), posts(), publication("news", { allTables: true, publish: ["insert"] })],
    [users(), posts(), publication("news", { allTables: true, viaPartitionRoot: false })],
    [posts(), news("posts")],
    [],
  ],
  "lists of columns and conditions": [
    [
      users({ age: t.integer() }),
      news({ name: "users", columns: ["id", "email"], where: sql`email='x' and id  > 3` }),
    ],
    [
      users({ age: t.integer() }),
      news({ name: "users", columns: ["email", "id"], where: sql`(email = 'x') AND (id > 3)` }),
    ],
    [users({ age: t.integer() }), news({ name: "users", where: sql`age BETWEEN 1 AND 5` })],
    [users(), posts(), news("users", { name: "posts", columns: ["id"] })],
    [],
  ],
  "tables and columns that come and go": [
    [
      users({ old: t.integer() }),
      posts(),
      news({ name: "users", columns: ["id", "old"] }, "posts"),
    ],
    [
      users({ fresh: t.text() }),
      table("tags", { id: key, label: t.text() }),
      news({ name: "users", columns: ["id", "fresh"] }, { name: "tags", where: sql`label <> ''` }),
    ],
    [
      users({ other: t.varchar(9) }),
      table("tags", { id: key, size: t.integer() }),
      news(
        { name: "users", where: sql`other = 'a'` },
        { name: "tags", columns: ["id", "size"], where: sql`size > 1` },
      ),
    ],
    [users(), news("users")],
    [news()],
  ],
  "types that change under lists and conditions": [
    [
      users({ age: t.integer(), word: t.varchar(20) }),
      posts(),
      news({ name: "users", columns: ["id", "age", "word"], where: sql`age > 5 AND word = 'x'` }),
      publication("more", { tables: ["users", { name: "posts", columns: ["id", "body"] }] }),
    ],
    [
      users({ age: t.bigint(), word: t.text() }),
      posts({ body: t.varchar(200) }),
      news({ name: "users", columns: ["id", "age", "word"], where: sql`age > 5 AND word = 'x'` }),
      publication("more", { tables: ["users", { name: "posts", columns: ["id", "body"] }] }),
    ],
    [
      users({ age: t.smallint(), word: t.integer() }),
      posts({ body: t.varchar(300) }),
      news({ name: "users", where: sql`age > 7 AND word = 1` }),
      publication("more", { tables: ["users", { name: "posts", columns: ["id", "body"] }] }),
    ],
    [users(), posts(), news()],
  ],
  "generated columns that are made anew": [
    [
      users({ upper: t.text().generatedAs(sql`upper(email)`) }),
      news({ name: "users", where: sql`upper = 'X'` }),
    ],
    [
      users({ upper: t.text().generatedAs(sql`lower(email)`) }),
      news({ name: "users", where: sql`upper = 'X'` }),
    ],
    [users({ upper: t.text() }), news({ name: "users", where: sql`upper = 'X'` })],
    [
      users({ upper: t.text().generatedAs(sql`upper(email)`) }),
      news({ name: "users", where: sql`upper = 'X'` }),
    ],
  ],
  "partitioned tables, and those that are made anew": [
    [...byDay, news("events")],
    [...byKind, news("events")],
    [
      ...byKind,
      publication("news", {
        tables: [{ name: "events", columns: ["kind", "note"], where: sql`kind = 1` }],
        ...viaRoot,
      }),
    ],
    [
      ...byDay,
      users(),
      publication("news", {
        tables: [{ name: "events", columns: ["kind", "note"], where: sql`kind = 1` }, "users"],
        ...viaRoot,
      }),
    ],
    [...byDay, users(), news("events_1", { name: "events" })],
    [users(), news("users")],
  ],
  "tables that inherit, and those that are not logged": [
    [
      table("base", { id: t.integer() }),
      table("child", { name: t.text() }, { postgresql: { inherits: "base" } }),
      table("quick", { id: key }, { postgresql: { unlogged: true } }),
      news("base"),
    ],
    [
      table("base", { id: t.integer() }),
      table("child", { name: t.text() }, { postgresql: { inherits: "base" } }),
      table("quick", { id: key }),
      news("child", "quick"),
    ],
    [
      table("base", { id: t.integer() }),
      table("quick", { id: key }, { postgresql: { unlogged: true } }),
      news("base"),
    ],
  ],
  "columns of parents under what names an heir": [
    [
      table("base", { id: t.integer(), old: t.text(), size: t.integer() }),
      table("heir", { name: t.text() }, { postgresql: { inherits: "base" } }),
      news({ name: "heir", columns: ["id", "old", "name"], where: sql`size > 1` }),
    ],
    [
      table("base", { id: t.bigint(), old: t.varchar(20), size: t.bigint() }),
      table("heir", { name: t.text() }, { postgresql: { inherits: "base" } }),
      news({ name: "heir", columns: ["id", "old", "name"], where: sql`size > 1` }),
    ],
    [
      table("base", { id: t.bigint(), size: t.bigint() }),
      table("heir", { name: t.text() }, { postgresql: { inherits: "base" } }),
      news({ name: "heir", columns: ["id", "name"] }, "base"),
    ],
  ],
  "conditions under what only a partition root has": [
    [
      ...byKind,
      publication("news", { tables: [{ name: "events", where: sql`kind > 0` }], ...viaRoot }),
      publication("more", { tables: ["events"] }),
    ],
    [
      ...byKind,
      publication("news", { tables: ["events"] }),
      publication("more", { tables: [{ name: "events", where: sql`kind > 0` }], ...viaRoot }),
    ],
  ],
  "odd names": [
    [
      table('us"ers %s', { 'i"d %': t.integer().primaryKey(), "it's": t.integer() }),
      publication('ne"ws %I', {
        tables: [{ name: 'us"ers %s', columns: ['i"d %', "it's"], where: sql`"it's" > 1` }],
        comment: "100% 'sure' %s",
      }),
    ],
    [
      table('us"ers %s', { 'i"d %': t.bigint().primaryKey(), "it's": t.bigint() }),
      publication('ne"ws %I', {
        tables: [{ name: 'us"ers %s', columns: ['i"d %', "it's"], where: sql`"it's" > 1` }],
        comment: "100% 'sure' %s",
      }),
    ],
    [table("order", { select: key }), news({ name: "order", where: sql`"select" > 1` })],
    [table("news", { id: key }), publication("users"), news("news")],
  ],
});

const away = (name: string) => table(name, { id: key, body: t.text() }, { schema: "away" });

walkEach(
  "publications of other schemas",
  {
    "tables and whole schemas": [
      [users(), away("users"), news("users", { schema: "away", name: "users" })],
      [
        users(),
        away("posts"),
        publication("news", {
          tables: ["users", { schema: "away", name: "posts", where: sql`body <> ''` }],
          schemas: ["away", "public"],
        }),
      ],
      [
        users(),
        away("posts"),
        publication("news", { tables: [{ schema: "away", name: "posts", columns: ["id"] }] }),
      ],
      [users(), away("tags"), publication("news", { schemas: ["away"] })],
      [users(), publication("news", { schemas: ["away"] })],
      [users(), publication("news", { schemas: ["public"] })],
    ],
    "a schema that comes and goes": [
      [users(), news("users")],
      [away("posts"), publication("news", { schemas: ["away"] })],
      [users(), news("users")],
    ],
  },
  ["away"],
);
