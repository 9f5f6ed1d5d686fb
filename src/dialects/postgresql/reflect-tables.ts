import { columnOf, columnsQuery, enumKey, type Enums } from "./reflect-columns.ts";
import { constraintOf, constraintsQuery } from "./reflect-constraints.ts";
import { indexesQuery, indexOf } from "./reflect-indexes.ts";
import { optionsOf, STORAGE_PARAMETERS } from "./options.ts";
import { flag, groupBy, maybeText, objects, text, texts } from "./rows.ts";
import { nameList, notOfExtension, oidList } from "./session.ts";
import type { Connection, Row } from "../contract.ts";
import { nameOnly, qualifiedName, tableKey } from "../../schema/collect.ts";
import { parentPath } from "../../schema/parents.ts";
import type {
  Constraint,
  EnumType,
  Options,
  SkippedObject,
  Table,
  TableName,
} from "../../schema/types.ts";

/** Everything that can be read like a table, and whether it is one of ours to change. */
const RELATIONS = `
SELECT c.oid::text AS oid, CASE WHEN n.nspname <> current_schema() THEN n.nspname::text END AS schema, c.relname::text AS name,
  CASE WHEN c.relkind = 'f' THEN 'foreign table' WHEN c.reloftype <> 0 THEN 'typed table' ELSE 'table' END AS kind,
  pg_get_partkeydef(c.oid) AS partition_by, CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END AS partition_values,
  (SELECT json_agg(json_build_object('schema', CASE WHEN pn.nspname <> current_schema() THEN pn.nspname END, 'name', p.relname) ORDER BY h.inhseqno)
    FROM pg_inherits h JOIN pg_class p ON p.oid = h.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE h.inhrelid = c.oid) AS parents,
  (SELECT s.spcname::text FROM pg_tablespace s WHERE s.oid = c.reltablespace) AS tablespace,
  CASE c.relreplident WHEN 'f' THEN 'full' WHEN 'n' THEN 'nothing' WHEN 'i' THEN (SELECT i.relname::text FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
    WHERE x.indrelid = c.oid AND x.indisreplident) END AS replica_identity,
  c.relpersistence = 'u' AS unlogged, c.relrowsecurity AS secured, c.relforcerowsecurity AS forced, ${STORAGE_PARAMETERS} AS options, d.description AS comment
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0
WHERE c.relkind IN ('r', 'p', 'f') AND n.nspname IN (SELECT json_array_elements_text($1::json)) AND ${notOfExtension("pg_class", "c.oid")}
ORDER BY 2 NULLS FIRST, 3`;

/** What a table has changed of the columns that it takes from its parents; NOT NULL of its own key is the key's. */
const OVERRIDES = `
SELECT DISTINCT CASE WHEN n.nspname <> current_schema() THEN n.nspname::text END AS schema, c.relname::text AS "table", a.attname::text AS name
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_inherits h ON h.inhrelid = a.attrelid JOIN pg_attribute p ON p.attrelid = h.inhparent AND p.attname = a.attname
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum LEFT JOIN pg_attrdef pd ON pd.adrelid = p.attrelid AND pd.adnum = p.attnum
WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped AND NOT a.attislocal
  AND (pg_get_expr(d.adbin, d.adrelid) IS DISTINCT FROM pg_get_expr(pd.adbin, pd.adrelid)
    OR col_description(a.attrelid, a.attnum) IS NOT NULL OR a.attstorage <> p.attstorage OR a.attoptions::text LIKE '%n_distinct%'
    OR coalesce(a.attstattarget, -1) >= 0 AND a.attstattarget IS DISTINCT FROM p.attstattarget
    OR a.attnotnull <> p.attnotnull AND NOT EXISTS (SELECT FROM pg_index x WHERE x.indrelid = a.attrelid AND x.indisprimary AND a.attnum = ANY (x.indkey)))
ORDER BY 1 NULLS FIRST, 2, 3`;

const ENUMS = `
SELECT CASE WHEN n.nspname <> current_schema() THEN n.nspname::text END AS schema, t.typname::text AS name,
  n.nspname IN (SELECT json_array_elements_text($1::json)) AND ${notOfExtension("pg_type", "t.oid")} AS ours, d.description AS comment,
  (SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid) AS "values"
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN pg_description d ON d.classoid = 'pg_type'::regclass AND d.objoid = t.oid AND d.objsubid = 0
WHERE t.typtype = 'e' ORDER BY 1 NULLS FIRST, 2`;

export interface ReadTables {
  readonly tables: readonly Table[];
  readonly enums: readonly EnumType[];
  readonly skipped: readonly SkippedObject[];
  /** Of the tables, in their order. */
  readonly oids: readonly string[];
}

function nameOf(row: Row): TableName {
  const schema = maybeText(row, "schema");
  return nameOnly({ schema, name: text(row, "name") });
}

/** Tables of some schemas with all that belongs to them: six queries, whatever the number of tables. */
export async function reflectTables(
  connection: Connection,
  schemas: readonly string[],
  wanted: (table: TableName) => boolean,
): Promise<ReadTables> {
  const { versionNumber } = connection.server;
  const all = await connection.query(RELATIONS, [nameList(schemas)]);
  const others = new Map(
    all
      .filter((row) => text(row, "kind") !== "table")
      .map((row) => [tableKey(nameOf(row)), text(row, "kind")]),
  );
  const relations = all.filter((row) => wanted(nameOf(row)));
  const own = relations.filter((row) => text(row, "kind") === "table");
  const oids = own.map((row) => text(row, "oid"));
  const enumRows = await connection.query(ENUMS, [nameList(schemas)]);
  const enums = new Map(
    enumRows.map((row) => [enumKey(maybeText(row, "schema"), text(row, "name")), enumOf(row)]),
  );
  const columns = groupBy(
    await connection.query(columnsQuery(versionNumber), [oidList(oids)]),
    "table",
  );
  const constraints = groupBy(
    await connection.query(constraintsQuery(versionNumber), [oidList(oids)]),
    "table",
  );
  const indexes = groupBy(
    await connection.query(indexesQuery(versionNumber), [oidList(oids)]),
    "table",
  );
  const overrides = await connection.query(OVERRIDES, [oidList(oids)]);
  const parts = { columns, constraints, indexes, enums, others };
  const read = own.map((row) => tableOf(row, parts));
  return {
    tables: read.map(({ table }) => table),
    enums: enumRows.filter((row) => flag(row, "ours")).map(enumOf),
    skipped: [
      ...relations.filter((row) => text(row, "kind") !== "table").map(skippedRelation),
      ...read.flatMap(({ skipped }) => skipped),
      ...overrides.map(skippedOverride),
    ],
    oids,
  };
}

interface Parts {
  readonly columns: ReadonlyMap<string, readonly Row[]>;
  readonly constraints: ReadonlyMap<string, readonly Row[]>;
  readonly indexes: ReadonlyMap<string, readonly Row[]>;
  readonly enums: Enums;
  /** Kinds of the tables that are not ours to change. */
  readonly others: ReadonlyMap<string, string>;
}

/** A constraint, or why it takes no part. */
interface ReadConstraint {
  readonly constraint?: Constraint;
  readonly skipped?: SkippedObject;
}

/** A foreign key to a table that the models cannot have cannot stand in them either. */
function withoutOthers(
  constraint: Constraint,
  table: TableName,
  others: Parts["others"],
): ReadConstraint {
  if (constraint.kind !== "foreignKey") return { constraint };
  const { columns: _, ...target } = constraint.references;
  const kind = others.get(tableKey(target));
  if (kind === undefined) return { constraint };
  const schema = table.schema === undefined ? {} : { schema: table.schema };
  const reason = `it points to "${qualifiedName(target)}", ${articled(kind)}, which cannot be said in models`;
  return {
    skipped: {
      kind: "foreign key",
      ...schema,
      name: constraint.name ?? "",
      table: table.name,
      reason,
    },
  };
}

function articled(kind: string): string {
  return `${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}`;
}

function tableOf(
  row: Row,
  parts: Parts,
): { readonly table: Table; readonly skipped: readonly SkippedObject[] } {
  const oid = text(row, "oid");
  const name = nameOf(row);
  const comment = maybeText(row, "comment");
  const options = {
    ...optionsOf(texts(row, "options")),
    ...(flag(row, "unlogged") ? { unlogged: true } : {}),
    ...(flag(row, "secured") ? { rowSecurity: true } : {}),
    ...(flag(row, "forced") ? { forceRowSecurity: true } : {}),
    ...parentageOf(row),
  };
  const constraints = (parts.constraints.get(oid) ?? []).map((constraint) =>
    withoutOthers(constraintOf(constraint), name, parts.others),
  );
  return {
    table: {
      ...name,
      columns: (parts.columns.get(oid) ?? []).map((column) => columnOf(column, parts.enums)),
      constraints: constraints.flatMap(({ constraint }) => constraint ?? []),
      indexes: (parts.indexes.get(oid) ?? []).map(indexOf),
      ...(comment === undefined ? {} : { comment }),
      ...(Object.keys(options).length === 0 ? {} : { options: { postgresql: options } }),
    },
    skipped: constraints.flatMap(({ skipped }) => skipped ?? []),
  };
}

/** How its rows are parted, what it is a part of, what it inherits. */
function parentageOf(row: Row): Options {
  const parents = row["parents"] === null ? [] : objects(row, "parents");
  const paths = parents.map((parent) => parentPath(nameOf(parent))).join(", ");
  const values = maybeText(row, "partition_values");
  const texts = {
    partitionBy: maybeText(row, "partition_by"),
    ...(values === undefined ? { inherits: paths } : { partitionOf: paths, values }),
    tablespace: maybeText(row, "tablespace"),
    replicaIdentity: maybeText(row, "replica_identity"),
  };
  return Object.fromEntries(
    Object.entries(texts).flatMap(([key, value]) =>
      value === undefined || value === "" ? [] : [[key, value] as const],
    ),
  );
}

function skippedOverride(row: Row): SkippedObject {
  const schema = maybeText(row, "schema");
  return {
    kind: "inherited column",
    ...nameOnly({ schema, name: text(row, "name") }),
    table: text(row, "table"),
    reason:
      "its default, NOT NULL, comment, storage or statistics are not that of the parent, which cannot be said in models",
  };
}

function skippedRelation(row: Row): SkippedObject {
  const kind = text(row, "kind");
  return { kind, ...nameOf(row), reason: `${articled(kind)} cannot be said in models` };
}

function enumOf(row: Row): EnumType {
  const comment = maybeText(row, "comment");
  return {
    kind: "enum",
    ...nameOf(row),
    values: texts(row, "values"),
    ...(comment === undefined ? {} : { comment }),
  };
}
