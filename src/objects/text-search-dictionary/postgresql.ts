import type { ObjectDialect } from "../contract.ts";
import { statements } from "../../dialects/ddl.ts";
import { comment } from "../../dialects/postgresql/compile.ts";
import { objectPath } from "../../dialects/postgresql/object-path.ts";
import {
  commentOf,
  nameOfRow,
  nonEmpty,
  objectRows,
  ours,
  SCHEMA,
  words,
} from "../../dialects/postgresql/object-rows.ts";
import { maybeText, text } from "../../dialects/postgresql/rows.ts";
import { quote, quoteTable, quoteText } from "../../dialects/postgresql/spelling.ts";
import type { Row, ServerInfo } from "../../dialects/contract.ts";
import type { TextSearchDictionary } from "../../schema/objects/types.ts";

type Options = NonNullable<TextSearchDictionary["options"]>;

const DICTIONARIES = `SELECT ${SCHEMA}, d.dictname::text AS name, d.dictinitoption AS options, ${commentOf("pg_ts_dict", "d.oid")},
  CASE WHEN tn.nspname <> 'pg_catalog' THEN quote_ident(tn.nspname) || '.' ELSE '' END || quote_ident(t.tmplname) AS template
FROM pg_ts_dict d JOIN pg_namespace n ON n.oid = d.dictnamespace
  JOIN pg_ts_template t ON t.oid = d.dicttemplate JOIN pg_namespace tn ON tn.oid = t.tmplnamespace
WHERE ${ours("pg_ts_dict", "d.oid")} ORDER BY n.nspname, d.dictname`;

/** `stopwords = 'english', accept = 1`: numbers alone stand without quotes, backslashes in `E'…'`. */
const OPTION = /("(?:[^"]|"")*"|\w+) = (?:(E?)'((?:[^']|'')*)'|([^,]+))/g;

function optionsOf(said: string): Options {
  return Object.fromEntries(
    [...said.matchAll(OPTION)].map(
      ([, key = "", escaped, quoted, bare = ""]): readonly [string, string | number] => {
        const name = key.startsWith('"') ? key.slice(1, -1).replaceAll('""', '"') : key;
        if (quoted === undefined) return [name, Number(bare)];
        const value = quoted.replaceAll("''", "'");
        return [name, escaped === "E" ? value.replaceAll("\\\\", "\\") : value];
      },
    ),
  );
}

function dictionaryOfRow(row: Row): TextSearchDictionary {
  return tidy({
    kind: "textSearchDictionary",
    ...nameOfRow(row),
    template: text(row, "template"),
    options: optionsOf(maybeText(row, "options") ?? ""),
    comment: maybeText(row, "comment") ?? "",
  });
}

/** Options as the server keeps them. */
function tidy(given: TextSearchDictionary): TextSearchDictionary {
  const { options: said = {}, comment: remark, template, ...rest } = given;
  const options = nonEmpty(
    Object.fromEntries(
      Object.entries(said)
        .map(([key, value]) => [key, typeof value === "boolean" ? String(value) : value] as const)
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ),
  );
  return {
    ...rest,
    template: template.replace(/^pg_catalog\./, ""),
    ...(options === undefined ? {} : { options }),
    ...words(remark),
  };
}

function optionText(key: string, value: Options[string]): string {
  return `${quote(key)} = ${typeof value === "number" ? String(value) : quoteText(String(value))}`;
}

function commentText(dictionary: TextSearchDictionary, server: ServerInfo): string {
  return comment(`TEXT SEARCH DICTIONARY ${objectPath(dictionary, server)}`, dictionary.comment);
}

function createAll(given: TextSearchDictionary, server: ServerInfo): readonly string[] {
  const dictionary = tidy(given);
  const { template, options = {} } = dictionary;
  const parts = [
    `TEMPLATE = ${template}`,
    ...Object.entries(options).map(([key, value]) => optionText(key, value)),
  ];
  return [
    `CREATE TEXT SEARCH DICTIONARY ${quoteTable(dictionary)} (${parts.join(", ")})`,
    ...(dictionary.comment === undefined ? [] : [commentText(dictionary, server)]),
  ];
}

/** An option that is named without a value is taken away. */
function change(before: Options, after: Options): readonly string[] {
  return [
    ...Object.keys(before)
      .filter((key) => !(key in after))
      .map((key) => quote(key)),
    ...Object.entries(after)
      .filter(([key, value]) => before[key] !== value)
      .map(([key, value]) => optionText(key, value)),
  ];
}

export const postgresql: ObjectDialect<TextSearchDictionary> = {
  skippedAs: [],
  reflect: async (connection, filter) => ({
    objects: (await objectRows(connection, filter, DICTIONARIES)).map(dictionaryOfRow),
    skipped: [],
  }),
  canonicalize: async ({ database, models }) =>
    Promise.resolve({ database, models: models.map(tidy), skipped: [] }),
  create: (dictionary, { state }) => statements(createAll(dictionary, state.server)),
  drop: (dictionary, { state }) => [
    { sql: `DROP TEXT SEARCH DICTIONARY ${objectPath(dictionary, state.server)}` },
  ],
  alter: (given, { state }) => {
    const [from, to] = [tidy(given.from), tidy(given.to)];
    const path = objectPath(to, state.server);
    if (from.template !== to.template)
      return statements([`DROP TEXT SEARCH DICTIONARY ${path}`, ...createAll(to, state.server)]);
    const changes = change(from.options ?? {}, to.options ?? {});
    return statements([
      ...(changes.length === 0
        ? []
        : [`ALTER TEXT SEARCH DICTIONARY ${path} (${changes.join(", ")})`]),
      ...(from.comment === to.comment ? [] : [commentText(to, state.server)]),
    ]);
  },
};
