import {
  compact,
  OWN_TABLES,
  SnapshotBuilder,
  toJson,
  type Query,
  type RowSnapshot,
  type Snapshot,
} from "./snapshot.ts";

/** Objects that no extension owns, in schemas that are not the server's own. */
const OURS = (catalog: string, oid: string, namespace: string): string => `
  ${namespace} NOT LIKE 'pg\\_%' AND ${namespace} <> 'information_schema'
  AND NOT EXISTS (SELECT 1 FROM pg_depend ext WHERE ext.classid = '${catalog}'::regclass AND ext.objid = ${oid} AND ext.deptype = 'e')`;
const COMMENT = (catalog: string, oid: string, sub = "0"): string =>
  `(SELECT description FROM pg_description d WHERE d.classoid = '${catalog}'::regclass AND d.objoid = ${oid} AND d.objsubid = ${sub})`;

interface Reading {
  readonly kind: string;
  readonly sql: string;
  /** Oldest major version that has the catalog. */
  readonly from?: number;
}

const TOAST = `(SELECT w.reloptions::text FROM pg_class w WHERE w.oid = c.reltoastrelid)`;

const READINGS: readonly Reading[] = [
  {
    kind: "schema",
    sql: `SELECT nspname AS name, NULLIF(${COMMENT("pg_namespace", "n.oid")}, 'standard public schema') AS comment
      FROM pg_namespace n WHERE ${OURS("pg_namespace", "n.oid", "nspname")}`,
  },
  {
    kind: "extension",
    sql: `SELECT extname AS name, extversion AS version, extnamespace::regnamespace::text AS schema FROM pg_extension`,
  },
  {
    kind: "table",
    sql: `SELECT n.nspname || '.' || c.relname AS name, c.relname AS own, c.relkind::text AS kind, c.relpersistence AS persistence,
        c.reloptions::text AS options, ${TOAST} AS toast, am.amname AS method, c.relrowsecurity AS rls, c.relforcerowsecurity AS force_rls,
        pg_get_partkeydef(c.oid) AS partition_key, pg_get_expr(c.relpartbound, c.oid) AS bound,
        (SELECT string_agg(i.inhparent::regclass::text, ',' ORDER BY inhseqno) FROM pg_inherits i WHERE i.inhrelid = c.oid) AS parents,
        NULLIF(c.relreplident, 'd') AS replica_identity, ${COMMENT("pg_class", "c.oid")} AS comment
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_am am ON am.oid = c.relam
      WHERE c.relkind IN ('r','p','f') AND ${OURS("pg_class", "c.oid", "n.nspname")}`,
  },
  {
    kind: "column",
    sql: `SELECT n.nspname || '.' || c.relname || '.' || a.attname AS name, c.relname AS own,
        format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS not_null, pg_get_expr(d.adbin, d.adrelid) AS default,
        NULLIF(a.attidentity, '') AS identity, NULLIF(a.attgenerated, '') AS generated,
        CASE WHEN a.attcollation <> t.typcollation THEN (SELECT cn.nspname || '.' || co.collname FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = a.attcollation) END AS collation,
        CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END AS storage, (SELECT string_agg(o, ',' ORDER BY o) FROM unnest(a.attoptions) o WHERE o NOT LIKE 'pg\\_attver=%') AS options,
        CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END AS statistics, to_jsonb(a) ->> 'attcompression' AS compression,
        a.attinhcount > 0 AS inherited, ${COMMENT("pg_class", "c.oid", "a.attnum")} AS comment
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
      WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r','p','f') AND ${OURS("pg_class", "c.oid", "n.nspname")}`,
  },
  {
    kind: "constraint",
    // 'n' (PostgreSQL 18) says again what attnotnull says; 't' is a trigger
    sql: `SELECT n.nspname || '.' || c.relname || '.' || k.conname AS name, c.relname AS own, k.contype AS type,
        pg_get_constraintdef(k.oid) AS definition, NOT k.convalidated AS not_valid, k.connoinherit AND k.contype = 'c' AS no_inherit,
        ${COMMENT("pg_constraint", "k.oid")} AS comment,
        CASE WHEN k.conindid <> 0 AND k.contype IN ('p','u','x') THEN (SELECT pg_get_indexdef(k.conindid)) END AS index
      FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE k.contype NOT IN ('n','t') AND k.conparentid = 0 AND ${OURS("pg_class", "c.oid", "n.nspname")}`,
  },
  {
    kind: "index",
    sql: `SELECT n.nspname || '.' || i.relname AS name, c.relname AS own, pg_get_indexdef(x.indexrelid) AS definition,
        NOT x.indisvalid AS invalid, x.indisclustered AS clustered, x.indisreplident AS replica_identity,
        ${COMMENT("pg_class", "x.indexrelid")} AS comment
      FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = i.relnamespace
      WHERE NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype IN ('p','u','x'))
        AND NOT EXISTS (SELECT 1 FROM pg_inherits h WHERE h.inhrelid = x.indexrelid)
        AND c.relkind IN ('r','p','m') AND ${OURS("pg_class", "c.oid", "n.nspname")}`,
  },
  {
    kind: "sequence",
    sql: `SELECT n.nspname || '.' || c.relname AS name, format_type(s.seqtypid, NULL) AS type, s.seqstart AS start, s.seqincrement AS increment,
        s.seqmin AS min, s.seqmax AS max, s.seqcache AS cache, s.seqcycle AS cycle, c.relpersistence AS persistence,
        (SELECT d.deptype::text || ' ' || d.refobjid::regclass::text || '.' || a.attname FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
          WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
            AND (d.deptype = 'i' OR d.deptype = 'a' AND EXISTS (SELECT 1 FROM pg_attrdef ad JOIN pg_depend u ON u.classid = 'pg_attrdef'::regclass AND u.objid = ad.oid AND u.refobjid = c.oid WHERE ad.adrelid = d.refobjid AND ad.adnum = d.refobjsubid))) AS owner,
        (SELECT d.refobjid::regclass::text || '.' || a.attname FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'a') AS bound_to,
        ${COMMENT("pg_class", "c.oid")} AS comment
      FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE ${OURS("pg_class", "c.oid", "n.nspname")}`,
  },
  {
    kind: "enum",
    sql: `SELECT n.nspname || '.' || t.typname AS name, (SELECT array_to_json(array_agg(e.enumlabel ORDER BY e.enumsortorder)) FROM pg_enum e WHERE e.enumtypid = t.oid) AS values,
        ${COMMENT("pg_type", "t.oid")} AS comment
      FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'e' AND ${OURS("pg_type", "t.oid", "n.nspname")}`,
  },
  {
    kind: "domain",
    // typdefault, the text, keeps the old word when a value of an enum is renamed
    sql: `SELECT n.nspname || '.' || t.typname AS name, format_type(t.typbasetype, t.typtypmod) AS type, t.typnotnull AS not_null, pg_get_expr(t.typdefaultbin, 0) AS default, (SELECT t.typcollation::regcollation::text FROM pg_type b WHERE b.oid = t.typbasetype AND b.typcollation <> t.typcollation) AS collation,
        (SELECT string_agg(k.conname || ' ' || pg_get_constraintdef(k.oid), '; ' ORDER BY k.conname) FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype <> 'n') AS checks,
        ${COMMENT("pg_type", "t.oid")} AS comment
      FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'd' AND ${OURS("pg_type", "t.oid", "n.nspname")}`,
  },
  {
    kind: "composite type",
    sql: `SELECT n.nspname || '.' || c.relname AS name,
        (SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || coalesce(' -- ' || col_description(c.oid, a.attnum), ''), ', ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped) AS columns,
        (SELECT string_agg(a.attname || ' ' || a.attcollation::regcollation::text, ', ' ORDER BY a.attnum) FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = c.oid AND NOT a.attisdropped AND a.attcollation <> t.typcollation) AS collations,
        ${COMMENT("pg_type", "c.reltype")} AS comment
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'c' AND ${OURS("pg_class", "c.oid", "n.nspname")}`,
  },
  {
    kind: "range type",
    sql: `SELECT n.nspname || '.' || t.typname AS name, format_type(r.rngsubtype, NULL) AS subtype, (SELECT opcname FROM pg_opclass WHERE oid = r.rngsubopc) AS class,
        NULLIF(r.rngcollation, 0)::regcollation::text AS collation, NULLIF(r.rngsubdiff::oid, 0)::regproc::text AS difference, NULLIF(r.rngcanonical::oid, 0)::regproc::text AS canonical,
        to_jsonb(r) ->> 'rngmultitypid' IS NOT NULL AS has_multirange, (SELECT m.typname FROM pg_type m WHERE m.oid::text = to_jsonb(r) ->> 'rngmultitypid') AS multirange, ${COMMENT("pg_type", "t.oid")} AS comment
      FROM pg_range r JOIN pg_type t ON t.oid = r.rngtypid JOIN pg_namespace n ON n.oid = t.typnamespace WHERE ${OURS("pg_type", "t.oid", "n.nspname")}`,
  },
  {
    kind: "collation",
    sql: `SELECT n.nspname || '.' || c.collname AS name, c.collprovider::text AS provider, c.collcollate::text AS collate, c.collctype::text AS ctype,
        coalesce(to_jsonb(c) ->> 'colliculocale', to_jsonb(c) ->> 'colllocale') AS locale, to_jsonb(c) ->> 'collicurules' AS rules,
        NOT c.collisdeterministic AS nondeterministic, ${COMMENT("pg_collation", "c.oid")} AS comment
      FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace WHERE ${OURS("pg_collation", "c.oid", "n.nspname")}`,
  },
  {
    kind: "view",
    sql: `SELECT n.nspname || '.' || c.relname AS name, c.relkind::text AS kind, pg_get_viewdef(c.oid) AS definition, c.reloptions::text AS options, ${TOAST} AS toast, ${COMMENT("pg_class", "c.oid")} AS comment,
        c.relkind = 'm' AND NOT c.relispopulated AS empty, (SELECT spcname FROM pg_tablespace t WHERE t.oid = c.reltablespace) AS tablespace,
        (SELECT json_object_agg(a.attname, d.description) FROM pg_description d JOIN pg_attribute a ON a.attrelid = d.objoid AND a.attnum = d.objsubid
          WHERE d.classoid = 'pg_class'::regclass AND d.objoid = c.oid) AS column_comments,
        (SELECT json_object_agg(a.attname, pg_get_expr(d.adbin, d.adrelid)) FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE d.adrelid = c.oid) AS defaults
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('v','m') AND ${OURS("pg_class", "c.oid", "n.nspname")}`,
  },
  {
    kind: "function",
    sql: `SELECT n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS name,
        pg_get_functiondef(p.oid) AS definition, ${COMMENT("pg_proc", "p.oid")} AS comment
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.prokind <> 'a' AND ${OURS("pg_proc", "p.oid", "n.nspname")}
        AND NOT EXISTS (SELECT 1 FROM pg_depend i WHERE i.classid = 'pg_proc'::regclass AND i.objid = p.oid AND i.deptype = 'i')`,
  },
  {
    kind: "aggregate",
    sql: `SELECT n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS name, to_jsonb(a) - 'aggfnoid' - 'aggtranstype' - 'aggmtranstype' - 'aggsortop' AS definition, format_type(a.aggtranstype, NULL) AS state, format_type(a.aggmtranstype, NULL) AS moving_state, p.proparallel AS parallel, ${COMMENT("pg_proc", "p.oid")} AS comment
      FROM pg_proc p JOIN pg_aggregate a ON a.aggfnoid = p.oid JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${OURS("pg_proc", "p.oid", "n.nspname")}`,
  },
  {
    kind: "trigger",
    sql: `SELECT n.nspname || '.' || c.relname || '.' || g.tgname AS name, pg_get_triggerdef(g.oid) AS definition, g.tgenabled AS enabled, ${COMMENT("pg_trigger", "g.oid")} AS comment
      FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE NOT g.tgisinternal AND ${OURS("pg_class", "c.oid", "n.nspname")}`,
  },
  {
    kind: "rule",
    sql: `SELECT n.nspname || '.' || c.relname || '.' || r.rulename AS name, pg_get_ruledef(r.oid) AS definition, NULLIF(r.ev_enabled, 'O') AS enabled, ${COMMENT("pg_rewrite", "r.oid")} AS comment
      FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE r.rulename <> '_RETURN' AND ${OURS("pg_class", "c.oid", "n.nspname")}`,
  },
  {
    kind: "privilege",
    sql: `SELECT format('%s %s: %s', p.what, p.thing, coalesce(r.rolname, 'public')) AS name, p.own,
        string_agg(a.privilege_type || CASE WHEN a.is_grantable THEN '*' ELSE '' END, ', ' ORDER BY a.privilege_type) AS privileges
      FROM (SELECT 'relation' AS what, format('%s.%s', c.relnamespace::regnamespace, c.relname) AS thing, c.relacl AS list, c.relowner AS owner, c.relnamespace AS schema, c.relname AS own FROM pg_class c
          WHERE NOT EXISTS (SELECT 1 FROM pg_depend x WHERE x.classid = 'pg_class'::regclass AND x.objid = c.oid AND x.deptype = 'e')
        UNION ALL SELECT 'column', format('%s.%s.%s', c.relnamespace::regnamespace, c.relname, t.attname), t.attacl, c.relowner, c.relnamespace, c.relname FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid WHERE NOT t.attisdropped
        UNION ALL SELECT 'routine', p.oid::regprocedure::text, coalesce(p.proacl, acldefault('f', p.proowner)), p.proowner, p.pronamespace, NULL FROM pg_proc p
          WHERE NOT EXISTS (SELECT 1 FROM pg_depend x WHERE x.classid = 'pg_proc'::regclass AND x.objid = p.oid AND x.deptype = 'e')
        UNION ALL SELECT 'schema', n.nspname, n.nspacl, n.nspowner, n.oid, NULL FROM pg_namespace n) p
      CROSS JOIN aclexplode(p.list) a LEFT JOIN pg_roles r ON r.oid = a.grantee
      WHERE p.schema NOT IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^(pg_|information_schema)') AND a.grantee <> p.owner
      GROUP BY 1, 2`,
  },
  {
    kind: "default privileges",
    sql: `SELECT format('%s %s %s', d.defaclobjtype, d.defaclrole::regrole, n.nspname) AS name,
        (SELECT array_to_json(array_agg(i::text ORDER BY i::text)) FROM unnest(d.defaclacl) i) AS privileges, cardinality(d.defaclacl) = 0 AS nobody
      FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace`,
  },
  {
    kind: "event trigger",
    sql: `SELECT e.evtname AS name, e.evtevent AS event, e.evttags::text AS tags, NULLIF(e.evtenabled, 'O') AS enabled, e.evtfoid::regproc::text AS function, ${COMMENT("pg_event_trigger", "e.oid")} AS comment
      FROM pg_event_trigger e WHERE NOT EXISTS (SELECT 1 FROM pg_depend x WHERE x.classid = 'pg_event_trigger'::regclass AND x.objid = e.oid AND x.deptype = 'e')`,
  },
  {
    kind: "publication",
    sql: `SELECT b.pubname AS name, b.puballtables AS all_tables, concat_ws(' ', b.pubinsert, b.pubupdate, b.pubdelete, b.pubtruncate) AS actions, b.pubviaroot AS via_root,
        NULLIF(to_jsonb(b) ->> 'pubgencols', 'n') AS generated, ${COMMENT("pg_publication", "b.oid")} AS comment,
        (SELECT json_object_agg(m.prrelid::regclass, json_build_array(pg_get_expr(m.prqual, m.prrelid), (SELECT json_agg(a.attname ORDER BY a.attname) FROM unnest(m.prattrs) k JOIN pg_attribute a ON a.attrelid = m.prrelid AND a.attnum = k))
          ORDER BY m.prrelid::regclass::text) FROM pg_publication_rel m WHERE m.prpubid = b.oid) AS tables,
        (SELECT json_agg(m.pnnspid::regnamespace ORDER BY m.pnnspid::regnamespace::text) FROM pg_publication_namespace m WHERE m.pnpubid = b.oid) AS schemas
      FROM pg_publication b WHERE ${OURS("pg_publication", "b.oid", "''")}`,
  },
  {
    kind: "text search dictionary",
    sql: `SELECT n.nspname || '.' || i.dictname AS name, i.dicttemplate::oid::text AS template, (SELECT array_to_json(array_agg(o ORDER BY o)) FROM regexp_split_to_table(i.dictinitoption, ', (?=[a-z"]+ =)') o) AS options, ${COMMENT("pg_ts_dict", "i.oid")} AS comment
      FROM pg_ts_dict i JOIN pg_namespace n ON n.oid = i.dictnamespace WHERE ${OURS("pg_ts_dict", "i.oid", "n.nspname")}`,
  },
  {
    kind: "text search configuration",
    sql: `SELECT n.nspname || '.' || c.cfgname AS name, c.cfgparser::oid::text AS parser, ${COMMENT("pg_ts_config", "c.oid")} AS comment,
        (SELECT array_to_json(array_agg(m.maptokentype || ' ' || m.mapdict::regdictionary ORDER BY m.maptokentype, m.mapseqno)) FROM pg_ts_config_map m WHERE m.mapcfg = c.oid) AS mappings
      FROM pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace WHERE ${OURS("pg_ts_config", "c.oid", "n.nspname")}`,
  },
  {
    kind: "cast",
    sql: `SELECT a.castsource::regtype || ' AS ' || a.casttarget::regtype AS name, a.castfunc::regprocedure::text AS function, a.castcontext AS context, a.castmethod AS method, ${COMMENT("pg_cast", "a.oid")} AS comment
      FROM pg_cast a WHERE a.oid > 16383 AND ${OURS("pg_cast", "a.oid", "''")}
        AND NOT EXISTS (SELECT 1 FROM pg_depend i WHERE i.classid = 'pg_cast'::regclass AND i.objid = a.oid AND i.deptype = 'i')`,
  },
  {
    kind: "operator",
    // those that are named alone and were never made, too: none may be left behind
    sql: `SELECT o.oprnamespace::regnamespace || '.' || o.oprname || '(' || o.oprleft::regtype || ', ' || o.oprright::regtype || ')' AS name, NULLIF(o.oprcode::oid, 0)::regprocedure::text AS function,
        o.oprkind AS position, o.oprresult::regtype::text AS result, (SELECT oc.oid::regoperator::text FROM pg_operator oc WHERE oc.oid = o.oprcom) AS commutator, o.oprcom <> 0 AS commutes,
        (SELECT ng.oid::regoperator::text FROM pg_operator ng WHERE ng.oid = o.oprnegate) AS negator, o.oprnegate <> 0 AS negates, NULLIF(o.oprrest::oid, 0)::regprocedure::text AS restrict,
        NULLIF(o.oprjoin::oid, 0)::regprocedure::text AS join, o.oprcanhash AS hashes, o.oprcanmerge AS merges, ${COMMENT("pg_operator", "o.oid")} AS comment
      FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE ${OURS("pg_operator", "o.oid", "n.nspname")}`,
  },
  {
    kind: "statistics",
    // the server lists the columns in their order in the table, which is no part of the schema
    sql: `SELECT n.nspname || '.' || s.stxname AS name, s.stxrelid::regclass AS table,
        ARRAY(SELECT k::text FROM unnest(s.stxkind) k ORDER BY 1)::text AS kinds,
        ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys) ORDER BY 1)::text AS columns,
        pg_get_expr(s.stxexprs, s.stxrelid) AS expressions, NULLIF(s.stxstattarget, -1) AS target, ${COMMENT("pg_statistic_ext", "s.oid")} AS comment
      FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE ${OURS("pg_statistic_ext", "s.oid", "n.nspname")}`,
  },
  {
    kind: "policy",
    sql: `SELECT n.nspname || '.' || c.relname || '.' || p.polname AS name, p.polcmd AS command, p.polpermissive AS permissive,
        pg_get_expr(p.polqual, p.polrelid) AS using, pg_get_expr(p.polwithcheck, p.polrelid) AS with_check, p.polroles::regrole[]::text AS roles, ${COMMENT("pg_policy", "p.oid")} AS comment
      FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OURS("pg_class", "c.oid", "n.nspname")}`,
  },
];

const WORDS = /\(ARRAY\[((?:'(?:[^']|'')*'::character varying(?:, )?)+)\]\)::text\[\]/g;

/**
 * `word IN ('a', 'b')` over a varchar, in the words that the server gives to its own when it reads them again
 * (when the column's type changes, or a dump is restored).
 */
function readAgain(value: unknown): unknown {
  if (typeof value !== "string") return value;
  return value.replaceAll(WORDS, (_, items: string) => {
    const each = items.replaceAll(/'(?:[^']|'')*'::character varying/g, "($&)::text");
    return `ARRAY[${each}]`;
  });
}

/**
 * Everything a PostgreSQL database holds. Columns have no place here: a column that was dropped and
 * added again cannot return to its own.
 */
export async function judgePostgresql(query: Query): Promise<Snapshot> {
  const snapshot = new SnapshotBuilder();
  for (const { kind, sql } of READINGS) {
    for (const row of await query(sql)) {
      const { name, own, ...rest } = row;
      const read = Object.fromEntries(
        Object.entries(rest).map(([key, value]) => [key, readAgain(value)]),
      );
      if (!OWN_TABLES.includes(String(own))) snapshot.add(kind, String(name), compact(read));
    }
  }
  return snapshot.build();
}

/** All rows of all tables. */
export async function rowsOfPostgresql(query: Query): Promise<RowSnapshot> {
  const tables = await query(
    `SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND ${OURS("pg_class", "c.oid", "n.nspname")} ORDER BY 1, 2`,
  );
  const quote = (name: unknown): string => `"${String(name).replaceAll('"', '""')}"`;
  const found: Record<string, RowSnapshot[string]> = {};
  for (const { schema, name } of tables) {
    if (OWN_TABLES.includes(String(name))) continue;
    const rows = await query(
      `SELECT row_to_json(r)::text AS row FROM ONLY ${quote(schema)}.${quote(name)} r ORDER BY 1`,
    );
    found[`${String(schema)}.${String(name)}`] = rows.map(({ row }) =>
      asRecord(JSON.parse(String(row))),
    );
  }
  return found;
}

function asRecord(value: unknown): RowSnapshot[string][number] {
  const json = toJson(value);
  return typeof json === "object" && json !== null && !Array.isArray(json)
    ? Object.fromEntries(Object.entries(json))
    : {};
}
