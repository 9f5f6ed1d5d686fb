import { maybeText, text } from "./rows.ts";
import { notOfExtension, nameList, oidList } from "./session.ts";
import type { Connection, Row } from "../contract.ts";
import type { SkippedObject } from "../../schema/types.ts";

/** Where to look: everything in some schemas, or only what hangs on some tables. */
export interface Place {
  readonly schemas: readonly string[];
  readonly tables?: readonly string[];
}

const NAMESPACE = "CASE WHEN n.nspname <> current_schema() THEN n.nspname::text END AS schema";

/** Views, and views of views, that name one of the tables; nearest first, so that they can be made in this order. */
const VIEWS = `
WITH RECURSIVE named(view, used) AS (
  SELECT DISTINCT r.ev_class, d.refobjid FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
  WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND r.ev_class <> d.refobjid
), level(view, depth) AS (
  SELECT view, 0 FROM named WHERE used = ANY ($2::oid[])
  UNION SELECT n.view, l.depth + 1 FROM level l JOIN named n ON n.used = l.view WHERE l.depth < 100
)
SELECT CASE c.relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END AS kind, ${NAMESPACE}, c.relname::text AS name,
  NULL::text AS "table", pg_get_viewdef(c.oid) AS definition, coalesce(max(l.depth), -1) AS depth
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN level l ON l.view = c.oid
WHERE c.relkind IN ('v', 'm') AND ${notOfExtension("pg_class", "c.oid")}
  AND CASE WHEN $3 THEN l.view IS NOT NULL ELSE n.nspname IN (SELECT json_array_elements_text($1::json)) END
GROUP BY c.oid, c.relkind, c.relname, n.nspname`;

const ON_TABLES =
  "CASE WHEN $3 THEN c.oid = ANY ($2::oid[]) ELSE n.nspname IN (SELECT json_array_elements_text($1::json)) END";
const IN_SCHEMAS = "NOT $3 AND n.nspname IN (SELECT json_array_elements_text($1::json))";

const TYPE_PATH =
  "CROSS JOIN LATERAL (SELECT CASE WHEN n.nspname = current_schema() THEN quote_ident(t.typname) ELSE format('%I.%I', n.nspname, t.typname) END AS path) p";

/** A collation that is not the type's own. */
function collated(collation: string, type: string): string {
  return `coalesce((SELECT format(' COLLATE %I.%I', cn.nspname, o.collname) FROM pg_collation o
      JOIN pg_namespace cn ON cn.oid = o.collnamespace CROSS JOIN pg_type b WHERE o.oid = ${collation} AND b.oid = ${type} AND b.typcollation <> o.oid), '')`;
}

/** What else names one of the tables, wherever it belongs. */
function namesTable(catalog: string, oid: string): string {
  return `$3 AND EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = ${oid}
      AND d.refclassid = 'pg_class'::regclass AND d.refobjid = ANY ($2::oid[]))`;
}

/** Kinds that have a schema and are told by their name alone. */
const UNMODELLED = [
  { kind: "operator class", catalog: "pg_opclass", name: "opcname", namespace: "opcnamespace" },
  { kind: "conversion", catalog: "pg_conversion", name: "conname", namespace: "connamespace" },
] as const;

/** One part for each kind; every part has the same columns. */
const PARTS: readonly string[] = [
  `SELECT 'trigger', ${NAMESPACE}, g.tgname::text, c.relname::text, pg_get_triggerdef(g.oid)
  FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE NOT g.tgisinternal AND ${ON_TABLES} AND ${notOfExtension("pg_trigger", "g.oid")}`,
  `SELECT 'rule', ${NAMESPACE}, r.rulename::text, c.relname::text, pg_get_ruledef(r.oid)
  FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE r.rulename <> '_RETURN' AND ${ON_TABLES} AND ${notOfExtension("pg_rewrite", "r.oid")}`,
  `SELECT 'policy', ${NAMESPACE}, p.polname::text, c.relname::text, concat_ws(' ', pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${ON_TABLES} OR ${namesTable("pg_policy", "p.oid")}`,
  `SELECT 'statistics', ${NAMESPACE}, s.stxname::text, c.relname::text, pg_get_statisticsobjdef(s.oid)
  FROM pg_statistic_ext s JOIN pg_class c ON c.oid = s.stxrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${ON_TABLES} AND ${notOfExtension("pg_statistic_ext", "s.oid")}`,
  `SELECT 'sequence', ${NAMESPACE}, c.relname::text, NULL, NULL
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'S' AND ${IN_SCHEMAS} AND ${notOfExtension("pg_class", "c.oid")}
    AND NOT EXISTS (SELECT FROM pg_depend o WHERE o.classid = 'pg_class'::regclass AND o.objid = c.oid
      AND o.refclassid = 'pg_class'::regclass AND o.deptype IN ('a', 'i'))`,
  `SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END, ${NAMESPACE},
    p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')', NULL,
    CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE (${IN_SCHEMAS} OR ${namesTable("pg_proc", "p.oid")}) AND ${notOfExtension("pg_proc", "p.oid")}
    AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_proc'::regclass AND i.objid = p.oid AND i.deptype = 'i')`,
  `SELECT 'range type', ${NAMESPACE}, t.typname::text, NULL, NULL
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'r' AND ${IN_SCHEMAS} AND ${notOfExtension("pg_type", "t.oid")}`,
  `SELECT 'domain', ${NAMESPACE}, t.typname::text, NULL, format('CREATE DOMAIN %s AS %s', p.path, format_type(t.typbasetype, t.typtypmod))
    || ${collated("t.typcollation", "t.typbasetype")} || coalesce(' DEFAULT ' || t.typdefault, '') || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END
    || coalesce((SELECT string_agg(format(' CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid)), '' ORDER BY k.conname) FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c' AND k.convalidated), '')
    || coalesce((SELECT string_agg(format('; ALTER DOMAIN %s ADD CONSTRAINT %I %s', p.path, k.conname, pg_get_constraintdef(k.oid)), '' ORDER BY k.conname) FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c' AND NOT k.convalidated), '')
    || coalesce((SELECT string_agg(format('; COMMENT ON CONSTRAINT %I ON DOMAIN %s IS %L', k.conname, p.path, obj_description(k.oid, 'pg_constraint')), '' ORDER BY k.conname) FROM pg_constraint k WHERE k.contypid = t.oid AND obj_description(k.oid, 'pg_constraint') IS NOT NULL), '')
    || coalesce(format('; COMMENT ON DOMAIN %s IS %L', p.path, obj_description(t.oid, 'pg_type')), '')
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace ${TYPE_PATH} WHERE t.typtype = 'd' AND ${IN_SCHEMAS} AND ${notOfExtension("pg_type", "t.oid")}`,
  `SELECT 'composite type', ${NAMESPACE}, t.typname::text, NULL, format('CREATE TYPE %s AS (%s)', p.path,
      (SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)) || ${collated("a.attcollation", "a.atttypid")}, ', ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))
    || coalesce(format('; COMMENT ON TYPE %s IS %L', p.path, obj_description(t.oid, 'pg_type')), '')
    || coalesce((SELECT string_agg(format('; COMMENT ON COLUMN %s.%I IS %L', p.path, a.attname, col_description(c.oid, a.attnum)), '' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND col_description(c.oid, a.attnum) IS NOT NULL), '')
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_class c ON c.oid = t.typrelid ${TYPE_PATH} WHERE t.typtype = 'c' AND c.relkind = 'c' AND ${IN_SCHEMAS} AND ${notOfExtension("pg_type", "t.oid")}`,
  `SELECT 'collation', ${NAMESPACE}, co.collname::text, NULL, NULL
  FROM pg_collation co JOIN pg_namespace n ON n.oid = co.collnamespace
  WHERE ${IN_SCHEMAS} AND ${notOfExtension("pg_collation", "co.oid")}`,
  `SELECT 'extension', ${NAMESPACE}, e.extname::text, NULL, NULL
  FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE ${IN_SCHEMAS}`,
  ...UNMODELLED.map(
    ({
      kind,
      catalog,
      name,
      namespace,
    }) => `SELECT '${kind}', ${NAMESPACE}, o.${name}::text, NULL, NULL
  FROM ${catalog} o JOIN pg_namespace n ON n.oid = o.${namespace} WHERE ${IN_SCHEMAS} AND ${notOfExtension(catalog, "o.oid")}`,
  ),
  `SELECT 'cast', NULL, c.types, NULL, c.types
  FROM pg_cast a CROSS JOIN LATERAL (SELECT format_type(a.castsource, NULL) || ' AS ' || format_type(a.casttarget, NULL) AS types) c
  WHERE NOT $3 AND ${notOfExtension("pg_cast", "a.oid")}
    AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_cast'::regclass AND i.objid = a.oid AND i.deptype = 'i') AND EXISTS (SELECT FROM pg_type t
    JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.oid IN (a.castsource, a.casttarget) AND ${IN_SCHEMAS})`,
  `SELECT 'publication', NULL, a.pubname::text, NULL, NULL FROM pg_publication a
  WHERE ${notOfExtension("pg_publication", "a.oid")}
    AND (NOT $3 OR EXISTS (SELECT FROM pg_publication_rel r WHERE r.prpubid = a.oid AND r.prrelid IN (WITH RECURSIVE family AS (
      SELECT unnest($2::oid[]) AS oid UNION SELECT i.inhrelid FROM family f JOIN pg_inherits i ON i.inhparent = f.oid) SELECT oid FROM family)))`,
  `SELECT 'foreign server', NULL, a.srvname::text, NULL, NULL FROM pg_foreign_server a
  WHERE NOT $3 AND ${notOfExtension("pg_foreign_server", "a.oid")}`,
  // since PostgreSQL 18 NOT NULL is a constraint, of which a column says no more than that it is there
  `SELECT v.kind, ${NAMESPACE}, k.conname::text, c.relname::text, pg_get_constraintdef(k.oid)
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (VALUES ('unvalidated not null', NOT k.convalidated), ('not null without inheritance', k.connoinherit),
      ('comment of not null', obj_description(k.oid, 'pg_constraint') IS NOT NULL)) v (kind, is_so)
  WHERE k.contype = 'n' AND v.is_so AND ${IN_SCHEMAS} AND ${notOfExtension("pg_class", "c.oid")}`,
  `SELECT 'statistics target', ${NAMESPACE}, c.relname || ' column ' || a.attnum, c.relname::text, NULL
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('i', 'I') AND a.attstattarget >= 0 AND ${IN_SCHEMAS}`,
];

const SKIPPED = `
SELECT kind, schema, name, "table", definition FROM (
  SELECT kind, schema, name, "table", definition, depth FROM (${VIEWS}) AS views
  UNION ALL SELECT *, -2 FROM (${PARTS.join("\n  UNION ALL ")}) AS others (kind, schema, name, "table", definition)
) AS found ORDER BY depth, kind, schema NULLS FIRST, "table" NULLS FIRST, name`;

/** Objects of kinds that the models do not have yet, in one query. */
export async function reflectSkipped(
  connection: Connection,
  place: Place,
): Promise<readonly SkippedObject[]> {
  const rows = await connection.query(SKIPPED, [
    nameList(place.schemas),
    oidList(place.tables ?? []),
    place.tables !== undefined,
  ]);
  return rows.map(skippedOf);
}

function skippedOf(row: Row): SkippedObject {
  const kind = text(row, "kind");
  const schema = maybeText(row, "schema");
  const table = maybeText(row, "table");
  const definition = maybeText(row, "definition");
  return {
    kind,
    ...(schema === undefined ? {} : { schema }),
    name: text(row, "name"),
    ...(table === undefined ? {} : { table }),
    reason: `${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind} is not part of the models`,
    ...(definition === undefined ? {} : { definition }),
  };
}
