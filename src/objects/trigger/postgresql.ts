import type { ObjectDialect } from "../contract.ts";
import { skipped } from "../skipped.ts";
import { statements } from "../../dialects/ddl.ts";
import { columns as columnList, comment, inSchemaOf } from "../../dialects/postgresql/compile.ts";
import { withoutParentheses } from "../../dialects/postgresql/expression-text.ts";
import {
  commentOf,
  nameOfRow,
  objectRows,
  ours,
  SCHEMA,
  words,
} from "../../dialects/postgresql/object-rows.ts";
import { flag, maybeText, text as textOf, texts } from "../../dialects/postgresql/rows.ts";
import { quote, quoteTable, render } from "../../dialects/postgresql/spelling.ts";
import { canonicalBelongings, enabledOf, enabling } from "../../dialects/postgresql/stand-in.ts";
import type { Row } from "../../dialects/contract.ts";
import { text } from "../../schema/expression.ts";
import type { Trigger } from "../../schema/objects/types.ts";
import type { TableName } from "../../schema/types.ts";
import { deepEqual, omit } from "../../util/equal.ts";

/** `tgtype`: 1 for each row, 2 before, 4 insert, 8 delete, 16 update, 32 truncate, 64 instead of. */
const COLUMNS = `g.tgname::text AS name, c.relname::text AS "table", g.tgtype::integer AS type, g.tgenabled::text AS enabled, g.tgconstraint <> 0 AS "constraint",
  g.tgdeferrable AS "deferrable", g.tginitdeferred AS deferred, g.tgoldtable::text AS old_table, g.tgnewtable::text AS new_table,
  (SELECT array_agg(a.attname::text ORDER BY u.place) FROM unnest(g.tgattr::smallint[]) WITH ORDINALITY u(number, place)
    JOIN pg_attribute a ON a.attrelid = g.tgrelid AND a.attnum = u.number) AS columns,
  f.relname::text AS from_table, CASE WHEN fn.nspname <> current_schema() THEN fn.nspname::text END AS from_schema,
  CASE WHEN g.tgqual IS NOT NULL THEN substring(pg_get_triggerdef(g.oid) from ' WHEN \\((.*)\\) EXECUTE (?:FUNCTION|PROCEDURE) ') END AS condition,
  substring(pg_get_triggerdef(g.oid) from CASE WHEN g.tgqual IS NULL THEN ' EXECUTE (?:FUNCTION|PROCEDURE) (.*)$' ELSE '.*\\) EXECUTE (?:FUNCTION|PROCEDURE) (.*)$' END) AS execute,
  ${commentOf("pg_trigger", "g.oid")}`;
const FROM = `pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_class f ON f.oid = g.tgconstrrelid LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace`;

/** Those that a partition has from its parent are the parent's. */
const TRIGGERS = `SELECT ${SCHEMA}, ${COLUMNS} FROM ${FROM}
WHERE NOT g.tgisinternal AND ${ours("pg_trigger", "g.oid")}
  AND NOT EXISTS (SELECT FROM pg_depend p WHERE p.classid = 'pg_trigger'::regclass AND p.objid = g.oid AND p.deptype IN ('P', 'S'))
ORDER BY n.nspname, c.relname, g.tgname`;
const ASKED = `SELECT NULL AS schema, ${COLUMNS} FROM ${FROM} WHERE c.relnamespace = (SELECT pg_my_temp_schema()) AND c.relname = $1 AND g.tgname = $2`;

const EVENTS = [
  [4, "insert"],
  [8, "delete"],
  [16, "update"],
  [32, "truncate"],
] as const;

function triggerOfRow(row: Row): Trigger {
  const type = Number(row["type"]);
  const columns = texts(row, "columns");
  const [oldTable, newTable] = [maybeText(row, "old_table"), maybeText(row, "new_table")];
  const [condition, from] = [maybeText(row, "condition"), maybeText(row, "from_table")];
  const fromSchema = maybeText(row, "from_schema");
  return {
    kind: "trigger",
    ...nameOfRow(row),
    table: textOf(row, "table"),
    timing: (type & 64) !== 0 ? "insteadOf" : (type & 2) !== 0 ? "before" : "after",
    events: EVENTS.flatMap(([bit, event]) => ((type & bit) === 0 ? [] : [event])),
    ...(columns.length === 0 ? {} : { columns }),
    ...((type & 1) === 0 ? { forEach: "statement" } : {}),
    ...(condition === undefined ? {} : { when: text(withoutParentheses(condition)) }),
    execute: text(textOf(row, "execute")),
    ...(oldTable === undefined ? {} : { oldTable }),
    ...(newTable === undefined ? {} : { newTable }),
    ...(flag(row, "constraint") ? { constraint: true } : {}),
    ...(flag(row, "deferrable") ? { deferrable: true } : {}),
    ...(flag(row, "deferred") ? { initiallyDeferred: true } : {}),
    ...(from === undefined
      ? {}
      : { from: { ...(fromSchema === undefined ? {} : { schema: fromSchema }), name: from } }),
    ...enabledOf(textOf(row, "enabled")),
    ...words(maybeText(row, "comment")),
  };
}

/** A model's trigger without what says nothing here. */
function tidy(trigger: Trigger, defaultSchema: string | undefined): Trigger {
  const { events, columns, when, execute, from, deferrable, initiallyDeferred, constraint } =
    trigger;
  return {
    ...omit(
      trigger,
      "columns",
      "when",
      "body",
      "execute",
      "from",
      "constraint",
      "deferrable",
      "initiallyDeferred",
      "follows",
      "definer",
      "options",
      "comment",
    ),
    events: EVENTS.flatMap(([, event]) => (events.includes(event) ? [event] : [])),
    ...(columns === undefined || columns.length === 0 ? {} : { columns }),
    ...(when === undefined ? {} : { when: text(render(when)) }),
    ...(execute === undefined ? {} : { execute: text(render(execute)) }),
    ...(constraint === true ? { constraint } : {}),
    ...(deferrable === true || initiallyDeferred === true ? { deferrable: true } : {}),
    ...(initiallyDeferred === true ? { initiallyDeferred } : {}),
    ...(from === undefined
      ? {}
      : { from: from.schema === defaultSchema ? { name: from.name } : from }),
    ...words(trigger.comment),
  };
}

const TIMING = { before: "BEFORE", after: "AFTER", insteadOf: "INSTEAD OF" } as const;

function eventsText({ events, columns = [] }: Trigger): string {
  const of = columns.length === 0 ? "" : ` OF ${columnList(columns).slice(1, -1)}`;
  return events.map((event) => event.toUpperCase() + (event === "update" ? of : "")).join(" OR ");
}

function transitions({ oldTable, newTable }: Trigger): readonly string[] {
  const named = [
    ...(oldTable === undefined ? [] : [`OLD TABLE AS ${quote(oldTable)}`]),
    ...(newTable === undefined ? [] : [`NEW TABLE AS ${quote(newTable)}`]),
  ];
  return named.length === 0 ? [] : [`REFERENCING ${named.join(" ")}`];
}

function createText(trigger: Trigger, relation: string): string {
  const { name, timing, forEach, when, execute, constraint, deferrable, initiallyDeferred, from } =
    trigger;
  return [
    constraint === true ? "CREATE CONSTRAINT TRIGGER" : "CREATE TRIGGER",
    `${quote(name)} ${TIMING[timing]} ${eventsText(trigger)} ON ${relation}`,
    ...(from === undefined ? [] : [`FROM ${quoteTable(from)}`]),
    ...(initiallyDeferred === true
      ? ["DEFERRABLE INITIALLY DEFERRED"]
      : deferrable === true
        ? ["DEFERRABLE"]
        : []),
    ...transitions(trigger),
    `FOR EACH ${forEach === "statement" ? "STATEMENT" : "ROW"}`,
    ...(when === undefined ? [] : [`WHEN (${render(when)})`]),
    `EXECUTE FUNCTION ${execute === undefined ? "" : render(execute)}`,
  ].join(" ");
}

function on(trigger: Trigger): TableName {
  return inSchemaOf(trigger, trigger.table);
}

function enabled(trigger: Trigger, from: Trigger["enabled"], relation: string): readonly string[] {
  return enabling(
    (word) => `ALTER TABLE ${relation} ${word} TRIGGER ${quote(trigger.name)}`,
    from,
    trigger.enabled,
  );
}

function commentText(trigger: Trigger): string {
  return comment(`TRIGGER ${quote(trigger.name)} ON ${quoteTable(on(trigger))}`, trigger.comment);
}

function createAll(trigger: Trigger): readonly string[] {
  const relation = quoteTable(on(trigger));
  return [
    createText(trigger, relation),
    ...enabled(trigger, undefined, relation),
    ...(trigger.comment === undefined ? [] : [commentText(trigger)]),
  ];
}

function dropText(name: string, schema: string | undefined, table = ""): string {
  return `DROP TRIGGER ${quote(name)} ON ${quoteTable(inSchemaOf(schema === undefined ? { name } : { schema, name }, table))}`;
}

/** A trigger calls a function, and may stand on a view or a partitioned table too. */
export const postgresql: ObjectDialect<Trigger> = {
  skippedAs: ["trigger"],
  reflect: async (connection, filter) => ({
    objects: (await objectRows(connection, filter, TRIGGERS)).map(triggerOfRow),
    skipped: [],
  }),
  canonicalize: async ({ database, models }, context) => {
    const { defaultSchema } = context.connection.server;
    const tidied = models.map((model) => tidy(model, defaultSchema));
    const { models: canonical, undecided } = await canonicalBelongings(
      { database, models: tidied },
      context,
      {
        create: (trigger, relation) => [
          createText(trigger, relation),
          ...enabled(trigger, undefined, relation),
        ],
        select: ASKED,
        read: triggerOfRow,
      },
    );
    return skipped({ database, models: canonical }, undecided);
  },
  create: (trigger) => statements(createAll(trigger)),
  drop: ({ name, schema, table }) => [{ sql: dropText(name, schema, table) }],
  alter: ({ from, to }) => {
    const isSame = deepEqual(omit(from, "comment", "enabled"), omit(to, "comment", "enabled"));
    if (!isSame)
      return statements([dropText(from.name, from.schema, from.table), ...createAll(to)]);
    return statements([
      ...enabled(to, from.enabled, quoteTable(on(to))),
      ...((from.comment ?? "") === (to.comment ?? "") ? [] : [commentText(to)]),
    ]);
  },
};
