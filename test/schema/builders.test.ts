import { describe, expect, test } from "vitest";
import { isRevlineError } from "../../src/errors.ts";
import {
  check,
  desc,
  exclude,
  foreignKey,
  index,
  isExpression,
  metaDataOf,
  part,
  primaryKey,
  sql,
  t,
  table,
  TABLE,
  tableOf,
  unique,
  uniqueIndex,
  type AnyColumnBuilder,
  type Column,
  type ColumnType,
} from "../../src/schema/index.ts";

function columnOf(builder: AnyColumnBuilder): Column {
  const [column] = tableOf(table("x", { c: builder })[TABLE]).columns;
  if (column === undefined) throw new Error("no column");
  return column;
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isRevlineError(error)) return error.code;
    throw error;
  }
  return "no error";
}

describe("types", () => {
  const cases: readonly (readonly [AnyColumnBuilder, ColumnType])[] = [
    [t.integer(), { name: "integer" }],
    [t.integer("n"), { name: "integer" }],
    [t.bigint({ unsigned: true }, "n"), { name: "bigint", unsigned: true }],
    [t.varchar(255), { name: "varchar", length: 255 }],
    [t.varchar(255, "n"), { name: "varchar", length: 255 }],
    [t.varchar(255, { charset: "ascii" }, "n"), { name: "varchar", length: 255, charset: "ascii" }],
    [t.text("n"), { name: "text" }],
    [t.text({ charset: "ascii" }, "n"), { name: "text", charset: "ascii" }],
    [t.text(undefined, { charset: "ascii" }, "n"), { name: "text", charset: "ascii" }],
    [t.longtext({ charset: "ascii" }, "n"), { name: "longtext", charset: "ascii" }],
    [t.blob("n"), { name: "blob" }],
    [t.binary(16, "n"), { name: "binary", length: 16 }],
    [t.bit(3, "n"), { name: "bit", length: 3 }],
    [
      t.numeric(10, 2, { unsigned: true }, "n"),
      { name: "numeric", precision: 10, scale: 2, unsigned: true },
    ],
    [t.numeric(10, "n"), { name: "numeric", precision: 10 }],
    [t.numeric({ unsigned: true }, "n"), { name: "numeric", unsigned: true }],
    [t.decimal("n"), { name: "numeric" }],
    [t.float(24, "n"), { name: "float", precision: 24 }],
    [t.double(8, { scale: 3 }, "n"), { name: "double", precision: 8, scale: 3 }],
    [t.float({ unsigned: true }, "n"), { name: "float", unsigned: true }],
    [t.timestamp({ tz: true, precision: 3 }, "n"), { name: "timestamp", tz: true, precision: 3 }],
    [t.time("n"), { name: "time" }],
    [t.interval({ fields: "year" }, "n"), { name: "interval", fields: "year" }],
    [t.enum(["a", "b"], "n"), { name: "enum", values: ["a", "b"] }],
    [
      t.enum(["a"], { enumName: "e", schema: "s" }, "n"),
      { name: "enum", values: ["a"], enumName: "e", schema: "s" },
    ],
    [t.set(["a"], { charset: "ascii" }, "n"), { name: "set", values: ["a"], charset: "ascii" }],
    [t.array(t.integer().notNull(), "n"), { name: "array", element: { name: "integer" } }],
    [t.raw("inet", "n"), { name: "raw", sql: "inet" }],
    [t.raw(""), { name: "raw", sql: "" }],
  ];
  test.each(cases)("%# say their arguments", (builder, type) => {
    expect(columnOf(builder).type).toEqual(type);
    expect(["c", "n"]).toContain(columnOf(builder).name);
  });
});

describe("columns", () => {
  test("are immutable", () => {
    const base = t.integer();
    base.notNull().unique().default(1).comment("x");
    expect(columnOf(base)).toEqual({ name: "c", type: { name: "integer" }, nullable: true });
  });

  test("hold what they were told", () => {
    const column = t
      .varchar(10, "code")
      .notNull()
      .default("x")
      .collate("C")
      .comment("a code")
      .onUpdate(sql`now()`)
      .invisible()
      .options({ a: 1 })
      .options({ b: 2 });
    expect(columnOf(column)).toEqual({
      name: "code",
      type: { name: "varchar", length: 10 },
      nullable: false,
      default: { value: "x" },
      collation: "C",
      comment: "a code",
      onUpdate: { parts: ["now()"] },
      invisible: true,
      options: { a: 1, b: 2 },
    });
  });

  test("take defaults as values or SQL, and null as none", () => {
    expect(columnOf(t.boolean().default(false)).default).toEqual({ value: false });
    expect(columnOf(t.bigint().default(10n)).default).toEqual({ value: 10n });
    expect(columnOf(t.json().default(sql`'{}'`)).default).toEqual({
      expression: { parts: ["'{}'"] },
    });
    expect(
      columnOf(
        t
          .text()
          .$as<null>()
          .default(sql``),
      ).default,
    ).toEqual({ expression: { parts: [] } });
    expect(codeOf(() => Reflect.apply(t.raw("x").default, t.raw("x"), [[]]))).toBe("model-invalid");
    expect(columnOf(t.raw("x").default(Object.create(null)[0] ?? null))).not.toHaveProperty(
      "default",
    );
  });

  test("number themselves with bigints whatever was given", () => {
    expect(columnOf(t.integer().identity({ start: 10, increment: 2n, cycle: true }))).toMatchObject(
      {
        nullable: false,
        identity: { start: 10n, increment: 2n, cycle: true },
      },
    );
    expect(columnOf(t.integer().autoincrement()).identity).toEqual({});
  });

  test("are stored when computed, unless said otherwise", () => {
    expect(columnOf(t.text().generatedAs(sql`a`)).computed).toEqual({
      expression: { parts: ["a"] },
      stored: true,
    });
    expect(columnOf(t.text().generatedAs(sql`a`, { stored: false })).computed?.stored).toBe(false);
  });

  test("have other spellings for single databases", () => {
    const column = t
      .boolean()
      .variant("mysql", "tinyint(1)")
      .variant("mysql", { default: null })
      .variant("sqlite", { type: t.integer(), default: 0, collation: null });
    expect(columnOf(column).variants).toEqual({
      mysql: { type: { name: "raw", sql: "tinyint(1)" }, default: null },
      sqlite: { type: { name: "integer" }, default: { value: 0 }, collation: null },
    });
  });

  test("of a mixin belong to each table that holds them", () => {
    const stamps = { createdAt: t.timestamp("created_at").notNull(), by: t.integer() };
    const a = table("a", { id: t.integer(), ...stamps });
    const b = table("b", { ...stamps }, { schema: "s" });
    expect(a.createdAt.owner()).toEqual({ schema: undefined, table: "a", column: "created_at" });
    expect(b.createdAt.owner()).toEqual({ schema: "s", table: "b", column: "created_at" });
    expect(tableOf(b[TABLE]).columns.map(({ name }) => name)).toEqual(["created_at", "by"]);
    expect(codeOf(() => stamps.by.owner())).toBe("model-invalid");
  });

  test("have the name in SQL that they have in their table", () => {
    const a = table("a", { createdAt: t.timestamp("created_at"), id: t.integer() });
    expect(sql`${a.createdAt} > ${a.id}`.parts).toEqual([
      { identifier: ["created_at"] },
      " > ",
      { identifier: ["id"] },
    ]);
    expect(sql`${t.integer("named")}`.parts).toEqual([{ identifier: ["named"] }]);
    expect(codeOf(() => sql`${t.integer()}`)).toBe("model-invalid");
  });
});

describe("sql", () => {
  test("takes text, names, values and itself", () => {
    const inner = sql`b = ${"x"}`;
    expect(
      sql`a = ${1} AND ${inner} AND ${sql.identifier("s", "c")} ${sql.raw("IS NULL")}`.parts,
    ).toEqual([
      "a = ",
      { value: 1 },
      " AND b = ",
      { value: "x" },
      " AND ",
      { identifier: ["s", "c"] },
      " IS NULL",
    ]);
    expect(sql`${null} ${true}`.parts).toEqual([{ value: null }, " ", { value: true }]);
    expect(isExpression(sql``)).toBe(true);
    expect(isExpression({ parts: [] })).toBe(false);
  });

  test("prints and compares as plain data", () => {
    expect(JSON.stringify(sql`a ${1}`)).toBe('{"parts":["a ",{"value":1}]}');
    expect({ ...sql`a` }).toEqual({ parts: ["a"] });
  });
});

describe("items", () => {
  const columns = { a: t.integer("a_"), b: t.integer() };
  const itemsOf = (...items: ReturnType<typeof check>[]) => {
    const { constraints, indexes } = tableOf(table("x", columns, { with: () => items })[TABLE]);
    return [...constraints, ...indexes];
  };
  const bound = table("x", columns);

  test("keys take columns or names, with or without a name and options", () => {
    const key = { kind: "primaryKey", columns: ["a_", "b"] };
    expect(itemsOf(primaryKey(bound.a, bound.b))).toEqual([key]);
    expect(itemsOf(primaryKey("pk", bound.a, bound.b))).toEqual([{ ...key, name: "pk" }]);
    expect(itemsOf(primaryKey(["a_", bound.b]))).toEqual([key]);
    expect(itemsOf(primaryKey("pk", ["a_", "b"], { deferrable: true }))).toEqual([
      { ...key, name: "pk", deferrable: true },
    ]);
    expect(itemsOf(unique([bound.a]))).toEqual([{ kind: "unique", columns: ["a_"] }]);
    expect(itemsOf(unique("uq", ["b"], { nullsNotDistinct: true }))).toEqual([
      { kind: "unique", name: "uq", columns: ["b"], nullsNotDistinct: true },
    ]);
    expect(codeOf(() => Reflect.apply(unique, undefined, ["a", "b"]))).toBe("model-invalid");
  });

  test("checks and exclusions", () => {
    expect(itemsOf(check(sql`a > 0`), check("ck", sql`b > 0`, { noInherit: true }))).toEqual([
      { kind: "check", expression: { parts: ["a > 0"] } },
      { kind: "check", name: "ck", expression: { parts: ["b > 0"] }, noInherit: true },
    ]);
    expect(itemsOf(exclude("ex", sql`USING gist (a WITH =)`, { deferrable: true }))).toEqual([
      {
        kind: "exclude",
        name: "ex",
        definition: { parts: ["USING gist (a WITH =)"] },
        deferrable: true,
      },
    ]);
    expect(codeOf(() => Reflect.apply(check, undefined, ["a", "b"]))).toBe("model-invalid");
  });

  test("indexes take columns, expressions and parts", () => {
    const all = index("ix")
      .on(
        bound.a,
        "b",
        sql`lower(x)`,
        desc(bound.b, { nulls: "last" }),
        part(bound.a, { order: "asc", length: 10 }),
      )
      .where(sql`b > 0`)
      .using("gin")
      .include(bound.b)
      .unique()
      .nullsNotDistinct()
      .invisible()
      .comment("c")
      .options({ fillfactor: 70 });
    expect(itemsOf(all)).toEqual([
      {
        name: "ix",
        elements: [
          { column: "a_" },
          { column: "b" },
          { expression: { parts: ["lower(x)"] } },
          { column: "b", nulls: "last", order: "desc" },
          { column: "a_", length: 10 },
        ],
        where: { parts: ["b > 0"] },
        method: "gin",
        include: ["b"],
        unique: true,
        nullsNotDistinct: true,
        invisible: true,
        comment: "c",
        options: { fillfactor: 70 },
      },
    ]);
    expect(itemsOf(uniqueIndex().on(bound.b))).toEqual([
      { elements: [{ column: "b" }], unique: true },
    ]);
  });

  test("foreign keys point by function, by text and by object", () => {
    const target = table("y.z", { id: t.integer(), no: t.integer() }, { schema: "s" });
    const columns = ["a_", "b"];
    const references = { schema: "s", name: "y.z", columns: ["id", "no"] };
    expect(itemsOf(foreignKey([bound.a, "b"], [() => target.id, () => target.no]))).toEqual([
      { kind: "foreignKey", columns, references },
    ]);
    expect(
      itemsOf(
        foreignKey(columns, [{ schema: "s", table: "y.z", column: "id" }, () => target.no], {
          match: "full",
        }),
      ),
    ).toEqual([{ kind: "foreignKey", columns, references, match: "full" }]);
    expect(itemsOf(foreignKey(["b"], ["y.id"]))).toEqual([
      { kind: "foreignKey", columns: ["b"], references: { name: "y", columns: ["id"] } },
    ]);
    expect(codeOf(() => foreignKey(["b"], [1]))).toBe("model-invalid");
    expect(codeOf(() => itemsOf(foreignKey(["b"], [() => 1])))).toBe("unknown-column");
    expect(codeOf(() => itemsOf(foreignKey(["b"], ["y"])))).toBe("model-invalid");
    expect(codeOf(() => itemsOf(foreignKey(["a_", "b"], ["y.id"])))).toBe("model-invalid");
    expect(codeOf(() => itemsOf(foreignKey(["a_", "b"], ["y.id", "z.id"])))).toBe("model-invalid");
  });
});

test("self-references and circles resolve in any order", () => {
  const users = table("users", {
    id: t.integer(),
    parent: t.integer().references(() => users.id),
    org: t.integer().references(() => orgs.id),
  });
  const orgs = table("orgs", {
    id: t.integer(),
    owner: t.integer().references(() => users.id, { onDelete: "cascade" }),
  });
  const { tables } = metaDataOf([orgs, users]);
  expect(tables.map(({ name, constraints }) => [name, ...constraints])).toEqual([
    [
      "orgs",
      {
        kind: "foreignKey",
        columns: ["owner"],
        references: { name: "users", columns: ["id"] },
        onDelete: "cascade",
      },
    ],
    [
      "users",
      { kind: "foreignKey", columns: ["parent"], references: { name: "users", columns: ["id"] } },
      { kind: "foreignKey", columns: ["org"], references: { name: "orgs", columns: ["id"] } },
    ],
  ]);
});
