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
import { quoteTable, stringLiteral } from "../../dialects/mysql/quote.ts";
import { tokenize, unquote } from "../../dialects/mysql/tokens.ts";
import type { Connection, Row, ServerInfo, Statement } from "../../dialects/contract.ts";
import { text, type Expression } from "../../schema/expression.ts";
import { objectKey } from "../../schema/objects/declare.ts";
import type { ScheduledEvent } from "../../schema/objects/types.ts";
import type { Options, SkippedObject } from "../../schema/types.ts";

/** `2030-01-01 00:00:00` as a literal. */
function moment(row: Row, column: string): Expression | undefined {
  const value = read(row, column);
  return value === undefined ? undefined : text(stringLiteral(value));
}

async function eventOf(
  connection: Connection,
  schema: string | undefined,
  row: Row,
  usual: Usual,
): Promise<ScheduledEvent> {
  const name = { ...located(schema), name: read(row, "name") ?? "" };
  const show = `SHOW CREATE EVENT ${quoteTable(name)}`;
  const exact = await exactText(connection, read(row, "body") ?? "", show, "Create Event");
  const { definer, sqlMode } = surroundingOf(row, usual);
  const [at, starts, ends] = ["at", "starts", "ends"].map((column) => moment(row, column));
  const [value, field] = [read(row, "value"), read(row, "field")];
  const status = read(row, "status") ?? "ENABLED";
  const zone = read(row, "zone");
  const comment = read(row, "comment") ?? "";
  const options: Options = {
    ...(sqlMode === undefined ? {} : { sqlMode }),
    ...(zone === undefined || zone === usual.timeZone ? {} : { timeZone: zone }),
  };
  return {
    kind: "event",
    ...name,
    ...(at === undefined ? {} : { at }),
    ...(value === undefined || field === undefined ? {} : { every: `${value} ${field}` }),
    ...(starts === undefined ? {} : { starts }),
    ...(ends === undefined ? {} : { ends }),
    ...(read(row, "completion") === "PRESERVE" ? { preserve: true } : {}),
    ...(status === "ENABLED"
      ? {}
      : { enabled: status === "DISABLED" ? "disabled" : "disabledOnReplica" }),
    body: text(bareText(exact)),
    ...(definer === undefined ? {} : { definer }),
    ...(comment === "" ? {} : { comment }),
    ...(Object.keys(options).length === 0 ? {} : { options: { mysql: options } }),
  };
}

function create(event: ScheduledEvent, { state }: ObjectContext): readonly Statement[] {
  const { at, every, starts, ends, preserve, enabled, body, definer, comment } = event;
  const { server } = state;
  const time = (word: string, given: Expression | undefined): string =>
    given === undefined ? "" : ` ${word} ${programText(given, server)}`;
  const onReplica =
    server.dialect === "mariadb" ? "SLAVE" : server.versionNumber >= 80_200 ? "REPLICA" : "SLAVE";
  const enabling =
    enabled === undefined ? "" : enabled === "disabled" ? " DISABLE" : ` DISABLE ON ${onReplica}`;
  const schedule =
    every === undefined
      ? time("AT", at).trimStart()
      : `EVERY ${every}${time("STARTS", starts)}${time("ENDS", ends)}`;
  return createProgram(
    {
      word: "EVENT",
      name: event,
      definer,
      definition: [
        `\nON SCHEDULE ${schedule}`,
        `\nON COMPLETION ${preserve === true ? "PRESERVE" : "NOT PRESERVE"}${enabling}`,
        comment === undefined ? "" : `\nCOMMENT ${stringLiteral(comment)}`,
        `\nDO ${programText(body, server)}`,
      ].join(""),
      settings: settingsFor(programOptions(event.options, server)),
    },
    server,
  );
}

/** A moment that is written as a literal: `2030-01-01 00:00:00`. */
function literalMoment(given: Expression | undefined, server: ServerInfo): string | undefined {
  if (given === undefined) return undefined;
  const sql = programText(given, server).replace(/^timestamp\s*(?=['"])/i, "");
  const [only, ...others] = tokenize(sql);
  if (only?.kind !== "string" || others.length > 0) return undefined;
  const [, date = "", hour = "00", minute = "00", second = "00"] =
    /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2}))?)?/.exec(unquote(sql)) ?? [];
  return date === "" ? undefined : `${date} ${hour}:${minute}:${second}`;
}

/** The live moment where it is the same one, or where only the moment of creation decides. */
function sameMoment(
  given: Expression | undefined,
  live: Expression | undefined,
  server: ServerInfo,
): Expression | undefined {
  if (given === undefined) return live;
  const moment = literalMoment(given, server);
  if (moment === undefined) return live ?? text(programText(given, server));
  return literalMoment(live, server) === moment ? live : text(stringLiteral(moment));
}

/** `1 day` and `1 DAY`, `'1:30' minute_second` and `"1:30" MINUTE_SECOND`. */
function sameInterval(given: string | undefined, live: string | undefined): string | undefined {
  const key = (interval: string): string =>
    JSON.stringify(tokenize(interval).map(({ value }) => value.toLowerCase()));
  return given !== undefined && live !== undefined && key(given) === key(live) ? live : given;
}

/** An event that the server has run for the last time and dropped. */
function isOver(event: ScheduledEvent, now: string, server: ServerInfo): boolean {
  const end = literalMoment(event.every === undefined ? event.at : event.ends, server);
  return event.preserve !== true && end !== undefined && end < now;
}

type Schedule = Pick<ScheduledEvent, "at" | "every" | "starts" | "ends" | "enabled">;

function scheduleOf(
  model: ScheduledEvent,
  live: ScheduledEvent | undefined,
  now: string,
  server: ServerInfo,
): Schedule {
  const isRecurring = model.every !== undefined;
  const at = isRecurring ? undefined : sameMoment(model.at, live?.at, server);
  const every = sameInterval(model.every, live?.every);
  const starts = isRecurring ? sameMoment(model.starts, live?.starts, server) : undefined;
  const ends = model.ends === undefined ? undefined : sameMoment(model.ends, live?.ends, server);
  // the server disables what has run and is kept
  const end = literalMoment(isRecurring ? ends : at, server);
  const hasRun = end !== undefined && end < now && model.enabled === undefined;
  const enabled = hasRun ? live?.enabled : model.enabled;
  return {
    ...(at === undefined ? {} : { at }),
    ...(every === undefined ? {} : { every }),
    ...(starts === undefined ? {} : { starts }),
    ...(ends === undefined ? {} : { ends }),
    ...(enabled === undefined ? {} : { enabled }),
  };
}

function canonical(
  model: ScheduledEvent,
  live: ScheduledEvent | undefined,
  now: string,
  server: ServerInfo,
): ScheduledEvent {
  const { schema, name, preserve, body, comment } = model;
  const { sqlMode, timeZone } = programOptions(model.options, server);
  const definer = model.definer ?? live?.definer;
  const options: Options = {
    ...(typeof sqlMode === "string" ? { sqlMode: sortedMode(sqlMode) } : {}),
    ...(typeof timeZone === "string" ? { timeZone } : {}),
  };
  return {
    kind: "event",
    ...located(schema),
    name,
    ...scheduleOf(model, live, now, server),
    ...(preserve === true ? { preserve } : {}),
    body: text(programText(body, server)),
    ...(definer === undefined ? {} : { definer }),
    ...(comment === undefined || comment === "" ? {} : { comment }),
    ...(Object.keys(options).length === 0 ? {} : { options: { mysql: options } }),
  };
}

/** The server has the text of an event as it was written. https://dev.mysql.com/doc/refman/8.4/en/create-event.html */
export const mysql: ObjectDialect<ScheduledEvent> = {
  skippedAs: ["event"],
  reflect: async (connection, filter) => {
    const usual = await readUsual(connection);
    const objects: ScheduledEvent[] = [];
    for (const schema of await schemasOf(filter, connection)) {
      const rows = await connection.query(
        `SELECT event_name AS name, event_definition AS body, execute_at AS at, interval_value AS value, interval_field AS field, starts AS starts, ends AS ends,
           status AS status, on_completion AS completion, event_comment AS comment, time_zone AS zone, sql_mode AS mode, definer AS definer
         FROM information_schema.events WHERE event_schema = ${stringLiteral(schema ?? connection.server.database)} ORDER BY event_name`,
      );
      for (const row of rows) objects.push(await eventOf(connection, schema, row, usual));
    }
    return { objects, skipped: [] };
  },
  canonicalize: async ({ database, models }, { connection }) => {
    const { server } = connection;
    const live = new Map(database.map((event) => [objectKey("event", event), event]));
    const [row = {}] = models.length === 0 ? [] : await connection.query("SELECT NOW() AS now");
    const now = read(row, "now") ?? "";
    const skipped: SkippedObject[] = [];
    const found = models.flatMap((model): readonly ScheduledEvent[] => {
      const there = live.get(objectKey("event", model));
      if (there === undefined && isOver(model, now, server)) {
        const reason = "its time has passed, and the server drops such an event at once";
        skipped.push({ kind: "event", ...located(model.schema), name: model.name, reason });
        return [];
      }
      return [canonical(model, there, now, server)];
    });
    return { database, models: found, skipped };
  },
  create,
  drop: (event) => [{ sql: `DROP EVENT IF EXISTS ${quoteTable(event)}` }],
  alter: ({ to }, context) => create(to, context),
};
