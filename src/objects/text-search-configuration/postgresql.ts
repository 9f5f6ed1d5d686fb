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
import { maybeText, objects, text, texts } from "../../dialects/postgresql/rows.ts";
import { quoteTable } from "../../dialects/postgresql/spelling.ts";
import type { Row, ServerInfo } from "../../dialects/contract.ts";
import type { TextSearchConfiguration } from "../../schema/objects/types.ts";
import { deepEqual } from "../../util/equal.ts";

type Mappings = NonNullable<TextSearchConfiguration["mappings"]>;

/** A name of the server's own, or of the default schema, stands alone. */
const named = (schema: string, name: string): string =>
  `CASE WHEN ${schema} NOT IN ('pg_catalog', current_schema()) THEN quote_ident(${schema}) || '.' ELSE '' END || quote_ident(${name})`;

const CONFIGURATIONS = `SELECT ${SCHEMA}, c.cfgname::text AS name, ${commentOf("pg_ts_config", "c.oid")}, ${named("pn.nspname", "p.prsname")} AS parser,
  (SELECT coalesce(json_agg(json_build_object('token', m.token, 'dictionaries', m.dictionaries) ORDER BY m.place), '[]') FROM (
    SELECT t.alias AS token, t.tokid AS place, json_agg(m.mapdict::regdictionary::text ORDER BY m.mapseqno) AS dictionaries
    FROM pg_ts_config_map m JOIN ts_token_type(c.cfgparser) t ON t.tokid = m.maptokentype
    WHERE m.mapcfg = c.oid GROUP BY t.alias, t.tokid) m) AS mappings
FROM pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace
  JOIN pg_ts_parser p ON p.oid = c.cfgparser JOIN pg_namespace pn ON pn.oid = p.prsnamespace
WHERE ${ours("pg_ts_config", "c.oid")} ORDER BY n.nspname, c.cfgname`;

function configurationOfRow(row: Row): TextSearchConfiguration {
  const mappings = objects(row, "mappings").map(
    (mapping) => [text(mapping, "token"), texts(mapping, "dictionaries")] as const,
  );
  return tidy({
    kind: "textSearchConfiguration",
    ...nameOfRow(row),
    parser: text(row, "parser"),
    mappings: Object.fromEntries(mappings),
    comment: maybeText(row, "comment") ?? "",
  });
}

function ofServer(name: string): string {
  return name.replace(/^pg_catalog\./, "");
}

function tidy(given: TextSearchConfiguration): TextSearchConfiguration {
  const { parser = "default", mappings: said = {}, comment: remark, ...rest } = given;
  const own = ofServer(parser).replaceAll('"', "");
  const mappings = nonEmpty(
    Object.fromEntries(
      Object.entries(said)
        .filter(([, dictionaries]) => dictionaries.length > 0)
        .map(([token, dictionaries]) => [token, dictionaries.map(ofServer)] as const),
    ),
  );
  return {
    ...rest,
    ...(own === "default" ? {} : { parser: ofServer(parser) }),
    ...(mappings === undefined ? {} : { mappings }),
    ...words(remark),
  };
}

function commentText(path: string, words: string | undefined): string {
  return comment(`TEXT SEARCH CONFIGURATION ${path}`, words);
}

/** One statement for all types of tokens that go the same way. */
function mapped(path: string, verb: "ADD" | "ALTER", mappings: Mappings): readonly string[] {
  const ways = new Map<string, string[]>();
  for (const [token, dictionaries] of Object.entries(mappings)) {
    const way = dictionaries.join(", ");
    ways.set(way, [...(ways.get(way) ?? []), token]);
  }
  return [...ways].map(
    ([way, tokens]) =>
      `ALTER TEXT SEARCH CONFIGURATION ${path} ${verb} MAPPING FOR ${tokens.join(", ")} WITH ${way}`,
  );
}

function createAll(given: TextSearchConfiguration, server: ServerInfo): readonly string[] {
  const configuration = tidy(given);
  const { parser = 'pg_catalog."default"', mappings = {} } = configuration;
  const path = objectPath(configuration, server);
  return [
    `CREATE TEXT SEARCH CONFIGURATION ${quoteTable(configuration)} (PARSER = ${parser})`,
    ...mapped(path, "ADD", mappings),
    ...(configuration.comment === undefined ? [] : [commentText(path, configuration.comment)]),
  ];
}

function change(path: string, before: Mappings, after: Mappings): readonly string[] {
  const where = (isWanted: (token: string) => boolean): Mappings =>
    Object.fromEntries(Object.entries(after).filter(([token]) => isWanted(token)));
  const gone = Object.keys(before).filter((token) => !(token in after));
  return [
    ...(gone.length === 0
      ? []
      : [`ALTER TEXT SEARCH CONFIGURATION ${path} DROP MAPPING FOR ${gone.join(", ")}`]),
    ...mapped(
      path,
      "ALTER",
      where((token) => token in before && !deepEqual(before[token], after[token])),
    ),
    ...mapped(
      path,
      "ADD",
      where((token) => !(token in before)),
    ),
  ];
}

export const postgresql: ObjectDialect<TextSearchConfiguration> = {
  skippedAs: [],
  reflect: async (connection, filter) => ({
    objects: (await objectRows(connection, filter, CONFIGURATIONS)).map(configurationOfRow),
    skipped: [],
  }),
  canonicalize: async ({ database, models }) =>
    Promise.resolve({ database, models: models.map(tidy), skipped: [] }),
  create: (configuration, { state }) => statements(createAll(configuration, state.server)),
  drop: (configuration, { state }) => [
    { sql: `DROP TEXT SEARCH CONFIGURATION ${objectPath(configuration, state.server)}` },
  ],
  alter: (given, { state }) => {
    const [from, to] = [tidy(given.from), tidy(given.to)];
    const path = objectPath(to, state.server);
    if (from.parser !== to.parser)
      return statements([`DROP TEXT SEARCH CONFIGURATION ${path}`, ...createAll(to, state.server)]);
    return statements([
      ...change(path, from.mappings ?? {}, to.mappings ?? {}),
      ...(from.comment === to.comment ? [] : [commentText(path, to.comment)]),
    ]);
  },
};
