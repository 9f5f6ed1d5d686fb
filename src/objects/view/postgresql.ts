import type { ObjectContext, ObjectDialect } from "../contract.ts";
import { skipped } from "../skipped.ts";
import { statements } from "../../dialects/ddl.ts";
import { replaceOrRemake, type Root } from "../../dialects/postgresql/aside.ts";
import { comment, faithful } from "../../dialects/postgresql/compile.ts";
import {
  commentOf,
  nameOfRow,
  nonEmpty,
  objectRows,
  ours,
  SCHEMA,
  textsByName,
  words,
} from "../../dialects/postgresql/object-rows.ts";
import {
  adoptOptions,
  canonicalOptions,
  optionList,
  optionsOf,
} from "../../dialects/postgresql/options.ts";
import { afterCreate, dropOrPutAside, isLastMade } from "../../dialects/postgresql/remaking.ts";
import { maybeText, text as textOf, texts } from "../../dialects/postgresql/rows.ts";
import { quote, quoteTable, render } from "../../dialects/postgresql/spelling.ts";
import { columnNames, queryText } from "../../dialects/postgresql/query-text.ts";
import {
  canonicalQueries,
  isOtherQuery,
  queryComments,
  queryOf,
} from "../../dialects/postgresql/stored-query.ts";
import type { Row } from "../../dialects/contract.ts";
import { text, type Expression } from "../../schema/expression.ts";
import type { View } from "../../schema/objects/types.ts";
import type { Options, TableName } from "../../schema/types.ts";
import { deepEqual, omit } from "../../util/equal.ts";

const VIEWS = `
SELECT ${SCHEMA}, c.relname::text AS name, pg_get_viewdef(c.oid) AS query, c.reloptions AS options, ${commentOf("pg_class", "c.oid")},
  (SELECT json_object_agg(a.attname, d.description ORDER BY a.attnum) FROM pg_description d
    JOIN pg_attribute a ON a.attrelid = d.objoid AND a.attnum = d.objsubid WHERE d.classoid = 'pg_class'::regclass AND d.objoid = c.oid) AS column_comments,
  (SELECT json_object_agg(a.attname, pg_get_expr(d.adbin, d.adrelid) ORDER BY a.attnum) FROM pg_attrdef d
    JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE d.adrelid = c.oid) AS defaults
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'v' AND ${ours("pg_class", "c.oid")} ORDER BY n.nspname, c.relname`;

function viewOfRow(row: Row): View {
  const columnComments = textsByName(row, "column_comments");
  const defaults = textsByName(row, "defaults");
  const options = optionsOf(texts(row, "options"));
  return {
    kind: "view",
    ...nameOfRow(row),
    query: queryOf(textOf(row, "query")),
    ...words(maybeText(row, "comment")),
    ...(columnComments === undefined ? {} : { columnComments }),
    ...(defaults === undefined
      ? {}
      : {
          defaults: Object.fromEntries(
            Object.entries(defaults).map(([column, sql]) => [column, text(sql)]),
          ),
        }),
    ...(Object.keys(options).length === 0 ? {} : { options: { postgresql: options } }),
  };
}

function optionsIn(view: View): Options {
  return canonicalOptions(view.options?.postgresql ?? {});
}

/** A model's view without what says nothing. */
function tidy(view: View, live: View | undefined): View {
  const options = adoptOptions(optionsIn(view), live?.options?.postgresql);
  const { comment: said, columnComments, defaults: given } = view;
  const onColumns = nonEmpty(columnComments);
  const values = nonEmpty(given);
  const same = (column: string, value: Expression): Expression => {
    const there = live?.defaults?.[column];
    return there !== undefined && render(there) === render(value) ? there : text(render(value));
  };
  return {
    ...omit(view, "options", "comment", "columnComments", "defaults"),
    query: text(queryText(view)),
    ...words(said),
    ...(onColumns === undefined ? {} : { columnComments: onColumns }),
    ...(values === undefined
      ? {}
      : {
          defaults: Object.fromEntries(
            Object.entries(values).map(([column, value]) => [column, same(column, value)]),
          ),
        }),
    ...(Object.keys(options).length === 0 ? {} : { options: { postgresql: options } }),
  };
}

function rootOf(view: TableName, { state }: ObjectContext): Root {
  const { schema = state.server.defaultSchema ?? "public", name } = view;
  return { catalog: "pg_class", path: quote(schema, name) };
}

function definition(view: View): string {
  const options = optionsIn(view);
  const stored = Object.keys(options).length === 0 ? "" : ` WITH (${optionList(options)})`;
  return `VIEW ${quoteTable(view)}${columnNames(view)}${stored} AS ${queryText(view)}`;
}

function defaults(from: View, to: View): { before: string[]; after: string[] } {
  const [old, now] = [from.defaults ?? {}, to.defaults ?? {}];
  const alter = (column: string): string =>
    `ALTER VIEW ${quoteTable(to)} ALTER COLUMN ${quote(column)}`;
  return {
    before: Object.keys(old)
      .filter((column) => !(column in now))
      .map((column) => `${alter(column)} DROP DEFAULT`),
    after: Object.entries(now)
      .filter(([column, value]) => !deepEqual(old[column], value))
      .map(([column, value]) => `${alter(column)} SET DEFAULT ${faithful(value)}`),
  };
}

/** `SET` and `RESET` of options, where they alone differ. */
function setOptions(from: View, to: View): readonly string[] {
  const [old, now] = [optionsIn(from), optionsIn(to)];
  const gone = Object.keys(old).filter((key) => !(key in now));
  const alter = `ALTER VIEW ${quoteTable(to)}`;
  return [
    ...(gone.length === 0 ? [] : [`${alter} RESET (${gone.join(", ")})`]),
    ...(Object.keys(now).length === 0 || deepEqual(old, now)
      ? []
      : [`${alter} SET (${optionList(now)})`]),
  ];
}

/** PostgreSQL keeps the parsed query; a view is replaced in place as long as its first columns stay. */
export const postgresql: ObjectDialect<View> = {
  skippedAs: ["view"],
  reflect: async (connection, filter) => ({
    objects: (await objectRows(connection, filter, VIEWS)).map(viewOfRow),
    skipped: [],
  }),
  canonicalize: async ({ database, models }, context) => {
    const tidied = models.map((model) =>
      tidy(
        model,
        database.find(({ schema, name }) => schema === model.schema && name === model.name),
      ),
    );
    const { models: canonical, undecided } = await canonicalQueries(
      { database, models: tidied },
      context,
    );
    return skipped({ database, models: canonical }, undecided);
  },
  create: (view, { state }) => {
    return statements([
      `CREATE ${definition(view)}`,
      ...queryComments("VIEW", view, bare(view), view).after,
      ...defaults(bare(view), view).after,
      ...afterCreate(view, state),
    ]);
  },
  drop: (view, context) =>
    statements(
      dropOrPutAside(
        { type: "view", object: view },
        { root: rootOf(view, context), drop: `DROP VIEW ${quoteTable(view)}` },
        context.state,
      ),
    ),
  alter: ({ from, to }, context) => {
    const isOther = isOtherQuery(omitSmall(from), omitSmall(to));
    // made anew it has none of them
    const known = isOther ? bare(from) : from;
    const { after: comments } = queryComments("VIEW", to, known, to);
    const { after: values } = defaults(known, to);
    const change = isOther
      ? [
          replaceOrRemake(rootOf(to, context), {
            replace: `CREATE OR REPLACE ${definition(to)}`,
            create: `CREATE ${definition(to)}`,
            isLast: isLastMade(to, context.state),
          }),
        ]
      : setOptions(from, to);
    return statements([
      ...queryComments("VIEW", to, from, to).before,
      ...defaults(from, to).before,
      ...(isOther && from.comment !== undefined && to.comment === undefined
        ? [comment(`VIEW ${quoteTable(from)}`, null)]
        : []),
      ...change,
      ...comments,
      ...values,
    ]);
  },
};

/** The view without what is changed beside its query. */
function omitSmall(view: View): View {
  return omit(view, "options", "defaults");
}

/** The view as it is right after its creation. */
function bare(view: View): View {
  return omit(view, "comment", "columnComments", "defaults");
}
