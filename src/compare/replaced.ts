import { madeAnew } from "../operations/made-anew.ts";
import { standsOn } from "../operations/order-objects.ts";
import type { Operation } from "../operations/operation.ts";
import { isUprooted } from "../operations/publications.ts";
import { ownerRemade } from "../operations/sequence-owners.ts";
import { objectKey } from "../schema/objects/declare.ts";
import { publishedBy } from "../schema/objects/published.ts";
import type { OpenObject } from "../schema/objects/types.ts";
import { deepEqual } from "../util/equal.ts";

/** What reads like a table, by the name it loses or gets. */
function names(operations: readonly Operation[], verb: "drop" | "create"): ReadonlySet<string> {
  return new Set(
    operations.flatMap((operation) => {
      if (operation.kind === `${verb}Table`)
        return "table" in operation ? [operation.table.name] : [];
      if (operation.kind === "dropObject" && verb === "drop")
        return isRelation(operation.type) ? [operation.object.name] : [];
      if (operation.kind === "createObject" && verb === "create")
        return isRelation(operation.object.kind) ? [operation.object.name] : [];
      return [];
    }),
  );
}

function isRelation(kind: OpenObject["kind"]): boolean {
  return kind === "view" || kind === "materializedView";
}

/** Sequences that are the same on both sides, but must be nobody's while their owner is made anew, unlogged, or logged. */
export function ownedByRemade(
  operations: readonly Operation[],
  before: readonly OpenObject[],
  after: readonly OpenObject[],
): readonly Operation[] {
  const isRemade = ownerRemade(operations);
  return before
    .filter((object) => object.kind === "sequence")
    .filter(isRemade)
    .filter((sequence) => after.some((other) => deepEqual(other, sequence)))
    .map((sequence): Operation => ({ kind: "alterObject", from: sequence, to: sequence }));
}

/** What goes with a relation, or keeps it from going. */
const STANDING: ReadonlySet<OpenObject["kind"]> = new Set<OpenObject["kind"]>([
  "view",
  "materializedView",
  "function",
  "procedure",
  "trigger",
  "policy",
  "rule",
  "statistics",
  "grants",
]);

/** Privileges on what looks like the sequence of a serial or identity column: those go with the table. */
function isOnSequenceOf(object: OpenObject, table: string): boolean {
  return (
    object.kind === "grants" && object.on === "sequence" && object.name.startsWith(`${table}_`)
  );
}

/**
 * What is the same on both sides, but stands on a name that goes and comes again as something else (a table
 * becomes a view, or partitioned): it has to go meanwhile, and to come again as it is.
 */
export function standingOnReplaced(
  operations: readonly Operation[],
  before: readonly OpenObject[],
  after: readonly OpenObject[],
): readonly Operation[] {
  const made = names(operations, "create");
  const replaced = [...names(operations, "drop")].filter((name) => made.has(name));
  if (replaced.length === 0) return [];
  const kept = new Map(after.map((object) => [objectKey(object.kind, object), object]));
  return before.flatMap((from): readonly Operation[] => {
    const to = kept.get(objectKey(from.kind, from));
    if (to === undefined || !STANDING.has(from.kind) || !deepEqual(from, to)) return [];
    const needs = standsOn(from);
    if (replaced.some((name) => needs.has(name))) return [{ kind: "alterObject", from, to }];
    return replaced.some((name) => isOnSequenceOf(from, name)) ? madeAnew(from, to) : [];
  });
}

/** Publications that are the same on both sides, but lose a table that is made anew: it leaves them, and comes again. */
export function publishingReplaced(
  operations: readonly Operation[],
  before: readonly OpenObject[],
  after: readonly OpenObject[],
): readonly Operation[] {
  return before
    .filter((object) => object.kind === "publication")
    .filter((live) => publishedBy(live).tables.some((table) => isUprooted(table, operations)))
    .filter((live) => after.some((other) => deepEqual(other, live)))
    .map((live): Operation => ({ kind: "alterObject", from: live, to: live }));
}
