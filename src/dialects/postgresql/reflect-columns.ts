import { storageColumns, storageOptions } from "./column-storage.ts";
import { parseDefault } from "./defaults.ts";
import { withoutParentheses } from "./expression-text.ts";
import { sequenceName } from "./naming.ts";
import { big, flag, maybeText, text as textOf } from "./rows.ts";
import { impliedBounds, usualSequenceType } from "./sequence-bounds.ts";
import { quote } from "./spelling.ts";
import { isInteger, parseType } from "./types.ts";
import type { Row } from "../contract.ts";
import { text } from "../../schema/expression.ts";
import { NEXT_VALUE } from "../../schema/inherited.ts";
import type { Column, ColumnType, EnumType, Identity } from "../../schema/types.ts";

/** Every column of the given tables that is not a parent's, with its default, its sequence and its enum. */
export const columnsQuery = (versionNumber: number): string => `
SELECT a.attrelid::text AS "table", a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS not_null,
  pg_get_expr(d.adbin, d.adrelid) AS expression, a.attidentity::text AS identity, a.attgenerated::text AS generated,
  CASE WHEN a.attcollation <> 0 AND a.attcollation <> t.typcollation THEN co.collname::text END AS collation,
  CASE WHEN NOT pg_collation_is_visible(co.oid) THEN cn.nspname::text END AS collation_schema,
  e.typname::text AS enum, CASE WHEN en.nspname <> current_schema() THEN en.nspname::text END AS enum_schema, e.oid <> a.atttypid AS enum_array,
  de.description AS comment, ${storageColumns(versionNumber)}, own.*
FROM pg_attribute a
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_type e ON e.oid = CASE WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN t.typelem ELSE t.oid END AND e.typtype = 'e'
  LEFT JOIN pg_namespace en ON en.oid = e.typnamespace
  LEFT JOIN pg_collation co ON co.oid = a.attcollation
  LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN pg_description de ON de.classoid = 'pg_class'::regclass AND de.objoid = a.attrelid AND de.objsubid = a.attnum
  LEFT JOIN LATERAL (
    SELECT format_type(s.seqtypid, NULL) AS sequence_type, s.seqstart::text AS start, s.seqincrement::text AS increment,
      s.seqmin::text AS minimum, s.seqmax::text AS maximum, s.seqcache::text AS cache, s.seqcycle AS cycle,
      sc.relname::text AS sequence, CASE WHEN sc.relnamespace <> c.relnamespace THEN sn.nspname::text END AS sequence_schema, c.relname::text AS table_name
    FROM pg_depend o
      JOIN pg_sequence s ON s.seqrelid = o.objid
      JOIN pg_class sc ON sc.oid = s.seqrelid
      JOIN pg_namespace sn ON sn.oid = sc.relnamespace
      JOIN pg_class c ON c.oid = a.attrelid
    WHERE o.classid = 'pg_class'::regclass AND o.refclassid = 'pg_class'::regclass AND o.refobjid = a.attrelid AND o.refobjsubid = a.attnum
      AND (o.deptype = 'i' OR o.deptype = 'a' AND EXISTS (SELECT FROM pg_depend x
        WHERE x.classid = 'pg_attrdef'::regclass AND x.objid = d.oid AND x.refclassid = 'pg_class'::regclass AND x.refobjid = s.seqrelid))
    LIMIT 1
  ) own ON true
WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped AND a.attislocal
ORDER BY a.attrelid, a.attnum`;

/** Values of enums by schema (empty: the default one) and name. */
export type Enums = ReadonlyMap<string, EnumType>;

export function enumKey(schema: string | undefined, name: string): string {
  return JSON.stringify([schema ?? "", name]);
}

/** The column's type; an enum with its values. */
export function typeOf(row: Row, enums: Enums): ColumnType {
  const name = maybeText(row, "enum");
  const schema = maybeText(row, "enum_schema");
  const found = name === undefined ? undefined : enums.get(enumKey(schema, name));
  if (name === undefined || found === undefined) return parseType(textOf(row, "type"));
  const type: ColumnType = {
    name: "enum",
    values: found.values,
    enumName: name,
    ...(schema === undefined ? {} : { schema }),
  };
  return flag(row, "enum_array") ? { name: "array", element: type } : type;
}

/** What differs from a plain sequence of the column's type. */
function sequenceOptions(row: Row, type: ColumnType): Identity {
  const increment = big(row, "increment");
  const bounds = impliedBounds(type.name, increment < 0n);
  const minValue = big(row, "minimum");
  const maxValue = big(row, "maximum");
  const start = big(row, "start");
  const cache = big(row, "cache");
  return {
    ...(start === (increment < 0n ? maxValue : minValue) ? {} : { start }),
    ...(increment === 1n ? {} : { increment }),
    ...(minValue === bounds.minimum ? {} : { minValue }),
    ...(maxValue === bounds.maximum ? {} : { maxValue }),
    ...(cache === 1n ? {} : { cache }),
    ...(flag(row, "cycle") ? { cycle: true } : {}),
  };
}

function identityOf(row: Row, type: ColumnType): Identity | undefined {
  if (maybeText(row, "sequence") === undefined || !isInteger(type)) return undefined;
  const kind = maybeText(row, "identity");
  if (kind !== undefined)
    return { ...(kind === "a" ? { always: true } : {}), ...sequenceOptions(row, type) };
  const isSerial = NEXT_VALUE.test(maybeText(row, "expression") ?? "") && flag(row, "not_null");
  return isSerial ? { serial: true, ...sequenceOptions(row, type) } : undefined;
}

/** A sequence under another name than the server would give it. */
function sequenceOption(row: Row, name: string): string | undefined {
  const sequence = textOf(row, "sequence");
  const schema = maybeText(row, "sequence_schema");
  if (schema !== undefined) return quote(schema, sequence);
  return sequence === sequenceName(textOf(row, "table_name"), name) ? undefined : quote(sequence);
}

/** A type of the sequence that its column would not give it: ALTER COLUMN TYPE leaves that of a serial as it was. */
function sequenceTypeOf(row: Row, type: ColumnType, identity: Identity): string | undefined {
  const own = textOf(row, "sequence_type");
  const isUsual = identity.serial !== true || own === usualSequenceType({ identity, type });
  return isUsual ? undefined : own;
}

/** `"schema"."name"` for a collation that the bare name would not mean. */
function collationOf(row: Row): string | undefined {
  const name = maybeText(row, "collation");
  const schema = maybeText(row, "collation_schema");
  return name === undefined || schema === undefined ? name : quote(schema, name);
}

export function columnOf(row: Row, enums: Enums): Column {
  const name = textOf(row, "name");
  const type = typeOf(row, enums);
  const identity = identityOf(row, type);
  const generated = maybeText(row, "generated");
  const expression = maybeText(row, "expression");
  const collation = collationOf(row);
  const comment = maybeText(row, "comment");
  const sequence = identity === undefined ? undefined : sequenceOption(row, name);
  const sequenceType = identity === undefined ? undefined : sequenceTypeOf(row, type, identity);
  const options = {
    ...(sequence === undefined ? {} : { sequence }),
    ...(sequenceType === undefined ? {} : { sequenceType }),
    ...storageOptions(row),
  };
  return {
    name,
    type,
    nullable: !flag(row, "not_null"),
    ...(identity === undefined ? {} : { identity }),
    ...(generated === undefined || expression === undefined
      ? {}
      : {
          computed: { expression: text(withoutParentheses(expression)), stored: generated === "s" },
        }),
    ...(generated === undefined && identity === undefined && expression !== undefined
      ? { default: parseDefault(expression, type) }
      : {}),
    ...(collation === undefined ? {} : { collation }),
    ...(comment === undefined ? {} : { comment }),
    ...(Object.keys(options).length === 0 ? {} : { options }),
  };
}
