import { expect, it } from "vitest";
import { walkEach } from "./walk.ts";
import { forEachDatabase } from "../support/databases.ts";
import { Flow } from "../laws/flow.ts";
import {
  cast,
  enumType,
  index,
  metaDataOf,
  sql,
  sqlFunction,
  t,
  table,
  textSearchConfiguration,
  textSearchDictionary,
  view,
} from "../../src/schema/index.ts";

const plain = textSearchDictionary("plain", {
  template: "simple",
  options: { stopwords: "english", accept: false },
});
const pages = (configuration: string) =>
  table(
    "pages",
    {
      id: t.integer().primaryKey(),
      body: t.text(),
      words: t
        .raw("tsvector")
        .generatedAs(sql`to_tsvector(${sql.raw(`'${configuration}'`)}::regconfig, body)`),
    },
    { with: (c) => [index("ix_words").on(c.words).using("gin")] },
  );
const moods = (...values: readonly [string, ...string[]]) => enumType("mood", values);
const feelings = (type: ReturnType<typeof moods>) =>
  table("feelings", { id: t.integer().primaryKey(), mood: type() });
const toMood = (name: string, parameter: string, body: string) =>
  sqlFunction(name, {
    parameters: [{ name: parameter, type: "integer" }],
    returns: "mood",
    volatility: "immutable",
    body: sql.raw(body),
  });
const moodOf = (body: string) =>
  sqlFunction("mood_of", {
    parameters: [{ name: "word", type: "text" }],
    returns: "integer",
    volatility: "immutable",
    body: sql.raw(body),
  });

walkEach(
  "text search and casts",
  {
    "dictionaries: template, options and comment": [
      [plain],
      [textSearchDictionary("plain", { template: "pg_catalog.simple", comment: "for titles" })],
      [
        textSearchDictionary("plain", {
          template: "snowball",
          options: { language: "english", stopwords: "english" },
        }),
      ],
      [
        textSearchDictionary("Plain one", { template: "simple", options: { accept: 1 } }),
        textSearchDictionary("plain", {
          template: "snowball",
          options: { language: "german" },
          comment: "it's for German",
        }),
      ],
      [],
    ],
    "configurations with an index and a column on them": [
      [
        plain,
        textSearchConfiguration("titles", { mappings: { asciiword: ["plain"], word: ["simple"] } }),
        pages("titles"),
      ],
      [
        plain,
        textSearchConfiguration("titles", {
          mappings: {
            word: ["plain", "pg_catalog.english_stem"],
            numword: ["simple"],
            email: ["simple"],
          },
          comment: "of pages",
        }),
        pages("titles"),
        view("found", {
          query: sql`SELECT id FROM pages WHERE words @@ to_tsquery('titles', 'a')`,
        }),
      ],
      [
        textSearchConfiguration("other", { parser: "default", mappings: { int: [] } }),
        pages("other"),
      ],
      [textSearchConfiguration("other", { schema: "app", mappings: { int: ["simple"] } })],
      [],
    ],
    "a cast and its function while the type is another one": [
      [
        table("t", { id: t.integer() }),
        moods("glad", "sad"),
        toMood("mood_of_number", "n", "SELECT CASE WHEN n = 1 THEN 'glad'::mood ELSE 'sad' END"),
        cast("integer AS mood", { function: "mood_of_number(integer)" }),
        view("moody", { query: sql`SELECT CAST(id AS mood) AS mood FROM t` }),
      ],
      [
        table("t", { id: t.integer() }),
        moods("bad", "worse"),
        toMood("mood_of_number", "n", "SELECT 'worse'::mood"),
        cast("integer AS mood", { function: "mood_of_number(integer)", context: "implicit" }),
        view("moody", { query: sql`SELECT CAST(id AS mood) AS mood, id FROM t` }),
      ],
      [
        table("t", { id: t.bigint() }),
        moods("bad", "worse"),
        toMood("other_mood", "t", "SELECT 'bad'::mood"),
        cast("integer AS mood", { function: "other_mood(integer)" }),
      ],
    ],
    "a cast from a type that comes with it": [
      [
        moods("glad", "sad"),
        sqlFunction("word_of", {
          parameters: [{ name: "mood", type: "mood" }],
          returns: "text",
          volatility: "immutable",
          body: sql`SELECT 'a word'`,
        }),
        cast("mood AS text", { function: "word_of(mood)", context: "assignment" }),
      ],
      [],
    ],
    "casts, with the types and functions they are of": [
      [moods("glad", "sad"), feelings(moods("glad", "sad")), cast("text AS mood", { inout: true })],
      [
        moods("glad", "sad"),
        feelings(moods("glad", "sad")),
        cast("text AS mood", { inout: true, context: "implicit", comment: "as it is said" }),
        cast("mood AS varchar", { inout: true, context: "assignment" }),
      ],
      [
        moods("bad", "glad"),
        feelings(moods("bad", "glad")),
        cast("text AS mood", { inout: true, context: "implicit", comment: "as it is said" }),
        cast("mood AS varchar", { inout: true, context: "assignment" }),
      ],
      [
        moods("bad", "glad"),
        moodOf("SELECT length(word)"),
        cast("text AS int4", { function: "mood_of(text)", context: "assignment" }),
      ],
      [
        moodOf("SELECT 1 + length(word)"),
        cast("text AS integer", { function: "mood_of(text)", context: "assignment" }),
        cast("int4 AS date", {}),
      ],
      [],
    ],
  },
  ["app"],
);

forEachDatabase(
  (db) => {
    it("says what is wrong with the name of a cast", async () => {
      const flow = await Flow.open((await db.create()).url);
      try {
        await expect(flow.check(metaDataOf([cast("mood", { inout: true })]))).rejects.toMatchObject(
          { code: "model-invalid", hint: expect.stringContaining("text AS mood") },
        );
      } finally {
        await flow.close();
      }
    });
  },
  { only: ["postgresql"] },
);
