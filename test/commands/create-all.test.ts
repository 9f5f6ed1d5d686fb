import { expect, it } from "vitest";
import { dialectFor } from "../../src/dialects/index.ts";
import { check, enumType, metadata, sql, t, table } from "../../src/exports/schema.ts";
import { forEachDatabase } from "../support/databases.ts";

const role = enumType("role", ["admin", "member"]);
const users = table(
  "users",
  {
    id: t.integer().identity().primaryKey(),
    name: t.varchar(20).notNull().unique(),
    role: role().notNull().default("member"),
    bestFriend: t.integer("best_friend").references(() => pets.id),
  },
  { with: (c) => [check("ck_name", sql`length(${c.name}) > 1`)] },
);
// a circle: users → pets → users
const pets = table("pets", {
  id: t.integer().identity().primaryKey(),
  owner: t
    .integer()
    .notNull()
    .references(() => users.id, { onDelete: "cascade" }),
});
const posts = table("posts", {
  id: t.integer().primaryKey(),
  author: t.integer().references(() => users.id),
});

forEachDatabase((db) => {
  it("creates what is absent, leaves what exists, and drops what is declared", async () => {
    const database = await db.create();
    await database.query("CREATE TABLE other (id INTEGER)");
    const first = metadata({}, { users, pets, role });
    const all = metadata({ naming: { fk: "fk_%(table_name)s_%(column_0_name)s" } }, [
      users,
      pets,
      posts,
    ]);
    expect((await first.createAll(database.url)).created.toSorted()).toEqual(["pets", "users"]);
    await database.query("INSERT INTO users (name) VALUES ('ann')");
    expect(await all.createAll(database.url)).toEqual({ created: ["posts"] });
    expect(await all.createAll(database.url)).toEqual({ created: [] });
    expect(await database.query("SELECT name, role FROM users")).toEqual([
      { name: "ann", role: "member" },
    ]);
    expect((await all.dropAll(database.url)).dropped.toSorted()).toEqual([
      "pets",
      "posts",
      "users",
    ]);
    expect(await all.dropAll(database.url)).toEqual({ dropped: [] });
    expect(await database.query("SELECT id FROM other")).toEqual([]);
  });

  it("uses the transaction that is open on a connection", async () => {
    const { url } = await db.create();
    const connection = await dialectFor(url).connect(url);
    await connection.begin();
    await metadata({}, { users, pets }).createAll(connection);
    expect(await connection.query("SELECT name FROM users")).toEqual([]);
    if (connection.inTransaction) await connection.rollback();
    await connection.close();
  });
});
