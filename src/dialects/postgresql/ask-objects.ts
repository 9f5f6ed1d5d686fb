import { attempt, FORBIDDEN } from "./ask.ts";
import { inspect } from "./session.ts";
import type { Connection } from "../contract.ts";
import { nameOnly, tableKey } from "../../schema/collect.ts";
import type { SkippedObject, TableName } from "../../schema/types.ts";
import { deepEqual } from "../../util/equal.ts";

/** Something to be made in the temporary schema, under a name that is given. */
export interface Trial<O> {
  readonly object: O;
  readonly create: (name: string) => readonly string[];
}

/** What the server made of the trials, by the objects. */
export type Verdict<R> =
  | { readonly kind: "made"; readonly read: R }
  /** The server does not take it as things are. */
  | { readonly kind: "rejected" }
  /** The question cannot be put: no right to make temporary objects. */
  | { readonly kind: "unknown"; readonly reason: string };

/**
 * Makes objects in the temporary schema of a transaction that is rolled back, and reads how the catalog
 * spells them: nothing is left.
 *
 * @param read all that is in the temporary schema, by name
 */
export function askObjects<O, R>(
  connection: Connection,
  trials: readonly Trial<O>[],
  read: () => Promise<ReadonlyMap<string, R>>,
): Promise<ReadonlyMap<O, Verdict<R>>> {
  if (trials.length === 0) return Promise.resolve(new Map());
  return inspect(connection, async () => {
    const verdicts = new Map<O, Verdict<R>>();
    const names = new Map<string, O>();
    for (const [at, { object, create }] of trials.entries()) {
      const name = `revline_trial_${String(at)}`;
      const outcome = await attempt(connection, create(name));
      if (outcome === "done") names.set(name, object);
      else if (FORBIDDEN.has(outcome.code))
        verdicts.set(object, { kind: "unknown", reason: outcome.message });
      else verdicts.set(object, { kind: "rejected" });
    }
    const made = await read();
    for (const [name, object] of names) {
      const found = made.get(name);
      verdicts.set(
        object,
        found === undefined ? { kind: "rejected" } : { kind: "made", read: found },
      );
    }
    return verdicts;
  });
}

interface Sides<O> {
  readonly database: readonly O[];
  readonly models: readonly O[];
}

/** How the models' objects of one kind are brought to the catalog's words. */
export interface Asking<O> {
  /** For what is told as skipped. */
  readonly kind: string;
  /** Without the words that say what is so anyway. */
  readonly canonical: (object: O) => O;
  /** The database's text where it says the same as the model's. */
  readonly adopt?: (model: O, live: O) => O;
  readonly create: (object: O, path: string) => readonly string[];
  /** What is in the temporary schema, by name. */
  readonly read: () => Promise<ReadonlyMap<string, O>>;
  /** The model with what the server made of it. */
  readonly answered: (model: O, read: O) => O;
  /** The path of a name in the temporary schema. */
  readonly path: (name: string) => string;
}

/** Equal text decides; where it does not, the server makes the model's object for a moment and says what it is. */
export async function settleObjects<O extends TableName>(
  connection: Connection,
  { database, models }: Sides<O>,
  asking: Asking<O>,
): Promise<Sides<O> & { readonly skipped: readonly SkippedObject[] }> {
  const { canonical, adopt = (model) => model } = asking;
  const live = new Map(database.map((object) => [tableKey(object), object]));
  const bring = (model: O, there: O | undefined): O =>
    canonical(there === undefined ? model : adopt(model, there));
  const isSettled = (model: O): boolean => {
    const there = live.get(tableKey(model));
    return there === undefined || deepEqual(bring(model, there), there);
  };
  const trials = models
    .filter((model) => !isSettled(model))
    .map((object) => ({
      object,
      create: (name: string) => asking.create(object, asking.path(name)),
    }));
  const verdicts = await askObjects(connection, trials, asking.read);
  const unknown = new Map<string, string>();
  for (const [model, verdict] of verdicts)
    if (verdict.kind === "unknown") unknown.set(tableKey(model), verdict.reason);
  const isKnown = (object: O): boolean => !unknown.has(tableKey(object));
  return {
    database: database.filter(isKnown),
    models: models.filter(isKnown).map((model) => {
      const verdict = verdicts.get(model);
      const asked = verdict?.kind === "made" ? asking.answered(model, verdict.read) : model;
      return bring(asked, live.get(tableKey(model)));
    }),
    skipped: models
      .filter((model) => !isKnown(model))
      .map((model) => ({
        kind: asking.kind,
        ...nameOnly(model),
        reason: `the database could not be asked whether it is the same: ${unknown.get(tableKey(model)) ?? ""}`,
      })),
  };
}
