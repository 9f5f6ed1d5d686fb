import type { ObjectDialect } from "../contract.ts";
import { skipped } from "../skipped.ts";
import { statements } from "../../dialects/ddl.ts";
import { comment, inSchemaOf } from "../../dialects/postgresql/compile.ts";
import {
  commentOf,
  nameOfRow,
  objectRows,
  ours,
  SCHEMA,
  words,
} from "../../dialects/postgresql/object-rows.ts";
import { maybeText, text as textOf } from "../../dialects/postgresql/rows.ts";
import { quote, quoteTable, render } from "../../dialects/postgresql/spelling.ts";
import { canonicalBelongings, enabledOf, enabling } from "../../dialects/postgresql/stand-in.ts";
import type { Row } from "../../dialects/contract.ts";
import { text } from "../../schema/expression.ts";
import type { ObjectName, Rule } from "../../schema/objects/types.ts";
import { deepEqual, omit } from "../../util/equal.ts";

/** `pg_get_ruledef` writes the schema out always; what stands behind the table's name is the rule. */
const COLUMNS = `r.rulename::text AS name, c.relname::text AS "table", r.ev_type::text AS event, r.ev_enabled::text AS enabled,
  pg_get_ruledef(r.oid) AS definition, ${commentOf("pg_rewrite", "r.oid")}`;
const FROM = `pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace`;
// PostgreSQL 15 calls the schema of temporary tables pg_temp, and not by its own name
const TARGET = `(SELECT max(position(t.target IN pg_get_ruledef(r.oid)) + length(t.target) - 1) FROM unnest(ARRAY[format(' TO %I.%I', n.nspname, c.relname),
    format(' TO pg_temp.%I', c.relname)]) t(target) WHERE position(t.target IN pg_get_ruledef(r.oid)) > 0) AS start`;
const RULES = `SELECT ${SCHEMA}, ${COLUMNS}, ${TARGET} FROM ${FROM}
WHERE r.rulename <> '_RETURN' AND ${ours("pg_rewrite", "r.oid")} ORDER BY n.nspname, c.relname, r.rulename`;
const ASKED = `SELECT NULL AS schema, ${COLUMNS}, ${TARGET} FROM ${FROM} WHERE c.relnamespace = (SELECT pg_my_temp_schema()) AND c.relname = $1 AND r.rulename = $2`;

const EVENTS: Readonly<Record<string, Rule["event"]>> = {
  "1": "select",
  "2": "update",
  "3": "insert",
  "4": "delete",
};

function ruleOfRow(row: Row): Rule {
  const definition = textOf(row, "definition").slice(Number(row["start"]));
  return {
    kind: "rule",
    ...nameOfRow(row),
    table: textOf(row, "table"),
    event: EVENTS[textOf(row, "event")] ?? "select",
    definition: text(definition.trim().replace(/;$/, "")),
    ...enabledOf(textOf(row, "enabled")),
    ...words(maybeText(row, "comment")),
  };
}

function definitionOf({ definition }: Rule): string {
  return render(definition).trim().replace(/;\s*$/, "");
}

function createText(rule: Rule, relation: string): string {
  return `CREATE RULE ${quote(rule.name)} AS ON ${rule.event.toUpperCase()} TO ${relation} ${definitionOf(rule)}`;
}

function on({ schema, name, table = "" }: ObjectName): string {
  return quoteTable(inSchemaOf(schema === undefined ? { name } : { schema, name }, table));
}

function enabled(rule: Rule, from: Rule["enabled"], relation: string): readonly string[] {
  return enabling(
    (word) => `ALTER TABLE ${relation} ${word} RULE ${quote(rule.name)}`,
    from,
    rule.enabled,
  );
}

function commentText(rule: Rule): string {
  return comment(`RULE ${quote(rule.name)} ON ${on(rule)}`, rule.comment);
}

function createAll(rule: Rule): readonly string[] {
  return [
    createText(rule, on(rule)),
    ...enabled(rule, undefined, on(rule)),
    ...(rule.comment === undefined ? [] : [commentText(rule)]),
  ];
}

export const postgresql: ObjectDialect<Rule> = {
  skippedAs: ["rule"],
  reflect: async (connection, filter) => ({
    objects: (await objectRows(connection, filter, RULES)).map(ruleOfRow),
    skipped: [],
  }),
  canonicalize: async ({ database, models }, context) => {
    const tidied = models.map((rule): Rule => ({
      ...omit(rule, "comment"),
      definition: text(definitionOf(rule)),
      ...words(rule.comment),
    }));
    const { models: canonical, undecided } = await canonicalBelongings(
      { database, models: tidied },
      context,
      {
        create: (rule, relation) => [
          createText(rule, relation),
          ...enabled(rule, undefined, relation),
        ],
        select: ASKED,
        read: ruleOfRow,
      },
    );
    return skipped({ database, models: canonical }, undecided);
  },
  create: (rule) => statements(createAll(rule)),
  drop: (rule) => [{ sql: `DROP RULE ${quote(rule.name)} ON ${on(rule)}` }],
  alter: ({ from, to }) => {
    if (!deepEqual(omit(from, "comment", "enabled"), omit(to, "comment", "enabled")))
      return statements([`DROP RULE ${quote(from.name)} ON ${on(from)}`, ...createAll(to)]);
    return statements([
      ...enabled(to, from.enabled, on(to)),
      ...((from.comment ?? "") === (to.comment ?? "") ? [] : [commentText(to)]),
    ]);
  },
};
