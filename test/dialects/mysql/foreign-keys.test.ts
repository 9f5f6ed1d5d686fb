import { expect, it } from "vitest";
import {
  apply,
  catalog,
  differences,
  models,
  onBothServers,
  open,
  roundTrip,
  upgrade,
} from "./helpers.ts";
import { Flow } from "../../laws/flow.ts";
import {
  check,
  desc,
  foreignKey,
  index,
  part,
  sql,
  t,
  table,
  unique,
  type DeclaresTable,
} from "../../../src/schema/index.ts";
import type { TableItem } from "../../../src/schema/items.ts";
import type { ReferenceOptions } from "../../../src/schema/column.ts";
import type { MetaData } from "../../../src/schema/types.ts";

const parent = table(
  "parent",
  { id: t.integer().primaryKey(), a: t.integer().notNull(), b: t.integer().notNull() },
  { with: (c) => [unique("uq_ab", [c.a, c.b])] },
);

const child = (key: ReferenceOptions | undefined, ...items: readonly TableItem[]): MetaData => {
  const column = t.integer();
  return models(
    parent,
    table(
      "child",
      {
        id: t.integer().identity().primaryKey(),
        parent_id: key === undefined ? column : column.references("parent.id", key),
        other: t.integer(),
      },
      { with: () => items },
    ),
  );
};

onBothServers((db) => {
  it("adds and drops a foreign key with the index behind it", async () => {
    const { operations } = await roundTrip(db, child(undefined), child({ name: "fk" }));
    expect(operations.map(({ kind }) => kind)).toEqual(["addConstraint"]);
    await roundTrip(db, child({ name: "fk" }), child(undefined));
    await roundTrip(db, child({}), child(undefined));
  });

  it("tells of those that the engine passes over", async () => {
    const { url } = await db.create();
    const flow = await Flow.open(url);
    const noted = models(
      parent,
      table(
        "notes",
        { parentId: t.integer("parent_id").references("parent.id", { name: "fk" }) },
        { mysql: { engine: "MyISAM" } },
      ),
    );
    const told = { kind: "foreign key", table: "notes", name: "fk" };
    expect((await flow.difference(noted)).skipped).toMatchObject([told]);
    await flow.autogenerate(noted);
    await flow.upgrade();
    expect(await flow.check(noted)).toEqual([]);
    expect((await flow.reflect()).tables.find(({ name }) => name === "notes")).toMatchObject({
      constraints: [],
      indexes: [],
    });
    await flow.close();
  });

  it("knows RESTRICT and NO ACTION as what they are here: the default", async () => {
    const connection = await open(await db.create());
    await upgrade(connection, child({ name: "fk", onDelete: "restrict", onUpdate: "no action" }));
    expect(await differences(connection, child({ name: "fk" }))).toEqual([]);
    await connection.close();
  });

  it("renames a column that a check and a key of another table stand on", async () => {
    const database = await db.create();
    const connection = await open(database);
    const named = (name: string): DeclaresTable =>
      table(
        "parent",
        { [name]: t.integer().primaryKey() },
        { with: () => [check("ck", sql`${sql.identifier(name)} > 0`)] },
      );
    const referring = (name: string): DeclaresTable =>
      table("child", { parent_id: t.integer().references(`parent.${name}`, { name: "fk" }) });
    await upgrade(connection, models(named("id"), referring("id")));
    // the other table has no part in the change
    await apply(connection, [
      { kind: "renameColumn", table: { name: "parent" }, from: "id", to: "number" },
    ]);
    expect(await differences(connection, models(named("number"), referring("number")))).toEqual([]);
    await connection.close();
  });

  it("has a full-text index over a key's column, made with it, before it and after it", async () => {
    const words = table("words", { word: t.varchar(20).primaryKey() });
    const using = (hasKey: boolean, hasIndex: boolean): MetaData => {
      const word = t.varchar(20);
      const note = table(
        "notes",
        { word: hasKey ? word.references("words.word", { name: "fk" }) : word },
        { with: () => (hasIndex ? [index("ft").on("word").using("fulltext")] : []) },
      );
      return models(words, note);
    };
    await roundTrip(db, models(words), using(true, true));
    await roundTrip(db, using(true, false), using(true, true));
    await roundTrip(db, using(false, true), using(true, true));
    await roundTrip(db, using(false, false), using(true, true));
    await roundTrip(db, using(true, true), using(false, false));
    await roundTrip(db, using(true, true), models());
  });

  it("changes actions", async () => {
    await roundTrip(
      db,
      child({ name: "fk" }),
      child({ name: "fk", onDelete: "cascade", onUpdate: "set null" }),
    );
  });

  it("keeps a declared index that serves the key, and makes one when it goes", async () => {
    const declared = index("ix_parent").on("parent_id", "other");
    await roundTrip(db, child({ name: "fk" }, declared), child({ name: "fk" }));
    await roundTrip(db, child({ name: "fk" }), child({ name: "fk" }, declared));
    await roundTrip(db, child(undefined, declared), child({ name: "fk" }, declared));
    await roundTrip(db, child({ name: "fk" }, declared), child(undefined, declared));
    await roundTrip(db, child({ name: "fk" }, declared), child(undefined));
    await roundTrip(
      db,
      child({ name: "fk" }, declared),
      child({ name: "fk" }, index("ix_other").on("parent_id")),
    );
    await roundTrip(
      db,
      child({ name: "fk" }, unique("uq", ["parent_id", "other"])),
      child({ name: "fk" }, unique("uq", ["other", "parent_id"])),
    );
  });

  it("knows whether a descending index serves the key", async () => {
    const falling = index("ix_falling").on(desc("parent_id"));
    await roundTrip(db, child({ name: "fk" }), child({ name: "fk" }, falling));
    await roundTrip(
      db,
      child({ name: "fk" }, falling, index("ix").on("parent_id", "other")),
      child({ name: "fk" }, falling),
    );
  });

  it("keeps an index that is called like the key", async () => {
    const same = index("fk").on("parent_id");
    await roundTrip(db, child(undefined, same), child({ name: "fk" }, same));
    await roundTrip(db, child({ name: "fk" }, same), child(undefined, same));
    await roundTrip(db, child({ name: "fk" }, same), child(undefined));
    await roundTrip(db, child({ name: "fk" }), child(undefined, same));
    await roundTrip(
      db,
      child({ name: "fk" }, same, index("ix").on("parent_id", "other")),
      child({ name: "fk" }, index("ix").on("parent_id", "other")),
    );
  });

  it.each([
    {
      what: "declares the key's own index beside another that serves the key",
      items: [index("fk").on("parent_id"), index("ix").on("parent_id")],
      line: /KEY `fk`/,
    },
    {
      what: "gives the name of the key's own index to a unique constraint",
      items: [unique("fk", ["parent_id"])],
      line: /UNIQUE KEY `fk`/,
    },
  ])("$what, whoever made the own one", async ({ items, line }) => {
    const plain = child({ name: "fk" });
    const declared = child({ name: "fk" }, ...items);
    await roundTrip(db, plain, declared);
    await roundTrip(db, declared, plain);
    const database = await db.create();
    const connection = await open(database);
    await upgrade(connection, plain);
    await database.query("ALTER TABLE child DROP KEY fk, ADD KEY fk (parent_id)");
    await upgrade(connection, declared);
    expect(await differences(connection, declared)).toEqual([]);
    expect(await catalog(database)).toMatch(line);
    await connection.close();
  });

  it("renames a key with its index", async () => {
    const { operations } = await roundTrip(db, child({ name: "fk" }), child({ name: "fk_new" }));
    expect(operations.map(({ kind }) => kind)).toEqual(["renameConstraint"]);
  });

  it("renames a key while its columns change type", async () => {
    const pair = (name: string, big: boolean): MetaData => {
      const id = big ? t.bigint() : t.integer();
      return models(
        table("p", { id: id.identity().primaryKey(), up: id.references("p.id", { name }) }),
      );
    };
    await roundTrip(db, pair("fk", false), pair("fk_new", true));
  });

  it("changes the type at both ends", async () => {
    const pair = (big: boolean): MetaData => {
      const id = big ? t.bigint() : t.integer();
      return models(
        table("p", { id: id.primaryKey(), up: id.references("p.id", { name: "fk_self" }) }),
        table("c", {
          id: id.identity().primaryKey(),
          p_id: id.notNull().references("p.id", { name: "fk_p", onDelete: "cascade" }),
        }),
      );
    };
    const { operations } = await roundTrip(db, pair(false), pair(true));
    expect(new Set(operations.map(({ kind }) => kind))).toEqual(new Set(["alterColumn"]));
  });

  it("makes a key's column compulsory and optional again", async () => {
    const pair = (notNull: boolean): MetaData => {
      const column = t.integer().references("parent.id", { name: "fk" });
      return models(
        parent,
        table("child", {
          id: t.integer().primaryKey(),
          parent_id: notNull ? column.notNull() : column,
        }),
      );
    };
    await roundTrip(db, pair(false), pair(true));
  });

  it("drops a column with its key and index", async () => {
    await roundTrip(
      db,
      child({ name: "fk" }),
      models(
        parent,
        table("child", { id: t.integer().identity().primaryKey(), other: t.integer() }),
      ),
    );
  });

  it("makes circles and several columns", async () => {
    const circle = models(
      table("left_side", {
        id: t.integer().primaryKey(),
        r: t.integer().references("right_side.id"),
      }),
      table("right_side", {
        id: t.integer().primaryKey(),
        l: t.integer().references("left_side.id"),
      }),
      parent,
      table(
        "pair",
        { x: t.integer(), y: t.integer(), z: t.integer() },
        {
          with: (c) => [
            foreignKey([c.x, c.y], ["parent.a", "parent.b"], {
              name: "fk_pair",
              onDelete: "set null",
            }),
          ],
        },
      ),
    );
    await roundTrip(db, models(), circle);
    await roundTrip(db, circle, models());
  });

  it("keeps an index that the server made for a nameless key and would drop for another", async () => {
    const database = await db.create();
    await database.query(
      `CREATE TABLE u (id int primary key);
       CREATE TABLE v (id int primary key);
       CREATE TABLE p (id int primary key, a int, b int, FOREIGN KEY (a) REFERENCES u (id))`,
    );
    const ids = ["u", "v"].map((name) => table(name, { id: t.integer().primaryKey() }));
    const pointing = (target: string, ...more: readonly string[][]) =>
      models(
        ...ids,
        table(
          "p",
          {
            id: t.integer().primaryKey(),
            a: t.integer().references(`${target}.id`, { name: "p_ibfk_1" }),
            b: t.integer(),
          },
          {
            with: () => [
              index("a").on("a"),
              ...more.map((columns) => index(columns.join("_")).on(...columns)),
            ],
          },
        ),
      );
    const connection = await open(database);
    // a key that steps aside while its columns change type comes back beside its index too
    const wider = pointing("v");
    const widened = {
      ...wider,
      tables: wider.tables.map((one) => ({
        ...one,
        columns: one.columns.map((column) => ({ ...column, type: { name: "bigint" } as const })),
      })),
    };
    for (const wanted of [
      pointing("u", ["a", "b"]),
      pointing("v", ["a", "b"]),
      pointing("v"),
      widened,
    ]) {
      await upgrade(connection, wanted);
      expect(await differences(connection, wanted)).toEqual([]);
      expect(await catalog(database)).toContain("KEY `a` (`a`)");
    }
    await connection.close();
  });

  it("reads keys without a name as they stand", async () => {
    const database = await db.create();
    await database.query(
      "CREATE TABLE p (id int primary key); CREATE TABLE c (id int primary key, p_id int, q_id int, FOREIGN KEY (p_id) REFERENCES p (id), FOREIGN KEY (q_id) REFERENCES p (id), KEY q_id (q_id))",
    );
    const connection = await open(database);
    const p = table("p", { id: t.integer().primaryKey() });
    const wanted = models(
      p,
      table("c", {
        id: t.integer().primaryKey(),
        p_id: t.integer().references("p.id"),
        q_id: t.integer().references("p.id"),
      }),
    );
    expect(await differences(connection, wanted)).toEqual([]);
    const before = await catalog(database);
    const operations = await upgrade(
      connection,
      models(p, table("c", { id: t.integer().primaryKey(), p_id: t.integer(), q_id: t.integer() })),
    );
    expect(operations.map(({ kind }) => kind).toSorted()).toEqual([
      "dropConstraint",
      "dropConstraint",
      "dropIndex",
      "dropIndex",
    ]);
    expect(await catalog(database)).not.toMatch(/KEY `(?:p_id|q_id)`/);
    expect(before).toMatch(/KEY `p_id`/);
    await connection.close();
  });

  it("follows a rename of the table and of its columns", async () => {
    const connection = await open(await db.create());
    const { apply } = await import("./helpers.ts");
    await upgrade(
      connection,
      models(
        parent,
        table(
          "old",
          {
            id: t.integer().primaryKey(),
            parent_id: t.integer().references("parent.id"),
            n: t.integer(),
            twice: t.integer().generatedAs(sql`n * 2`),
          },
          { with: (c) => [index("ix").on(part(c.twice, { order: "desc" }))] },
        ),
      ),
    );
    await apply(connection, [
      { kind: "renameTable", from: { name: "old" }, to: { name: "new" } },
      { kind: "renameColumn", table: { name: "new" }, from: "n", to: "number" },
      { kind: "dropConstraint", table: { name: "new" }, type: "foreignKey", name: "old_ibfk_1" },
    ]);
    const renamed = models(
      parent,
      table(
        "new",
        {
          id: t.integer().primaryKey(),
          parent_id: t.integer(),
          number: t.integer(),
          twice: t.integer().generatedAs(sql`number * 2`),
        },
        { with: (c) => [index("ix").on(part(c.twice, { order: "desc" }))] },
      ),
    );
    expect(await differences(connection, renamed)).toEqual([]);
    await connection.close();
  });
});
