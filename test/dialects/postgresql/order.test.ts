import { walkEach } from "../../objects/walk.ts";
import {
  check,
  compositeType,
  domain,
  enumType,
  index,
  primaryKey,
  rangeType,
  sequence,
  sql,
  sqlFunction,
  t,
  table,
  unique,
  view,
  type DeclaresTable,
} from "../../../src/schema/index.ts";

/** A table with a key that others stand on, and that is the primary one or not. */
function keyed(isPrimary: boolean): readonly unknown[] {
  const one = table(
    "keyed",
    { a: t.integer().notNull(), b: t.integer().notNull(), c: t.integer() },
    {
      with: (c) => (isPrimary ? [primaryKey([c.a])] : [primaryKey([c.a, c.b]), unique([c.a])]),
    },
  );
  const other = table("keying", {
    a: t.integer().references(() => one.a, { onDelete: "cascade" }),
  });
  return [one, other];
}

/** Tables that stand on keys with a column more. */
function including(
  extra: ReturnType<typeof t.text> | ReturnType<typeof t.integer>,
): readonly unknown[] {
  const one = table(
    "keyed",
    { a: t.integer().notNull(), b: t.integer().notNull(), extra },
    {
      with: (c) => [
        primaryKey([c.a], { include: ["extra"] }),
        index("ix").on(c.b).unique().include("extra"),
      ],
    },
  );
  const other = table("keying", {
    a: t.integer().references(() => one.a),
    b: t.integer().references(() => one.b),
  });
  return [one, other];
}

/** A key that a table points to, or its name at another table. */
function pointedTo(isPointedTo: boolean, ...more: readonly unknown[]): readonly unknown[] {
  const one = table(
    "coded",
    { code: t.integer() },
    { with: (c) => (isPointedTo ? [unique("code_key", [c.code])] : []) },
  );
  const other = table(
    "others",
    { id: t.integer() },
    { with: (c) => (isPointedTo ? [] : [unique("code_key", [c.id])]) },
  );
  const pointing = table("pointing", { code: t.integer().references(() => one.code) });
  return [one, other, ...(isPointedTo ? [pointing] : []), ...more];
}
const heir = table("heir", { own: t.text() }, { postgresql: { inherits: "coded" } });

const parentOf = (more: Parameters<typeof table>[1]): DeclaresTable =>
  table("parent", { id: t.integer(), ...more });
const further = table("further", {}, { postgresql: { inherits: "parent" } });
const standing = (parent: string): DeclaresTable =>
  table(
    "standing",
    { twice: t.integer().generatedAs(sql`code * 2`, { stored: true }) },
    {
      with: () => [check(sql`code > id`), index("ix_code").on(sql`code`)],
      postgresql: { inherits: parent },
    },
  );

const numbers = (isSerial: boolean): DeclaresTable =>
  table("numbers", { id: isSerial ? t.integer().identity({ serial: true }) : t.integer() });
/** The tables with no numbers of another one. */
const without: readonly DeclaresTable[] = [
  table("among", { id: t.integer(), note: t.text() }),
  table("zone", { note: t.text() }),
];
/** Tables with the numbers of another one. */
function numbered(): readonly DeclaresTable[] {
  const id = t.integer().default(sql`nextval('numbers_id_seq')`);
  return ["among", "zone"].map((name) =>
    table(
      name,
      { id, note: t.text() },
      { with: (c) => [unique([c.id]), index(`${name}_notes`).on(c.note, c.id)] },
    ),
  );
}

/** A domain inside arrays, for which a new one takes its place, and a view. */
function inArrays(least: number, query: ReturnType<typeof sql>): readonly unknown[] {
  const part = domain<number>("part", {
    baseType: "integer",
    checks: [{ name: "least", expression: sql.raw(`VALUE > ${String(least)}`) }],
  });
  return [
    part,
    table("several", { id: t.integer(), parts: t.array(part()) }),
    table("others", { id: t.integer() }),
    view("few", { query }),
  ];
}

function computed(factor: number): readonly unknown[] {
  const doubled = table("doubled", {
    id: t.integer().primaryKey(),
    twice: t
      .integer()
      .unique()
      .generatedAs(sql.raw(`id * ${String(factor)}`), { stored: true }),
  });
  const halved = table("halved", {
    id: t
      .integer()
      .primaryKey()
      .references(() => doubled.id),
    twice: t.integer().references(() => doubled.twice),
  });
  return [doubled, halved];
}

const kinds = {
  enum: enumType("kind", ["a", "b"]),
  domain: domain<string>("kind", { baseType: "text", checks: [{ expression: sql`VALUE <> ''` }] }),
  composite: compositeType("kind", { attributes: [{ name: "x", type: "text" }] }),
  range: rangeType("kind", { subtype: "integer" }),
};

/** A type, a table that has it, and what stands on that. */
function typed(declared: (typeof kinds)[keyof typeof kinds], value: string): readonly unknown[] {
  return [
    declared,
    table("typed", {
      id: t.integer().primaryKey(),
      value: declared(),
      all: t.array(declared()),
    }),
    view("valued", {
      query: sql.raw(`SELECT id, value::text AS v FROM typed WHERE value::text <> ${value}`),
    }),
  ];
}
/** A relation of the type's name on one side, the type on the other. */
const other = (column: ReturnType<typeof t.text> | undefined): DeclaresTable =>
  table("other", { id: t.integer().primaryKey(), ...(column === undefined ? {} : { column }) });
const ofValues = (values: readonly string[], isRequired: boolean): readonly unknown[] => {
  const kind = enumType("kind", values);
  const all = t.array(kind()).default(sql`'{}'`);
  return [kind, table("several", { id: t.integer(), all: isRequired ? all.notNull() : all })];
};

/** Two columns, an index over what a function makes of both, and between them a column that changes otherwise. */
function spanOf(type: "integer" | "bigint"): readonly unknown[] {
  return [
    table(
      "spans",
      {
        id: t.integer().primaryKey(),
        first: t.raw(type),
        word: t.text().default(type),
        last: t.raw(type),
      },
      {
        with: () => [
          index("spans_box")
            .on(sql`span(first, last)`)
            .using("gist"),
        ],
      },
    ),
    sqlFunction("span", {
      parameters: [{ type }, { type }],
      returns: "box",
      volatility: "immutable",
      body: sql`SELECT box(point(0, $1), point(1, $2))`,
    }),
  ];
}

function comparedAs(type: string): readonly unknown[] {
  return [
    table(
      "spans",
      { first: t.raw(type), last: t.raw(type) },
      { with: ({ first, last }) => [check("spans_order", sql`${first} < ${last}`)] },
    ),
  ];
}

function numberedUpTo(
  identity: Parameters<ReturnType<typeof t.bigint>["identity"]>[0],
  sequenceType?: string,
): readonly unknown[] {
  const id = t.bigint().identity(identity);
  return [
    table("numbered", { id: sequenceType === undefined ? id : id.options({ sequenceType }) }),
  ];
}

const STEPS: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  "a key is replaced under the foreign keys that stand on it": [
    keyed(true),
    keyed(false),
    keyed(true),
  ],
  "a primary key goes under a query that groups by it": [
    [
      ...keyed(true),
      view("counted", { query: sql`SELECT a, b, c, count(*) AS n FROM keyed GROUP BY a` }),
    ],
    [
      ...keyed(false),
      view("counted", { query: sql`SELECT a, b, c, count(*) AS n FROM keyed GROUP BY a, b` }),
    ],
  ],
  "a computed column is made again under the foreign keys that point to it": [
    computed(2),
    computed(3),
  ],
  "a type takes the name of one of another kind": [
    typed(kinds.enum, "'a'"),
    typed(kinds.domain, "'a'"),
    typed(kinds.composite, "'(a)'"),
    typed(kinds.range, "'empty'"),
    typed(kinds.enum, "'a'"),
  ],
  "a type takes the name of a table or a view, and leaves it to one": [
    [table("kind", { id: t.integer() }), other(undefined)],
    [kinds.domain, other(kinds.domain())],
    [other(undefined), view("kind", { query: sql`SELECT id FROM other` })],
    [kinds.domain, other(kinds.domain())],
    [table("kind", { id: t.integer() }), other(undefined)],
  ],
  "a view comes and goes with its table, beside an enum that changes": [
    ofValues(["a", "b"], false),
    [
      ...ofValues(["a", "b", "c"], false),
      table("more", { id: t.integer(), kind: t.enum(["a", "b", "c"], { enumName: "kind" }) }),
      view("few", { query: sql`SELECT id FROM more` }),
    ],
    ofValues(["a", "b"], false),
  ],
  "a default changes with the domain that is made anew": [
    [
      domain("kind", { baseType: "text", collation: "C" }),
      table("several", { id: t.integer(), kind: t.raw("kind").default(sql`'x'`) }),
    ],
    [
      domain("kind", { baseType: "text" }),
      table("several", { id: t.integer(), kind: t.raw("kind") }),
    ],
    [
      domain("kind", { baseType: "text", collation: "C" }),
      table("several", { id: t.integer(), kind: t.raw("kind").default(sql`'y'`) }),
    ],
  ],
  "a column changes its type that is included in the key others stand on": [
    including(t.varchar(9)),
    including(t.text()),
    including(t.integer()),
  ],
  "a key goes with the table that points to it, and leaves its name to another table": [
    pointedTo(true),
    pointedTo(false),
    pointedTo(true, heir),
    pointedTo(false, heir),
  ],
  "an heir goes beside the column of its parent that it stands on": [
    [parentOf({ code: t.integer() }), standing("parent"), further],
    [parentOf({}), further],
    [parentOf({ code: t.integer() }), standing("further"), further],
    [parentOf({}), further],
  ],
  "a parent points to its heir": [
    [table("letters", { id: t.integer() })],
    [
      table("folk", { id: t.integer(), first: t.integer().references("child.code") }),
      table("child", { code: t.integer().unique() }, { postgresql: { inherits: "folk" } }),
    ],
    [table("letters", { id: t.integer() })],
  ],
  "tables come with the serial column that numbers others, and go": [
    [],
    [
      table("apples", { id: t.integer().default(sql`nextval('"Pears_id_seq"')`) }),
      table("baskets", { id: t.integer().default(sql`nextval('numbers_id_seq')`) }),
      numbers(true),
      table("Pears", { id: t.integer().identity({ serial: true }) }),
    ],
    [],
  ],
  "a table goes whose serial column numbers others": [
    [numbers(true)],
    [numbers(true), ...numbered()],
    without,
  ],
  "a serial column that numbers others is so no more": [
    [numbers(true)],
    [numbers(true), ...numbered()],
    [numbers(false), ...without],
  ],
  "a sequence leaves its name to a view, and takes that of a table": [
    [sequence("one"), table("two", { id: t.bigint().default(sql`nextval('one')`) })],
    [view("one", { query: sql`SELECT 1 AS n` }), sequence("two")],
    [sequence("one"), table("two", { id: t.bigint().default(sql`nextval('one')`) })],
  ],
  "a view goes to another table beside a new collation below it": [
    [
      table("letters", { id: t.integer(), letter: t.text() }),
      table("others", { id: t.integer() }),
      view("few", { query: sql`SELECT letter FROM letters` }),
    ],
    [
      table("letters", { id: t.integer(), letter: t.text().collate("POSIX") }),
      table("others", { id: t.integer() }),
      view("few", { query: sql`SELECT id AS letter FROM others` }),
    ],
    [
      table("letters", { id: t.integer(), letter: t.varchar(9) }),
      table("others", { id: t.integer() }),
      view("few", { query: sql`SELECT letter FROM letters` }),
    ],
  ],
  "a view goes to another table beside a domain that changes below it": [
    inArrays(1, sql`SELECT parts IS NULL AS few FROM several`),
    inArrays(2, sql`SELECT id IS NULL AS few FROM others`),
    inArrays(3, sql`SELECT 5::part IS NULL AS few`),
    inArrays(4, sql`SELECT id IS NULL AS few FROM others`),
  ],
  "a computed column is of a new one, and of another type": [
    [
      table("sums", {
        a: t.numeric(20, 2),
        b: t.numeric(20, 2).generatedAs(sql`a * 2`, { stored: true }),
      }),
    ],
    [
      table("sums", {
        a: t.numeric(20, 2),
        b: t.bigint().generatedAs(sql`c + 1`, { stored: true }),
        c: t.integer(),
      }),
    ],
  ],
  "a computed column is no longer, and what it was computed from has another type": [
    [table("sums", { a: t.integer(), z: t.text(), b: t.text().generatedAs(sql`upper(z)`) })],
    [table("sums", { a: t.integer(), z: t.varchar(20), b: t.text() })],
  ],
  "two columns of one index change their type with the function that is called": [
    spanOf("integer"),
    spanOf("bigint"),
    spanOf("integer"),
  ],
  "two columns that are compared change their type": [
    comparedAs("integer"),
    comparedAs("text"),
    comparedAs("varchar"),
  ],
  "the sequence of a serial column has a type of its own, and the column's": [
    numberedUpTo({ serial: true, maxValue: 32767 }, "smallint"),
    numberedUpTo({ serial: true }),
    numberedUpTo({ serial: true, maxValue: 2147483647 }, "integer"),
  ],
  "arrays of a replaced enum keep their default": [
    ofValues(["a", "b"], false),
    ofValues(["c", "a"], true),
  ],
};

walkEach("the order of a plan", STEPS);
