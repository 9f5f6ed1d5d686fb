/**
 * What the compiler says of declared models. Nothing runs here: `tsc -p tsconfig.json` reads this file, and
 * every `@ts-expect-error` is a program that must not compile.
 */
import {
  check,
  enumType,
  foreignKey,
  index,
  Model,
  primaryKey,
  sql,
  t,
  table,
  unique,
  type Insert,
  type Row,
} from "../../src/schema/index.ts";

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(answer: Same<A, B>): void {
  void answer;
}

const role = enumType("role", ["admin", "member"]);

// tables that point to themselves and to each other need no annotation
export const users = table(
  "users",
  {
    id: t.integer().identity().primaryKey(),
    email: t.varchar(255).notNull().unique(),
    nickname: t.text(),
    role: role().notNull().default("member"),
    settings: t
      .json<{ theme: string }>()
      .notNull()
      .default(sql`'{}'`),
    balance: t.numeric(10, 2).notNull().default(0),
    active: t.boolean().notNull().default(true),
    visits: t.bigint().$as<bigint>().notNull().default(0n),
    tags: t.array(t.text().notNull()),
    photo: t.blob(),
    referrerId: t.integer("referrer_id").references(() => users.id, { onDelete: "set null" }),
    organisationId: t
      .integer("organisation_id")
      .notNull()
      .references(() => organisations.id),
    createdAt: t
      .timestamp({ tz: true }, "created_at")
      .notNull()
      .default(sql`CURRENT_TIMESTAMP`),
    emailLower: t.text().generatedAs(sql`lower(email)`),
  },
  {
    with: (c) => [
      check("ck_users_email", sql`length(${c.email}) > 3`),
      index("ix_users_email").on(sql`lower(${c.email})`),
      unique([c.email, c.organisationId]),
      foreignKey([c.referrerId], [() => users.id]),
    ],
  },
);

export const organisations = table("organisations", {
  id: t.integer().identity().primaryKey(),
  ownerId: t.integer().references(() => users.id),
});

same<
  Row<typeof users>,
  {
    id: number;
    email: string;
    nickname: string | null;
    role: "admin" | "member";
    settings: { theme: string };
    balance: string;
    active: boolean;
    visits: bigint;
    tags: string[] | null;
    photo: Uint8Array | null;
    referrerId: number | null;
    organisationId: number;
    createdAt: Date;
    emailLower: string | null;
  }
>(true);

same<
  Insert<typeof users>,
  {
    email: string;
    organisationId: number;
    id?: number;
    nickname?: string | null;
    role?: "admin" | "member";
    settings?: { theme: string };
    balance?: string;
    active?: boolean;
    visits?: bigint;
    tags?: string[] | null;
    photo?: Uint8Array | null;
    referrerId?: number | null;
    createdAt?: Date;
  }
>(true);

// defaults: a value of the column's type, or SQL
role().default("member");
// @ts-expect-error not a value of the enum
role().default("guest");
// @ts-expect-error not a value of the enum
t.enum(["a", "b"]).default("c");
t.numeric(10, 2).default("0.10");
t.numeric(10, 2).notNull().default(0);
t.integer().default(1n);
// @ts-expect-error a number is no boolean, but for 0 and 1
t.boolean().default(2);
t.boolean().default(0);
// @ts-expect-error a text is no number
t.varchar(10).default(1);
t.date().default("2026-01-01");
t.timestamp().default(sql`now()`);
// @ts-expect-error how a Date is written is the database's affair: a string or SQL
t.timestamp().default(new Date());
t.json().default(sql`'[]'`);
t.jsonb<string[]>().default("[]");
t.raw("inet").default("127.0.0.1");

// a foreign key to a column of another type makes the row unusable
const posts = table("posts", {
  id: t.integer().primaryKey(),
  authorId: t
    .text()
    .notNull()
    .references(() => users.id),
  slug: t
    .varchar(20)
    .notNull()
    .references(() => users.email),
  big: t
    .bigint()
    .notNull()
    .references(() => users.id),
  named: t.text().notNull().references("users.id"),
});
declare const post: Row<typeof posts>;
// @ts-expect-error authorId is a text, users.id a number
export const authorId: string = post.authorId;
export const joined: [string, number, string] = [post.slug, post.big, post.named];
// @ts-expect-error in what is inserted too
export const inserted: Insert<typeof posts> = { id: 1, authorId: "1", slug: "", big: 1, named: "" };

// the class form
export class Account extends Model {
  static override table = "accounts";
  static override comment = "money";
  static override sqlite = { strict: true };
  static override with = (c: Account) => [
    check("ck_accounts_name", sql`${c.name} <> ''`),
    primaryKey("pk_accounts", c.id, c.name),
    index().on(c.parentId),
  ];
  id = t.integer().identity();
  name = t.varchar(40).notNull();
  parentId = t.integer("parent_id").references(() => Account.column("id"));
  ownerId = t.integer().references(() => users.id);
  wrong = t.text().references(() => users.id);
}
same<Row<Account>["parentId"], number | null>(true);
same<Row<Account>["name"], string>(true);
same<string extends Row<Account>["wrong"] ? true : false, false>(true);
declare const account: Insert<Account>;
export const accountName: string = account.name;

// mixins keep their types
const timestamps = {
  createdAt: t
    .timestamp()
    .notNull()
    .default(sql`CURRENT_TIMESTAMP`),
};
const a = table("a", { id: t.integer(), ...timestamps });
const b = table("b", { ...timestamps });
same<Row<typeof a>, { id: number | null; createdAt: Date }>(true);
same<Row<typeof b>, { createdAt: Date }>(true);

// @ts-expect-error columns are made with t
table("c", { id: 1 });
// @ts-expect-error no such action
t.integer().references("a.id", { onDelete: "casacde" });
