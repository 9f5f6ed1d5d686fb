import type { ObjectDialect } from "../contract.ts";
import { statements } from "../../dialects/ddl.ts";
import { comment } from "../../dialects/postgresql/compile.ts";
import { commentOf, words } from "../../dialects/postgresql/object-rows.ts";
import { maybeText, text as textOf, texts } from "../../dialects/postgresql/rows.ts";
import { inspect, notOfExtension } from "../../dialects/postgresql/session.ts";
import { quote, quoteText, render } from "../../dialects/postgresql/spelling.ts";
import { enabledOf, enabling } from "../../dialects/postgresql/stand-in.ts";
import type { Row } from "../../dialects/contract.ts";
import { text } from "../../schema/expression.ts";
import type { EventTrigger } from "../../schema/objects/types.ts";
import { deepEqual, omit } from "../../util/equal.ts";

const EVENT_TRIGGERS = `
SELECT e.evtname::text AS name, e.evtevent::text AS event, e.evttags AS tags, e.evtenabled::text AS enabled,
  CASE WHEN n.nspname <> current_schema() THEN quote_ident(n.nspname) || '.' ELSE '' END || quote_ident(p.proname) || '()' AS execute, ${commentOf("pg_event_trigger", "e.oid")}
FROM pg_event_trigger e JOIN pg_proc p ON p.oid = e.evtfoid JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE ${notOfExtension("pg_event_trigger", "e.oid")} ORDER BY e.evtname`;

function eventTriggerOfRow(row: Row): EventTrigger {
  const tags = texts(row, "tags");
  return {
    kind: "eventTrigger",
    name: textOf(row, "name"),
    event: textOf(row, "event"),
    ...(tags.length === 0 ? {} : { tags }),
    execute: text(textOf(row, "execute")),
    ...enabledOf(textOf(row, "enabled")),
    ...words(maybeText(row, "comment")),
  };
}

/** `"Audit" . note ( )` in the catalog's spelling. */
function calledText(trigger: EventTrigger): string {
  return render(trigger.execute)
    .trim()
    .replace(/\s*\(\s*\)$/, "()")
    .replace(/"([a-z_][a-z0-9_]*)"/g, "$1");
}

function tidy(trigger: EventTrigger, defaultSchema = "public"): EventTrigger {
  const { tags = [], execute: _execute, event, comment: said, ...rest } = trigger;
  const called = calledText(trigger);
  const own = `${defaultSchema}.`;
  return {
    ...rest,
    event: event.toLowerCase(),
    ...(tags.length === 0 ? {} : { tags: tags.map((tag) => tag.toUpperCase()) }),
    execute: text(called.startsWith(own) ? called.slice(own.length) : called),
    ...words(said),
  };
}

function createAll(trigger: EventTrigger): readonly string[] {
  const { name, event, tags = [] } = trigger;
  const when = tags.length === 0 ? "" : ` WHEN TAG IN (${tags.map(quoteText).join(", ")})`;
  return [
    `CREATE EVENT TRIGGER ${quote(name)} ON ${event}${when} EXECUTE FUNCTION ${render(trigger.execute)}`,
    ...enabled(trigger, undefined),
    ...(trigger.comment === undefined ? [] : [commentText(trigger)]),
  ];
}

function enabled(trigger: EventTrigger, from: EventTrigger["enabled"]): readonly string[] {
  return enabling(
    (word) => `ALTER EVENT TRIGGER ${quote(trigger.name)} ${word}`,
    from,
    trigger.enabled,
  );
}

function commentText(trigger: EventTrigger): string {
  return comment(`EVENT TRIGGER ${quote(trigger.name)}`, trigger.comment);
}

/** Event triggers stand in no schema. */
export const postgresql: ObjectDialect<EventTrigger> = {
  skippedAs: [],
  reflect: async (connection, filter) => {
    if (filter.tables !== undefined) return { objects: [], skipped: [] };
    const rows = await inspect(connection, () => connection.query(EVENT_TRIGGERS));
    return { objects: rows.map(eventTriggerOfRow), skipped: [] };
  },
  canonicalize: async ({ database, models }, { connection }) =>
    Promise.resolve({
      database,
      models: models.map((model) => tidy(model, connection.server.defaultSchema)),
      skipped: [],
    }),
  create: (trigger) => statements(createAll(trigger)),
  drop: ({ name }) => [{ sql: `DROP EVENT TRIGGER ${quote(name)}` }],
  alter: ({ from, to }) => {
    if (!deepEqual(omit(from, "comment", "enabled"), omit(to, "comment", "enabled")))
      return statements([`DROP EVENT TRIGGER ${quote(from.name)}`, ...createAll(to)]);
    return statements([
      ...enabled(to, from.enabled),
      ...((from.comment ?? "") === (to.comment ?? "") ? [] : [commentText(to)]),
    ]);
  },
};
