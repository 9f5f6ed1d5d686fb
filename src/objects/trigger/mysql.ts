import type { ObjectContext, ObjectDialect } from "../contract.ts";
import { read, schemasOf } from "../../dialects/mysql/catalog.ts";
import {
  bareText,
  createProgram,
  located,
  programOptions,
  programText,
  readUsual,
  settingsFor,
  sortedMode,
  surroundingOf,
  type Usual,
} from "../../dialects/mysql/programs.ts";
import { exactText } from "../../dialects/mysql/program-text.ts";
import { quoteName, quoteTable, stringLiteral } from "../../dialects/mysql/quote.ts";
import type { Connection, Row, Statement } from "../../dialects/contract.ts";
import { text } from "../../schema/expression.ts";
import { objectKey } from "../../schema/objects/declare.ts";
import type { Trigger } from "../../schema/objects/types.ts";
import type { SkippedObject } from "../../schema/types.ts";

const EVENTS = ["insert", "update", "delete"] as const;

/** Triggers that run at the same moment, one behind the other. */
function moment(trigger: Pick<Trigger, "schema" | "table" | "timing" | "events">): string {
  const { schema, table, timing, events } = trigger;
  return JSON.stringify([schema, table, timing, events]);
}

/**
 * The trigger behind which each one of the models comes: models that say nothing of the order take the one that is
 * there, as far as that is none behind which the models have this one.
 */
function predecessors(
  models: readonly Trigger[],
  live: ReadonlyMap<string, Trigger>,
): ReadonlyMap<Trigger, string> {
  const found = new Map(
    models.flatMap((model) => (model.follows === undefined ? [] : [[model, model.follows]])),
  );
  for (const model of models) {
    const there = live.get(objectKey("trigger", model))?.follows;
    if (found.has(model) || there === undefined) continue;
    const together = models.filter((other) => moment(other) === moment(model));
    const named = (name: string | undefined): Trigger | undefined =>
      together.find((other) => other.name === name);
    const chain = new Set<Trigger>();
    let above = named(there);
    for (; above !== undefined && !chain.has(above); above = named(found.get(above)))
      chain.add(above);
    if (chain.size > 0 && !chain.has(model)) found.set(model, there);
  }
  return found;
}

async function triggerOf(
  connection: Connection,
  schema: string | undefined,
  row: Row,
  usual: Usual,
): Promise<Trigger | SkippedObject> {
  const name = { ...located(schema), name: read(row, "name") ?? "" };
  const table = read(row, "table_name") ?? "";
  const body = read(row, "body") ?? "";
  const event = EVENTS.find((word) => word === read(row, "event")?.toLowerCase());
  if (event === undefined)
    return { kind: "trigger", ...name, table, reason: "a trigger for several events" };
  const show = `SHOW CREATE TRIGGER ${quoteTable(name)}`;
  const exact = await exactText(connection, body, show, "SQL Original Statement");
  const { definer, sqlMode } = surroundingOf(row, usual);
  return {
    kind: "trigger",
    ...name,
    table,
    timing: read(row, "timing") === "BEFORE" ? "before" : "after",
    events: [event],
    body: text(bareText(exact)),
    ...(definer === undefined ? {} : { definer }),
    ...(sqlMode === undefined ? {} : { options: { mysql: { sqlMode } } }),
  };
}

function create(trigger: Trigger, { state }: ObjectContext, before?: string): readonly Statement[] {
  const { schema, table, timing, events, follows, definer, options } = trigger;
  const { server } = state;
  const place =
    follows !== undefined
      ? ` FOLLOWS ${quoteName(follows)}`
      : before === undefined
        ? ""
        : ` PRECEDES ${quoteName(before)}`;
  const on = quoteTable({ ...located(schema), name: table });
  return createProgram(
    {
      word: "TRIGGER",
      name: trigger,
      definer,
      definition: ` ${timing.toUpperCase()} ${(events[0] ?? "").toUpperCase()} ON ${on} FOR EACH ROW${place}\n${
        trigger.body === undefined ? "" : programText(trigger.body, server)
      }`,
      settings: settingsFor(programOptions(options, server)),
    },
    server,
  );
}

/** The first of the other triggers of that moment: one that is made anew would come last. */
async function firstOther(trigger: Trigger, { state }: ObjectContext): Promise<string | undefined> {
  const { schema, table, timing, events, name } = trigger;
  const { skipped } = await state.reflect({ tables: [{ ...located(schema), name: table }] });
  const gone = new Set(
    (state.operations ?? []).flatMap((operation) =>
      operation.kind === "dropObject" && operation.type === "trigger"
        ? [operation.object.name]
        : [],
    ),
  );
  const when = `${timing} ${events[0] ?? ""}`.toUpperCase();
  return skipped.find(
    (other) =>
      other.kind === "trigger" &&
      other.table === table &&
      other.definition === when &&
      other.name !== name &&
      !gone.has(other.name),
  )?.name;
}

/** The server has the text of a trigger as it was written. https://dev.mysql.com/doc/refman/8.4/en/create-trigger.html */
export const mysql: ObjectDialect<Trigger> = {
  skippedAs: ["trigger"],
  reflect: async (connection, filter) => {
    const usual = await readUsual(connection);
    const objects: Trigger[] = [];
    const skipped: SkippedObject[] = [];
    for (const schema of await schemasOf(filter, connection)) {
      const rows = await connection.query(
        `SELECT trigger_name AS name, event_object_table AS table_name, event_manipulation AS event, action_timing AS timing,
           action_statement AS body, sql_mode AS mode, definer AS definer
         FROM information_schema.triggers WHERE trigger_schema = ${stringLiteral(schema ?? connection.server.database)}
         ORDER BY event_object_table, event_manipulation, action_timing, action_order`,
      );
      let last: Trigger | undefined;
      for (const row of rows) {
        const trigger = await triggerOf(connection, schema, row, usual);
        if (!("timing" in trigger)) {
          skipped.push(trigger);
          continue;
        }
        const isNext = last !== undefined && moment(last) === moment(trigger);
        objects.push(isNext && last !== undefined ? { ...trigger, follows: last.name } : trigger);
        last = trigger;
      }
    }
    return { objects, skipped };
  },
  canonicalize: ({ database, models }, { connection }) => {
    const { server } = connection;
    const live = new Map(database.map((trigger) => [objectKey("trigger", trigger), trigger]));
    const behind = predecessors(models, live);
    const skipped: SkippedObject[] = [];
    const found = models.flatMap((model): readonly Trigger[] => {
      const { schema, name, table, timing, events, body } = model;
      const there = live.get(objectKey("trigger", model));
      if (body === undefined || events.length !== 1 || timing === "insteadOf") {
        const reason =
          body === undefined
            ? "it has no body, and triggers call no functions here"
            : "a trigger is for one event of a table here";
        skipped.push({ kind: "trigger", ...located(schema), name, table, reason });
        return there === undefined ? [] : [there];
      }
      const definer = model.definer ?? there?.definer;
      const { sqlMode } = programOptions(model.options, server);
      const follows = behind.get(model);
      return [
        {
          kind: "trigger",
          ...located(schema),
          name,
          table,
          timing,
          events,
          body: text(programText(body, server)),
          ...(follows === undefined ? {} : { follows }),
          ...(definer === undefined ? {} : { definer }),
          ...(typeof sqlMode === "string"
            ? { options: { mysql: { sqlMode: sortedMode(sqlMode) } } }
            : {}),
        },
      ];
    });
    return Promise.resolve({ database, models: found, skipped });
  },
  create: (trigger, context) => create(trigger, context),
  drop: (trigger) => [{ sql: `DROP TRIGGER IF EXISTS ${quoteTable(trigger)}` }],
  alter: async ({ to }, context) =>
    create(to, context, to.follows === undefined ? await firstOther(to, context) : undefined),
};
