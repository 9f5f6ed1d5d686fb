import type { ObjectContext, ObjectDialect } from "../contract.ts";
import { settleObjects, type Asking } from "../../dialects/postgresql/ask-objects.ts";
import { collation, comment } from "../../dialects/postgresql/compile.ts";
import { flag, maybeText, text as textOf } from "../../dialects/postgresql/rows.ts";
import { OLD } from "../../dialects/postgresql/replace-type.ts";
import { scopeOf } from "../../dialects/postgresql/scope.ts";
import { inspect, nameList, notOfExtension } from "../../dialects/postgresql/session.ts";
import { quote, quoteTable, quoteText } from "../../dialects/postgresql/spelling.ts";
import { typePath } from "../../dialects/postgresql/type-names.ts";
import type { Connection, Row, Statement } from "../../dialects/contract.ts";
import { RevlineError } from "../../errors.ts";
import { nameOnly } from "../../schema/collect.ts";
import type { RangeType } from "../../schema/objects/types.ts";
import type { SkippedObject } from "../../schema/types.ts";
import { deepEqual, omit } from "../../util/equal.ts";

const path = (schema: string, name: string): string =>
  `CASE WHEN ${schema} IN ('pg_catalog', current_schema()) THEN quote_ident(${name}) ELSE quote_ident(${schema}) || '.' || quote_ident(${name}) END`;

/** Multiranges are of PostgreSQL 14. */
function typesQuery(where: string, version: number): string {
  return `
SELECT CASE WHEN n.nspname <> current_schema() THEN n.nspname::text END AS schema, t.typname::text AS name,
  format_type(r.rngsubtype, NULL) AS subtype, r.rngcanonical <> 0 AS canonical, d.description AS comment,
  CASE WHEN NOT oc.opcdefault THEN ${path("ocn.nspname", "oc.opcname")} END AS class,
  CASE WHEN r.rngcollation <> s.typcollation THEN CASE WHEN cn.nspname IN ('pg_catalog', current_schema()) THEN co.collname::text
    ELSE quote_ident(cn.nspname) || '.' || quote_ident(co.collname) END END AS collation,
  CASE WHEN r.rngsubdiff <> 0 THEN ${path("pn.nspname", "p.proname")} END AS difference,
  ${version >= 140000 ? "(SELECT m.typname::text FROM pg_type m WHERE m.oid = r.rngmultitypid)" : "NULL"} AS multirange
FROM pg_range r JOIN pg_type t ON t.oid = r.rngtypid JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_type s ON s.oid = r.rngsubtype
  JOIN pg_opclass oc ON oc.oid = r.rngsubopc JOIN pg_namespace ocn ON ocn.oid = oc.opcnamespace
  LEFT JOIN pg_collation co ON co.oid = r.rngcollation LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
  LEFT JOIN pg_proc p ON p.oid = r.rngsubdiff LEFT JOIN pg_namespace pn ON pn.oid = p.pronamespace
  LEFT JOIN pg_description d ON d.classoid = 'pg_type'::regclass AND d.objoid = t.oid AND d.objsubid = 0
WHERE ${where} ORDER BY 1 NULLS FIRST, 2`;
}

const OURS = `n.nspname IN (SELECT json_array_elements_text($1::json)) AND ${notOfExtension("pg_type", "t.oid")}`;
const TEMPORARY = "n.oid = pg_my_temp_schema()";

/** The name that the server gives: https://www.postgresql.org/docs/current/sql-createtype.html */
function multirangeOf(name: string): string {
  const at = name.indexOf("range");
  return at < 0 ? `${name}_multirange` : `${name.slice(0, at)}multi${name.slice(at)}`;
}

function canonical(given: RangeType): RangeType {
  const { schema, name, subtype, operatorClass, difference, multirange, comment: words } = given;
  return {
    kind: "rangeType",
    ...nameOnly({ schema, name }),
    subtype,
    ...(operatorClass === undefined ? {} : { operatorClass }),
    ...(given.collation === undefined ? {} : { collation: given.collation }),
    ...(difference === undefined ? {} : { difference }),
    ...(multirange === undefined || multirange === multirangeOf(name) ? {} : { multirange }),
    ...(words === undefined || words === "" ? {} : { comment: words }),
  };
}

function typeOf(row: Row): RangeType {
  const [operatorClass, collated, difference, multirange, words] = [
    "class",
    "collation",
    "difference",
    "multirange",
    "comment",
  ].map((key) => maybeText(row, key));
  return canonical({
    kind: "rangeType",
    ...nameOnly({ schema: maybeText(row, "schema"), name: textOf(row, "name") }),
    subtype: textOf(row, "subtype"),
    ...(operatorClass === undefined ? {} : { operatorClass }),
    ...(collated === undefined ? {} : { collation: collated }),
    ...(difference === undefined ? {} : { difference }),
    ...(multirange === undefined ? {} : { multirange }),
    ...(words === undefined ? {} : { comment: words }),
  });
}

function createText(type: string, given: RangeType): string {
  const { schema, subtype, operatorClass, difference, multirange } = given;
  const parts = [
    `SUBTYPE = ${subtype}`,
    ...(operatorClass === undefined ? [] : [`SUBTYPE_OPCLASS = ${operatorClass}`]),
    ...(given.collation === undefined ? [] : [`COLLATION = ${collation(given.collation)}`]),
    ...(difference === undefined ? [] : [`SUBTYPE_DIFF = ${difference}`]),
    ...(multirange === undefined
      ? []
      : [`MULTIRANGE_TYPE_NAME = ${quoteTable(nameOnly({ schema, name: multirange }))}`]),
  ];
  return `CREATE TYPE ${type} AS RANGE (${parts.join(", ")})`;
}

function create(given: RangeType, { state }: ObjectContext): readonly string[] {
  const type = canonical(given);
  const name = typePath(nameOnly(type), state.server);
  return [
    createText(name, type),
    ...(type.comment === undefined ? [] : [comment(`TYPE ${name}`, type.comment)]),
  ];
}

/** The old one's multirange and constructors, which keep their names when it is renamed, step aside. */
function makeWay({ schema }: RangeType, version: number): string {
  const old = quoteText(quoteTable(nameOnly({ schema, name: OLD })));
  const types =
    version >= 140000
      ? `SELECT unnest(ARRAY[rngtypid, rngmultitypid]) FROM pg_range WHERE rngtypid = ${old}::regtype`
      : `SELECT ${old}::regtype`;
  return `DO $revline$
  DECLARE step text;
  BEGIN
    FOR step IN SELECT format('ALTER FUNCTION %s RENAME TO revline_old_range', d.objid::regprocedure) FROM pg_depend d
      WHERE d.classid = 'pg_proc'::regclass AND d.deptype = 'i' AND d.refclassid = 'pg_type'::regclass AND d.refobjid IN (${types})
      UNION ALL SELECT format('ALTER TYPE %s RENAME TO revline_old_multirange', m.oid::regtype) FROM pg_type m
      WHERE m.oid IN (${types}) AND m.oid <> ${old}::regtype
    LOOP EXECUTE step; END LOOP;
  END $revline$`;
}

/** No ALTER TYPE changes a range: a new one takes the old one's place, and columns come over by their text. */
async function alter(
  before: RangeType,
  after: RangeType,
  context: ObjectContext,
): Promise<readonly Statement[]> {
  const [from, to] = [canonical(before), canonical(after)];
  const { dialect, state } = context;
  if (deepEqual(omit(from, "comment"), omit(to, "comment")))
    return [{ sql: comment(`TYPE ${typePath(nameOnly(to), state.server)}`, to.comment) }];
  if (dialect.replaceType === undefined)
    throw new RevlineError("unsupported", `This database cannot change the type "${to.name}".`);
  return dialect.replaceType(
    {
      type: nameOnly(to),
      create: [makeWay(to, state.server.versionNumber), ...create(to, context)],
    },
    state,
  );
}

function asking(connection: Connection): Asking<RangeType> {
  const { versionNumber } = connection.server;
  return {
    kind: "range type",
    canonical,
    path: (name) => quote("pg_temp", name),
    create: (type, name) => [createText(name, omit(type, "multirange"))],
    read: async () => {
      const rows = await connection.query(typesQuery(TEMPORARY, versionNumber));
      return new Map(rows.map((row) => [textOf(row, "name"), typeOf(row)]));
    },
    answered: ({ schema, name, multirange, comment: words }, read) => ({
      ...omit(read, "schema", "name", "multirange", "comment"),
      ...nameOnly({ schema, name }),
      ...(multirange === undefined ? {} : { multirange }),
      ...(words === undefined ? {} : { comment: words }),
    }),
  };
}

export const postgresql: ObjectDialect<RangeType> = {
  skippedAs: ["range type"],
  reflect: (connection, filter) =>
    inspect(connection, async () => {
      const { schemas } = await scopeOf(connection, filter);
      const query = typesQuery(OURS, connection.server.versionNumber);
      const objects: RangeType[] = [];
      const skipped: SkippedObject[] = [];
      for (const row of await connection.query(query, [nameList(schemas)])) {
        const type = typeOf(row);
        if (!flag(row, "canonical")) objects.push(type);
        else {
          const reason = "its canonical function has to be written in C and be there before it";
          skipped.push({ kind: "range type", ...nameOnly(type), reason });
        }
      }
      return { objects, skipped };
    }),
  canonicalize: (sides, { connection }) => settleObjects(connection, sides, asking(connection)),
  create: (type, context) => create(type, context).map((sql) => ({ sql })),
  drop: (type, { state: { server } }) => [{ sql: `DROP TYPE ${typePath(nameOnly(type), server)}` }],
  alter: ({ from, to }, context) => alter(from, to, context),
};
