import { block } from "./aside.ts";
import { wordsIn } from "./expression-text.ts";
import { quoteTable, quoteText } from "./spelling.ts";
import type { SkippedObject, TableName } from "../../schema/types.ts";

/** A column whose type changes, or that is made anew. */
export interface TouchedColumn {
  readonly table: TableName;
  readonly column: string;
}

const ON_TABLE: ReadonlySet<string> = new Set(["trigger", "policy", "rule"]);

/** True where something that is no part of the models may hang on a column of the table. */
export function mayHaveDependents(skipped: readonly SkippedObject[], table: TableName): boolean {
  return skipped.some((object) => {
    if (ON_TABLE.has(object.kind))
      return object.table === table.name && object.schema === table.schema;
    const { definition } = object;
    return (
      definition !== undefined && object.table === undefined && wordsIn(definition).has(table.name)
    );
  });
}

/** Grants, owner, comments, defaults, triggers and rules of a view `c`, as statements. */
const VIEW_EXTRAS = `concat(
    CASE WHEN c.relowner <> (SELECT oid FROM pg_roles WHERE rolname = current_user) THEN format('ALTER TABLE %s OWNER TO %I; ', n.path, pg_get_userbyid(c.relowner)) END,
    (SELECT string_agg(format('GRANT %s ON %s TO %s%s; ', g.privilege_type, n.path, CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END,
        CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' END), '') FROM aclexplode(c.relacl) g WHERE g.grantee <> c.relowner),
    (SELECT string_agg(format('GRANT %s (%I) ON %s TO %s; ', g.privilege_type, a.attname, n.path, CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END), '')
      FROM pg_attribute a, aclexplode(a.attacl) g WHERE a.attrelid = c.oid AND a.attnum > 0),
    (SELECT string_agg(format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s; ', n.path, a.attname, pg_get_expr(d.adbin, d.adrelid)), '')
      FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE d.adrelid = c.oid),
    (SELECT string_agg(pg_get_indexdef(x.indexrelid) || '; ', '') FROM pg_index x WHERE x.indrelid = c.oid),
    (SELECT string_agg(pg_get_ruledef(r.oid) || ' ', '') FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.rulename <> '_RETURN'),
    (SELECT string_agg(pg_get_triggerdef(t.oid) || '; ', '') FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal),
    (SELECT string_agg(CASE WHEN d.objsubid = 0 THEN format('COMMENT ON %s %s IS %L; ', n.word, n.path, d.description)
        ELSE format('COMMENT ON COLUMN %s.%I IS %L; ', n.path, a.attname, d.description) END, '')
      FROM pg_description d LEFT JOIN pg_attribute a ON a.attrelid = d.objoid AND a.attnum = d.objsubid WHERE d.classoid = 'pg_class'::regclass AND d.objoid = c.oid))`;

/** Each thing that hangs on one of the columns: how it goes, how it comes again, and in which order. */
function found(touched: readonly TouchedColumn[]): string {
  const values = touched.map(
    ({ table, column }) => `(to_regclass(${quoteText(quoteTable(table))}), ${quoteText(column)})`,
  );
  return `
    WITH RECURSIVE touched AS (
      SELECT a.attrelid, a.attnum FROM (VALUES ${values.join(", ")}) AS v(relation, name)
        JOIN pg_attribute a ON a.attrelid = v.relation AND a.attname = v.name
    ), hanging AS (
      SELECT d.classid, d.objid FROM pg_depend d JOIN touched t ON d.refclassid = 'pg_class'::regclass AND d.refobjid = t.attrelid AND d.refobjsubid = t.attnum
    ), views(oid, depth) AS (
      SELECT r.ev_class, 0 FROM hanging h JOIN pg_rewrite r ON h.classid = 'pg_rewrite'::regclass AND r.oid = h.objid AND r.rulename = '_RETURN'
      UNION SELECT r.ev_class, v.depth + 1 FROM views v JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = v.oid
        JOIN pg_rewrite r ON r.oid = d.objid AND r.rulename = '_RETURN' AND r.ev_class <> v.oid WHERE v.depth < 100
    ), things AS (
      SELECT max(v.depth) OVER (PARTITION BY c.oid) AS place, format('DROP %s IF EXISTS %s', n.word, n.path) AS gone,
        format('CREATE %s %s%s AS %s%s; ', n.word, n.path, (SELECT ' WITH (' || string_agg(o, ', ') || ')' FROM unnest(c.reloptions) o),
          rtrim(pg_get_viewdef(c.oid), '; '), CASE WHEN c.relkind = 'm' AND NOT c.relispopulated THEN ' WITH NO DATA' END) || ${VIEW_EXTRAS} AS made
      FROM views v JOIN pg_class c ON c.oid = v.oid JOIN pg_namespace s ON s.oid = c.relnamespace
        CROSS JOIN LATERAL (SELECT CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END AS word, format('%I.%I', s.nspname, c.relname) AS path) n
      UNION SELECT -1, format('DROP TRIGGER %I ON %s', t.tgname, t.tgrelid::regclass),
        pg_get_triggerdef(t.oid) || '; ' || CASE t.tgenabled WHEN 'O' THEN '' ELSE format('ALTER TABLE %s %s TRIGGER %I; ', t.tgrelid::regclass,
          CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, t.tgname) END
          || coalesce(format('COMMENT ON TRIGGER %I ON %s IS %L; ', t.tgname, t.tgrelid::regclass, obj_description(t.oid, 'pg_trigger')), '')
      FROM hanging h JOIN pg_trigger t ON h.classid = 'pg_trigger'::regclass AND t.oid = h.objid AND NOT t.tgisinternal
      UNION SELECT -1, format('DROP RULE %I ON %s', r.rulename, r.ev_class::regclass), pg_get_ruledef(r.oid)
      FROM hanging h JOIN pg_rewrite r ON h.classid = 'pg_rewrite'::regclass AND r.oid = h.objid AND r.rulename <> '_RETURN'
        AND r.ev_class NOT IN (SELECT oid FROM views)
      UNION SELECT -1, format('DROP POLICY %I ON %s', p.polname, p.polrelid::regclass),
        format('CREATE POLICY %I ON %s AS %s FOR %s TO %s%s%s; ', p.polname, p.polrelid::regclass, CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
          CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
          (SELECT string_agg(CASE WHEN o = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(o)) END, ', ') FROM unnest(p.polroles) o),
          ' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', ' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')')
      FROM hanging h JOIN pg_policy p ON h.classid = 'pg_policy'::regclass AND p.oid = h.objid
    ), once AS (SELECT DISTINCT place, gone, made FROM things)`;
}

/**
 * Takes away the views (with what hangs on them), triggers, policies and rules that keep the server from
 * changing the columns, and remembers them for this session as they are at this very moment.
 */
export function saveDependents(touched: readonly TouchedColumn[]): string {
  return block(`
  DECLARE
    away text[];
    again text[];
    step text;
  BEGIN${found(touched)}
    SELECT coalesce(array_agg(o.gone ORDER BY place DESC, o.gone), '{}'), coalesce(array_agg(o.made ORDER BY place, o.gone DESC), '{}')
      INTO away, again FROM once o;
    PERFORM set_config('revline.dependents', array_to_json(again)::text, false);
    FOREACH step IN ARRAY away LOOP EXECUTE step; END LOOP;
  END `);
}

/** Makes again what {@link saveDependents} took away. */
export function restoreDependents(): string {
  return block(`
  DECLARE
    step text;
  BEGIN
    FOR step IN SELECT json_array_elements_text(current_setting('revline.dependents')::json) LOOP EXECUTE step; END LOOP;
    PERFORM set_config('revline.dependents', '[]', false);
  END `);
}
