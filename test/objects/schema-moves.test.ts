import { expect, it } from "vitest";
import { onPostgresql } from "./walk.ts";
import { index, metaDataOf, t, table, type MetaData } from "../../src/schema/index.ts";

/** A table of one schema or another, with a counter and an index, and one that points to it. */
function models(schema: string | undefined, name: string): MetaData {
  const posts = table(
    name,
    { id: t.integer().identity({ serial: true }).primaryKey(), title: t.text() },
    { schema, with: (c) => [index("by_title").on(c.title)] },
  );
  const notes = table("notes", { post: t.integer().references(() => posts.id) });
  return metaDataOf([posts, notes]);
}

onPostgresql(
  (now) => {
    it.each([
      { to: "away", name: "posts", rename: "posts:away.posts" },
      { to: "away", name: "texts", rename: "posts:away.texts" },
    ])("a table takes its rows to another schema: $rename", async ({ to, name, rename }) => {
      const { flow, place } = now;
      const [before, after] = [models(undefined, "posts"), models(to, name)];
      await flow.autogenerate(before);
      await flow.upgrade();
      await place.query("INSERT INTO posts (title) VALUES ('one'); INSERT INTO notes VALUES (1)");
      await flow.autogenerate(after, [rename]);
      await flow.upgrade();
      expect(await flow.check(after)).toEqual([]);
      expect(await place.query(`SELECT title FROM away."${name}"`)).toEqual([{ title: "one" }]);
      await flow.downgrade();
      expect(await flow.check(before)).toEqual([]);
      expect(await place.query("SELECT title FROM posts")).toEqual([{ title: "one" }]);
      await flow.upgrade();
      await flow.autogenerate(before, [`away.${name}:posts`]);
      await flow.upgrade();
      expect(await flow.check(before)).toEqual([]);
    });
  },
  ["away"],
);
