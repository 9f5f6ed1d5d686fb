import { walkEach } from "./walk.ts";
import {
  aggregate,
  collation,
  grants,
  index,
  sql,
  sqlFunction,
  sqlProcedure,
  t,
  table,
  textSearchConfiguration,
  textSearchDictionary,
} from "../../src/schema/index.ts";

const uuid = (body: string, comment?: string) =>
  sqlFunction("gen_random_uuid", {
    returns: "uuid",
    body: sql.raw(body),
    ...(comment === undefined ? {} : { comment }),
  });
const greatest = (comment?: string) =>
  aggregate("max", {
    parameters: [{ type: "integer" }],
    definition: { sfunc: "int4larger", stype: "integer" },
    ...(comment === undefined ? {} : { comment }),
  });
const words = (collated?: string) => {
  const word = t.text();
  return table(
    "words",
    { id: t.integer().primaryKey(), word: collated === undefined ? word : word.collate(collated) },
    { with: (c) => [index("ix_words_word").on(c.word)] },
  );
};

// pg_catalog, where the server has the same names, is searched before the default schema
walkEach("objects that are called like the server's own", {
  functions: [
    [uuid("SELECT NULL::uuid", "ours")],
    [uuid("SELECT NULL::uuid", "ours, too")],
    [
      uuid("SELECT md5('')::uuid"),
      grants("gen_random_uuid", { on: "function", to: { pg_monitor: ["execute"] } }),
    ],
    [],
  ],
  "a procedure where the server has a function": [
    [sqlProcedure("now", { body: sql`SELECT`, comment: "ours" })],
    [],
  ],
  aggregates: [[greatest("ours")], [greatest()], []],
  "text search": [
    [
      textSearchDictionary("simple", { template: "simple", options: { accept: false } }),
      textSearchConfiguration("english", { mappings: { asciiword: ["public.simple", "simple"] } }),
    ],
    [
      textSearchDictionary("simple", {
        template: "simple",
        options: { accept: true },
        comment: "ours",
      }),
      textSearchConfiguration("english", {
        mappings: { asciiword: ["simple"], word: ["public.simple"] },
        comment: "ours",
      }),
    ],
    [],
  ],
  collations: [
    [collation("C", { provider: "icu", locale: "de", comment: "ours" }), words()],
    [collation("C", { provider: "icu", locale: "de" }), words('"public"."C"')],
    [collation("C", { provider: "icu", locale: "sv" }), words('"public"."C"')],
    [words("C")],
  ],
});
