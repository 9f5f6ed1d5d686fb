import type { AlterEnum, Operation, SetTableOptions } from "../../operations/operation.ts";
import { lostValues, usesValue } from "../../operations/used-values.ts";
import { sameTable } from "../../schema/collect.ts";
import { parentsOf } from "../../schema/parents.ts";
import type { OpenKind } from "../../schema/objects/types.ts";
import type { ColumnType, TableName } from "../../schema/types.ts";

/** An operation and its place in the list that was given. */
export interface Placed {
  readonly operation: Operation;
  readonly place: number;
}

/** What data or names may depend on: nothing is moved across it. */
const BARRIERS: ReadonlySet<Operation["kind"]> = new Set([
  "execute",
  "bulkInsert",
  "renameTable",
  "renameColumn",
  "renameEnumValue",
]);

function holdsEnum(type: ColumnType | undefined): boolean {
  return type?.name === "array" ? holdsEnum(type.element) : type?.name === "enum";
}

const DROPS: ReadonlySet<Operation["kind"]> = new Set([
  "dropTable",
  "dropColumn",
  "dropConstraint",
  "dropIndex",
  "dropObject",
  "dropEnum",
]);

/** True where the operation may need one of the values: in its SQL, or in rows that become of the type. */
function needsValue(operation: Operation, values: readonly string[]): boolean {
  if (DROPS.has(operation.kind) || operation.kind === "alterEnum") return false;
  if (operation.kind === "alterColumn" && holdsEnum(operation.to.type)) return true;
  return values.some((value) => usesValue(operation, value));
}

function leavesParents({ from, to }: SetTableOptions): boolean {
  const [old, now] = [from, to].map((postgresql) => parentsOf({ options: { postgresql } }));
  const isOld = (name: TableName): boolean => old?.some((other) => sameTable(other, name)) === true;
  return old !== undefined && now !== undefined && now.length < old.length && now.every(isOld);
}

/** Kinds whose texts the server reads again when a type in them is replaced. */
const READ_AGAIN: ReadonlySet<OpenKind> = new Set<OpenKind>(["domain", "function", "procedure"]);

/** What may take a value's last use away: the new type knows no such check or index. */
function goesAhead(operation: Operation, lost: readonly string[]): boolean {
  switch (operation.kind) {
    case "alterObject":
      return (
        READ_AGAIN.has(operation.from.kind) &&
        lost.some((value) => usesValue(operation.from, value))
      );
    case "dropIndex":
      return true;
    case "dropConstraint":
      // a key that others refer to must not go before those
      return operation.type !== "primaryKey" && operation.type !== "unique";
    case "setTableOptions":
      // what was a parent's goes once the table is let go
      return leavesParents(operation);
    default:
      return false;
  }
}

function isAlterEnum(item: Placed): item is Placed & { readonly operation: AlterEnum } {
  return item.operation.kind === "alterEnum";
}

function placeEnum(
  list: readonly Placed[],
  item: Placed & { readonly operation: AlterEnum },
): readonly Placed[] {
  const { from, to } = item.operation;
  const [added, lost] = [lostValues(to, from), lostValues(from, to)];
  const before = list.slice(0, list.indexOf(item));
  const need =
    added.length === 0 ? -1 : before.findIndex(({ operation }) => needsValue(operation, added));
  const earlier = need < 0 ? before : before.slice(0, need);
  const later = list.slice(earlier.length).filter((other) => other !== item);
  const ahead = later.filter(
    ({ operation }) =>
      lost.length > 0 && goesAhead(operation, lost) && !needsValue(operation, added),
  );
  return [...earlier, ...ahead, item, ...later.filter((other) => !ahead.includes(other))];
}

function sortAround(placed: readonly Placed[]): readonly Placed[] {
  return placed.filter(isAlterEnum).reduce(placeEnum, placed);
}

/**
 * Around the change of an enum: what names a value that it gets comes after it, and what may name one that it
 * loses goes before. On the way back a list has them the other way round.
 */
export function aroundEnums(operations: readonly Operation[]): readonly Placed[] {
  const sorted: Placed[] = [];
  let part: Placed[] = [];
  for (const [place, operation] of operations.entries()) {
    const item = { operation, place };
    if (!BARRIERS.has(operation.kind)) {
      part.push(item);
      continue;
    }
    sorted.push(...sortAround(part), item);
    part = [];
  }
  return [...sorted, ...sortAround(part)];
}
