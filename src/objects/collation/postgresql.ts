import type { ObjectDialect } from "../contract.ts";
import { settleObjects, type Asking } from "../../dialects/postgresql/ask-objects.ts";
import { comment } from "../../dialects/postgresql/compile.ts";
import { objectPath } from "../../dialects/postgresql/object-path.ts";
import { replaceCollation } from "../../dialects/postgresql/replace-collation.ts";
import { flag, maybeText, text as textOf } from "../../dialects/postgresql/rows.ts";
import { scopeOf } from "../../dialects/postgresql/scope.ts";
import { inspect, nameList, notOfExtension } from "../../dialects/postgresql/session.ts";
import { quote, quoteTable, quoteText } from "../../dialects/postgresql/spelling.ts";
import type { Connection, Row, ServerInfo } from "../../dialects/contract.ts";
import { nameOnly } from "../../schema/collect.ts";
import type { Collation } from "../../schema/objects/types.ts";
import { deepEqual, omit } from "../../util/equal.ts";

/** ICU's locale stood in collcollate before PostgreSQL 15, and has had a name for all providers since 17. */
function localeColumn(version: number): string {
  if (version >= 170000) return "co.colllocale";
  return version >= 150000
    ? "co.colliculocale"
    : "CASE co.collprovider WHEN 'i' THEN co.collcollate END";
}

function collationsQuery(where: string, version: number): string {
  return `
SELECT CASE WHEN n.nspname <> current_schema() THEN n.nspname::text END AS schema, co.collname::text AS name, co.collprovider::text AS provider,
  ${localeColumn(version)}::text AS locale, co.collcollate::text AS lc_collate, co.collctype::text AS lc_ctype,
  ${version >= 120000 ? "co.collisdeterministic" : "true"} AS deterministic, ${version >= 160000 ? "co.collicurules" : "NULL"} AS rules, d.description AS comment
FROM pg_collation co JOIN pg_namespace n ON n.oid = co.collnamespace
  LEFT JOIN pg_description d ON d.classoid = 'pg_collation'::regclass AND d.objoid = co.oid AND d.objsubid = 0
WHERE ${where} ORDER BY 1 NULLS FIRST, 2`;
}

const OURS = `n.nspname IN (SELECT json_array_elements_text($1::json)) AND ${notOfExtension("pg_collation", "co.oid")}`;
const TEMPORARY = "n.oid = pg_my_temp_schema()";

const PROVIDERS: Readonly<Record<string, Collation["provider"]>> = { i: "icu", b: "builtin" };

function canonical(given: Collation): Collation {
  const { schema, name, provider, lcCollate, lcCtype, deterministic, rules } = given;
  const isOne = provider === undefined && lcCollate !== undefined && lcCollate === lcCtype;
  const locale = isOne ? lcCollate : given.locale;
  const isSplit = locale === undefined;
  return {
    kind: "collation",
    ...nameOnly({ schema, name }),
    ...(provider === undefined ? {} : { provider }),
    ...(locale === undefined ? {} : { locale }),
    ...(isSplit && lcCollate !== undefined ? { lcCollate } : {}),
    ...(isSplit && lcCtype !== undefined ? { lcCtype } : {}),
    ...(deterministic === false ? { deterministic } : {}),
    ...(rules === undefined ? {} : { rules }),
    ...(given.comment === undefined || given.comment === "" ? {} : { comment: given.comment }),
  };
}

function collationOf(row: Row): Collation {
  const provider = PROVIDERS[textOf(row, "provider")];
  const [locale, lcCollate, lcCtype, rules, words] = [
    "locale",
    "lc_collate",
    "lc_ctype",
    "rules",
    "comment",
  ].map((key) => maybeText(row, key));
  return canonical({
    kind: "collation",
    ...nameOnly({ schema: maybeText(row, "schema"), name: textOf(row, "name") }),
    ...(provider === undefined ? {} : { provider }),
    ...(locale === undefined ? {} : { locale }),
    ...(lcCollate === undefined ? {} : { lcCollate }),
    ...(lcCtype === undefined ? {} : { lcCtype }),
    deterministic: flag(row, "deterministic"),
    ...(rules === undefined ? {} : { rules }),
    ...(words === undefined ? {} : { comment: words }),
  });
}

function createText(path: string, given: Collation): string {
  const { provider, locale, lcCollate, lcCtype, deterministic, rules } = canonical(given);
  const texts: readonly (readonly [string, string | undefined])[] = [
    ["LOCALE", locale],
    ["LC_COLLATE", lcCollate],
    ["LC_CTYPE", lcCtype],
    ["RULES", rules],
  ];
  const parts = [
    ...(provider === undefined ? [] : [`PROVIDER = ${provider}`]),
    ...texts.flatMap(([key, value]) =>
      value === undefined ? [] : [`${key} = ${quoteText(value)}`],
    ),
    ...(deterministic === false ? ["DETERMINISTIC = false"] : []),
  ];
  return `CREATE COLLATION ${path} (${parts.join(", ")})`;
}

function create(given: Collation, server: ServerInfo): readonly string[] {
  const { comment: words } = canonical(given);
  return [
    createText(quoteTable(given), given),
    ...(words === undefined ? [] : [comment(`COLLATION ${objectPath(given, server)}`, words)]),
  ];
}

function asking(connection: Connection): Asking<Collation> {
  const { versionNumber } = connection.server;
  return {
    kind: "collation",
    canonical,
    path: (name) => quote("pg_temp", name),
    create: (collation, path) => [createText(path, collation)],
    read: async () => {
      const rows = await connection.query(collationsQuery(TEMPORARY, versionNumber));
      return new Map(rows.map((row) => [textOf(row, "name"), collationOf(row)]));
    },
    answered: ({ schema, name, comment: words }, read) => ({
      ...omit(read, "schema", "name", "comment"),
      ...nameOnly({ schema, name }),
      ...(words === undefined ? {} : { comment: words }),
    }),
  };
}

export const postgresql: ObjectDialect<Collation> = {
  skippedAs: ["collation"],
  reflect: (connection, filter) =>
    inspect(connection, async () => {
      const { schemas } = await scopeOf(connection, filter);
      const query = collationsQuery(OURS, connection.server.versionNumber);
      const rows = await connection.query(query, [nameList(schemas)]);
      return { objects: rows.map(collationOf), skipped: [] };
    }),
  canonicalize: (sides, { connection }) => settleObjects(connection, sides, asking(connection)),
  create: (collation, { state }) => create(collation, state.server).map((sql) => ({ sql })),
  drop: (collation, { state }) => [
    { sql: `DROP COLLATION ${objectPath(collation, state.server)}` },
  ],
  alter: async ({ from, to }, { state }) => {
    const [before, after] = [canonical(from), canonical(to)];
    if (deepEqual(omit(before, "comment"), omit(after, "comment")))
      return [{ sql: comment(`COLLATION ${objectPath(to, state.server)}`, after.comment) }];
    return replaceCollation({ collation: nameOnly(to), create: create(to, state.server) }, state);
  },
};
