import { attempt, FORBIDDEN } from "./ask.ts";
import { comment, createIndex, faithful } from "./compile.ts";
import { indexesOn } from "./object-indexes.ts";
import { textsByName } from "./object-rows.ts";
import { listsColumns, queryText, type StoredQuery } from "./query-text.ts";
import { text as textOf } from "./rows.ts";
import { inspect } from "./session.ts";
import { quote, quoteTable, render } from "./spelling.ts";
import { sameText } from "./questions.ts";
import { WantedRelations } from "./wanted-relations.ts";
import type { Connection, ServerInfo } from "../contract.ts";
import { text, type Expression } from "../../schema/expression.ts";
import { objectKey } from "../../schema/objects/declare.ts";
import type { Index, MetaData, TableName } from "../../schema/types.ts";
import { deepEqual, omit } from "../../util/equal.ts";

/** The text of a query as `pg_get_viewdef` gives it, without what is around it. */
export function queryOf(definition: string): Expression {
  return text(definition.trim().replace(/;$/, ""));
}

export interface CanonicalQueries<O> {
  readonly models: readonly O[];
  readonly undecided: readonly { readonly object: O; readonly reason: string }[];
}

/** What the server makes of a query, and of what stands on its columns. */
interface Asked {
  readonly sql?: string;
  /** A text of the catalog as it would be in the state in which was asked. */
  readonly unqualified: (sql: string) => string;
  readonly reason?: string;
  readonly defaults: Readonly<Record<string, string>>;
  readonly indexes: readonly Index[];
}

const NOTHING: Asked = { unqualified: (sql) => sql, defaults: {}, indexes: [] };

/** The parts that stand on the columns: defaults of a view, indexes of a materialised one. */
function partsOf(object: StoredQuery): {
  readonly defaults: Readonly<Record<string, Expression>>;
  readonly indexes: readonly Index[];
} {
  return object.kind === "view"
    ? { defaults: object.defaults ?? {}, indexes: [] }
    : { defaults: {}, indexes: object.indexes ?? [] };
}

const MADE = `
SELECT c.relname::text AS name, c.oid::text AS oid, CASE WHEN c.relkind = 'v' THEN pg_get_viewdef(c.oid) END AS query,
  (SELECT json_object_agg(a.attname, pg_get_expr(d.adbin, d.adrelid)) FROM pg_attrdef d
    JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE d.adrelid = c.oid) AS defaults
FROM pg_class c WHERE c.relkind IN ('r', 'v') AND c.relnamespace = (SELECT pg_my_temp_schema())`;

/** Statements that make what stands on the columns of a temporary view. */
function partSteps(
  query: StoredQuery,
  view: string,
  rows: string,
  server: ServerInfo,
): readonly string[] {
  const { defaults, indexes } = partsOf(query);
  const table = { schema: "pg_temp", name: rows };
  const path = quote("pg_temp", view);
  return [
    ...Object.entries(defaults).map(
      ([column, value]) =>
        `ALTER VIEW ${path} ALTER COLUMN ${quote(column)} SET DEFAULT ${faithful(value)}`,
    ),
    ...(indexes.length === 0
      ? []
      : [`CREATE TEMPORARY TABLE ${rows} AS SELECT * FROM ${path} WITH NO DATA`]),
    ...indexes.flatMap((index) => createIndex(table, omit(index, "comment"), server)),
  ];
}

/** Asks by temporary views that are rolled back; one that the server refuses has no text. */
async function ask(
  connection: Connection,
  queries: readonly StoredQuery[],
  wanted: WantedRelations,
): Promise<readonly Asked[]> {
  if (queries.length === 0) return [];
  return inspect(connection, async () => {
    const views = await wanted.make(connection, queries);
    const rowsOf = (query: StoredQuery): string => `revline_rows_${String(queries.indexOf(query))}`;
    for (const query of queries) {
      const view = views.get(query);
      const steps =
        view?.outcome === "done"
          ? partSteps(query, view.name, rowsOf(query), connection.server)
          : [];
      if (steps.length > 0) await attempt(connection, steps);
    }
    const rows = await connection.query(MADE);
    const made = new Map(rows.map((row) => [textOf(row, "name"), row]));
    const indexes = await indexesOn(
      connection,
      rows.map((row) => textOf(row, "oid")),
    );
    return queries.map((query): Asked => {
      const { name = "", outcome } = views.get(query) ?? {};
      if (outcome !== "done" || wanted.listsUnknown(queryText(query))) {
        const reason =
          typeof outcome === "object" && FORBIDDEN.has(outcome.code) ? outcome.message : undefined;
        return { ...(reason === undefined ? {} : { reason }), ...NOTHING };
      }
      const view = made.get(name);
      const table = made.get(rowsOf(query));
      return {
        ...(view === undefined ? {} : { sql: wanted.restored(textOf(view, "query")) }),
        unqualified: (sql) => wanted.unqualified(sql),
        defaults: (view === undefined ? undefined : textsByName(view, "defaults")) ?? {},
        indexes: table === undefined ? [] : (indexes.get(textOf(table, "oid")) ?? []),
      };
    });
  });
}

/** The object with its parts in the catalog's words. */
function withParts<O extends StoredQuery>(object: O, { defaults, indexes }: Asked): O {
  const given = partsOf(object);
  if (object.kind === "view") {
    return Object.keys(given.defaults).length === 0
      ? object
      : {
          ...object,
          defaults: Object.fromEntries(
            Object.entries(given.defaults).map(([column, value]) => {
              const said = defaults[column];
              return [column, said === undefined ? value : text(said)];
            }),
          ),
        };
  }
  return given.indexes.length === 0
    ? object
    : {
        ...object,
        indexes: given.indexes.map((index) => {
          const said = indexes.find(({ name }) => name === index.name);
          const { comment: own } = index;
          return said === undefined
            ? index
            : { ...said, ...(own === undefined ? {} : { comment: own }) };
        }),
      };
}

/** What decides how a query reads. */
interface QueryContext {
  readonly connection: Connection;
  readonly database: MetaData;
  readonly models: MetaData;
}

/**
 * Asks in the state that the models want; what the server does not take there (a stand-in is no more than
 * columns) in the state of today.
 */
async function answersTo(
  queries: readonly StoredQuery[],
  { connection, database, models }: QueryContext,
): Promise<readonly Asked[]> {
  const wanted = new WantedRelations({ database, models }, connection);
  const answers = await ask(connection, queries, wanted);
  const unanswered = queries.filter((query, at) => {
    const { sql, reason } = answers[at] ?? {};
    const words = queryText(query);
    return (
      sql === undefined &&
      reason === undefined &&
      !(listsColumns(words) && wanted.speaksOfChanged(words)) &&
      !wanted.listsUnknown(words)
    );
  });
  const today = await ask(
    connection,
    unanswered,
    new WantedRelations({ database, models: database }, connection),
  );
  return queries.map((query, at) => today[unanswered.indexOf(query)] ?? answers[at] ?? NOTHING);
}

/**
 * `*` lists the columns in the order of the table, and the models have them in another where one was dropped and
 * came again: what the query says there counts too.
 */
async function answersInOrder<O extends StoredQuery>(
  queries: readonly O[],
  { connection, ...sides }: QueryContext,
): Promise<ReadonlyMap<O, Asked>> {
  const listing = queries.filter((query) => listsColumns(queryText(query)));
  const wanted = new WantedRelations({ ...sides, ordered: true }, connection);
  const answers = await ask(connection, listing, wanted);
  return new Map(listing.map((query, at) => [query, answers[at] ?? NOTHING]));
}

/** True where the catalog's query is what the server makes of the model's. */
function saysTheSame(now: StoredQuery, { sql, unqualified }: Asked): boolean {
  return sql !== undefined && sameText(text(unqualified(queryText(now))), queryOf(sql));
}

/**
 * The models' queries in the catalog's words where they say the same as the database's. A query that the
 * server does not take now needs what is not there yet: it is another one.
 */
export async function canonicalQueries<O extends StoredQuery>(
  sides: { readonly database: readonly O[]; readonly models: readonly O[] },
  context: QueryContext,
): Promise<CanonicalQueries<O>> {
  const live = new Map(sides.database.map((object) => [objectKey(object.kind, object), object]));
  const there = (object: O): O | undefined => live.get(objectKey(object.kind, object));
  const doubtful = sides.models.filter((object) => {
    const now = there(object);
    if (now === undefined) return false;
    return (
      object.columns !== undefined ||
      !sameText(now.query, text(queryText(object))) ||
      !deepEqual(partsOf(now), partsOf(object))
    );
  });
  const answers = await answersTo(doubtful, context);
  const inOrder = await answersInOrder(
    doubtful.filter((object, at) => {
      const [now, asked] = [there(object), answers[at]];
      return now !== undefined && asked?.sql !== undefined && !saysTheSame(now, asked);
    }),
    context,
  );
  const undecided: { readonly object: O; readonly reason: string }[] = [];
  const models = sides.models.flatMap((object): readonly O[] => {
    const now = there(object);
    if (now === undefined) return [object];
    const ordered = inOrder.get(object);
    const asked =
      ordered !== undefined && saysTheSame(now, ordered)
        ? ordered
        : answers[doubtful.indexOf(object)];
    if (asked?.reason !== undefined) {
      undecided.push({ object, reason: asked.reason });
      return [];
    }
    const query = asked?.sql === undefined ? text(queryText(object)) : queryOf(asked.sql);
    const { unqualified } = asked ?? NOTHING;
    const same =
      sameText(text(unqualified(render(now.query))), query) &&
      (asked?.sql !== undefined || object.columns === undefined);
    const said = asked === undefined ? object : withParts(object, asked);
    return [same ? inWordsOf(said, now.query) : said];
  });
  return { models, undecided };
}

/** The catalog's query names its columns itself. */
function inWordsOf<O extends StoredQuery>(object: O, query: Expression): O {
  const said: O & { columns?: readonly string[] } = { ...object, query };
  delete said.columns;
  return said;
}

/** The comments of a view and its columns where they differ from what there was. */
export function queryComments(
  word: "VIEW" | "MATERIALIZED VIEW",
  name: TableName,
  from: Pick<StoredQuery, "comment" | "columnComments">,
  to: Pick<StoredQuery, "comment" | "columnComments">,
): { readonly before: readonly string[]; readonly after: readonly string[] } {
  const path = quoteTable(name);
  const [old, now] = [from.columnComments ?? {}, to.columnComments ?? {}];
  const on = (column: string): string => `COLUMN ${path}.${quote(column)}`;
  return {
    before: Object.keys(old)
      .filter((column) => !(column in now))
      .map((column) => comment(on(column), null)),
    after: [
      ...((from.comment ?? "") === (to.comment ?? "")
        ? []
        : [comment(`${word} ${path}`, to.comment)]),
      ...Object.entries(now)
        .filter(([column, words]) => old[column] !== words)
        .map(([column, words]) => comment(on(column), words)),
    ],
  };
}

/** True where the stored query itself is another one. */
export function isOtherQuery<O extends StoredQuery>(from: O, to: O): boolean {
  return !deepEqual(
    { ...omit(from, "comment", "columnComments"), query: queryText(from) },
    { ...omit(to, "comment", "columnComments"), query: queryText(to) },
  );
}
