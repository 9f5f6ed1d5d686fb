import { attempt, FORBIDDEN } from "./ask.ts";
import { inspect } from "./session.ts";
import { quote, quoteTable } from "./spelling.ts";
import { WantedRelations } from "./wanted-relations.ts";
import type { Connection, Row } from "../contract.ts";
import { objectKey } from "../../schema/objects/declare.ts";
import type { OpenObject, Policy, Rule, Statistics, Trigger } from "../../schema/objects/types.ts";
import type { MetaData, TableName } from "../../schema/types.ts";
import { deepEqual } from "../../util/equal.ts";

/** What belongs to a table or view. */
type Belonging = Extract<OpenObject, Policy | Rule | Statistics | Trigger>;

interface Asking<O> {
  /** Statements that make the object on another relation. */
  readonly create: (object: O, relation: string) => readonly string[];
  /** A query for the one object that stands on `pg_temp`'s relation of the given name. */
  readonly select: string;
  readonly read: (row: Row) => O;
  /** What stands on the rows that are stored, and on no view. */
  readonly onTables?: true;
}

interface Asked<O> {
  readonly object?: O;
  readonly reason?: string;
}

/**
 * Makes the object on an empty relation of the same name and columns, and reads what the server made of it.
 *
 * @param wanted absent: the relation as it is today
 */
async function ask<O extends Belonging>(
  connection: Connection,
  object: O,
  isView: boolean,
  { create, select, read }: Asking<O>,
  wanted?: WantedRelations,
): Promise<Asked<O>> {
  const { schema, table } = object;
  const real: TableName = {
    schema: schema ?? connection.server.defaultSchema ?? "public",
    name: table,
  };
  const steps = create(object, quote("pg_temp", table));
  const like = isView
    ? `CREATE TEMPORARY VIEW ${quote(table)} AS SELECT * FROM ${quoteTable(real)}`
    : `CREATE TEMPORARY TABLE ${quote(table)} (LIKE ${quoteTable(real)})`;
  return inspect(connection, async () => {
    await wanted?.make(connection, [], [quote(table), ...steps]);
    const outcome = await attempt(connection, [
      ...(wanted?.has(real) === true ? [] : [like]),
      ...steps.map((sql) => wanted?.unqualified(sql) ?? sql),
    ]);
    if (outcome !== "done") return FORBIDDEN.has(outcome.code) ? { reason: outcome.message } : {};
    const [row] = await connection.query(select, [table, object.name]);
    if (row === undefined) return {};
    const restored = Object.entries(row).map(([column, value]): [string, unknown] => [
      column,
      typeof value === "string" ? (wanted?.restored(value) ?? value) : value,
    ]);
    return { object: read(Object.fromEntries(restored)) };
  });
}

export interface CanonicalBelongings<O> {
  readonly models: readonly O[];
  readonly undecided: readonly { readonly object: O; readonly reason: string }[];
}

/** The models' objects in the catalog's words, where there is one of that name; all others are told by their own text. */
export async function canonicalBelongings<O extends Belonging>(
  sides: { readonly database: readonly O[]; readonly models: readonly O[] },
  context: {
    readonly connection: Connection;
    readonly database: MetaData;
    readonly models: MetaData;
  },
  asking: Asking<O>,
): Promise<CanonicalBelongings<O>> {
  const { connection, database } = context;
  const live = new Map(sides.database.map((object) => [objectKey(object.kind, object), object]));
  const wanted = new WantedRelations(context, connection);
  const views = new Set(
    database.objects
      .filter(({ kind }) => kind === "view" || kind === "materializedView")
      .map((view) => JSON.stringify([view.schema ?? null, view.name])),
  );
  const models: O[] = [];
  const undecided: { readonly object: O; readonly reason: string }[] = [];
  for (const model of sides.models) {
    const there = live.get(objectKey(model.kind, model));
    if (there === undefined || deepEqual(there, model)) {
      models.push(model);
      continue;
    }
    const isView =
      asking.onTables !== true && views.has(JSON.stringify([model.schema ?? null, model.table]));
    const asked = await ask(connection, model, isView, asking, wanted);
    // a stand-in is no more than columns: what is refused there is asked of what there is today
    const isRefused = asked.object === undefined && asked.reason === undefined;
    const { object, reason } = isRefused ? await ask(connection, model, isView, asking) : asked;
    if (reason === undefined) models.push(object === undefined ? model : inPlaceOf(model, object));
    else undecided.push({ object: model, reason });
  }
  return { models, undecided };
}

/** What was read of the stand-in, under the model's own names. */
function inPlaceOf<O extends Belonging>(model: O, read: O): O {
  const { schema, comment } = model;
  const said: O & { schema?: string; comment?: string } = { ...read };
  delete said.schema;
  delete said.comment;
  if (schema !== undefined) said.schema = schema;
  if (comment !== undefined) said.comment = comment;
  return said;
}

/** `ALTER … ENABLE ALWAYS …`; nothing where it is as it is made. */
export function enabling(
  statement: (word: string) => string,
  from: "disabled" | "replica" | "always" | undefined,
  to: "disabled" | "replica" | "always" | undefined,
): readonly string[] {
  if (from === to) return [];
  const word =
    to === undefined
      ? "ENABLE"
      : { disabled: "DISABLE", replica: "ENABLE REPLICA", always: "ENABLE ALWAYS" }[to];
  return [statement(word)];
}

const STATES: Readonly<Record<string, "disabled" | "replica" | "always">> = {
  D: "disabled",
  R: "replica",
  A: "always",
};

/** From `tgenabled`, `ev_enabled`, `evtenabled`. */
export function enabledOf(letter: string): { enabled?: "disabled" | "replica" | "always" } {
  const enabled = STATES[letter];
  return enabled === undefined ? {} : { enabled };
}
