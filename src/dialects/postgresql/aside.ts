import { STORAGE_PARAMETERS } from "./options.ts";
import { quoteTable, quoteText } from "./spelling.ts";
import type { TableName } from "../../schema/types.ts";

/** What is made anew: a view or materialised view, a routine, or an operator, as the server finds it by its path. */
export interface Root {
  readonly catalog: "pg_class" | "pg_proc" | "pg_operator";
  /** `"public"."sales"`, `"public"."add"(integer)`. */
  readonly path: string;
}

/** A column whose type changes, or that is made anew. */
export interface TouchedColumn {
  readonly table: TableName;
  readonly column: string;
}

/**
 * Objects of the server that were put aside and wait to be made again; per session, as a transaction leaves
 * it. What stands on columns, or on types, waits apart: it comes again as soon as those have changed.
 */
const WAITING = {
  objects: "revline.aside",
  columns: "revline.aside_of_columns",
  types: "revline.aside_of_types",
} as const;
type Waiting = keyof typeof WAITING;

function waiting(list: Waiting): string {
  return `coalesce(nullif(current_setting('${WAITING[list]}', true), ''), '[]')::jsonb`;
}

/** Who gets something of all that the session makes. */
const BY_DEFAULT =
  "pg_default_acl f, aclexplode(f.defaclacl) e WHERE f.defaclrole = (SELECT oid FROM pg_roles WHERE rolname = current_user)";

/**
 * The grants in an access list, as statements; what a new object grants by itself is taken away first.
 *
 * @param kind of the list, as `acldefault` takes it
 */
function grants(kind: "r" | "f", list: string, owner: string, on: string): string {
  return `CASE WHEN ${list} IS NULL AND NOT EXISTS (SELECT FROM ${BY_DEFAULT}) THEN '' ELSE (SELECT format('REVOKE ALL ON %s FROM PUBLIC%s; ', ${on},
      (SELECT string_agg(DISTINCT ', ' || quote_ident(pg_get_userbyid(e.grantee)), '') FROM ${BY_DEFAULT} AND e.grantee NOT IN (0, f.defaclrole))) || coalesce(string_agg(format('GRANT %s ON %s TO %s%s; ', g.privilege_type, ${on},
      CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END, CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' END), ''), '')
    FROM aclexplode(coalesce(${list}, acldefault('${kind}', ${owner}))) g WHERE g.grantee <> ${owner}) END`;
}

const OWNER = (owner: string, statement: string): string =>
  `CASE WHEN ${owner} <> (SELECT oid FROM pg_roles WHERE rolname = current_user) THEN format(${statement}, pg_get_userbyid(${owner})) ELSE '' END`;

const COMMENT = (catalog: string, oid: string, on: string): string =>
  `coalesce(format('COMMENT ON %s IS %L; ', ${on}, obj_description(${oid}, '${catalog}')), '')`;
/**
 * One part for each kind of thing: how it goes, how it comes again, whether it is there, what else it had.
 * Defaults and indexes of what is made anew are its maker's to say.
 */
const THINGS = `
  SELECT h.depth, h.root, format('DROP %s IF EXISTS %s', n.word, n.path) AS gone,
    format('CREATE %s %s%s%s AS %s%s; ', n.word, n.path,
        (SELECT ' WITH (' || string_agg(o, ', ') || ')' FROM unnest(${STORAGE_PARAMETERS}) o),
        (SELECT format(' TABLESPACE %I', t.spcname) FROM pg_tablespace t WHERE t.oid = c.reltablespace),
        rtrim(pg_get_viewdef(c.oid), '; '), CASE WHEN c.relkind = 'm' AND NOT c.relispopulated THEN ' WITH NO DATA' END)
      || ${COMMENT("pg_class", "c.oid", "n.word || ' ' || n.path")}
      || coalesce((SELECT string_agg(format('COMMENT ON COLUMN %s.%I IS %L; ', n.path, a.attname, d.description), '')
        FROM pg_description d JOIN pg_attribute a ON a.attrelid = d.objoid AND a.attnum = d.objsubid WHERE d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid > 0), '') AS made,
    format('to_regclass(%L) IS NOT NULL', n.path) AS there,
    ${OWNER("c.relowner", "'ALTER TABLE ' || n.path || ' OWNER TO %I; '")} || ${grants("r", "c.relacl", "c.relowner", "n.path")}
      || coalesce((SELECT string_agg(format('GRANT %s (%I) ON %s TO %s; ', g.privilege_type, a.attname, n.path, CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END), '')
        FROM pg_attribute a, aclexplode(a.attacl) g WHERE a.attrelid = c.oid AND a.attnum > 0), '') AS extra
  FROM hung h JOIN pg_class c ON h.classid = 'pg_class'::regclass AND c.oid = h.objid AND c.relkind IN ('v', 'm') JOIN pg_namespace s ON s.oid = c.relnamespace
    CROSS JOIN LATERAL (SELECT CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END AS word, format('%I.%I', s.nspname, c.relname) AS path) n
  UNION ALL SELECT h.depth, h.root, format('DROP ROUTINE IF EXISTS %s', n.path),
    CASE WHEN p.prokind = 'a' THEN '' ELSE pg_get_functiondef(p.oid) || '; ' END || ${COMMENT("pg_proc", "p.oid", "'ROUTINE ' || n.path")},
    -- to_regprocedure fails where a type of the signature is gone
    format('EXISTS (SELECT FROM pg_proc p JOIN pg_namespace s ON s.oid = p.pronamespace WHERE s.nspname = %L AND p.proname = %L AND oidvectortypes(p.proargtypes) = %L)', s.nspname, p.proname, n.types),
    ${OWNER("p.proowner", "'ALTER ROUTINE ' || n.path || ' OWNER TO %I; '")} || ${grants("f", "p.proacl", "p.proowner", "'ROUTINE ' || n.path")}
  FROM hung h JOIN pg_proc p ON h.classid = 'pg_proc'::regclass AND p.oid = h.objid AND (p.prokind <> 'a' OR h.root)
    AND NOT EXISTS (SELECT FROM pg_depend o WHERE o.classid = 'pg_proc'::regclass AND o.objid = p.oid AND o.deptype IN ('i', 'e')) JOIN pg_namespace s ON s.oid = p.pronamespace
    CROSS JOIN LATERAL (SELECT format('%I.%I(%s)', s.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) AS path, oidvectortypes(p.proargtypes) AS types) n
  UNION ALL SELECT h.depth, false, format('DROP TRIGGER IF EXISTS %I ON %s', t.tgname, n.path),
    pg_get_triggerdef(t.oid) || '; ' || CASE t.tgenabled WHEN 'O' THEN '' ELSE format('ALTER TABLE %s %s TRIGGER %I; ', n.path,
      CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, t.tgname) END
      || ${COMMENT("pg_trigger", "t.oid", "format('TRIGGER %I ON %s', t.tgname, n.path)")},
    format('EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass(%L) AND tgname = %L)', n.path, t.tgname), ''
  FROM hung h JOIN pg_trigger t ON h.classid = 'pg_trigger'::regclass AND t.oid = h.objid AND NOT t.tgisinternal
    AND NOT EXISTS (SELECT FROM pg_depend p WHERE p.classid = h.classid AND p.objid = h.objid AND p.deptype IN ('P', 'S'))
    JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace s ON s.oid = c.relnamespace CROSS JOIN LATERAL (SELECT format('%I.%I', s.nspname, c.relname) AS path) n
  UNION ALL SELECT h.depth, false, format('DROP RULE IF EXISTS %I ON %s', r.rulename, n.path),
    pg_get_ruledef(r.oid) || '; ' || CASE r.ev_enabled WHEN 'O' THEN '' ELSE format('ALTER TABLE %s %s RULE %I; ', n.path,
      CASE r.ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, r.rulename) END
      || ${COMMENT("pg_rewrite", "r.oid", "format('RULE %I ON %s', r.rulename, n.path)")},
    format('EXISTS (SELECT FROM pg_rewrite WHERE ev_class = to_regclass(%L) AND rulename = %L)', n.path, r.rulename), ''
  FROM hung h JOIN pg_rewrite r ON h.classid = 'pg_rewrite'::regclass AND r.oid = h.objid AND r.rulename <> '_RETURN'
    JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace s ON s.oid = c.relnamespace CROSS JOIN LATERAL (SELECT format('%I.%I', s.nspname, c.relname) AS path) n
  UNION ALL SELECT h.depth, false, format('DROP POLICY IF EXISTS %I ON %s', p.polname, n.path),
    format('CREATE POLICY %I ON %s AS %s FOR %s TO %s%s%s; ', p.polname, n.path, CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
      CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
      (SELECT string_agg(CASE WHEN o = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(o)) END, ', ') FROM unnest(p.polroles) o),
      ' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', ' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')')
      || ${COMMENT("pg_policy", "p.oid", "format('POLICY %I ON %s', p.polname, n.path)")},
    format('EXISTS (SELECT FROM pg_policy WHERE polrelid = to_regclass(%L) AND polname = %L)', n.path, p.polname), ''
  FROM hung h JOIN pg_policy p ON h.classid = 'pg_policy'::regclass AND p.oid = h.objid
    JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace s ON s.oid = c.relnamespace CROSS JOIN LATERAL (SELECT format('%I.%I', s.nspname, c.relname) AS path) n
  UNION ALL SELECT h.depth, false, format('ALTER TABLE IF EXISTS %s ALTER COLUMN %I DROP DEFAULT', n.path, a.attname),
    format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT %s; ', n.path, a.attname, pg_get_expr(d.adbin, d.adrelid)),
    format('EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass(%L) AND attname = %L AND atthasdef)', n.path, a.attname), ''
  FROM hung h JOIN pg_attrdef d ON h.classid = 'pg_attrdef'::regclass AND d.oid = h.objid
    JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum AND a.attgenerated = ''
      AND d.adrelid NOT IN (SELECT r.objid FROM hung r WHERE r.root)
    JOIN pg_class c ON c.oid = d.adrelid JOIN pg_namespace s ON s.oid = c.relnamespace CROSS JOIN LATERAL (SELECT format('%I.%I', s.nspname, c.relname) AS path) n
  UNION ALL SELECT h.depth, false, format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I', n.path, k.conname),
    format('ALTER TABLE %s ADD CONSTRAINT %I %s; ', n.path, k.conname, pg_get_constraintdef(k.oid))
      || ${COMMENT("pg_constraint", "k.oid", "format('CONSTRAINT %I ON %s', k.conname, n.path)")},
    format('EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass(%L) AND conname = %L)', n.path, k.conname), ''
  FROM hung h JOIN pg_constraint k ON k.coninhcount = 0 AND (h.classid = 'pg_constraint'::regclass AND k.oid = h.objid AND k.contype = 'c'
      OR h.classid = 'pg_class'::regclass AND k.conindid = h.objid AND k.contype = 'x')
    JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace s ON s.oid = c.relnamespace CROSS JOIN LATERAL (SELECT format('%I.%I', s.nspname, c.relname) AS path) n
  UNION ALL SELECT h.depth, false, format('ALTER DOMAIN %s DROP CONSTRAINT IF EXISTS %I', n.path, k.conname),
    format('ALTER DOMAIN %s ADD CONSTRAINT %I %s; ', n.path, k.conname, pg_get_constraintdef(k.oid))
      || ${COMMENT("pg_constraint", "k.oid", "format('CONSTRAINT %I ON DOMAIN %s', k.conname, n.path)")},
    format('EXISTS (SELECT FROM pg_constraint WHERE contypid = to_regtype(%L) AND conname = %L)', n.path, k.conname), ''
  FROM hung h JOIN pg_constraint k ON h.classid = 'pg_constraint'::regclass AND k.oid = h.objid AND k.contype = 'c'
    JOIN pg_type t ON t.oid = k.contypid JOIN pg_namespace s ON s.oid = t.typnamespace CROSS JOIN LATERAL (SELECT format('%I.%I', s.nspname, t.typname) AS path) n
  UNION ALL SELECT h.depth, false, format('ALTER DOMAIN %s DROP DEFAULT', n.path), format('ALTER DOMAIN %s SET DEFAULT %s; ', n.path, t.typdefault),
    format('EXISTS (SELECT FROM pg_type WHERE oid = to_regtype(%L) AND typdefault IS NOT NULL)', n.path), ''
  FROM hung h JOIN pg_type t ON h.classid = 'pg_type'::regclass AND t.oid = h.objid AND t.typtype = 'd' AND t.typdefault IS NOT NULL
    JOIN pg_namespace s ON s.oid = t.typnamespace CROSS JOIN LATERAL (SELECT format('%I.%I', s.nspname, t.typname) AS path) n
  UNION ALL SELECT h.depth, false, format('DROP INDEX IF EXISTS %s', n.path),
    -- of a partitioned table it says ONLY, which would leave the partitions without
    replace(pg_get_indexdef(c.oid), format('%I ON ONLY ', c.relname), format('%I ON ', c.relname)) || '; ' || ${COMMENT("pg_class", "c.oid", "'INDEX ' || n.path")}
      || CASE WHEN x.indisclustered THEN format('ALTER TABLE %s CLUSTER ON %I; ', x.indrelid::regclass, c.relname) ELSE '' END
      || CASE WHEN x.indisreplident THEN format('ALTER TABLE %s REPLICA IDENTITY USING INDEX %I; ', x.indrelid::regclass, c.relname) ELSE '' END
      || coalesce((SELECT string_agg(format('ALTER INDEX %s ALTER COLUMN %s SET STATISTICS %s; ', n.path, a.attnum, a.attstattarget), '') FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attstattarget >= 0), ''),
    format('to_regclass(%L) IS NOT NULL', n.path), ''
  FROM hung h JOIN pg_class c ON h.classid = 'pg_class'::regclass AND c.oid = h.objid AND c.relkind IN ('i', 'I') AND NOT c.relispartition JOIN pg_namespace s ON s.oid = c.relnamespace
    JOIN pg_index x ON x.indexrelid = c.oid AND x.indrelid NOT IN (SELECT r.objid FROM hung r WHERE r.root)
      AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = c.oid AND k.contype = 'x')
    CROSS JOIN LATERAL (SELECT format('%I.%I', s.nspname, c.relname) AS path) n
  UNION ALL SELECT h.depth, false, format('DROP CAST IF EXISTS (%s)', n.path),
    format('CREATE CAST (%s) %s%s; ', n.path, CASE x.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || x.castfunc::regprocedure WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END,
        CASE x.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' END)
      || ${COMMENT("pg_cast", "x.oid", "format('CAST (%s)', n.path)")},
    format('EXISTS (SELECT FROM pg_cast WHERE castsource = %L::regtype AND casttarget = %L::regtype)', format_type(x.castsource, NULL), format_type(x.casttarget, NULL)), ''
  FROM hung h JOIN pg_cast x ON h.classid = 'pg_cast'::regclass AND x.oid = h.objid
    CROSS JOIN LATERAL (SELECT format_type(x.castsource, NULL) || ' AS ' || format_type(x.casttarget, NULL) AS path) n
  UNION ALL SELECT h.depth, h.root, format('DROP OPERATOR IF EXISTS %s', n.path),
    format('CREATE OPERATOR %I.%s (FUNCTION = %s%s%s%s%s%s%s%s%s); ', s.nspname, x.oprname, x.oprcode::regproc, ', LEFTARG = ' || n.left_type, ', RIGHTARG = ' || n.right_type,
        (SELECT format(', COMMUTATOR = OPERATOR(%I.%s)', cs.nspname, c.oprname) FROM pg_operator c JOIN pg_namespace cs ON cs.oid = c.oprnamespace WHERE c.oid = x.oprcom),
        (SELECT format(', NEGATOR = OPERATOR(%I.%s)', cs.nspname, c.oprname) FROM pg_operator c JOIN pg_namespace cs ON cs.oid = c.oprnamespace WHERE c.oid = x.oprnegate),
        CASE WHEN x.oprrest <> 0 THEN format(', RESTRICT = %s', x.oprrest::regproc) END, CASE WHEN x.oprjoin <> 0 THEN format(', JOIN = %s', x.oprjoin::regproc) END,
        CASE WHEN x.oprcanhash THEN ', HASHES' END, CASE WHEN x.oprcanmerge THEN ', MERGES' END)
      || ${COMMENT("pg_operator", "x.oid", "'OPERATOR ' || n.path")},
    format('EXISTS (SELECT FROM pg_operator x JOIN pg_namespace s ON s.oid = x.oprnamespace WHERE x.oprcode <> 0 AND s.nspname = %L AND x.oprname = %L AND format_type(NULLIF(x.oprleft, 0), NULL) IS NOT DISTINCT FROM %L AND format_type(NULLIF(x.oprright, 0), NULL) IS NOT DISTINCT FROM %L)',
      s.nspname, x.oprname, n.left_type, n.right_type),
    ${OWNER("x.oprowner", "replace('ALTER OPERATOR ' || n.path, '%', '%%') || ' OWNER TO %I; '")}
  FROM hung h JOIN pg_operator x ON h.classid = 'pg_operator'::regclass AND x.oid = h.objid JOIN pg_namespace s ON s.oid = x.oprnamespace
    CROSS JOIN LATERAL (SELECT format_type(NULLIF(x.oprleft, 0), NULL) AS left_type, format_type(NULLIF(x.oprright, 0), NULL) AS right_type) t
    CROSS JOIN LATERAL (SELECT t.*, format('%I.%s (%s, %s)', s.nspname, x.oprname, coalesce(t.left_type, 'NONE'), coalesce(t.right_type, 'NONE')) AS path) n
  UNION ALL SELECT h.depth, false, format('ALTER PUBLICATION %I DROP TABLE ONLY %s', p.pubname, n.path),
    format('ALTER PUBLICATION %I ADD TABLE ONLY %s%s%s; ', p.pubname, n.path, ' (' || m.columns || ')', ' WHERE (' || m.condition || ')'),
    format('EXISTS (SELECT FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid WHERE p.pubname = %L AND r.prrelid = to_regclass(%L))', p.pubname, n.path), ''
  FROM hung h JOIN pg_publication_rel x ON h.classid = 'pg_publication_rel'::regclass AND x.oid = h.objid JOIN pg_publication p ON p.oid = x.prpubid
    CROSS JOIN LATERAL (SELECT format('%I.%I', s.nspname, c.relname) AS path FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace WHERE c.oid = x.prrelid) n
    -- before PostgreSQL 15 the catalog has neither, and the names are those of nothing
    CROSS JOIN (SELECT NULL::int2vector AS prattrs, NULL::pg_node_tree AS prqual) nothing
    CROSS JOIN LATERAL (SELECT (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = x.prrelid AND a.attnum = ANY (r.list)) AS columns, r.condition
      FROM (SELECT (SELECT prattrs FROM pg_publication_rel o WHERE o.oid = x.oid) AS list, (SELECT pg_get_expr(prqual, x.prrelid) FROM pg_publication_rel o WHERE o.oid = x.oid) AS condition) r) m
  UNION ALL SELECT h.depth, false, format('DROP STATISTICS IF EXISTS %s', n.path),
    pg_get_statisticsobjdef(x.oid) || '; ' || CASE WHEN n.target >= 0 THEN format('ALTER STATISTICS %s SET STATISTICS %s; ', n.path, n.target) ELSE '' END
      || ${COMMENT("pg_statistic_ext", "x.oid", "'STATISTICS ' || n.path")},
    format('EXISTS (SELECT FROM pg_statistic_ext x JOIN pg_namespace s ON s.oid = x.stxnamespace WHERE s.nspname = %L AND x.stxname = %L)', s.nspname, x.stxname), ''
  FROM hung h JOIN pg_statistic_ext x ON h.classid = 'pg_statistic_ext'::regclass AND x.oid = h.objid
    JOIN pg_namespace s ON s.oid = x.stxnamespace
    -- there since PostgreSQL 13
    CROSS JOIN LATERAL (SELECT format('%I.%I', s.nspname, x.stxname) AS path, (to_jsonb(x) ->> 'stxstattarget')::integer AS target) n`;

/** A body in dollar quotes that do not occur in it. */
export function block(body: string): string {
  return `DO ${dollarQuoted(body, "revline")}`;
}

/** Text in dollar quotes that do not occur in it: easier to read than one full of doubled quotes. */
export function dollarQuoted(value: string, tag = ""): string {
  let name = tag;
  for (let count = 1; `${value}$`.includes(`$${name}$`); count += 1)
    name = `${tag || "_"}${String(count)}`;
  return `$${name}$${value}$${name}$`;
}

const DECLARE = `DECLARE
  things jsonb;
  thing jsonb;
  kept jsonb := '[]';
  is_there boolean;
  checked text := current_setting('check_function_bodies');
BEGIN`;

/** What depends on a thing, as one more thing; a view is found by the rule that holds its query. */
const DEPENDENT = `CASE WHEN r.oid IS NULL THEN d.classid ELSE 'pg_class'::regclass END, coalesce(r.ev_class, d.objid)`;
const THROUGH_RULE = `LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid AND r.rulename = '_RETURN'`;

/**
 * The kinds that keep the server from changing what they stand on; and extended statistics, which it makes
 * anew itself, but without their target (PostgreSQL 15).
 */
const STANDING = `d.deptype IN ('n', 'a')
        AND d.classid IN ('pg_rewrite'::regclass, 'pg_trigger'::regclass, 'pg_policy'::regclass, 'pg_proc'::regclass, 'pg_cast'::regclass, 'pg_operator'::regclass, 'pg_statistic_ext'::regclass, 'pg_publication_rel'::regclass)`;

const FINDERS: Readonly<Record<Root["catalog"], string>> = {
  pg_class: "to_regclass",
  pg_proc: "to_regprocedure",
  pg_operator: "to_regoperator",
};

/** The thing itself: it goes, and somebody else makes it again. */
function rootSeed({ catalog, path }: Root): string {
  return `SELECT '${catalog}'::regclass::oid, ${FINDERS[catalog]}(${quoteText(path)})::oid, 0`;
}

/** What stands on columns, those of heirs too; constraints, indexes and defaults follow them by themselves. */
function columnSeed(touched: readonly TouchedColumn[]): string {
  const values = touched.map(
    ({ table, column }) => `(to_regclass(${quoteText(quoteTable(table))}), ${quoteText(column)})`,
  );
  return `SELECT ${DEPENDENT}, 1 FROM (WITH RECURSIVE family(relation, name) AS (VALUES ${values.join(", ")}
        UNION SELECT i.inhrelid, f.name FROM family f JOIN pg_inherits i ON i.inhparent = f.relation) SELECT * FROM family) AS v
      JOIN pg_attribute a ON a.attrelid = v.relation AND a.attname = v.name
      JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
      ${THROUGH_RULE} WHERE ${STANDING}`;
}

/**
 * What stands on types or their arrays, but for columns and what is on tables with such columns; and what
 * on a value of such a type elsewhere.
 */
function typeSeed(paths: readonly string[]): string {
  return `SELECT ${DEPENDENT}, 1 FROM pg_type t
      JOIN pg_depend d ON d.refclassid = 'pg_type'::regclass AND d.refobjid IN (t.oid, t.typarray)
      ${THROUGH_RULE}
      LEFT JOIN pg_attrdef f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid
      LEFT JOIN pg_constraint k ON d.classid = 'pg_constraint'::regclass AND k.oid = d.objid
      LEFT JOIN pg_index x ON d.classid = 'pg_class'::regclass AND x.indexrelid = d.objid
      WHERE t.oid IN (${paths.map((path) => `to_regtype(${quoteText(path)})`).join(", ")}) AND (${STANDING} OR d.deptype IN ('n', 'a') AND coalesce(f.adrelid, k.conrelid, x.indrelid, 0) <> 0
        AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = coalesce(f.adrelid, k.conrelid, x.indrelid)
          AND a.attnum = coalesce(f.adnum, a.attnum) AND a.attnum > 0 AND a.atttypid IN (t.oid, t.typarray)))`;
}

/** What says a collation itself, but for columns, and constraints and indexes that have it of theirs. */
function collationSeed({ schema, name }: Required<TableName>): string {
  return `SELECT ${DEPENDENT}, 1 FROM pg_collation l JOIN pg_namespace s ON s.oid = l.collnamespace AND s.nspname = ${quoteText(schema)}
      JOIN pg_depend d ON d.refclassid = 'pg_collation'::regclass AND d.refobjid = l.oid AND d.deptype IN ('n', 'a')
      ${THROUGH_RULE}
      LEFT JOIN pg_index x ON d.classid = 'pg_class'::regclass AND x.indexrelid = d.objid
      WHERE l.collname = ${quoteText(name)} AND (${STANDING} OR d.classid IN ('pg_attrdef'::regclass, 'pg_constraint'::regclass)
        OR position(' COLLATE ' || CASE WHEN pg_collation_is_visible(l.oid) THEN '' ELSE quote_ident(s.nspname) || '.' END || quote_ident(l.collname) IN pg_get_indexdef(x.indexrelid)) > 0)`;
}

/** Takes things away with all that hangs on them, and remembers what it takes for {@link comeBack}. */
function stepAside(seed: string, list: Waiting): string {
  return `
  WITH RECURSIVE hanging(classid, objid, depth) AS (
    ${seed}
    UNION SELECT next.classid, next.objid, h.depth + 1 FROM hanging h CROSS JOIN LATERAL (
      SELECT ${DEPENDENT} FROM pg_depend d ${THROUGH_RULE}
        LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
      WHERE d.refclassid = h.classid AND d.refobjid = h.objid AND d.deptype IN ('n', 'a') AND (c.oid IS NULL OR c.relkind IN ('i', 'I'))
      UNION ALL SELECT 'pg_type'::regclass, t.oid FROM pg_class c JOIN pg_type t ON t.oid = c.reltype OR t.typelem = c.reltype AND t.typcategory = 'A'
      WHERE h.classid = 'pg_class'::regclass AND c.oid = h.objid AND c.relkind IN ('v', 'm')
    ) AS next(classid, objid) WHERE h.depth < 60 AND (next.classid, next.objid) <> (h.classid, h.objid)
  ), hung AS (
    SELECT classid, objid, max(depth) AS depth, min(depth) = 0 AS root FROM hanging GROUP BY classid, objid
  ), thing(depth, root, gone, made, there, extra) AS (${THINGS})
  SELECT coalesce(jsonb_agg(jsonb_build_object('gone', t.gone, 'made', CASE WHEN t.root THEN '' ELSE t.made END, 'there', t.there, 'extra', t.extra) ORDER BY t.depth, t.gone), '[]')
    INTO things FROM thing t;
  FOR thing IN SELECT value FROM jsonb_array_elements(things) WITH ORDINALITY ORDER BY ordinality DESC LOOP EXECUTE thing->>'gone'; END LOOP;
  PERFORM set_config('${WAITING[list]}', (things || ${waiting(list)})::text, false);`;
}

/**
 * Makes again what can be made by now; in the end, everything. Bodies of routines were good before, and are
 * not read now: what they speak of may be another thing until the routine itself is changed.
 */
function comeBack(isLast: boolean, list: Waiting): string {
  const attempt = `
    IF thing->>'made' = '' AND NOT is_there THEN kept := kept || thing; CONTINUE; END IF;
    IF NOT is_there THEN
      ${isLast ? "EXECUTE thing->>'made';" : `BEGIN EXECUTE thing->>'made'; EXCEPTION WHEN OTHERS THEN kept := kept || thing; CONTINUE; END;`}
    END IF;`;
  return `
  PERFORM set_config('check_function_bodies', 'off', true);
  FOR thing IN SELECT value FROM jsonb_array_elements(${waiting(list)}) WITH ORDINALITY ORDER BY ordinality LOOP
    EXECUTE 'SELECT ' || (thing->>'there') INTO is_there;${attempt}
    IF thing->>'extra' <> '' THEN EXECUTE thing->>'extra'; END IF;
  END LOOP;
  PERFORM set_config('check_function_bodies', checked, true);
  PERFORM set_config('${WAITING[list]}', ${isLast ? "'[]'" : "kept::text"}, false);`;
}

function leave(seed: string, list: Waiting): string {
  return block(`${DECLARE}${stepAside(seed, list)}\nEND`);
}

/** The view or routine goes, and all that hangs on it with it. */
export function putAside(root: Root): string {
  return leave(rootSeed(root), "objects");
}

/**
 * Takes away the views, triggers, policies, rules and routines (with what hangs on them) that keep the server
 * from changing the columns, as they are at this very moment.
 */
export function putAsideOnColumns(touched: readonly TouchedColumn[]): string {
  return leave(columnSeed(touched), "columns");
}

/** The same for what says a collation, or stands on columns that get another one in its place. */
export function putAsideOnCollation(
  collation: Required<TableName>,
  touched: readonly TouchedColumn[],
): string {
  const seeds = [collationSeed(collation), ...(touched.length === 0 ? [] : [columnSeed(touched)])];
  return leave(seeds.join("\n    UNION "), "columns");
}

/** The same for what stands on types, or on columns that get another one in its place. */
export function putAsideOnTypes(
  paths: readonly string[],
  touched: readonly TouchedColumn[],
): string {
  const seeds = [typeSeed(paths), ...(touched.length === 0 ? [] : [columnSeed(touched)])];
  return leave(seeds.join("\n    UNION "), "types");
}

/** Makes again what {@link putAsideOnColumns} and its like took away. */
export function takeBackOn(list: "columns" | "types"): string {
  return block(`${DECLARE}${comeBack(true, list)}\nEND`);
}

/** What was put aside comes again. */
export function takeBack(isLast: boolean): string {
  return block(`${DECLARE}${comeBack(isLast, "objects")}\nEND`);
}

/**
 * Replaces in place where the server allows it; else the old one goes with all that hangs on it, the new one
 * is made, and the rest comes again.
 *
 * @param replace absent: it is never replaced in place
 */
export function replaceOrRemake(
  root: Root,
  { replace, create, isLast }: { replace?: string; create: string; isLast: boolean },
): string {
  const away = stepAside(rootSeed(root), "objects");
  const remade = `\n  EXECUTE ${dollarQuoted(create)};`;
  if (replace === undefined)
    return block(`${DECLARE}${away}${remade}${comeBack(isLast, "objects")}\nEND`);
  return block(`${DECLARE}
  BEGIN
    EXECUTE ${dollarQuoted(replace)};
  EXCEPTION WHEN invalid_table_definition OR invalid_function_definition OR wrong_object_type THEN
    -- other columns, or another type of result: it has to be made anew${away.replaceAll("\n", "\n  ")}${remade}
  END;${comeBack(isLast, "objects")}
END`);
}
