import { format } from "prettier";
import { expect, test } from "vitest";
import type { Operation } from "../../src/operations/operation.ts";
import { renderRevision } from "../../src/render/index.ts";
import {
  check,
  enumType,
  foreignKey,
  index,
  primaryKey,
  sql,
  t,
  table,
  type Column,
} from "../../src/schema/index.ts";
import { dedent } from "../../src/util/text.ts";
import { source, tablesOf } from "./given.ts";
import { recorded } from "./run-revision.ts";

/** The lines of `upgrade` for some operations. */
async function upgradeOf(...upgrade: readonly Operation[]): Promise<string> {
  const text = renderRevision(source({ upgrade }));
  expect(await format(text, { parser: "typescript", printWidth: 100 })).toBe(text);
  expect((await recorded(text)).upgrade).toEqual(upgrade.map(withoutDropped));
  return dedent(/upgrade\(op: Operations\): Promise<void> \{\n(.*?)\n\}\n/s.exec(text)?.[1] ?? "");
}

function withoutDropped(operation: Operation): Operation {
  if (!("dropped" in operation)) return operation;
  const { dropped: _, ...rest } = operation;
  return rest;
}

const varchar = (length: number, more: Partial<Column> = {}): Column => ({
  name: "code",
  type: { name: "varchar", length },
  nullable: true,
  ...more,
});

test("a composite key and constraints over several columns stand beside the columns", async () => {
  const members = table(
    "order_products",
    {
      order_id: t.integer().notNull(),
      product_id: t.integer().notNull(),
      quantity: t.integer().notNull(),
    },
    {
      schema: "shop",
      comment: "lines",
      sqlite: { strict: true },
      with: (c) => [
        primaryKey("pk_lines", c.order_id, c.product_id),
        foreignKey(
          [c.order_id, c.product_id],
          ["shop.order_products.product_id", "shop.order_products.order_id"],
          { name: "fk_self" },
        ),
        check("ck_lines", sql`quantity > 0 AND quantity < product_id`),
        index("ix_lines")
          .on(c.quantity, sql`lower(x)`)
          .unique(),
      ],
    },
  );
  expect(await upgradeOf(...tablesOf(members))).toBe(
    dedent(`
        op.createTable(
          "order_products",
          (t) => ({
            order_id: t.integer().notNull(),
            product_id: t.integer().notNull(),
            quantity: t.integer().notNull(),
          }),
          {
            schema: "shop",
            comment: "lines",
            with: (c) => [
              c.primaryKey("pk_lines", ["order_id", "product_id"]),
              c.foreignKey(
                ["order_id", "product_id"],
                ["shop.order_products.product_id", "shop.order_products.order_id"],
                { name: "fk_self" },
              ),
              c.check("ck_lines", op.sql\`quantity > 0 AND quantity < product_id\`),
              c
                .index("ix_lines")
                .on("quantity", op.sql\`lower(x)\`)
                .unique(),
            ],
            sqlite: { strict: true },
          },
        );
      `),
  );
});

test("columns whose names an object would move or lose are a list", async () => {
  const at = { name: "odd" };
  const columns = ["2", "1", "__proto__"].map((name): Column => ({
    name,
    type: { name: "integer" },
    nullable: true,
  }));
  expect(
    await upgradeOf({
      kind: "createTable",
      table: { ...at, columns, constraints: [], indexes: [] },
    }),
  ).toBe('op.createTable("odd", (t) => [t.integer("2"), t.integer("1"), t.integer("__proto__")]);');
});

test("a key that would say the prototype of an object stands in brackets", async () => {
  const view = {
    kind: "view",
    name: "odd",
    query: { parts: ["SELECT 1"] },
    columnComments: { ["__proto__"]: "plain" },
  } as const;
  expect(await upgradeOf({ kind: "createObject", object: view })).toContain(
    '["__proto__"]: "plain"',
  );
});

test("names with dots are spelled out", async () => {
  const key = {
    kind: "foreignKey",
    columns: ["a"],
    references: { schema: "s", name: "my.table", columns: ["id"] },
  } as const;
  const columns: readonly Column[] = [{ name: "a", type: { name: "integer" }, nullable: true }];
  expect(
    await upgradeOf({
      kind: "createTable",
      table: { name: "t", columns, constraints: [key], indexes: [] },
    }),
  ).toContain('a: t.integer().references({ schema: "s", table: "my.table", column: "id" }),');
});

test("a change of a column says both sides, and what it may do to the rows", async () => {
  const user = { name: "user" };
  expect(
    await upgradeOf({
      kind: "alterColumn",
      table: user,
      from: varchar(255),
      to: varchar(10, { nullable: false }),
    }),
  ).toBe(
    dedent(`
        // values that do not fit varchar(10) fail or are cut
        // fails where the column is null
        op.alterColumn("user", "code", (t) => ({ from: t.varchar(255), to: t.varchar(10).notNull() }));
      `),
  );
  expect(
    await upgradeOf({
      kind: "alterColumn",
      table: user,
      from: varchar(10),
      to: varchar(20, {
        name: "label",
        default: { value: "a long default value" },
        comment: "what it is called",
      }),
      using: sql`code || ''`,
    }),
  ).toBe(
    dedent(`
        op.alterColumn(
          "user",
          "code",
          (t) => ({
            from: t.varchar(10),
            to: t.varchar(20, "label").default("a long default value").comment("what it is called"),
          }),
          { using: op.sql\`code || ''\` },
        );
      `),
  );
});

test("columns are added and dropped", async () => {
  const at = { name: "user" };
  expect(
    await upgradeOf(
      { kind: "addColumn", table: at, column: varchar(20), after: "id" },
      { kind: "addColumn", table: at, column: varchar(20, { nullable: false }) },
      { kind: "dropColumn", table: at, name: "code", dropped: varchar(20) },
    ),
  ).toBe(
    dedent(`
        op.addColumn("user", "code", (t) => t.varchar(20), { after: "id" });
        // fails where the table has rows: give them a value first
        op.addColumn("user", "code", (t) => t.varchar(20).notNull());
        // drops the column's data
        op.dropColumn("user", "code");
      `),
  );
});

test("a constraint without a name is told by what it is", async () => {
  const dropped = { kind: "unique", columns: ["a", "b"] } as const;
  const text = renderRevision(
    source({
      upgrade: [{ kind: "dropConstraint", table: { name: "t" }, type: "unique", dropped }],
    }),
  );
  expect(text).toContain('  op.dropConstraint(null, "t", "unique", { columns: ["a", "b"] });\n');
  expect((await recorded(text)).upgrade).toEqual([
    { kind: "dropConstraint", table: { name: "t" }, type: "unique", dropped },
  ]);
});

test("a foreign key without a name is told by the table it points to as well", async () => {
  const key = {
    kind: "foreignKey",
    columns: ["a"],
    references: { name: "p", columns: ["id"] },
  } as const;
  const text = renderRevision(
    source({
      upgrade: [{ kind: "dropConstraint", table: { name: "t" }, type: "foreignKey", dropped: key }],
    }),
  );
  expect(text).toContain(
    '  op.dropConstraint(null, "t", "foreignKey", { columns: ["a"], references: "p" });\n',
  );
  const dropped = { ...key, references: { name: "p", columns: [] } };
  expect((await recorded(text)).upgrade).toEqual([
    { kind: "dropConstraint", table: { name: "t" }, type: "foreignKey", dropped },
  ]);
});

test("a value that the type would not let through is said to be known", async () => {
  const odd: Column = {
    name: "n",
    type: { name: "text" },
    nullable: true,
    default: { value: 0 },
  };
  expect(await upgradeOf({ kind: "addColumn", table: { name: "t" }, column: odd })).toBe(
    'op.addColumn("t", "n", (t) => t.text().$as<unknown>().default(0));',
  );
});

test("enums keep their type's name", async () => {
  const role = enumType("role", ["admin", "member"], { schema: "auth" });
  const [created] = tablesOf(table("u", { role: role().notNull().default("member") }));
  if (created === undefined) throw new Error("no table");
  expect(await upgradeOf(created)).toContain(
    '.enum(["admin", "member"], { enumName: "role", schema: "auth" })',
  );
});

test("SQL is kept to the character", async () => {
  const statement = "UPDATE t\n   SET a = '`${x}\\n'  \r\n WHERE \u2028 b";
  const text = await upgradeOf({ kind: "execute", sql: sql.raw(statement) });
  expect(text).toContain("op.execute(op.sql`UPDATE t\n");
  expect(text).toContain("SET a = '\\`\\${x}\\\\n'  \\r\n");
  expect(text).toContain("WHERE \\u2028 b`);");
});

test("rows keep their values", async () => {
  const rows = [
    {
      id: 1,
      big: 10n,
      at: new Date(0),
      bytes: new Uint8Array([1, 2]),
      text: 'it\'s "so"\n',
      none: null,
    },
    { id: -0, big: -1n, at: new Date(1), bytes: new Uint8Array(), text: "\ud800", none: null },
  ];
  const text = await upgradeOf({ kind: "bulkInsert", table: { name: "t" }, rows });
  expect(text).toContain("big: 10n,");
  expect(text).toContain('at: new Date("1970-01-01T00:00:00.000Z"),');
  expect(text).toContain("bytes: new Uint8Array([1, 2]),");
  expect(text).toContain(`text: 'it\\'s "so"\\n',`);
  expect(text).toContain('text: "\\ud800",');
});

test("conditions and what stands around a statement are kept", async () => {
  const plain = { name: "t", columns: [varchar(3)], constraints: [], indexes: [] };
  const at = { name: "t" };
  const column = varchar(3, { name: "x" });
  const created = { name: "ix", elements: [{ column: "code" }] };
  const text = await upgradeOf(
    {
      kind: "createTable",
      table: plain,
      ifNotExists: true,
      prefix: "TEMPORARY",
      suffix: sql`TABLESPACE fast`,
    },
    { kind: "addColumn", table: at, column, ifNotExists: true },
    { kind: "createIndex", table: at, index: created, ifNotExists: true, concurrently: true },
    { kind: "dropIndex", table: at, name: "ix", ifExists: true, concurrently: true },
    { kind: "dropConstraint", table: at, name: "uq", type: "unique", ifExists: true },
    { kind: "dropColumn", table: at, name: "x", ifExists: true },
    { kind: "dropTable", table: at, ifExists: true },
  );
  expect(text).toContain('op.dropTable("t", { ifExists: true });');
});
