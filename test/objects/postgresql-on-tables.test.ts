import { walkEach } from "./walk.ts";
import {
  eventTrigger,
  grants,
  materializedView,
  policy,
  rule,
  sequence,
  sql,
  sqlFunction,
  statistics,
  t,
  table,
  trigger,
  view,
} from "../../src/schema/index.ts";

const columns = () => ({
  id: t.integer().primaryKey(),
  email: t.varchar(80).notNull(),
  owner: t.text(),
});
const users = table("users", columns());
const secured = table("users", columns(), { postgresql: { rowSecurity: true } });
const forced = table("users", columns(), {
  postgresql: { rowSecurity: true, forceRowSecurity: true, fillfactor: 80 },
});
const longer = table("users", { ...columns(), email: t.text().notNull() });
const other = table("other", { id: t.integer().primaryKey() });
const secondTable = table(
  "other",
  { id: t.integer().primaryKey() },
  { postgresql: { rowSecurity: true } },
);
const touch = sqlFunction("touch", {
  returns: "trigger",
  language: "plpgsql",
  body: sql`BEGIN RETURN NEW; END`,
});
const half = sqlFunction("half", {
  parameters: [{ name: "n", type: "integer" }],
  returns: "integer",
  body: sql`SELECT n / 2`,
});
const halfOfText = sqlFunction("half", {
  parameters: [{ name: "n", type: "text" }],
  returns: "text",
  body: sql`SELECT left(n, length(n) / 2)`,
});
const note = sqlFunction("note", {
  returns: "event_trigger",
  language: "plpgsql",
  body: sql`BEGIN END`,
});
const plain = trigger("t", {
  table: "users",
  timing: "before",
  events: ["update"],
  execute: sql`touch()`,
});
const all = view("everybody", { query: sql`SELECT id, email FROM users` });

/** What stands on a column, in words that mean another thing with each of its types. */
const onAmounts = (
  type: ReturnType<typeof t.integer | typeof t.numeric | typeof t.double>,
): readonly unknown[] => [
  table(
    "amounts",
    { id: t.integer().primaryKey(), amount: type.notNull() },
    { postgresql: { rowSecurity: true } },
  ),
  table("others", { id: t.integer().primaryKey() }, { postgresql: { rowSecurity: true } }),
  touch,
  trigger("t", {
    table: "amounts",
    timing: "before",
    events: ["update"],
    when: sql`NEW.amount + 1 > 2`,
    execute: sql`touch()`,
  }),
  policy("own", { table: "amounts", using: sql`amount * 2 > 1` }),
  policy("theirs", {
    table: "others",
    using: sql`id IN (SELECT a.id FROM public.amounts a WHERE a.amount + 1 > 2)`,
  }),
  rule("r", {
    table: "amounts",
    event: "delete",
    definition: sql`WHERE OLD.amount + 1 > 2 DO INSTEAD NOTHING`,
  }),
];

/** What goes with a table that is made anew, or keeps it from going. */
const onKind = (
  postgresql: Readonly<Record<string, boolean | string>>,
  privileges: readonly ("insert" | "select" | "update")[],
): readonly unknown[] => [
  table("users", columns(), { postgresql: { rowSecurity: true, ...postgresql } }),
  secondTable,
  touch,
  { ...plain, comment: "touches" },
  rule("r", { table: "users", event: "delete", definition: sql`DO ALSO NOTHING` }),
  policy("own", { table: "users", using: sql`owner = CURRENT_USER` }),
  policy("theirs", { table: "other", using: sql`id IN (SELECT u.id FROM users u)` }),
  statistics("s", { table: "users", elements: ["email", "owner"] }),
  all,
  grants("users", { on: "table", to: { pg_monitor: privileges } }),
  grants("everybody", { on: "table", to: { pg_monitor: ["select"] } }),
];

const onIds = (ids: unknown): readonly unknown[] => [
  users,
  secondTable,
  ids,
  view("some", { query: sql`SELECT id FROM ids` }),
  policy("theirs", { table: "other", using: sql`id IN (SELECT i.id FROM ids i)` }),
  grants("ids", { on: "table", to: { pg_monitor: ["select"] } }),
];

const onNumbered = (postgresql: Readonly<Record<string, string>>): readonly unknown[] => [
  sequence("numbers", { ownedBy: { table: "lists", column: "n" } }),
  table(
    "lists",
    {
      id: t.integer().primaryKey().identity({ serial: true }),
      n: t.bigint().default(sql`nextval('numbers')`),
    },
    { postgresql },
  ),
  table("others", { n: t.bigint().default(sql`nextval('numbers')`) }),
  grants("numbers", { on: "sequence", to: { pg_monitor: ["usage"] } }),
  grants("lists_id_seq", { on: "sequence", to: { pg_monitor: ["usage"] } }),
];

const odd = "percent % $& %s";
const percent = table(odd, { id: t.integer().primaryKey() });

const STEPS: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  "a trigger and a rule of a table with any name": [
    [
      percent,
      touch,
      trigger("t % $&", {
        table: odd,
        timing: "before",
        events: ["update"],
        execute: sql`touch()`,
        enabled: "disabled",
      }),
      rule("r % $&", {
        table: odd,
        event: "delete",
        definition: sql`DO INSTEAD NOTHING`,
        enabled: "always",
      }),
    ],
    [percent, touch],
  ],
  "triggers with every attribute": [
    [users, touch, plain],
    [
      users,
      touch,
      trigger("t", {
        table: "users",
        timing: "after",
        events: ["update", "insert"],
        columns: ["owner", "email"],
        when: sql`new.email <> 'x'`,
        execute: sql`touch('a', 'it''s', 3)`,
        enabled: "always",
        comment: "words",
      }),
    ],
    [
      users,
      touch,
      trigger("t", {
        table: "users",
        timing: "after",
        events: ["update", "insert"],
        columns: ["owner", "email"],
        when: sql`new.email <> 'x'`,
        execute: sql`touch('a', 'it''s', 3)`,
        enabled: "disabled",
      }),
    ],
    [
      users,
      other,
      touch,
      trigger("t", {
        table: "users",
        timing: "after",
        events: ["delete"],
        forEach: "statement",
        oldTable: "gone",
        execute: sql`touch()`,
      }),
      trigger("c", {
        table: "users",
        timing: "after",
        events: ["insert"],
        constraint: true,
        initiallyDeferred: true,
        from: { name: "other" },
        execute: sql`touch()`,
      }),
    ],
    [longer, touch, plain],
    [],
  ],
  "triggers and rules on views that are made anew": [
    [
      users,
      touch,
      all,
      trigger("v", {
        table: "everybody",
        timing: "insteadOf",
        events: ["insert"],
        execute: sql`touch()`,
      }),
      rule("r", { table: "everybody", event: "delete", definition: sql`DO INSTEAD NOTHING` }),
    ],
    [
      users,
      touch,
      view("everybody", { query: sql`SELECT email, id FROM users` }),
      trigger("v", {
        table: "everybody",
        timing: "insteadOf",
        events: ["insert"],
        execute: sql`touch()`,
      }),
      rule("r", {
        table: "everybody",
        event: "delete",
        definition: sql`WHERE old.id > 1 DO INSTEAD DELETE FROM users WHERE id = old.id`,
        comment: "why",
      }),
      rule("on_table", {
        table: "users",
        event: "update",
        definition: sql`WHERE new.id > 5 DO ALSO DELETE FROM users WHERE id = 0`,
        enabled: "always",
      }),
    ],
  ],
  "all that stands on a table which becomes a partitioned one": [
    onKind({}, ["select"]),
    onKind({ partitionBy: "hash (id)" }, ["select"]),
    onKind({}, ["insert", "update"]),
  ],
  "the sequences of a table which becomes a partitioned one": [
    onNumbered({}),
    onNumbered({ partitionBy: "hash (id)" }),
    onNumbered({}),
  ],
  "what stands on a view that becomes a materialised one": [
    onIds(view("ids", { query: sql`SELECT id FROM users`, comment: "numbers" })),
    onIds(materializedView("ids", { query: sql`SELECT id FROM users`, comment: "numbers" })),
  ],
  "policies and row security": [
    [
      secured,
      policy("own", { table: "users", using: sql`owner = current_user` }),
      policy("all", {
        table: "users",
        command: "insert",
        roles: ["postgres"],
        withCheck: sql`true`,
      }),
    ],
    [
      forced,
      policy("own", {
        table: "users",
        using: sql`owner = current_user and length(email) > 3`,
        roles: ["postgres", "pg_monitor"],
        comment: "mine",
      }),
      policy("all", {
        table: "users",
        restrictive: true,
        withCheck: sql`email in ('a', 'b')`,
        using: sql`id in (select u.id from users u)`,
      }),
    ],
    [users],
  ],
  "conditions are read with the columns that they will find": [
    onAmounts(t.numeric(10, 2)),
    onAmounts(t.integer()),
    onAmounts(t.double()),
  ],
  "grants on everything": [
    [
      users,
      touch,
      all,
      grants("users", {
        on: "table",
        to: { pg_monitor: ["select", "INSERT"], public: ["select"] },
        columns: { email: { pg_read_all_data: ["update", "select"] } },
      }),
      grants("everybody", { on: "table", to: {}, withGrantOption: { pg_monitor: ["select"] } }),
      grants("touch", { on: "function", to: {} }),
    ],
    [
      users,
      touch,
      view("everybody", { query: sql`SELECT email FROM users` }),
      grants("users", {
        on: "table",
        to: { pg_monitor: ["all"] },
        withGrantOption: { pg_read_all_data: ["select"] },
        columns: { id: { public: ["references"] } },
      }),
      grants("everybody", { on: "table", to: { pg_monitor: ["select"] } }),
      grants("touch", { on: "function", to: { pg_monitor: ["execute"], public: ["execute"] } }),
      table("odd", { id: t.integer() }, { schema: "app" }),
      grants("app", { on: "schema", to: { pg_monitor: ["usage"], public: ["usage", "create"] } }),
    ],
    [users],
  ],
  "grants on overloaded functions, and on columns to hand on": [
    [
      users,
      half,
      halfOfText,
      grants("half", { on: "function", arguments: "integer", to: { pg_monitor: ["execute"] } }),
      grants("users", {
        on: "table",
        to: {},
        columns: { id: { pg_monitor: ["select"] } },
        columnsWithGrantOption: { email: { pg_monitor: ["select", "update"] } },
      }),
    ],
    [
      users,
      half,
      halfOfText,
      grants("half", { on: "function", arguments: "text", to: {} }),
      grants("users", {
        on: "table",
        to: {},
        columnsWithGrantOption: { id: { pg_monitor: ["select"] }, email: { public: [] } },
      }),
    ],
    [users],
  ],
  "event triggers": [
    [note, eventTrigger("watch", { event: "ddl_command_end", execute: sql`note()` })],
    [
      note,
      eventTrigger("watch", {
        event: "sql_drop",
        tags: ["DROP TABLE", "drop view"],
        execute: sql`public.note()`,
        enabled: "disabled",
        comment: "quiet",
      }),
    ],
    [],
  ],
};

walkEach("what stands on tables", STEPS, ["app"]);
