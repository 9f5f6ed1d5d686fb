import { describe, expect, it } from "vitest";
import { compare } from "../../src/compare/compare.ts";
import { likelyRenames, parseRename } from "../../src/compare/index.ts";
import type { Capabilities } from "../../src/dialects/contract.ts";
import { applyOperations } from "../../src/operations/apply.ts";
import { describe as words } from "../../src/operations/describe.ts";
import { reverseAll } from "../../src/operations/reverse.ts";
import {
  enumType,
  foreignKey,
  index,
  metaDataOf,
  primaryKey,
  sql,
  t,
  table,
  text,
  unique,
  check,
  type MetaData,
} from "../../src/schema/index.ts";

const capabilities: Capabilities = {
  transactionalDdl: true,
  schemas: true,
  columnOrder: true,
  forwardReferences: false,
  enforcesLength: true,
  indexNamespace: "schema",
  caseInsensitive: { tables: true, columns: true },
};
const dialect = {
  capabilities,
  defaultName: (owner: { name: string }, item: object) =>
    `${owner.name}_${"kind" in item ? String(item.kind) : "index"}`,
};

function changes(database: MetaData, models: MetaData, renames: readonly string[] = []) {
  const { operations } = compare(
    { database, models, skipped: [] },
    { dialect, renames: renames.map((rename) => parseRename(rename, database, models)) },
  );
  return {
    operations,
    lines: operations.map((operation) => {
      const { symbol, subject, text: said } = words(operation);
      return `${subject}: ${symbol} ${said}`;
    }),
  };
}

/** The names that the database would have given. */
function named(metadata: MetaData): MetaData {
  return compare(
    {
      database: { tables: [], objects: [], schemas: [], skipped: [] },
      models: metadata,
      skipped: [],
    },
    { dialect },
  ).models;
}

const before = named(
  metaDataOf([
    table(
      "users",
      {
        id: t.integer().primaryKey(),
        name: t.varchar(255).notNull().unique(),
        code: t.varchar(255).notNull(),
        old: t.text(),
      },
      { with: (c) => [check("ck_code", sql`length(${c.code}) > 1`)] },
    ),
    table("gone", { id: t.integer().primaryKey() }),
  ]),
);
const after = metaDataOf([
  table(
    "users",
    {
      id: t.integer().primaryKey(),
      first: t.integer(),
      name: t.varchar(255).notNull(),
      code: t.varchar(10).notNull(),
    },
    { comment: "people", with: (c) => [unique("users_name_key", [c.name]), index().on(c.code)] },
  ),
  table("posts", { id: t.integer().primaryKey(), user_id: t.integer().references("users.id") }),
]);

describe("compare", () => {
  it("finds nothing between equal sides, whoever named the constraints", () => {
    expect(
      changes(
        before,
        metaDataOf([
          table(
            "users",
            {
              id: t.integer().primaryKey(),
              name: t.varchar(255).notNull().unique(),
              code: t.varchar(255).notNull(),
              old: t.text(),
            },
            { with: () => [check("ck_code", sql`length(${sql.identifier("code")}) > 1`)] },
          ),
          table("gone", { id: t.integer().primaryKey() }),
        ]),
      ).lines,
    ).toEqual([]);
  });

  it("says all that differs, in an order that works", () => {
    expect(changes(before, after).lines).toMatchInlineSnapshot(`
      [
        "gone: - drop table gone",
        "users: - drop check constraint ck_code (length(code) > 1)",
        "users: ~ rename constraint users_unique to users_name_key",
        "users: ~ alter column code: varchar(255) → varchar(10)",
        "users: + add column first integer",
        "users: - drop column old",
        "users: + create index users_index (code)",
        "users: ~ set comment "people"",
        "posts: + create table posts (id, user_id)",
      ]
    `);
  });

  it("gives operations that lead there and back", () => {
    const { operations } = changes(before, after);
    const there = applyOperations(before, operations);
    expect(changes(there, after).lines).toEqual([]);
    expect(changes(applyOperations(there, reverseAll(operations)), before).lines).toEqual([]);
    const order = (metadata: MetaData) =>
      metadata.tables.find(({ name }) => name === "users")?.columns.map(({ name }) => name);
    expect(order(there)).toEqual(["id", "first", "name", "code"]);
    expect(order(applyOperations(there, reverseAll(operations)))).toEqual([
      "id",
      "name",
      "code",
      "old",
    ]);
  });

  it("takes a rename for a decision, and says which would be likely", () => {
    const renamed = metaDataOf([
      table(
        "people",
        {
          id: t.integer().primaryKey(),
          name: t.varchar(255).notNull().unique(),
          code: t.varchar(255).notNull(),
          older: t.text(),
        },
        { with: (c) => [check("ck_code", sql`length(${c.code}) > 1`)] },
      ),
      table("gone", { id: t.integer().primaryKey() }),
    ]);
    expect(changes(before, renamed, ["users:people", "people.old:older"]).lines).toEqual([
      "people: ~ rename table users to people",
      "people: ~ rename column old to older",
    ]);
    const half = metaDataOf([
      table(
        "users",
        {
          id: t.integer().primaryKey(),
          name: t.varchar(255).notNull().unique(),
          code: t.varchar(255).notNull(),
          older: t.text(),
        },
        { with: (c) => [check("ck_code", sql`length(${c.code}) > 1`)] },
      ),
      table("gone", { id: t.integer().primaryKey() }),
    ]);
    expect(likelyRenames(changes(before, half).operations)).toMatchObject([
      { flag: "--rename users.old:older" },
    ]);
  });

  it("gives a constraint without a name that of its like without one, and drops the named one", () => {
    const withChecks = (...names: readonly (string | undefined)[]): MetaData => ({
      ...before,
      tables: before.tables.map((given) => ({
        ...given,
        constraints: names.map((name) => ({
          kind: "check" as const,
          ...(name === undefined ? {} : { name }),
          expression: text("id > 0"),
        })),
      })),
    });
    const { operations } = changes(withChecks("ck", undefined), withChecks(undefined));
    expect(operations.map((operation) => "name" in operation && operation.name)).toEqual(
      before.tables.map(() => "ck"),
    );
  });

  it("gives a constraint without a name the database's own before one that a person gave to its like", () => {
    const twice = named(
      metaDataOf([
        table(
          "t",
          { a: t.integer() },
          { with: (c) => [check("mine", sql`${c.a} > 0`), check(sql`${c.a} > 0`)] },
        ),
      ]),
    );
    const once = metaDataOf([
      table("t", { a: t.integer() }, { with: (c) => [check(sql`${c.a} > 0`)] }),
    ]);
    expect(changes(twice, once).lines).toEqual(["t: - drop check constraint mine (a > 0)"]);
  });

  it("adds a column behind one that stays where it is", () => {
    const columns = { a: t.integer(), b: t.integer(), c: t.integer() };
    const { a, b, c } = columns;
    expect(
      changes(
        metaDataOf([table("t", columns)]),
        metaDataOf([table("t", { b, c, a, d: t.integer() })]),
      ).operations,
    ).toMatchObject([
      { kind: "addColumn", column: { name: "d" } },
      { kind: "alterColumn", to: { name: "a" }, after: "c" },
    ]);
  });

  it("renames a column in the words of expressions that are names", () => {
    const before = metaDataOf([
      table(
        "t",
        { null: t.integer() },
        { with: () => [check("ck", sql`"null" IS NOT NULL AND 5 = ANY (ARRAY[2, "null"])`)] },
      ),
    ]);
    const after = metaDataOf([
      table(
        "t",
        { n: t.integer() },
        { with: () => [check("ck", sql`"n" IS NOT NULL AND 5 = ANY (ARRAY[2, "n"])`)] },
      ),
    ]);
    expect(changes(before, after, ["t.null:n"]).operations).toMatchObject([
      { kind: "renameColumn", from: "null", to: "n" },
    ]);
  });

  it("renames a column wherever keys have it", () => {
    const keyed = (name: string): MetaData =>
      metaDataOf([
        table(
          "posts",
          { id: t.integer(), [name]: t.integer() },
          {
            with: () => [
              primaryKey("posts_pkey", ["id"], { include: [name] }),
              unique("posts_id", ["id"], { include: [name] }),
              foreignKey(["id", name], ["posts.id", `posts.${name}`], {
                name: "posts_self",
                onDelete: "set null",
                onDeleteColumns: [name],
              }),
              index("posts_index").on("id").include(name),
            ],
          },
        ),
      ]);
    expect(changes(keyed("a"), keyed("b"), ["posts.a:b"]).lines).toEqual([
      "posts: ~ rename column a to b",
    ]);
  });

  it("renames a column in the key by which rows are parted", () => {
    const parted = (name: string, key: string): MetaData =>
      metaDataOf([
        table(
          "events",
          { [name]: t.integer(), kind: t.text() },
          { postgresql: { partitionBy: `RANGE (${key}, lower(kind))` } },
        ),
      ]);
    for (const [to, key] of [
      ["number", "number"],
      ["The id", '"The id"'],
    ] as const)
      expect(changes(parted("id", "id"), parted(to, key), [`events.id:${to}`]).lines).toEqual([
        `events: ~ rename column id to ${to}`,
      ]);
  });

  it("lets names change places, and go round", () => {
    const columns = (one: string, two: string, three: string): MetaData =>
      metaDataOf([
        table("t", { [one]: t.integer(), [two]: t.text(), [three]: t.date() }),
        table(one, { id: t.integer().primaryKey() }),
        table(two, { id: t.bigint().primaryKey() }),
      ]);
    const [from, to] = [columns("a", "b", "c"), columns("b", "a", "d")];
    const names = ["t.a:b", "t.b:a", "t.c:d", "a:b", "b:a"];
    const { lines, operations } = changes(from, to, names);
    expect(lines).toEqual([
      "renamed_1: ~ rename table a to renamed_1",
      "a: ~ rename table b to a",
      "b: ~ rename table renamed_1 to b",
      "t: ~ rename column c to d",
      "t: ~ rename column a to renamed_5",
      "t: ~ rename column b to a",
      "t: ~ rename column renamed_5 to b",
    ]);
    expect(applyOperations(from, operations).tables).toEqual(
      expect.arrayContaining([...to.tables]),
    );
    const chain = changes(columns("a", "b", "c"), columns("b", "c", "d"), [
      "t.a:b",
      "t.b:c",
      "t.c:d",
      "a:b",
      "b:c",
    ]);
    expect(chain.lines).toEqual([
      "c: ~ rename table b to c",
      "b: ~ rename table a to b",
      "t: ~ rename column c to d",
      "t: ~ rename column b to c",
      "t: ~ rename column a to b",
    ]);
  });

  it("takes a table for a renamed one where one of the two has all columns of the other", () => {
    const withColumns = (name: string, ...columns: readonly string[]) =>
      table(name, {
        id: t.integer().primaryKey(),
        ...Object.fromEntries(columns.map((column) => [column, t.text()])),
      });
    const asked = (from: readonly unknown[], to: readonly unknown[]): readonly string[] =>
      likelyRenames(changes(metaDataOf(from), metaDataOf(to)).operations).map(({ name }) => name);
    const users = withColumns("users", "name", "email");
    expect(asked([users], [withColumns("people", "name", "email", "phone")])).toEqual([
      "users:people",
    ]);
    expect(asked([users], [withColumns("people", "email")])).toEqual(["users:people"]);
    expect(asked([users], [withColumns("people", "name", "phone")])).toEqual([]);
    expect(asked([users], [withColumns("people")])).toEqual([]);
    expect(
      asked(
        [users],
        [withColumns("people", "name", "email", "phone"), withColumns("b", "name", "email")],
      ),
    ).toEqual(["users:b"]);
  });

  it("recognises values of an enum by their place", () => {
    const withValues = (...values: readonly string[]): MetaData =>
      metaDataOf([enumType("mood", values)]);
    const asked = (from: MetaData, to: MetaData): readonly string[] =>
      likelyRenames(changes(from, to).operations).map(({ name }) => name);
    expect(asked(withValues("a", "b", "c"), withValues("a", "x", "c", "y"))).toEqual(["mood.b:x"]);
    expect(asked(withValues("a", "b", "c"), withValues("x", "y", "c"))).toEqual([
      "mood.a:x",
      "mood.b:y",
    ]);
    expect(asked(withValues("a", "b", "c"), withValues("a", "c", "d"))).toEqual([]);
    expect(asked(withValues("a", "b"), withValues("b", "a"))).toEqual([]);
  });

  it("renames constraints and indexes that a person names", () => {
    const named = (one: string, two: string, ck: string): MetaData =>
      metaDataOf([
        table(
          "t",
          { a: t.integer(), b: t.integer() },
          {
            with: (c) => [
              index(one).on(c.a),
              index(two).on(c.a),
              check(ck, sql`${c.a} > 0`),
              unique("a", [c.b]),
            ],
          },
        ),
      ]);
    const [from, to] = [named("i1", "i2", "b"), named("j1", "j2", "ck")];
    expect(changes(from, to, ["t.i1:j2", "t.i2:j1", "t.b:ck"]).lines).toEqual([
      "t: ~ rename index i1 to j2",
      "t: ~ rename index i2 to j1",
      "t: ~ rename constraint b to ck",
    ]);
    expect(() => changes(from, to, ["t.i3:j1"])).toThrow(
      expect.objectContaining({ code: "usage", message: expect.stringContaining('index "i3"') }),
    );
  });

  it("takes another case for a rename where names have none", () => {
    const spelled = metaDataOf([
      table(
        "Users",
        {
          ID: t.integer().primaryKey(),
          name: t.varchar(255).notNull().unique(),
          code: t.varchar(255).notNull(),
          old: t.text(),
        },
        { with: (c) => [check("ck_code", sql`length(${c.code}) > 1`)] },
      ),
      table("gone", { id: t.integer().primaryKey() }),
    ]);
    expect(changes(before, spelled).lines).toEqual([
      "Users: ~ rename table users to Users",
      "Users: ~ rename column id to ID",
    ]);
  });

  it("refuses a rename that fits nothing", () => {
    expect(() => parseRename("users.nope:name2", before, after)).toThrow(
      expect.objectContaining({ code: "usage" }),
    );
  });

  it("treats a difference in the name alone as a rename", () => {
    const { lines } = changes(
      {
        ...before,
        tables: before.tables.map((given) => ({
          ...given,
          indexes: [{ name: "a", elements: [{ expression: text("lower(x)") }] }],
        })),
      },
      {
        ...before,
        tables: before.tables.map((given) => ({
          ...given,
          indexes: [{ name: "b", elements: [{ expression: text("lower(x)") }] }],
        })),
      },
    );
    expect(lines).toEqual(["gone: ~ rename index a to b", "users: ~ rename index a to b"]);
  });
});
