import { describe, expect, it } from "vitest";
import { onPostgresql, walk } from "./walk.ts";
import { judgePostgresql } from "../laws/judge/index.ts";
import { dialectFor } from "../../src/dialects/index.ts";
import { objectCompiler } from "../../src/objects/index.ts";
import {
  metaDataOf,
  publication,
  sql,
  t,
  table,
  type PublicationDefinition,
} from "../../src/schema/index.ts";

type Columns = Parameters<typeof table>[1];
const key = t.integer().primaryKey();
const users = (more: Columns = {}) => table("users", { id: key, email: t.text(), ...more });
const posts = () => table("posts", { id: key, body: t.text() });
const away = (name: string) => table(name, { id: key, body: t.text() }, { schema: "away" });
const news = (...tables: NonNullable<PublicationDefinition["tables"]>) =>
  publication("news", { tables });

onPostgresql(
  (now) => {
    const seen = () => judgePostgresql((text) => now.place.query(text));

    describe("publications", () => {
      it("what is renamed stays published under its new name", async () => {
        const { flow } = now;
        const before = metaDataOf([
          users({ age: t.integer() }),
          away("posts"),
          publication("news", {
            tables: [
              {
                name: "users",
                columns: ["id", "email", "age"],
                where: sql`age > 1 AND email = 'age'`,
              },
              { schema: "away", name: "posts" },
            ],
          }),
          publication("odd", {
            tables: [{ schema: "away", name: "posts", where: sql`body LIKE 'body%'` }],
          }),
        ]);
        const after = metaDataOf([
          table("people", { id: key, mail: t.text(), "Years lived": t.integer() }),
          away("notes"),
          publication("news", {
            tables: [
              {
                name: "people",
                columns: ["id", "mail", "Years lived"],
                where: sql`"Years lived" > 1 AND mail = 'age'`,
              },
              { schema: "away", name: "notes" },
            ],
          }),
          publication("odd", {
            tables: [{ schema: "away", name: "notes", where: sql`body LIKE 'body%'` }],
          }),
        ]);

        await flow.autogenerate(before);
        await flow.upgrade();
        const was = await seen();
        const renames = [
          "users:people",
          "people.email:mail",
          "people.age:Years lived",
          "away.posts:away.notes",
        ];
        const { operations } = await flow.autogenerate(after, renames);
        expect(operations.filter(({ kind }) => !kind.startsWith("rename"))).toEqual([]);
        await flow.upgrade();
        expect(await flow.check(after)).toEqual([]);
        const is = await seen();
        await flow.downgrade();
        expect(await seen()).toEqual(was);
        expect(await flow.check(before)).toEqual([]);
        await flow.upgrade();
        expect(await seen()).toEqual(is);
      });

      it("what is renamed may change besides", async () => {
        const { flow } = now;
        const before = metaDataOf([
          users({ age: t.integer() }),
          posts(),
          news({ name: "users", where: sql`age > 1` }, "posts"),
          publication("gone", { tables: [{ name: "users", columns: ["age"] }] }),
        ]);
        const after = metaDataOf([
          table("people", { id: key, email: t.text(), years: t.bigint() }),
          news({ name: "people", columns: ["years"], where: sql`years > 2` }),
          publication("come", { tables: [{ name: "people", where: sql`years > 3` }] }),
        ]);
        await flow.autogenerate(before);
        await flow.upgrade();
        const was = await seen();
        await flow.autogenerate(after, ["users:people", "people.age:years"]);
        await flow.upgrade();
        expect(await flow.check(after)).toEqual([]);
        const is = await seen();
        await flow.downgrade();
        expect(await seen()).toEqual(was);
        await flow.upgrade();
        expect(await seen()).toEqual(is);
      });

      it("changes in its place where the server can", async () => {
        const { flow } = now;
        const states = [
          [users(), posts(), news("users")],
          [
            users(),
            posts(),
            publication("news", { tables: ["posts"], publish: ["insert"], comment: "new" }),
          ],
        ];
        await walk(flow, now.place, states);
        const changes = flow.statements.filter((text) => text.includes("PUBLICATION"));
        expect(changes).toEqual([
          'ALTER PUBLICATION "news" DROP TABLE ONLY "users"',
          'ALTER PUBLICATION "news" ADD TABLE ONLY "posts"',
          "ALTER PUBLICATION \"news\" SET (publish = 'insert')",
          "COMMENT ON PUBLICATION \"news\" IS 'new'",
        ]);
      });

      it("tables that are not in the models are published too", async () => {
        const { flow, place } = now;
        await place.query("CREATE SCHEMA other; CREATE TABLE other.users (id int, email text)");
        const other = { schema: "other", name: "users" };
        const states = [
          [users(), news("users", { ...other, where: sql`email='x'` })],
          [users(), news({ ...other, columns: ["id"], where: sql`id=1` })],
          [users(), news(other)],
        ];
        expect(await walk(flow, place, states)).toBe(states.length);
      });

      it("one that the models do not speak of stays, also when a column changes under it", async () => {
        const { flow, place } = now;
        flow.kinds = undefined;
        const before = metaDataOf([users({ age: t.integer() })]);
        const after = metaDataOf([users({ age: t.bigint() })]);
        await flow.autogenerate(before);
        await flow.upgrade();
        await place.query(
          "CREATE PUBLICATION news FOR TABLE users (id, age) WHERE (age > 5) WITH (publish = 'insert')",
        );
        const { publication: was } = await seen();
        const { skipped } = await flow.autogenerate(after);
        expect(skipped.map(({ kind, name, reason }) => [kind, name, reason])).toContainEqual([
          ...["publication", "news", "the models declare no publication"],
        ]);
        await flow.upgrade();
        expect((await seen())["publication"]).toEqual(was);
        await flow.downgrade();
        expect((await seen())["publication"]).toEqual(was);
      });

      it("generated columns need PostgreSQL 18", async () => {
        const { flow, place } = now;
        const states = [
          [users(), publication("news", { tables: ["users"], generatedColumns: "stored" })],
          [users(), news("users")],
          [users(), publication("news", { allTables: true, generatedColumns: "stored" })],
          [
            users({ upper: t.text().generatedAs(sql`upper(email)`, { stored: false }) }),
            news({ name: "users", columns: ["id"], where: sql`upper(email) = 'X'` }),
          ],
          [
            users({ upper: t.text().generatedAs(sql`lower(email)`, { stored: false }) }),
            news({ name: "users", where: sql`upper(email) = 'X' AND id > 1` }),
          ],
          [
            users({ upper: t.text().generatedAs(sql`lower(email)`) }),
            news({ name: "users", columns: ["upper", "id"], where: sql`upper = 'X' AND id > 1` }),
          ],
        ];
        if (place.kind === "postgresql18") {
          expect(await walk(flow, place, states)).toBe(states.length);
          const virtual = metaDataOf([
            users({ upper: t.text().generatedAs(sql`upper(email)`, { stored: false }) }),
            news({ name: "users", where: sql`upper = 'X'` }),
          ]);
          await expect(flow.check(virtual)).rejects.toThrow("a computed column that is not stored");
          return;
        }
        await flow.autogenerate(metaDataOf(states[0] ?? []));
        await expect(flow.upgrade()).rejects.toThrow(
          'Publishing generated columns (publication "news") needs PostgreSQL 18.',
        );
      });
    });
  },
  ["away"],
);

describe("publications on older servers", () => {
  const create = async (versionNumber: number, definition: PublicationDefinition) => {
    const dialect = dialectFor("postgres://localhost/app");
    const server = { dialect: "postgresql", versionNumber, defaultSchema: "public" } as const;
    const compiled = await objectCompiler(dialect)(
      { kind: "createObject", object: { kind: "publication", name: "news", ...definition } },
      {
        server: { ...dialect.offline.server("postgres://localhost/app", "14.2"), ...server },
        reflect: () => Promise.reject(new Error("asked")),
        compileObject: objectCompiler(dialect),
      },
    );
    return compiled.map((statement) => statement.sql);
  };

  it("say what they have not", async () => {
    expect(await create(140000, { tables: ["users", "posts"], viaPartitionRoot: true })).toEqual([
      'CREATE PUBLICATION "news" FOR TABLE ONLY "users", ONLY "posts" WITH (publish_via_partition_root = true)',
    ]);
    await expect(create(120000, { viaPartitionRoot: true })).rejects.toThrow("needs PostgreSQL 13");
    await expect(create(140000, { schemas: ["public"] })).rejects.toThrow("needs PostgreSQL 15");
    await expect(create(140000, { tables: [{ name: "users", columns: ["id"] }] })).rejects.toThrow(
      "A list of columns",
    );
    await expect(
      create(140000, { tables: [{ name: "users", where: sql`id > 1` }] }),
    ).rejects.toThrow("A condition on rows");
  });
});
