import { format } from "prettier";
import { expect, test } from "vitest";
import { renderModelFiles, renderModels } from "../../src/render/index.ts";
import {
  check,
  collect,
  desc,
  enumType,
  EMPTY_METADATA,
  foreignKey,
  index,
  primaryKey,
  sql,
  t,
  table,
  text,
  unique,
  type MetaData,
} from "../../src/schema/index.ts";
import { dedent } from "../../src/util/text.ts";
import { arrangedMetadata, evaluateFiles, evaluateModels } from "./run-models.ts";

async function modelsOf(metadata: MetaData): Promise<string> {
  const source = renderModels(metadata);
  expect(await format(source, { parser: "typescript", printWidth: 100 })).toBe(source);
  expect(arrangedMetadata(evaluateModels(source))).toEqual(arrangedMetadata(metadata));
  return source;
}

const role = enumType("role", ["admin", "member"]);
const users = table(
  "users",
  {
    id: t.bigint().identity().primaryKey(),
    telegram_id: t.bigint().notNull().unique("users_telegram_id_key"),
    role: role().notNull().default("member"),
    referrer_id: t.bigint().references("users.id", { name: "fk_referrer", onDelete: "set null" }),
    organisation_id: t.integer().references("organisations.id"),
    created_at: t.timestamp({ tz: true }).notNull().default(text("CURRENT_TIMESTAMP")),
    email_lower: t.text().generatedAs(text("lower(email)")),
  },
  {
    comment: "people",
    with: (c) => [
      index("ix_users_created")
        .on(desc(c.created_at), text("lower(email)"))
        .where(text("role = 'admin'")),
    ],
  },
);
const organisations = table("organisations", {
  id: t.integer().identity().primaryKey(),
  owner_id: t.bigint().references("users.id"),
});
const orderProducts = table(
  "order_products",
  { order_id: t.integer(), product_id: t.integer(), quantity: t.integer().notNull() },
  {
    sqlite: { strict: true },
    with: (c) => [
      primaryKey(c.order_id, c.product_id),
      foreignKey(
        [c.order_id, c.product_id],
        ["order_products.order_id", "order_products.product_id"],
        { name: "fk_self" },
      ),
      unique("uq_lines", [c.order_id, c.quantity]),
      check("ck_quantity", text("quantity > 0")),
      check("ck_both", text("quantity < product_id")),
    ],
  },
);

test("models read as a person would have written them", async () => {
  const source = await modelsOf({
    ...collect(
      [users, organisations, orderProducts],
      [{ kind: "enum", name: "role", values: ["admin", "member"] }],
    ),
    skipped: [
      { kind: "view", name: "active_users", reason: "views\nare not compared */" },
      { kind: "trigger", name: "tg", table: "users", reason: "triggers are kept" },
    ],
  });
  expect(source).toBe(
    `${dedent(`
      import {
        check,
        desc,
        enumType,
        foreignKey,
        index,
        primaryKey,
        sql,
        t,
        table,
        unique,
      } from "revline/schema";

      export const role = enumType("role", ["admin", "member"]);

      export const organisations = table("organisations", {
        id: t.integer().identity().primaryKey(),
        ownerId: t.bigint("owner_id").references(() => users.id),
      });

      export const users = table(
        "users",
        {
          id: t.bigint().identity().primaryKey(),
          telegramId: t.bigint("telegram_id").notNull().unique("users_telegram_id_key"),
          role: role().notNull().default("member"),
          referrerId: t
            .bigint("referrer_id")
            .references(() => users.id, { name: "fk_referrer", onDelete: "set null" }),
          organisationId: t.integer("organisation_id").references(() => organisations.id),
          createdAt: t
            .timestamp({ tz: true }, "created_at")
            .notNull()
            .default(sql\`CURRENT_TIMESTAMP\`),
          emailLower: t.text("email_lower").generatedAs(sql\`lower(email)\`),
        },
        {
          comment: "people",
          with: (c) => [
            index("ix_users_created")
              .on(desc(c.createdAt), sql\`lower(email)\`)
              .where(sql\`role = 'admin'\`),
          ],
        },
      );

      export const orderProducts = table(
        "order_products",
        {
          orderId: t.integer("order_id").notNull(),
          productId: t.integer("product_id").notNull(),
          quantity: t
            .integer()
            .notNull()
            .check(sql\`quantity > 0\`, "ck_quantity"),
        },
        {
          with: (c) => [
            primaryKey(c.orderId, c.productId),
            foreignKey(
              [c.orderId, c.productId],
              [() => orderProducts.orderId, () => orderProducts.productId],
              { name: "fk_self" },
            ),
            unique("uq_lines", [c.orderId, c.quantity]),
            check("ck_both", sql\`quantity < product_id\`),
          ],
          sqlite: { strict: true },
        },
      );

      // In the database, but not in these models:
      // - view active_users: views are not compared */
      // - trigger tg of users: triggers are kept
    `)}\n`,
  );
});

test("names that the database would give are left out", () => {
  const metadata = collect([users, organisations]);
  const defaultName = (): string => "users_telegram_id_key";
  const source = renderModels(metadata, { defaultName });
  expect(source).toContain(".unique(),");
  expect(source).toContain('name: "fk_referrer"');
  expect(
    arrangedMetadata(evaluateModels(source), (_, item) =>
      "kind" in item && item.kind === "unique" ? defaultName() : undefined,
    ),
  ).toEqual(arrangedMetadata(metadata));
});

test("exported names are valid, unique and no reserved words", async () => {
  const names = [
    "class",
    "new",
    "t",
    "sql",
    "2fa",
    "user-data",
    "user_data",
    "User_Data",
    "",
    "表",
    "await",
    "index",
    "enums",
    "__proto__",
    "a.b",
  ];
  const tables = names.map((name) => table(name, { id: t.integer() }));
  const source = await modelsOf(
    collect(
      [...tables, table("user_data", { id: t.integer() }, { schema: "auth" })],
      [{ kind: "enum", name: "class", values: ["a"] }],
    ),
  );
  expect([...source.matchAll(/^export const (\S+) =/gm)].map((match) => match[1])).toEqual([
    "classEnum",
    "classTable",
    "newTable",
    "tTable",
    "sqlTable",
    "table2fa",
    "userData",
    "userDataTable",
    "userData2",
    "tableTable",
    "表",
    "awaitTable",
    "indexTable",
    "enums",
    "proto",
    "aB",
    "authUserData",
  ]);
});

test("columns keep their names whatever their properties are called", async () => {
  const names = [
    "2",
    "1",
    "__proto__",
    "constructor",
    "user_id",
    "userId",
    "UserId",
    "$columns",
    "",
    "a b",
    "naïve",
    "class",
  ];
  const columns = names.map((name) => ({
    name,
    type: { name: "integer" as const },
    nullable: true,
  }));
  await modelsOf({
    ...EMPTY_METADATA,
    tables: [{ name: "odd", columns, constraints: [], indexes: [] }],
  });
});

test("a foreign key to a table outside the models is kept by name, and said to be external", () => {
  const column = { name: "a", type: { name: "integer" as const }, nullable: true };
  const key = {
    kind: "foreignKey" as const,
    columns: ["a"],
    references: { schema: "auth", name: "users", columns: ["id"] },
  };
  const source = renderModels({
    ...EMPTY_METADATA,
    tables: [{ name: "t", columns: [column], constraints: [key], indexes: [] }],
  });
  expect(source).toContain('a: t.integer().references("auth.users.id", { external: true }),');
});

test("nothing is a metadata of nothing", () => {
  const text = 'import { metadata } from "revline/schema";\n\nexport default metadata();\n';
  expect(renderModels(EMPTY_METADATA)).toBe(text);
  expect(renderModelFiles(EMPTY_METADATA)).toEqual([{ path: "index.ts", text }]);
});

test("several files import each other", () => {
  const metadata = collect([users, organisations]);
  const files = renderModelFiles(metadata);
  expect(files.map(({ path }) => path)).toEqual([
    "index.ts",
    "enums.ts",
    "organisations.ts",
    "users.ts",
  ]);
  expect(files[0]?.text).toBe(
    'export * from "./enums.js";\nexport * from "./organisations.js";\nexport * from "./users.js";\n',
  );
  expect(files[3]?.text).toContain(
    'import { role } from "./enums.js";\nimport { organisations } from "./organisations.js";\n',
  );
  expect(arrangedMetadata(evaluateFiles(files))).toEqual(arrangedMetadata(metadata));
});

test("identifiers and values in SQL are written as such", async () => {
  const one = table(
    "t",
    { a_b: t.integer().default(sql`${1} + ${"x"}`) },
    {
      with: (c) => [
        check(
          "ck",
          sql`${c.a_b} > 0 AND ${sql.identifier("other")} IS NULL AND true AND true AND true`,
        ),
      ],
    },
  );
  const source = await modelsOf(collect([one]));
  expect(source).toContain('default(sql`${1} + ${"x"}`)');
  expect(source).toContain(
    'sql`${c.aB} > 0 AND ${sql.identifier("other")} IS NULL AND true AND true AND true`',
  );
});

test("what two tables have by one name is exported by the table's too, and a routine is said in order", async () => {
  const on = (owner: string) =>
    ({
      kind: "trigger",
      name: "touched",
      table: owner,
      timing: "before",
      events: ["update"],
      execute: text("touch()"),
    }) as const;
  const touch = {
    kind: "function",
    name: "touch",
    arguments: "",
    body: text("BEGIN RETURN NEW; END"),
    language: "plpgsql",
    returns: "trigger",
    volatility: "stable",
  } as const;
  const source = await modelsOf({
    ...EMPTY_METADATA,
    tables: ["a", "b"].map((name) => ({
      name,
      columns: [{ name: "id", type: { name: "integer" as const }, nullable: true }],
      constraints: [],
      indexes: [],
    })),
    objects: [touch, on("a"), on("b"), { ...on("b"), name: "other" }],
  });
  expect([...source.matchAll(/^export const (\S+) =/gm)].map((match) => match[1])).toEqual([
    "a",
    "b",
    "touch",
    "aTouched",
    "bTouched",
    "other",
  ]);
  expect(
    [...source.matchAll(/^ {2}(returns|language|volatility|body):/gm)].map(([, key]) => key),
  ).toEqual(["returns", "language", "volatility", "body"]);
});

test("a foreign key says at its column what one database alone knows", async () => {
  const parent = table("parent", { id: t.integer().primaryKey() });
  const options = { options: { implicitTarget: true } };
  const child = table("child", { p: t.integer().references(() => parent.id, options) });
  const source = await modelsOf(collect([parent, child]));
  expect(source).toContain(
    "  p: t.integer().references(() => parent.id, { options: { implicitTarget: true } }),\n",
  );
});
