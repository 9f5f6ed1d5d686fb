import type { AlterObject, CreateObject, DropObject, Operation } from "./operation.ts";
import { CARRIERS, contentOf, namesNeeded } from "./routine-place.ts";
import { madeAnew } from "./made-anew.ts";
import { namesIn } from "./mentions.ts";
import { isLeaving } from "./publications.ts";
import { lostValues } from "./used-values.ts";
import { ownerStage } from "./sequence-owners.ts";
import { objectKey } from "../schema/objects/declare.ts";
import type { OpenKind, OpenObject } from "../schema/objects/types.ts";
import { deepEqual } from "../util/equal.ts";
import { topologicalSort } from "../util/topological-sort.ts";
import { compareText } from "../util/text.ts";

export type ObjectChange = CreateObject | DropObject | AlterObject;

/**
 * Where a kind stands: made before the tables, which may need it, or after them, which it needs; and in
 * which order among its like. Drops are the other way round.
 */
interface Place {
  readonly before: boolean;
  readonly rank: number;
}

const PLACE: { readonly [K in OpenKind]: Place } = {
  extension: { before: true, rank: 0 },
  collation: { before: true, rank: 1 },
  sequence: { before: true, rank: 2 },
  domain: { before: true, rank: 3 },
  compositeType: { before: true, rank: 3 },
  rangeType: { before: true, rank: 3 },
  custom: { before: false, rank: 9 },
  function: { before: true, rank: 3 },
  procedure: { before: true, rank: 3 },
  view: { before: false, rank: 1 },
  materializedView: { before: false, rank: 1 },
  trigger: { before: false, rank: 3 },
  policy: { before: false, rank: 3 },
  rule: { before: false, rank: 2 },
  operator: { before: true, rank: 4 },
  aggregate: { before: true, rank: 5 },
  grants: { before: false, rank: 7 },
  defaultPrivileges: { before: false, rank: 10 },
  eventTrigger: { before: false, rank: 8 },
  publication: { before: false, rank: 6 },
  virtualTable: { before: false, rank: 0 },
  event: { before: false, rank: 3 },
  textSearchDictionary: { before: true, rank: 3 },
  textSearchConfiguration: { before: true, rank: 4 },
  cast: { before: true, rank: 5 },
  statistics: { before: false, rank: 3 },
  schemaComment: { before: false, rank: 7 },
};

/** True for a kind that is made when the tables are there. */
export function comesAfterTables(kind: OpenKind): boolean {
  return !PLACE[kind].before;
}

export function isObjectChange(operation: Operation): operation is ObjectChange {
  return (
    operation.kind === "createObject" ||
    operation.kind === "dropObject" ||
    operation.kind === "alterObject"
  );
}

function kindOf(change: ObjectChange): OpenKind {
  if (change.kind === "dropObject") return change.type;
  return change.kind === "createObject" ? change.object.kind : change.to.kind;
}

/** They stand around all else: what is made is made without them. */
export function isOfDefaultPrivileges(change: ObjectChange): boolean {
  return kindOf(change) === "defaultPrivileges";
}

/** The stage of {@link orderOperations} that a change of an object belongs to. */
export function objectStage(
  change: ObjectChange,
  isBound = false,
): "dropObjects" | "types" | "createObjects" | "dropTypes" {
  const before = PLACE[kindOf(change)].before && !isBound;
  const ofOwner = ownerStage(change);
  if (ofOwner !== undefined) return ofOwner;
  if (isLeaving(change)) return "dropObjects";
  if (change.kind === "dropObject") return before ? "dropTypes" : "dropObjects";
  return before ? "types" : "createObjects";
}

/** Nothing stands on them: their names are those of other things. */
const STOOD_ON_BY_NONE: ReadonlySet<OpenKind> = new Set<OpenKind>(["publication"]);

/** The names that go away with an operation; all of them must be mentioned by what stands on it. */
function namesGone(operation: Operation): readonly string[] | undefined {
  switch (operation.kind) {
    case "dropTable":
      return [operation.table.name];
    case "dropColumn":
      return [operation.table.name, operation.name];
    case "dropObject":
      return STOOD_ON_BY_NONE.has(operation.type) ? undefined : [operation.object.name];
    case "renameTable":
      return [operation.from.name];
    case "renameColumn":
    case "renameEnumValue":
      return [operation.from];
    default:
      return undefined;
  }
}

/** An operation on which an object stands that mentions all the names. */
interface Cause {
  readonly operation: Operation;
  readonly lost: readonly string[];
}

/** True where tables or views go: a routine that stands on those is made behind them. */
function isOfTables({ operation }: Cause): boolean {
  return operation.kind === "dropObject"
    ? CARRIERS.has(operation.type)
    : operation.kind !== "renameEnumValue";
}

/** The names that an object stands on: of privileges that of what they are on. */
export function standsOn(object: OpenObject): ReadonlySet<string> {
  return object.kind === "grants" ? new Set([object.name]) : namesNeeded(object);
}

/** What stands before the tables stands on none of them, but for a routine's signature. */
function mayBeSplit({ from }: AlterObject): boolean {
  // publications have steps of their own
  if (from.kind === "publication") return false;
  return !PLACE[from.kind].before || from.kind === "function" || from.kind === "procedure";
}

/** A text speaks of an attribute by its name alone. */
function lostAttributes(operation: AlterObject): readonly Cause[] {
  const { from, to } = operation;
  if (from.kind !== "compositeType" || to.kind !== "compositeType") return [];
  return from.attributes
    .filter(({ name }) => !to.attributes.some((other) => other.name === name))
    .map(({ name }) => ({ operation, lost: [name] }));
}

/**
 * An object that stood on what goes away, on a column whose type changes (both of its texts are right with
 * one type alone), on a value that an enum loses or an attribute that a composite type does, on a primary key,
 * or on another object that changes (and may have to be made anew), is dropped first and made again at the end,
 * instead of being changed in its place.
 */
export function splitAlters(operations: readonly Operation[]): readonly Operation[] {
  const gone = operations.flatMap((operation) => {
    const lost = namesGone(operation);
    return lost === undefined ? [] : [{ operation, lost }];
  });
  const changed = operations.flatMap((operation) =>
    operation.kind === "alterObject" && !STOOD_ON_BY_NONE.has(operation.to.kind)
      ? [{ operation, lost: [operation.to.name] }]
      : [],
  );
  const changedBelow = operations.flatMap((operation): readonly Cause[] => {
    if (operation.kind === "alterColumn" && !deepEqual(operation.from.type, operation.to.type))
      return [{ operation, lost: [operation.table.name, operation.from.name] }];
    if (operation.kind === "alterEnum") {
      const literals = lostValues(operation.from, operation.to).map((value) => `'${value}'`);
      return literals.map((literal) => ({
        operation,
        lost: [...namesIn(literal)].filter((word) => word !== literal),
      }));
    }
    if (operation.kind === "alterObject") return lostAttributes(operation);
    // a query that groups by a primary key stands on it
    return operation.kind === "dropConstraint" && operation.type === "primaryKey"
      ? [{ operation, lost: [operation.table.name, "group"] }]
      : [];
  });
  const causes: readonly Cause[] = [...gone, ...changed, ...changedBelow];
  if (gone.length + changedBelow.length === 0 && changed.length < 2) return operations;
  return operations.flatMap((operation): readonly Operation[] => {
    if (operation.kind !== "alterObject" || !mayBeSplit(operation)) return [operation];
    const mentioned = standsOn(operation.from);
    // what stands before the tables is changed in its place before its like goes at the end
    const own =
      PLACE[operation.from.kind].before || operation.from.kind === "grants"
        ? gone.filter(isOfTables)
        : causes;
    const stands = own.some(
      ({ operation: cause, lost }) =>
        cause !== operation && lost.every((name) => mentioned.has(name)),
    );
    return stands ? madeAnew(operation.from, operation.to) : [operation];
  });
}

/**
 * The drops that come before tables and columns take new names: what is dropped speaks of the old ones,
 * and so must be made after them on the way back.
 */
export function dropsBeforeRenames(operations: readonly Operation[]): ReadonlySet<Operation> {
  const renamed = operations.flatMap((operation) =>
    operation.kind === "renameTable" || operation.kind === "renameColumn"
      ? [namesGone(operation) ?? []]
      : [],
  );
  const drops = operations.filter(
    (operation): operation is DropObject =>
      operation.kind === "dropObject" && operation.dropped !== undefined,
  );
  const found = new Set<DropObject>();
  const stands = ({ object, dropped }: DropObject): boolean => {
    if (dropped === undefined || PLACE[dropped.kind].before) return false;
    // the server gives it the new names by itself
    if (dropped.kind === "publication") return false;
    const mentioned = namesNeeded(dropped);
    const isOn = (names: readonly string[]): boolean => names.every((name) => mentioned.has(name));
    // what belongs to a table is found under the table's new name
    return (
      [...found].some((other) => isOn([other.object.name])) ||
      (object.table === undefined && renamed.some(isOn))
    );
  };
  for (;;) {
    const more = drops.filter((drop) => !found.has(drop) && stands(drop));
    if (more.length === 0) return found;
    for (const drop of more) found.add(drop);
  }
}

function keyOf(change: ObjectChange): string {
  if (change.kind === "dropObject") return objectKey(change.type, change.object);
  const object = change.kind === "createObject" ? change.object : change.to;
  return objectKey(object.kind, object);
}

/** What is named comes before what names it; for drops the other way round. */
export function sortObjects(changes: readonly ObjectChange[]): readonly ObjectChange[] {
  const drops = changes.filter(({ kind }) => kind === "dropObject");
  const others = changes.filter(({ kind }) => kind !== "dropObject");
  return [...byDependency(drops).toReversed(), ...byDependency(others)];
}

/** True where one thing comes to another by way of what is next to each. */
function reaches<T>(from: T, to: T, next: (item: T) => readonly T[]): boolean {
  const seen = new Set([from]);
  for (const item of seen) for (const other of next(item)) seen.add(other);
  return seen.has(to);
}

function byDependency(changes: readonly ObjectChange[]): readonly ObjectChange[] {
  const sorted = changes.toSorted(
    (a, b) => PLACE[kindOf(a)].rank - PLACE[kindOf(b)].rank || compareText(keyOf(a), keyOf(b)),
  );
  const byName = new Map<string, ObjectChange[]>();
  for (const change of sorted) {
    const name = contentOf(change)?.name ?? "";
    byName.set(name, [...(byName.get(name) ?? []), change]);
  }
  const below = (change: ObjectChange): readonly ObjectChange[] => {
    const content = contentOf(change);
    if (content === undefined) return [];
    return [...namesNeeded(content)].flatMap((name) =>
      (byName.get(name) ?? []).filter((other) => other !== change),
    );
  };
  const isOperator = (change: ObjectChange): boolean => kindOf(change) === "operator";
  // a symbol may be that of other operands: what an operator itself stands on does not stand on it
  return topologicalSort(sorted, (change) =>
    below(change).filter(
      (other) =>
        !isOperator(other) ||
        (!isOperator(change) &&
          !reaches(other, change, (next) => below(next).filter((found) => !isOperator(found)))),
    ),
  );
}
