import type { ObjectContext, ObjectDialect } from "../contract.ts";
import { settleObjects, type Asking } from "../../dialects/postgresql/ask-objects.ts";
import { castExpression } from "../../dialects/postgresql/casting.ts";
import { collation, comment } from "../../dialects/postgresql/compile.ts";
import { maybeText, objects as rowsOf, text as textOf } from "../../dialects/postgresql/rows.ts";
import { scopeOf } from "../../dialects/postgresql/scope.ts";
import { inspect, nameList, notOfExtension } from "../../dialects/postgresql/session.ts";
import { quote } from "../../dialects/postgresql/spelling.ts";
import { typePath } from "../../dialects/postgresql/type-names.ts";
import { parseType } from "../../dialects/postgresql/types.ts";
import type { Connection, Row, Statement } from "../../dialects/contract.ts";
import { RevlineError } from "../../errors.ts";
import { nameOnly } from "../../schema/collect.ts";
import type { Attribute, CompositeType } from "../../schema/objects/types.ts";
import { deepEqual, omit } from "../../util/equal.ts";

function typesQuery(where: string): string {
  return `
SELECT CASE WHEN n.nspname <> current_schema() THEN n.nspname::text END AS schema, c.relname::text AS name, d.description AS comment,
  (SELECT coalesce(json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
      'collation', CASE WHEN a.attcollation <> t.typcollation THEN CASE WHEN cn.nspname IN ('pg_catalog', current_schema()) THEN co.collname::text
        ELSE quote_ident(cn.nspname) || '.' || quote_ident(co.collname) END END,
      'comment', col_description(c.oid, a.attnum)) ORDER BY a.attnum), '[]')
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_collation co ON co.oid = a.attcollation
      LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS attributes
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_description d ON d.classoid = 'pg_type'::regclass AND d.objoid = c.reltype AND d.objsubid = 0
WHERE c.relkind = 'c' AND ${where} ORDER BY 1 NULLS FIRST, 2`;
}

const OURS = typesQuery(
  `n.nspname IN (SELECT json_array_elements_text($1::json)) AND ${notOfExtension("pg_type", "c.reltype")}`,
);
const TEMPORARY = typesQuery("n.oid = pg_my_temp_schema()");

function canonicalAttribute({
  name,
  type,
  collation: collated,
  comment: words,
}: Attribute): Attribute {
  return {
    name,
    type,
    ...(collated === undefined ? {} : { collation: collated }),
    ...(words === undefined || words === "" ? {} : { comment: words }),
  };
}

function canonical({ schema, name, attributes, comment: words }: CompositeType): CompositeType {
  return {
    kind: "compositeType",
    ...nameOnly({ schema, name }),
    attributes: attributes.map(canonicalAttribute),
    ...(words === undefined || words === "" ? {} : { comment: words }),
  };
}

function typeOf(row: Row): CompositeType {
  const words = maybeText(row, "comment");
  return {
    kind: "compositeType",
    ...nameOnly({ schema: maybeText(row, "schema"), name: textOf(row, "name") }),
    attributes: rowsOf(row, "attributes").map((attribute) => {
      const collated = maybeText(attribute, "collation");
      const about = maybeText(attribute, "comment");
      return {
        name: textOf(attribute, "name"),
        type: textOf(attribute, "type"),
        ...(collated === undefined ? {} : { collation: collated }),
        ...(about === undefined ? {} : { comment: about }),
      };
    }),
    ...(words === undefined ? {} : { comment: words }),
  };
}

function attributeText({ name, type, collation: collated }: Attribute): string {
  return `${quote(name)} ${type}${collated === undefined ? "" : ` COLLATE ${collation(collated)}`}`;
}

function createText(path: string, { attributes }: CompositeType): string {
  return `CREATE TYPE ${path} AS (${attributes.map(attributeText).join(", ")})`;
}

function commentOn(path: string, { name, comment: words }: Attribute): string {
  return comment(`COLUMN ${path}.${quote(name)}`, words);
}

function create(given: CompositeType, { state }: ObjectContext): readonly string[] {
  const type = canonical(given);
  const path = typePath(nameOnly(type), state.server);
  return [
    createText(path, type),
    ...(type.comment === undefined ? [] : [comment(`TYPE ${path}`, type.comment)]),
    ...type.attributes
      .filter((attribute) => attribute.comment !== undefined)
      .map((attribute) => commentOn(path, attribute)),
  ];
}

/** Attributes go and come at the end by ALTER TYPE; all else needs a new type where columns have the old one. */
function isSimple(from: CompositeType, to: CompositeType): boolean {
  const bare = (attribute: Attribute): unknown => omit(attribute, "comment");
  const kept = from.attributes.filter(({ name }) =>
    to.attributes.some((attribute) => attribute.name === name),
  );
  return kept.every((attribute, at) => {
    const there = to.attributes[at];
    return there !== undefined && deepEqual(bare(there), bare(attribute));
  });
}

/** A value of the old type as one of the new one, attribute by attribute. */
function rowOf(column: string, from: CompositeType, to: CompositeType, path: string): string {
  const parts = to.attributes.map((attribute) => {
    const old = from.attributes.find(({ name }) => name === attribute.name);
    if (old === undefined) return "NULL";
    const value = `(${column}).${quote(old.name)}`;
    return castExpression(value, parseType(old.type), parseType(attribute.type)) ?? value;
  });
  return `CASE WHEN ${column} IS DISTINCT FROM NULL THEN ROW(${parts.join(", ")})::${path} END`;
}

async function alter(
  before: CompositeType,
  after: CompositeType,
  context: ObjectContext,
): Promise<readonly Statement[]> {
  const [from, to] = [canonical(before), canonical(after)];
  const { dialect, state } = context;
  const path = typePath(nameOnly(to), state.server);
  if (!isSimple(from, to)) {
    if (dialect.replaceType === undefined)
      throw new RevlineError("unsupported", `This database cannot change the type "${to.name}".`);
    const using = (column: string): string => rowOf(column, from, to, path);
    return dialect.replaceType({ type: nameOnly(to), create: create(to, context), using }, state);
  }
  const has = ({ attributes }: CompositeType, name: string): boolean =>
    attributes.some((attribute) => attribute.name === name);
  const added = to.attributes.filter(({ name }) => !has(from, name));
  const statements = [
    ...from.attributes
      .filter(({ name }) => !has(to, name))
      .map(({ name }) => `ALTER TYPE ${path} DROP ATTRIBUTE ${quote(name)}`),
    ...added.map((attribute) => `ALTER TYPE ${path} ADD ATTRIBUTE ${attributeText(attribute)}`),
    ...(from.comment === to.comment ? [] : [comment(`TYPE ${path}`, to.comment)]),
    ...to.attributes.flatMap((attribute) => {
      const old = from.attributes.find(({ name }) => name === attribute.name);
      return old?.comment === attribute.comment ? [] : [commentOn(path, attribute)];
    }),
  ];
  return statements.map((sql) => ({ sql }));
}

function asking(connection: Connection): Asking<CompositeType> {
  return {
    kind: "composite type",
    canonical,
    path: (name) => quote("pg_temp", name),
    create: (type, path) => [createText(path, type)],
    read: async () => {
      const rows = await connection.query(TEMPORARY);
      return new Map(rows.map((row) => [textOf(row, "name"), typeOf(row)]));
    },
    answered: (model, { attributes }) => ({
      ...model,
      attributes: attributes.map((attribute, at) => {
        const words = model.attributes[at]?.comment;
        return { ...attribute, ...(words === undefined ? {} : { comment: words }) };
      }),
    }),
  };
}

export const postgresql: ObjectDialect<CompositeType> = {
  skippedAs: ["composite type"],
  reflect: (connection, filter) =>
    inspect(connection, async () => {
      const { schemas } = await scopeOf(connection, filter);
      const rows = await connection.query(OURS, [nameList(schemas)]);
      return { objects: rows.map(typeOf), skipped: [] };
    }),
  canonicalize: (sides, { connection }) => settleObjects(connection, sides, asking(connection)),
  create: (type, context) => create(type, context).map((sql) => ({ sql })),
  drop: (type, { state: { server } }) => [{ sql: `DROP TYPE ${typePath(nameOnly(type), server)}` }],
  alter: ({ from, to }, context) => alter(from, to, context),
};
