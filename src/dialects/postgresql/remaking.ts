import { putAside, takeBack, type Root } from "./aside.ts";
import type { PlanContext } from "../contract.ts";
import type { DropObject, Operation } from "../../operations/operation.ts";
import { ROUTINES } from "../../operations/routine-place.ts";
import { sameTable } from "../../schema/collect.ts";
import { objectKey, objectName } from "../../schema/objects/declare.ts";
import type { OpenKind, OpenObject } from "../../schema/objects/types.ts";

/** The kinds on which other objects of the server may stand. */
const CARRYING: ReadonlySet<OpenKind> = new Set<OpenKind>([
  "view",
  "materializedView",
  "function",
  "procedure",
  "aggregate",
  "operator",
]);

function madeBy(operation: Operation): OpenObject | undefined {
  if (operation.kind === "createObject") return operation.object;
  return operation.kind === "alterObject" ? operation.to : undefined;
}

function carries(operation: Operation): boolean {
  const made = madeBy(operation);
  return made !== undefined && CARRYING.has(made.kind);
}

/** The last object of the plan that is made or changed and may carry others: then all that waits has to come back. */
export function isLastMade(object: OpenObject, { operations = [] }: PlanContext): boolean {
  const last = operations.findLast(carries);
  return last === undefined || madeBy(last) === object;
}

/** The kind under which the server looks a name up. */
function familyOf(kind: OpenKind): OpenKind {
  return ROUTINES.has(kind) ? "function" : kind;
}

function isMadeAgain({ type, object }: DropObject, operations: readonly Operation[]): boolean {
  const key = objectKey(familyOf(type), object);
  return operations.some(
    (operation) =>
      operation.kind === "createObject" &&
      objectKey(familyOf(operation.object.kind), objectName(operation.object)) === key,
  );
}

/** True where a routine of the name gets another signature: what calls the one may call the other. */
function hasSuccessor({ type, object }: DropObject, operations: readonly Operation[]): boolean {
  if (!ROUTINES.has(type)) return false;
  return operations.some((operation) => {
    const made = madeBy(operation);
    return made !== undefined && made.kind === type && sameTable(made, object);
  });
}

/** How an object goes: for good, or with all that hangs on it until the same plan makes it, or its successor. */
export function dropOrPutAside(
  dropped: Omit<DropObject, "kind">,
  { root, drop }: { root: Root; drop: string },
  { operations = [] }: PlanContext,
): readonly string[] {
  const operation: DropObject = { kind: "dropObject", ...dropped };
  if (isMadeAgain(operation, operations)) return [putAside(root)];
  if (!hasSuccessor(operation, operations)) return [drop];
  const key = objectKey(dropped.type, dropped.object);
  const place = operations.findIndex(
    (other) => other.kind === "dropObject" && objectKey(other.type, other.object) === key,
  );
  const isLast = !operations.slice(place).some(carries);
  return [putAside(root), takeBack(isLast)];
}

/** What has to follow the creation of an object: that comes back which the plan has put aside. */
export function afterCreate(object: OpenObject, state: PlanContext): readonly string[] {
  const { operations = [] } = state;
  const isAway = operations.some(
    (operation) =>
      operation.kind === "dropObject" &&
      CARRYING.has(operation.type) &&
      (isMadeAgain(operation, operations) || hasSuccessor(operation, operations)),
  );
  return isAway ? [takeBack(isLastMade(object, state))] : [];
}
