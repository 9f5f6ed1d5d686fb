import { describe, expect, it } from "vitest";
import { createTable } from "../../../src/dialects/sqlite/compile.ts";
import { expressionKey, tokenize } from "../../../src/dialects/sqlite/tokens.ts";
import { DEFINITIONS } from "./definitions.ts";
import { catalogOf, databaseOf, differences, reflected } from "./support.ts";

describe("the parser of CREATE TABLE", () => {
  it.each(Object.entries(DEFINITIONS).map(([name, sql]) => ({ name, sql })))(
    "reads $name, and what it reads makes the same",
    async ({ sql }) => {
      const connection = await databaseOf("PRAGMA foreign_keys = OFF", sql);
      const found = await reflected(connection);
      expect(found.skipped).toEqual([]);
      const copy = await databaseOf(
        "PRAGMA foreign_keys = OFF",
        ...found.tables.flatMap(createTable),
      );
      expect(await reflected(copy)).toEqual(found);
      expect(await catalogOf(copy)).toEqual(await catalogOf(connection));
      expect(await differences(connection, found)).toEqual([]);
    },
  );

  it("says what it does not understand, and shows the rest", async () => {
    const connection = await databaseOf(
      "CREATE TABLE t (a INT REFERENCES t (a) ON INSERT CASCADE)",
      "CREATE TABLE u (a INT)",
    );
    const { tables, skipped } = await reflected(connection);
    expect(tables.map(({ name }) => name)).toEqual(["t", "u"]);
    expect(skipped).toEqual([
      {
        kind: "table",
        name: "t",
        reason: expect.stringContaining('"ON"'),
        definition: expect.any(String),
      },
    ]);
  });

  it("keeps virtual tables, their shadows, views and triggers apart", async () => {
    const connection = await databaseOf(
      "CREATE VIRTUAL TABLE docs USING fts5 (title, body)",
      "CREATE TABLE docs_extra (a)",
      "CREATE VIEW v AS SELECT 1 AS one",
      "CREATE TRIGGER tr AFTER INSERT ON docs_extra BEGIN SELECT 1; END",
    );
    const { tables, skipped } = await reflected(connection);
    expect(tables.map(({ name }) => name)).toEqual(["docs_extra"]);
    expect([...new Set(skipped.map(({ kind }) => kind))]).toEqual([
      "shadow table",
      "trigger",
      "view",
      "virtual table",
    ]);
    expect(skipped.find(({ kind }) => kind === "trigger")).toMatchObject({
      name: "tr",
      table: "docs_extra",
    });
  });
});

describe("tokens", () => {
  it("cover the text, whatever it is", () => {
    for (const text of [
      "",
      "'",
      '"',
      "[",
      "`",
      "/*",
      "--",
      "x'",
      "1.2.3",
      "\\",
      "\u{1f680}",
      "a\u0000b",
      "$a:b",
      "1e",
      ".5e+3_0",
    ]) {
      const tokens = tokenize(text);
      expect(tokens.every(({ text: part, start, end }) => text.slice(start, end) === part)).toBe(
        true,
      );
    }
  });

  it.each([
    ["a  >\n0", "( A>0 )"],
    ['"Name" = 1', "name==1"],
    ["a <> 'X'", "[a] != 'X'"],
    ["((a) and (b))", "(A) AND /* c */ (B)"],
  ])("%j means the same as %j", (a, b) => {
    expect(expressionKey(a)).toBe(expressionKey(b));
  });

  it.each([
    ["a = 'x'", "a = 'X'"],
    ["a = 'x y'", "a = 'x  y'"],
    ["(a) or (b)", "a or b"],
    ['"order"', "order"],
    ["a - -1", "a --1"],
  ])("%j does not mean the same as %j", (a, b) => {
    expect(expressionKey(a)).not.toBe(expressionKey(b));
  });
});
