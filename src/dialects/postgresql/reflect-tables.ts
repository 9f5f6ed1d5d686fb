import { columnOf, COLUMNS, enumKey, type Enums } from "./reflect-columns.ts";
import { constraintOf, constraintsQuery, type ReadConstraint } from "./reflect-constraints.ts";
import { indexesQuery, indexOf } from "./reflect-indexes.ts";
import { optionsOf } from "./options.ts";
import { flag, groupBy, maybeText, text, texts } from "./rows.ts";
import { nameList, notOfExtension, oidList } from "./session.ts";
import type { Connection, Row } from "../contract.ts";
import { nameOnly, qualifiedName, tableKey } from "../../schema/collect.ts";
import type { EnumType, SkippedObject, Table, TableName } from "../../schema/types.ts";

/** Everything that can be read like a table, and whether it is one of ours to change. */
const RELATIONS = `
SELECT c.oid::text AS oid, CASE WHEN n.nspname <> current_schema() THEN n.nspname::text END AS schema, c.relname::text AS name,
  CASE WHEN c.relkind = 'p' THEN 'partitioned table' WHEN c.relkind = 'f' THEN 'foreign table' WHEN c.relispartition THEN 'partition'
    WHEN EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = c.oid) THEN 'inherited table'
    WHEN c.reloftype <> 0 THEN 'typed table' ELSE 'table' END AS kind,
  c.relpersistence = 'u' AS unlogged, c.relrowsecurity AS secured, c.relforcerowsecurity AS forced, c.reloptions AS options, d.description AS comment
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0
WHERE c.relkind IN ('r', 'p', 'f') AND n.nspname IN (SELECT json_array_elements_text($1::json)) AND ${notOfExtension("pg_class", "c.oid")}
ORDER BY 2 NULLS FIRST, 3`;

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

/** Tables of some schemas with all that belongs to them: five queries, whatever the number of tables. */
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
  const columns = groupBy(await connection.query(COLUMNS, [oidList(oids)]), "table");
  const constraints = groupBy(
    await connection.query(constraintsQuery(versionNumber), [oidList(oids)]),
    "table",
  );
  const indexes = groupBy(
    await connection.query(indexesQuery(versionNumber), [oidList(oids)]),
    "table",
  );
  const parts = { columns, constraints, indexes, enums, others };
  const read = own.map((row) => tableOf(row, parts));
  return {
    tables: read.map(({ table }) => table),
    enums: enumRows.filter((row) => flag(row, "ours")).map(enumOf),
    skipped: [
      ...relations.filter((row) => text(row, "kind") !== "table").map(skippedRelation),
      ...read.flatMap(({ skipped }) => skipped),
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

/** A foreign key to a table that the models cannot have cannot stand in them either. */
function withoutOthers(
  read: ReadConstraint,
  table: TableName,
  others: Parts["others"],
): ReadConstraint {
  const { constraint } = read;
  if (constraint?.kind !== "foreignKey") return read;
  const { columns: _, ...target } = constraint.references;
  const kind = others.get(tableKey(target));
  if (kind === undefined) return read;
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
  };
  const constraints = (parts.constraints.get(oid) ?? []).map((constraint) =>
    withoutOthers(constraintOf(constraint, name), name, parts.others),
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
