import { expect, it } from "vitest";
import { filterMetaData } from "../../src/config/filter.ts";
import type { FilterSubject } from "../../src/config/index.ts";
import { metaDataOf } from "../../src/schema/metadata.ts";
import { index, t, table } from "../../src/exports/schema.ts";

const users = table("users", { id: t.integer().primaryKey(), secret: t.text() });
const posts = table(
  "posts",
  { id: t.integer().primaryKey(), author: t.integer().references(() => users.id), note: t.text() },
  { with: (c) => [index("ix_note").on(c.note)] },
);
const metadata = metaDataOf([users, posts]);

it("leaves both sides as they are without a filter", () => {
  expect(filterMetaData(metadata, {}, true)).toBe(metadata);
});

it("takes a table out, with the foreign keys that point to it, and says so of the database", () => {
  const include = ({ kind, name }: FilterSubject): boolean => kind !== "table" || name !== "users";
  const database = filterMetaData(metadata, { includeObject: include }, true);
  expect(database.tables.map(({ name }) => name)).toEqual(["posts"]);
  expect(database.tables[0]?.constraints.map(({ kind }) => kind)).toEqual(["primaryKey"]);
  expect(database.skipped).toEqual([
    {
      kind: "table",
      name: "users",
      reason: "left out by `includeObject` or `includeName` of the config",
    },
  ]);
  expect(filterMetaData(metadata, { includeObject: include }, false).skipped).toEqual([]);
});

it("takes a column out, with the indexes on it", () => {
  const include = ({ kind, name, table: of }: FilterSubject): boolean =>
    !(kind === "column" && of === "posts" && name === "note");
  const [, filtered] = filterMetaData(metadata, { includeObject: include }, true).tables;
  expect(filtered?.columns.map(({ name }) => name)).toEqual(["id", "author"]);
  expect(filtered?.indexes).toEqual([]);
});
