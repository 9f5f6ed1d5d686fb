import { withoutParentheses } from "./expression-text.ts";
import { optionsOf } from "./options.ts";
import { flag, maybeText, objects, text as textOf, texts } from "./rows.ts";
import { quote } from "./spelling.ts";
import type { Row } from "../contract.ts";
import { text } from "../../schema/expression.ts";
import type { Index, IndexElement } from "../../schema/types.ts";

/**
 * Indexes of the given tables but those behind a constraint, and those that are part of a parent's. `indoption`: 1 is descending, 2 is nulls
 * first. Whether an expression has a collation of its own only the whole definition tells.
 */
export function indexesQuery(version: number): string {
  return `
SELECT x.indrelid::text AS "table", i.relname::text AS name, am.amname::text AS method, x.indisunique AS "unique", NOT x.indisvalid AS invalid, x.indisclustered AS clustered,
  ${version >= 150000 ? "x.indnullsnotdistinct" : "false"} AS nulls_not_distinct, pg_get_expr(x.indpred, x.indrelid) AS predicate, i.reloptions AS options,
  d.description AS comment,
  (SELECT array_agg(a.attname::text ORDER BY u.place) FROM unnest(x.indkey::smallint[]) WITH ORDINALITY u(number, place)
    JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = u.number WHERE u.place > x.indnkeyatts) AS include,
  (SELECT json_agg(json_build_object(
      'column', a.attname, 'expression', CASE WHEN x.indkey[s.n - 1] = 0 THEN pg_get_indexdef(x.indexrelid, s.n, false) END,
      'desc', x.indoption[s.n - 1] & 1 = 1, 'first', x.indoption[s.n - 1] & 2 = 2,
      'collation', CASE WHEN x.indcollation[s.n - 1] <> 0 AND CASE WHEN a.attname IS NULL
          THEN position(pg_get_indexdef(x.indexrelid, s.n, false) || ' COLLATE ' IN pg_get_indexdef(x.indexrelid)) > 0
          ELSE x.indcollation[s.n - 1] <> a.attcollation END THEN co.collname END,
      'collation_schema', CASE WHEN NOT pg_collation_is_visible(co.oid) THEN cn.nspname END,
      'class', CASE WHEN NOT oc.opcdefault OR ia.attoptions IS NOT NULL THEN oc.opcname END,
      'class_schema', CASE WHEN NOT pg_opclass_is_visible(oc.oid) THEN ocn.nspname END,
      'class_options', (SELECT string_agg(regexp_replace(o, '=(.*)$', '=''\\1'''), ', ') FROM unnest(ia.attoptions) o)
    ) ORDER BY s.n)
    FROM generate_series(1, x.indnkeyatts) s(n)
      LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[s.n - 1] AND x.indkey[s.n - 1] <> 0
      JOIN pg_attribute ia ON ia.attrelid = x.indexrelid AND ia.attnum = s.n
      JOIN pg_opclass oc ON oc.oid = x.indclass[s.n - 1]
      JOIN pg_namespace ocn ON ocn.oid = oc.opcnamespace
      LEFT JOIN pg_collation co ON co.oid = x.indcollation[s.n - 1]
      LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace) AS elements
FROM pg_index x
  JOIN pg_class i ON i.oid = x.indexrelid
  JOIN pg_am am ON am.oid = i.relam
  LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = x.indexrelid AND d.objsubid = 0
WHERE x.indrelid = ANY ($1::oid[])
  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x'))
  AND NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = x.indexrelid)
ORDER BY x.indrelid, i.relname`;
}

function elementOf(row: Row): IndexElement {
  const column = maybeText(row, "column");
  const expression = maybeText(row, "expression");
  const collation = maybeText(row, "collation");
  const collationSchema = maybeText(row, "collation_schema");
  const operatorClass = classOf(row);
  const isDescending = flag(row, "desc");
  const isFirst = flag(row, "first");
  return {
    ...(column === undefined ? {} : { column }),
    ...(expression === undefined ? {} : { expression: text(withoutParentheses(expression)) }),
    ...(isDescending ? { order: "desc" } : {}),
    ...(isDescending === isFirst ? {} : { nulls: isFirst ? "first" : "last" }),
    ...(collation === undefined
      ? {}
      : {
          collation: collationSchema === undefined ? collation : quote(collationSchema, collation),
        }),
    ...(operatorClass === undefined ? {} : { operatorClass }),
  };
}

function classOf(row: Row): string | undefined {
  const name = maybeText(row, "class");
  if (name === undefined) return undefined;
  const schema = maybeText(row, "class_schema");
  const options = maybeText(row, "class_options");
  const qualified = schema === undefined ? name : `${schema}.${name}`;
  return options === undefined ? qualified : `${qualified}(${options})`;
}

export function indexOf(row: Row): Index {
  const method = textOf(row, "method");
  const predicate = maybeText(row, "predicate");
  const include = texts(row, "include");
  const comment = maybeText(row, "comment");
  // an index that CREATE INDEX CONCURRENTLY left half made is none: it is dropped and made again
  const options = {
    ...optionsOf(texts(row, "options")),
    ...(flag(row, "invalid") ? { invalid: true } : {}),
    ...(flag(row, "clustered") ? { clustered: true } : {}),
  };
  return {
    name: textOf(row, "name"),
    elements: objects(row, "elements").map(elementOf),
    ...(flag(row, "unique") ? { unique: true } : {}),
    ...(method === "btree" ? {} : { method }),
    ...(predicate === undefined ? {} : { where: text(withoutParentheses(predicate)) }),
    ...(include.length === 0 ? {} : { include }),
    ...(flag(row, "nulls_not_distinct") ? { nullsNotDistinct: true } : {}),
    ...(comment === undefined ? {} : { comment }),
    ...(Object.keys(options).length === 0 ? {} : { options }),
  };
}
