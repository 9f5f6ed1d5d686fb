import type { ObjectContext, ObjectDialect } from "../contract.ts";
import { skipped } from "../skipped.ts";
import { statements } from "../../dialects/ddl.ts";
import { replaceOrRemake, type Root } from "../../dialects/postgresql/aside.ts";
import { canonicalIndexes, indexesOn } from "../../dialects/postgresql/object-indexes.ts";
import { createIndex, inSchemaOf } from "../../dialects/postgresql/compile.ts";
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
  STORAGE_PARAMETERS,
} from "../../dialects/postgresql/options.ts";
import { afterCreate, dropOrPutAside, isLastMade } from "../../dialects/postgresql/remaking.ts";
import { flag, maybeText, text as textOf, texts } from "../../dialects/postgresql/rows.ts";
import { quote, quoteTable } from "../../dialects/postgresql/spelling.ts";
import { columnNames, queryText } from "../../dialects/postgresql/query-text.ts";
import {
  canonicalQueries,
  isOtherQuery,
  queryComments,
  queryOf,
} from "../../dialects/postgresql/stored-query.ts";
import type { Row, ServerInfo } from "../../dialects/contract.ts";
import { text } from "../../schema/expression.ts";
import type { MaterializedView } from "../../schema/objects/types.ts";
import type { Index, Options, TableName } from "../../schema/types.ts";
import { deepEqual, omit } from "../../util/equal.ts";

const VIEWS = `
SELECT ${SCHEMA}, c.relname::text AS name, c.oid::text AS oid, pg_get_viewdef(c.oid) AS query, ${STORAGE_PARAMETERS} AS options, c.relispopulated AS populated,
  (SELECT spcname::text FROM pg_tablespace t WHERE t.oid = c.reltablespace) AS tablespace, NULLIF(m.amname, 'heap')::text AS method, ${commentOf("pg_class", "c.oid")},
  (SELECT json_object_agg(a.attname, d.description ORDER BY a.attnum) FROM pg_description d
    JOIN pg_attribute a ON a.attrelid = d.objoid AND a.attnum = d.objsubid WHERE d.classoid = 'pg_class'::regclass AND d.objoid = c.oid) AS column_comments
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_am m ON m.oid = c.relam
WHERE c.relkind = 'm' AND ${ours("pg_class", "c.oid")} ORDER BY n.nspname, c.relname`;

function viewOfRow(row: Row, indexes: readonly Index[]): MaterializedView {
  const columnComments = textsByName(row, "column_comments");
  const [tablespace, method] = [maybeText(row, "tablespace"), maybeText(row, "method")];
  const options: Options = {
    ...optionsOf(texts(row, "options")),
    ...(tablespace === undefined ? {} : { tablespace }),
    ...(method === undefined ? {} : { access_method: method }),
  };
  return {
    kind: "materializedView",
    ...nameOfRow(row),
    query: queryOf(textOf(row, "query")),
    ...(flag(row, "populated") ? {} : { populated: false }),
    ...(indexes.length === 0 ? {} : { indexes }),
    ...words(maybeText(row, "comment")),
    ...(columnComments === undefined ? {} : { columnComments }),
    ...(Object.keys(options).length === 0 ? {} : { options: { postgresql: options } }),
  };
}

function optionsIn({ options }: MaterializedView): {
  stored: Options;
  tablespace: string | undefined;
  method: string | undefined;
} {
  const { tablespace, access_method: method, ...stored } = options?.postgresql ?? {};
  return {
    stored: canonicalOptions(stored),
    tablespace: tablespace === undefined ? undefined : String(tablespace),
    method: method === undefined || method === "heap" ? undefined : String(method),
  };
}

/** A model's view without what says nothing. */
function tidy(view: MaterializedView, live: MaterializedView | undefined): MaterializedView {
  const { stored, tablespace, method } = optionsIn(view);
  const options: Options = {
    ...adoptOptions(stored, live?.options?.postgresql),
    ...(tablespace === undefined ? {} : { tablespace }),
    ...(method === undefined ? {} : { access_method: method }),
  };
  const columnComments = nonEmpty(view.columnComments);
  return {
    ...omit(view, "options", "comment", "columnComments", "indexes", "populated"),
    query: text(queryText(view)),
    ...(view.populated === false ? { populated: false } : {}),
    ...(view.indexes === undefined || view.indexes.length === 0 ? {} : { indexes: view.indexes }),
    ...words(view.comment),
    ...(columnComments === undefined ? {} : { columnComments }),
    ...(Object.keys(options).length === 0 ? {} : { options: { postgresql: options } }),
  };
}

function rootOf({ schema, name }: TableName, { state }: ObjectContext): Root {
  return {
    catalog: "pg_class",
    path: quote(schema ?? state.server.defaultSchema ?? "public", name),
  };
}

function definition(view: MaterializedView): string {
  const { stored, tablespace, method } = optionsIn(view);
  return [
    `CREATE MATERIALIZED VIEW ${quoteTable(view)}${columnNames(view)}`,
    ...(method === undefined ? [] : [`USING ${quote(method)}`]),
    ...(Object.keys(stored).length === 0 ? [] : [`WITH (${optionList(stored)})`]),
    ...(tablespace === undefined ? [] : [`TABLESPACE ${quote(tablespace)}`]),
    `AS ${queryText(view)}`,
    ...(view.populated === false ? ["WITH NO DATA"] : []),
  ].join(" ");
}

function setOptions(from: MaterializedView, to: MaterializedView): readonly string[] {
  const [old, now] = [optionsIn(from), optionsIn(to)];
  const gone = Object.keys(old.stored).filter((key) => !(key in now.stored));
  const alter = `ALTER MATERIALIZED VIEW ${quoteTable(to)}`;
  return [
    ...(gone.length === 0 ? [] : [`${alter} RESET (${gone.join(", ")})`]),
    ...(Object.keys(now.stored).length === 0 || deepEqual(old.stored, now.stored)
      ? []
      : [`${alter} SET (${optionList(now.stored)})`]),
    ...(old.tablespace === now.tablespace
      ? []
      : [`${alter} SET TABLESPACE ${quote(now.tablespace ?? "pg_default")}`]),
    ...(old.method === now.method
      ? []
      : [`${alter} SET ACCESS METHOD ${quote(now.method ?? "heap")}`]),
  ];
}

/** The indexes of one side that the other does not have in the same way. */
function onlyIn(one: MaterializedView, other: MaterializedView): readonly Index[] {
  return (one.indexes ?? []).filter(
    (index) => !(other.indexes ?? []).some((there) => deepEqual(index, there)),
  );
}

function makeIndexes(
  view: MaterializedView,
  indexes: readonly Index[],
  server: ServerInfo,
): readonly string[] {
  return canonicalIndexes(indexes).flatMap((index) => createIndex(view, index, server));
}

/** The view as it is right after its creation. */
function bare(view: MaterializedView): MaterializedView {
  return omit(view, "comment", "columnComments");
}

/** What is changed without making the view anew. */
function inPlace(
  from: MaterializedView,
  to: MaterializedView,
  server: ServerInfo,
): readonly string[] {
  const gone = onlyIn(from, to).flatMap(({ name }) =>
    name === undefined ? [] : [`DROP INDEX ${quoteTable(inSchemaOf(from, name))}`],
  );
  const filled = from.populated === false && to.populated !== false;
  const emptied = from.populated !== false && to.populated === false;
  return [
    ...gone,
    ...setOptions(from, to),
    ...(filled ? [`REFRESH MATERIALIZED VIEW ${quoteTable(to)}`] : []),
    ...(emptied ? [`REFRESH MATERIALIZED VIEW ${quoteTable(to)} WITH NO DATA`] : []),
    ...makeIndexes(to, onlyIn(to, from), server),
  ];
}

/** A materialised view has no `OR REPLACE`: with another query it is made anew. */
export const postgresql: ObjectDialect<MaterializedView> = {
  skippedAs: ["materialized view"],
  reflect: async (connection, filter) => {
    const rows = await objectRows(connection, filter, VIEWS);
    const indexes = await indexesOn(
      connection,
      rows.map((row) => textOf(row, "oid")),
    );
    return {
      objects: rows.map((row) => viewOfRow(row, indexes.get(textOf(row, "oid")) ?? [])),
      skipped: [],
    };
  },
  canonicalize: async ({ database, models }, context) => {
    const tidied = models.map((model) => {
      const live = database.find(
        ({ schema, name }) => schema === model.schema && name === model.name,
      );
      const { indexes } = model;
      return tidy(
        indexes === undefined
          ? model
          : { ...model, indexes: canonicalIndexes(indexes, live?.indexes) },
        live,
      );
    });
    const { models: canonical, undecided } = await canonicalQueries(
      { database, models: tidied },
      context,
    );
    return skipped({ database, models: canonical }, undecided);
  },
  create: (view, { state }) =>
    statements([
      definition(view),
      ...makeIndexes(view, view.indexes ?? [], state.server),
      ...queryComments("MATERIALIZED VIEW", view, bare(view), view).after,
      ...afterCreate(view, state),
    ]),
  drop: (view, context) =>
    statements(
      dropOrPutAside(
        { type: "materializedView", object: view },
        { root: rootOf(view, context), drop: `DROP MATERIALIZED VIEW ${quoteTable(view)}` },
        context.state,
      ),
    ),
  alter: ({ from, to }, context) => {
    const { server } = context.state;
    if (!isOtherQuery(omitSmall(from), omitSmall(to))) {
      const comments = queryComments("MATERIALIZED VIEW", to, from, to);
      return statements([...comments.before, ...inPlace(from, to, server), ...comments.after]);
    }
    return statements([
      replaceOrRemake(rootOf(to, context), {
        create: definition(to),
        isLast: isLastMade(to, context.state),
      }),
      ...makeIndexes(to, to.indexes ?? [], server),
      ...queryComments("MATERIALIZED VIEW", to, bare(to), to).after,
    ]);
  },
};

/** The view without what is changed beside its query. */
function omitSmall(view: MaterializedView): MaterializedView {
  return omit(view, "options", "indexes", "populated");
}
