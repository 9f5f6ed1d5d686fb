import { putAside, takeBack, type Root } from "./aside.ts";
import type { PlanContext } from "../contract.ts";
import type { Operation } from "../../operations/operation.ts";
import { objectKey, objectName } from "../../schema/objects/declare.ts";
import type { ObjectName, OpenKind, OpenObject } from "../../schema/objects/types.ts";

/** The kinds on which other objects of the server may stand. */
const CARRYING: ReadonlySet<OpenKind> = new Set<OpenKind>([
  "view",
  "materializedView",
  "function",
  "procedure",
  "aggregate",
]);

function madeBy(operation: Operation): OpenObject | undefined {
  if (operation.kind === "createObject") return operation.object;
  return operation.kind === "alterObject" ? operation.to : undefined;
}

/** The last object of the plan that is made or changed and may carry others: then all that waits has to come back. */
export function isLastMade(object: OpenObject, { operations = [] }: PlanContext): boolean {
  const last = operations.findLast((operation) => {
    const made = madeBy(operation);
    return made !== undefined && CARRYING.has(made.kind);
  });
  return last === undefined || madeBy(last) === object;
}

function isMadeAgain(key: string, operations: readonly Operation[]): boolean {
  return operations.some(
    (operation) =>
      operation.kind === "createObject" &&
      objectKey(operation.object.kind, objectName(operation.object)) === key,
  );
}

/** How an object goes: for good, or until the same plan makes it again, with all that hangs on it. */
export function dropOrPutAside(
  kind: OpenKind,
  object: ObjectName,
  { root, drop }: { root: Root; drop: string },
  { operations = [] }: PlanContext,
): string {
  return isMadeAgain(objectKey(kind, object), operations) ? putAside(root) : drop;
}

/** What has to follow the creation of an object: that comes back which the plan has put aside. */
export function afterCreate(object: OpenObject, state: PlanContext): readonly string[] {
  const { operations = [] } = state;
  const isAway = operations.some(
    (operation) =>
      operation.kind === "dropObject" &&
      CARRYING.has(operation.type) &&
      isMadeAgain(objectKey(operation.type, operation.object), operations),
  );
  return isAway ? [takeBack(isLastMade(object, state))] : [];
}
