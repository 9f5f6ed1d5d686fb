import { withoutParentheses } from "./expression-text.ts";
import { optionsOf } from "./options.ts";
import { flag, maybeText, text as textOf, texts } from "./rows.ts";
import type { Row } from "../contract.ts";
import { text } from "../../schema/expression.ts";
import type {
  Constraint,
  ConstraintKind,
  Deferrability,
  ReferentialAction,
} from "../../schema/types.ts";

/**
 * Constraints of the given tables. `conparentid` is set on the copies that PostgreSQL makes for
 * partitions, and a check that is a parent's alone is not `conislocal`; from version 18 on, NOT NULL is a constraint too (`n`), which the column says already.
 */
export function constraintsQuery(version: number): string {
  return `
SELECT k.conrelid::text AS "table", k.conname::text AS name, k.contype::text AS type, k.condeferrable AS "deferrable", k.condeferred AS deferred,
  NOT k.convalidated AS not_valid, k.connoinherit AS no_inherit, ${version >= 180000 ? "NOT k.conenforced" : "false"} AS not_enforced,
  ${version >= 180000 ? "k.conperiod" : "false"} AS period,
  (SELECT array_agg(a.attname::text ORDER BY u.place) FROM unnest(k.conkey) WITH ORDINALITY u(number, place)
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number) AS columns,
  (SELECT array_agg(a.attname::text ORDER BY u.place) FROM unnest(k.confkey) WITH ORDINALITY u(number, place)
    JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number) AS referenced,
  ${version >= 150000 ? "(SELECT array_agg(a.attname::text ORDER BY u.place) FROM unnest(k.confdelsetcols) WITH ORDINALITY u(number, place) JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number)" : "NULL"} AS delete_columns,
  CASE WHEN rn.nspname <> current_schema() THEN rn.nspname::text END AS referenced_schema, rc.relname::text AS referenced_table,
  k.confdeltype::text AS on_delete, k.confupdtype::text AS on_update, k.confmatchtype::text AS match,
  (SELECT array_agg(a.attname::text ORDER BY u.place) FROM unnest(x.indkey::smallint[]) WITH ORDINALITY u(number, place)
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number WHERE u.place > x.indnkeyatts) AS include,
  ${version >= 150000 ? "x.indnullsnotdistinct" : "false"} AS nulls_not_distinct, ic.reloptions AS options,
  pg_get_expr(k.conbin, k.conrelid) AS expression, CASE WHEN k.contype = 'x' THEN pg_get_constraintdef(k.oid) END AS definition, d.description AS comment
FROM pg_constraint k
  LEFT JOIN pg_class rc ON rc.oid = k.confrelid
  LEFT JOIN pg_namespace rn ON rn.oid = rc.relnamespace
  LEFT JOIN pg_index x ON x.indexrelid = k.conindid AND k.contype IN ('p', 'u')
  LEFT JOIN pg_class ic ON ic.oid = x.indexrelid
  LEFT JOIN pg_description d ON d.classoid = 'pg_constraint'::regclass AND d.objoid = k.oid
WHERE k.conrelid = ANY ($1::oid[]) AND k.contype IN ('p', 'u', 'f', 'c', 'x') AND k.conparentid = 0 AND k.conislocal
ORDER BY k.conrelid, position(k.contype::text IN 'pufcx'), k.conname`;
}

const ACTIONS: Readonly<Record<string, ReferentialAction>> = {
  r: "restrict",
  c: "cascade",
  n: "set null",
  d: "set default",
};

const KINDS: Readonly<Record<string, ConstraintKind>> = {
  p: "primaryKey",
  u: "unique",
  f: "foreignKey",
  c: "check",
  x: "exclude",
};

const TRAILING = /(?: DEFERRABLE)?(?: INITIALLY DEFERRED)?$/;

type Build = (
  row: Row,
  common: { readonly name: string; readonly comment?: string },
  deferrable: Deferrability,
) => Constraint;

function actions(row: Row): { onDelete?: ReferentialAction; onUpdate?: ReferentialAction } {
  const onDelete = ACTIONS[textOf(row, "on_delete")];
  const onUpdate = ACTIONS[textOf(row, "on_update")];
  return {
    ...(onDelete === undefined ? {} : { onDelete }),
    ...(onUpdate === undefined ? {} : { onUpdate }),
  };
}

function keyParts(row: Row): {
  columns: readonly string[];
  withoutOverlaps?: true;
  include?: readonly string[];
  options?: ReturnType<typeof optionsOf>;
} {
  const include = texts(row, "include");
  const options = optionsOf(texts(row, "options"));
  return {
    columns: texts(row, "columns"),
    ...(flag(row, "period") ? { withoutOverlaps: true } : {}),
    ...(include.length === 0 ? {} : { include }),
    ...(Object.keys(options).length === 0 ? {} : { options }),
  };
}

/** What is not enforced was not looked at either. */
function validity(row: Row): { notValid?: true; notEnforced?: true } {
  if (flag(row, "not_enforced")) return { notEnforced: true };
  return flag(row, "not_valid") ? { notValid: true } : {};
}

const BUILD: Readonly<Record<ConstraintKind, Build>> = {
  primaryKey: (row, common, deferrable) => ({
    kind: "primaryKey",
    ...common,
    ...keyParts(row),
    ...deferrable,
  }),
  unique: (row, common, deferrable) => ({
    kind: "unique",
    ...common,
    ...keyParts(row),
    ...(flag(row, "nulls_not_distinct") ? { nullsNotDistinct: true } : {}),
    ...deferrable,
  }),
  foreignKey: (row, common, deferrable) => {
    const schema = maybeText(row, "referenced_schema");
    const onDeleteColumns = texts(row, "delete_columns");
    return {
      kind: "foreignKey",
      ...common,
      columns: texts(row, "columns"),
      references: {
        ...(schema === undefined ? {} : { schema }),
        name: textOf(row, "referenced_table"),
        columns: texts(row, "referenced"),
      },
      ...actions(row),
      ...(onDeleteColumns.length === 0 ? {} : { onDeleteColumns }),
      ...(textOf(row, "match") === "f" ? { match: "full" } : {}),
      ...(flag(row, "period") ? { period: true } : {}),
      ...validity(row),
      ...deferrable,
    };
  },
  check: (row, common) => ({
    kind: "check",
    ...common,
    expression: text(withoutParentheses(textOf(row, "expression"))),
    ...(flag(row, "no_inherit") ? { noInherit: true } : {}),
    ...validity(row),
  }),
  exclude: (row, common, deferrable) => ({
    kind: "exclude",
    ...common,
    definition: text(
      textOf(row, "definition")
        .replace(/^EXCLUDE /, "")
        .replace(TRAILING, ""),
    ),
    ...deferrable,
  }),
};

/** A constraint from a row of {@link constraintsQuery}. */
export function constraintOf(row: Row): Constraint {
  const name = textOf(row, "name");
  const kind = KINDS[textOf(row, "type")] ?? "check";
  const comment = maybeText(row, "comment");
  const deferrable: Deferrability = {
    ...(flag(row, "deferrable") ? { deferrable: true } : {}),
    ...(flag(row, "deferred") ? { initiallyDeferred: true } : {}),
  };
  return BUILD[kind](row, { name, ...(comment === undefined ? {} : { comment }) }, deferrable);
}
