import type { ObjectDialect } from "../contract.ts";
import { canonicalConditions, checkConditions, tidy } from "./postgresql-conditions.ts";
import {
  ACTIONS,
  addMembers,
  checkVersion,
  dropMembers,
  setOptions,
} from "./postgresql-statements.ts";
import { skipped } from "../skipped.ts";
import { statements } from "../../dialects/ddl.ts";
import { comment } from "../../dialects/postgresql/compile.ts";
import { withoutParentheses } from "../../dialects/postgresql/expression-text.ts";
import { commentOf, nameOfRow, SCHEMA, words } from "../../dialects/postgresql/object-rows.ts";
import { flag, groupBy, maybeText, text as textOf, texts } from "../../dialects/postgresql/rows.ts";
import { defaultSchemaOf } from "../../dialects/postgresql/scope.ts";
import { inspect, notOfExtension } from "../../dialects/postgresql/session.ts";
import { quote } from "../../dialects/postgresql/spelling.ts";
import type { Connection, Row, ServerInfo } from "../../dialects/contract.ts";
import { text } from "../../schema/expression.ts";
import { publishedBy, publishing } from "../../schema/objects/published.ts";
import type { Publication, PublishedTable } from "../../schema/objects/types.ts";
import { deepEqual } from "../../util/equal.ts";

type Server = Pick<ServerInfo, "versionNumber">;

/** What an older server does not have is read as JSON, where it is missing. */
function publicationsQuery({ versionNumber }: Server): string {
  const schemas =
    versionNumber < 150000
      ? "NULL::text[]"
      : "(SELECT array_agg(n.nspname::text ORDER BY n.nspname) FROM pg_publication_namespace s JOIN pg_namespace n ON n.oid = s.pnnspid WHERE s.pnpubid = p.oid)";
  return `
SELECT p.pubname::text AS name, p.puballtables AS all_tables, p.pubinsert AS "insert", p.pubupdate AS "update", p.pubdelete AS "delete", p.pubtruncate AS "truncate",
  (to_jsonb(p) ->> 'pubviaroot')::boolean AS via_root, to_jsonb(p) ->> 'pubgencols' AS generated, ${schemas} AS schemas, ${commentOf("pg_publication", "p.oid")}
FROM pg_publication p WHERE ${notOfExtension("pg_publication", "p.oid")} ORDER BY p.pubname`;
}

function tablesQuery({ versionNumber }: Server): string {
  const more =
    versionNumber < 150000
      ? 'NULL::text[] AS columns, NULL AS "where"'
      : `(SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs)) AS columns,
  pg_get_expr(r.prqual, r.prrelid) AS "where"`;
  return `
SELECT p.pubname::text AS publication, ${SCHEMA}, c.relname::text AS name, ${more}
FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid JOIN pg_class c ON c.oid = r.prrelid JOIN pg_namespace n ON n.oid = c.relnamespace
ORDER BY p.pubname, n.nspname, c.relname`;
}

function tableOfRow(row: Row): PublishedTable {
  const columns = texts(row, "columns");
  const where = maybeText(row, "where");
  return {
    ...nameOfRow(row),
    ...(columns.length === 0 ? {} : { columns }),
    ...(where === undefined ? {} : { where: text(withoutParentheses(where)) }),
  };
}

function publicationOfRow(row: Row, tables: readonly Row[]): Publication {
  const publish = ACTIONS.filter((action) => flag(row, action));
  const publication: Publication = {
    kind: "publication",
    name: textOf(row, "name"),
    ...(flag(row, "all_tables") ? { allTables: true } : {}),
    ...(publish.length === ACTIONS.length ? {} : { publish }),
    ...(flag(row, "via_root") ? { viaPartitionRoot: true } : {}),
    ...(maybeText(row, "generated") === "s" ? { generatedColumns: "stored" } : {}),
    ...words(maybeText(row, "comment")),
  };
  return publishing(publication, {
    tables: tables.map(tableOfRow),
    schemas: texts(row, "schemas"),
  });
}

function reflectAll(connection: Connection): Promise<readonly Publication[]> {
  const { server } = connection;
  return inspect(connection, async () => {
    const tables = groupBy(await connection.query(tablesQuery(server)), "publication");
    const rows = await connection.query(publicationsQuery(server));
    return rows.map((row) => publicationOfRow(row, tables.get(textOf(row, "name")) ?? []));
  });
}

function commentText({ name, comment: said }: Publication): string {
  return comment(`PUBLICATION ${quote(name)}`, said);
}

function createAll(publication: Publication, server: ServerInfo): readonly string[] {
  checkVersion(publication, server);
  const { name, allTables } = publication;
  const bare: Publication = { kind: "publication", name };
  const members = addMembers(publishedBy(publication));
  const options = setOptions(bare, publication);
  const create = [
    `CREATE PUBLICATION ${quote(name)}`,
    ...(allTables === true ? ["FOR ALL TABLES"] : members === undefined ? [] : [`FOR ${members}`]),
    ...(options === undefined ? [] : [`WITH (${options})`]),
  ].join(" ");
  return [create, ...(publication.comment === undefined ? [] : [commentText(publication)])];
}

/** What leaves goes before what comes: a list of columns and a schema cannot be in one publication. */
function changeMembers(from: Publication, to: Publication): readonly string[] {
  const [before, after] = [publishedBy(from), publishedBy(to)];
  const alter = `ALTER PUBLICATION ${quote(to.name)}`;
  const lacks =
    (items: readonly unknown[]) =>
    (item: unknown): boolean =>
      !items.some((other) => deepEqual(other, item));
  const left = dropMembers({
    tables: before.tables.filter(lacks(after.tables)),
    schemas: before.schemas.filter(lacks(after.schemas)),
  });
  const added = addMembers({
    tables: after.tables.filter(lacks(before.tables)),
    schemas: after.schemas.filter(lacks(before.schemas)),
  });
  return [
    ...(left === undefined ? [] : [`${alter} DROP ${left}`]),
    ...(added === undefined ? [] : [`${alter} ADD ${added}`]),
  ];
}

function changeAll(from: Publication, to: Publication, server: ServerInfo): readonly string[] {
  checkVersion(to, server);
  if ((from.allTables === true) !== (to.allTables === true))
    return [`DROP PUBLICATION ${quote(from.name)}`, ...createAll(to, server)];
  const options = setOptions(from, to);
  const set = options === undefined ? [] : [`ALTER PUBLICATION ${quote(to.name)} SET (${options})`];
  // conditions on a partitioned table are allowed where its changes are published as its own
  const isFirst = to.viaPartitionRoot === true && from.viaPartitionRoot !== true;
  return [
    ...(isFirst ? set : []),
    ...changeMembers(from, to),
    ...(isFirst ? [] : set),
    ...((from.comment ?? "") === (to.comment ?? "") ? [] : [commentText(to)]),
  ];
}

/** Publications stand in no schema. */
export const postgresql: ObjectDialect<Publication> = {
  skippedAs: ["publication"],
  reflect: async (connection, filter) => ({
    objects: filter.tables === undefined ? await reflectAll(connection) : [],
    skipped: [],
  }),
  canonicalize: async ({ database, models }, context) => {
    const tidied = models.map((model) => tidy(model, defaultSchemaOf(context.connection)));
    checkConditions(tidied, context.models);
    const { models: canonical, undecided } = await canonicalConditions(
      { database, models: tidied },
      context,
    );
    return skipped({ database, models: canonical }, undecided);
  },
  create: (publication, { state }) => statements(createAll(publication, state.server)),
  drop: ({ name }) => [{ sql: `DROP PUBLICATION ${quote(name)}` }],
  alter: ({ from, to }, { state }) => statements(changeAll(from, to, state.server)),
};
