import { namesIn } from "./mentions.ts";
import type { AlterObject, CreateObject, DropObject, Operation } from "./operation.ts";
import type { OpenObject, SqlFunction, SqlProcedure } from "../schema/objects/types.ts";
import { sameTable } from "../schema/collect.ts";

/** A routine that goes beside another of its name which the same calls may mean. */
interface Succession {
  readonly made: CreateObject | AlterObject;
  readonly gone: DropObject;
  /** Before all that calls them: the new one takes every call of the old one. Else behind it. */
  readonly isEarly: boolean;
}

/** What a call may hand over. */
interface Taken {
  readonly types: readonly string[];
  readonly least: number;
}

function takenBy(object: OpenObject | undefined): Taken | undefined {
  if (object?.kind !== "function" && object?.kind !== "procedure") return undefined;
  const { parameters = [] }: SqlFunction | SqlProcedure = object;
  const inputs = parameters.filter(({ mode }) => mode !== "out");
  // one with a list of any length gives way to any other
  if (inputs.some(({ mode }) => mode === "variadic")) return undefined;
  return {
    types: inputs.map(({ type }) => type),
    least: inputs.filter((parameter) => parameter.default === undefined).length,
  };
}

function agree(one: Taken, other: Taken, count: number): boolean {
  return one.types.slice(0, count).every((type, at) => type === other.types[at]);
}

function meet(one: Taken, other: Taken): boolean {
  const count = Math.max(one.least, other.least);
  return count <= Math.min(one.types.length, other.types.length) && agree(one, other, count);
}

/** True where every call of the other one may be one of this. */
function takesAll(one: Taken, other: Taken): boolean {
  const count = other.types.length;
  return one.least <= other.least && count <= one.types.length && agree(one, other, count);
}

/** The place of one routine beside another, where a call may mean both, and could not before. */
function beside(
  made: Succession["made"],
  { type, object, dropped }: DropObject,
): Pick<Succession, "isEarly"> | undefined {
  const routine = made.kind === "createObject" ? made.object : made.to;
  if (routine.kind !== type || !sameTable(routine, object)) return undefined;
  const [now, old] = [takenBy(routine), takenBy(dropped)];
  if (now === undefined || old === undefined) return undefined;
  const before = made.kind === "alterObject" ? takenBy(made.from) : undefined;
  if (before !== undefined && meet(before, old)) return undefined;
  return meet(now, old) ? { isEarly: takesAll(now, old) || !takesAll(old, now) } : undefined;
}

function findSuccessions(
  operations: readonly Operation[],
  isBound: ReadonlySet<Operation>,
): readonly Succession[] {
  const free = operations.filter((operation) => !isBound.has(operation));
  const comers = free.filter(
    (operation) => operation.kind === "createObject" || operation.kind === "alterObject",
  );
  return free.flatMap((gone) => {
    if (gone.kind !== "dropObject") return [];
    const [found] = comers.flatMap((made): readonly Succession[] => {
      const place = beside(made, gone);
      return place === undefined ? [] : [{ made, gone, ...place }];
    });
    if (found === undefined) return [];
    // what calls one that stays may step aside for any change, and come again in between
    const isCalled =
      found.made.kind === "alterObject" ||
      operations.some(
        (operation) =>
          operation !== gone &&
          operation !== found.made &&
          namesIn(operation).has(gone.object.name),
      );
    return isCalled ? [found] : [];
  });
}

function isGrants(operation: Operation): boolean {
  return (
    (operation.kind === "createObject" && operation.object.kind === "grants") ||
    (operation.kind === "alterObject" && operation.to.kind === "grants")
  );
}

/**
 * While a routine is there beside another that takes the same call, the server does not know which is meant
 * (42725): the one follows the other at once, so that nothing is made in between.
 *
 * @param operations in their order, the old routine's drop behind all that calls it
 */
export function succeedAtOnce(
  operations: readonly Operation[],
  isBound: ReadonlySet<Operation>,
): readonly Operation[] {
  return findSuccessions(operations, isBound).reduce((list, { made, gone, isEarly }) => {
    const others = list.filter((operation) => operation !== gone);
    if (isEarly) return others.toSpliced(others.indexOf(made) + 1, 0, gone);
    const place = list.filter((operation) => operation !== made).indexOf(gone);
    const rest = others.filter((operation) => operation !== made);
    // grants name the new one
    const granting = rest.findIndex(isGrants);
    return rest.toSpliced(granting < 0 ? place : Math.min(granting, place), 0, made, gone);
  }, operations);
}
