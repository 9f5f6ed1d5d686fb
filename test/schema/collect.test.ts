import { describe, expect, test } from "vitest";
import { isRevlineError } from "../../src/errors.ts";
import {
  check,
  collect,
  enumType,
  foreignKey,
  index,
  metaDataOf,
  Model,
  primaryKey,
  sql,
  t,
  table,
  TABLE,
  unique,
} from "../../src/schema/index.ts";

function failureOf(run: () => unknown): {
  code: string;
  message: string;
  hint: string | undefined;
} {
  try {
    run();
  } catch (error) {
    if (isRevlineError(error))
      return { code: error.code, message: error.message, hint: error.hint };
    throw error;
  }
  throw new Error("nothing failed");
}

describe("what cannot be is refused, with the names it is about", () => {
  const id = t.integer().primaryKey();
  const cases: readonly (readonly [string, () => unknown, string, RegExp])[] = [
    [
      "a table twice",
      () => collect([table("a", { id }), table("a", { id })]),
      "duplicate-table",
      /"a"/,
    ],
    [
      "a column twice",
      () => collect([table("a", { x: t.integer("id"), id })]),
      "duplicate-column",
      /"a".*"id"/,
    ],
    [
      "an unknown table",
      () => collect([table("a", { b: t.integer().references("b.id") })]),
      "unknown-table",
      /"a".*"b"/,
    ],
    [
      "an unknown column of a table that is said to be external",
      () => collect([table("a", { b: t.integer().references("a.c", { external: true }) })]),
      "unknown-column",
      /"c".*"a"/,
    ],
    [
      "an unknown column",
      () => collect([table("a", { b: t.integer().references("a.c") })]),
      "unknown-column",
      /"c".*"a"/,
    ],
    [
      "a target without a column",
      () => collect([table("a", { b: t.integer().references("c") })]),
      "model-invalid",
      /a\.b.*"c"/,
    ],
    [
      "a target that is no column",
      () => collect([table("a", { b: t.integer().references(() => undefined) })]),
      "unknown-column",
      /a\.b/,
    ],
    [
      "a key over an unknown column",
      () => collect([table("a", { id: t.integer() }, { with: () => [primaryKey(["x"])] })]),
      "unknown-column",
      /"a".*"x"/,
    ],
    [
      "a unique over an unknown column",
      () => collect([table("a", { id }, { with: () => [unique(["x"])] })]),
      "unknown-column",
      /"x"/,
    ],
    [
      "an index over an unknown column",
      () => collect([table("a", { id }, { with: () => [index("ix").on("x")] })]),
      "unknown-column",
      /"ix".*"a".*"x"/,
    ],
    [
      "an index over nothing",
      () => collect([table("a", { id }, { with: () => [index("ix")] })]),
      "model-invalid",
      /"ix"/,
    ],
    [
      "two primary keys",
      () => collect([table("a", { id, b: t.integer() }, { with: (c) => [primaryKey(c.b)] })]),
      "model-invalid",
      /"a"/,
    ],
    [
      "a foreign key of other columns",
      () => collect([table("a", { id }, { with: () => [foreignKey(["x"], ["a.id"])] })]),
      "unknown-column",
      /"x"/,
    ],
    [
      "an enum twice with other values",
      () => metaDataOf([enumType("e", ["a"]), enumType("e", ["b"])]),
      "duplicate-name",
      /"e"/,
    ],
    [
      "an enum twice in columns",
      () =>
        metaDataOf([table("a", { x: enumType("e", ["a"])(), y: t.array(enumType("e", ["b"])()) })]),
      "duplicate-name",
      /"e"/,
    ],
  ];
  test.each(cases)("%s", (_, run, code, message) => {
    const failure = failureOf(run);
    expect(failure.code).toBe(code);
    expect(failure.message).toMatch(message);
    expect(failure.hint).toBeTruthy();
  });
});

describe("primary keys", () => {
  test("are all columns that say so, in their order, with the one name", () => {
    const [one] = collect([
      table("a", { x: t.integer().primaryKey(), y: t.integer().primaryKey("pk") }),
    ]).tables;
    expect(one?.constraints).toEqual([{ kind: "primaryKey", name: "pk", columns: ["x", "y"] }]);
  });

  test("come first and make their columns not null", () => {
    const [one] = collect([
      table(
        "a",
        { x: t.integer(), y: t.integer().unique() },
        { with: (c) => [check(sql`x > 0`), primaryKey(c.y, c.x)] },
      ),
    ]).tables;
    expect(one?.constraints.map(({ kind }) => kind)).toEqual(["primaryKey", "unique", "check"]);
    expect(one?.columns.map(({ nullable }) => nullable)).toEqual([false, false]);
  });
});

describe("metadata", () => {
  test("holds each declaration once, with its enums and schemas", () => {
    const role = enumType("role", ["a", "b"], { schema: "auth", comment: "who" });
    const users = table(
      "users",
      { id: t.integer(), role: role(), roles: t.array(role()) },
      { schema: "shop", comment: "people", sqlite: { strict: true } },
    );
    const metadata = metaDataOf([users, users, role, 1, null, "x", () => 1, { users }]);
    expect(metadata.objects).toEqual([
      { kind: "enum", name: "role", values: ["a", "b"], schema: "auth", comment: "who" },
    ]);
    expect(metadata.schemas).toEqual(["auth", "shop"]);
    expect(metadata.tables).toHaveLength(1);
    expect(metadata.tables[0]).toMatchObject({
      schema: "shop",
      name: "users",
      comment: "people",
      options: { sqlite: { strict: true } },
    });
  });

  test("tells tables of two schemas apart, dots or not", () => {
    const metadata = collect([
      table("b.c", { id: t.integer() }, { schema: "a" }),
      table("c", { id: t.integer() }, { schema: "a.b" }),
    ]);
    expect(metadata.tables).toHaveLength(2);
  });

  test("names what has no name by convention", () => {
    const naming = {
      pk: "pk_%(table_name)s",
      uq: "uq_%(table_name)s_%(column_0_N_name)s",
      fk: "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
      ck: "ck_%(table_name)s_%(constraint_name)s",
      ix: "ix_%(column_0_label)s",
    };
    const users = table(
      "users",
      {
        id: t.integer().primaryKey(),
        a: t.integer().index(),
        b: t.integer().references("users.id"),
        c: t.integer().unique("given"),
      },
      { with: (c) => [unique([c.a, c.b]), check("positive", sql`a > 0`), check(sql`b > 0`)] },
    );
    const [one] = metaDataOf([users], { naming }).tables;
    expect([...(one?.constraints ?? []), ...(one?.indexes ?? [])].map(({ name }) => name)).toEqual([
      "pk_users",
      "fk_users_b_users",
      "given",
      "uq_users_a_b",
      "ck_users_positive",
      undefined,
      "ix_users_a",
    ]);
  });
});

describe("classes", () => {
  class Base extends Model {
    id = t.integer().identity().primaryKey();
    createdAt = t.timestamp("created_at").notNull();
  }
  class Organisation extends Base {
    static override table = "organisations";
    static override schema = "app";
    static override comment = "who pays";
    static override postgresql = { fillfactor: 70 };
    static override with = (c: Organisation) => [
      unique("uq_name", [c.name, c.createdAt]),
      index("ix").on(sql`lower(${c.name})`),
    ];
    name = t.varchar(255).notNull();
    parentId = t.integer("parent_id").references(() => Organisation.column("id"));
  }
  class Person extends Base {
    static override table = "people";
    organisationId = t
      .integer()
      .references(() => Organisation.column("id"), { onDelete: "set null" });
  }
  class Special extends Person {}

  test("are tables; those without a table of their own are not", () => {
    const metadata = metaDataOf([Base, Organisation, Person, Special, Model]);
    expect(metadata.tables.map(({ schema, name }) => [schema, name])).toEqual([
      ["app", "organisations"],
      [undefined, "people"],
    ]);
    const [organisations, people] = metadata.tables;
    expect(organisations?.columns.map(({ name }) => name)).toEqual([
      "id",
      "created_at",
      "name",
      "parent_id",
    ]);
    expect(organisations).toMatchObject({
      comment: "who pays",
      options: { postgresql: { fillfactor: 70 } },
    });
    expect(organisations?.constraints).toEqual([
      { kind: "primaryKey", columns: ["id"] },
      {
        kind: "foreignKey",
        columns: ["parent_id"],
        references: { schema: "app", name: "organisations", columns: ["id"] },
      },
      { kind: "unique", name: "uq_name", columns: ["name", "created_at"] },
    ]);
    expect(organisations?.indexes).toEqual([
      {
        name: "ix",
        elements: [{ expression: { parts: ["lower(", { identifier: ["name"] }, ")"] } }],
      },
    ]);
    expect(people?.constraints.at(-1)).toMatchObject({
      references: { schema: "app", name: "organisations", columns: ["id"] },
      onDelete: "set null",
    });
  });

  test("and values point to each other", () => {
    const notes = table("notes", { about: t.integer().references(() => Person.column("id")) });
    expect(metaDataOf([notes, Person, Organisation]).tables[0]?.constraints[0]).toMatchObject({
      references: { name: "people", columns: ["id"] },
    });
  });

  test("of another copy of the package are seen by their marks", () => {
    const copy = { [Symbol.for("revline.table")]: table("x", { id: t.integer() })[TABLE] };
    expect(metaDataOf([copy]).tables.map(({ name }) => name)).toEqual(["x"]);
  });
});
