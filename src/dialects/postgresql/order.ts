import type { Operation } from "../../operations/operation.ts";
import type { OpenKind } from "../../schema/objects/types.ts";
import type { ColumnType } from "../../schema/types.ts";

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

/** What stands on tables: it goes before they do. */
const ON_TABLES: ReadonlySet<OpenKind> = new Set([
  "view",
  "materializedView",
  "trigger",
  "policy",
  "rule",
]);

/** Drops that may take a value's last use away go before the enum changes; what may use a new value comes after it. */
function rank(operation: Operation): number {
  switch (operation.kind) {
    case "dropTable":
    case "dropIndex":
      return 0;
    case "dropObject":
      return ON_TABLES.has(operation.type) ? 0 : 2;
    case "dropConstraint":
      // a key that others refer to must not go before those
      return operation.type === "primaryKey" || operation.type === "unique" ? 2 : 0;
    case "dropColumn":
      return holdsEnum(operation.dropped?.type) ? 0 : 2;
    case "createSchema":
    case "createEnum":
    case "alterEnum":
      return 1;
    default:
      return 2;
  }
}

function sortAround(placed: readonly Placed[]): readonly Placed[] {
  if (!placed.some(({ operation }) => operation.kind === "alterEnum")) return placed;
  return placed.toSorted((a, b) => rank(a.operation) - rank(b.operation));
}

/**
 * Around the change of an enum: what is dropped first, then the enum, then the rest. On the way back a
 * list has them the other way round, and a default or a check would name a value that is not there yet.
 */
export function enumsFirst(operations: readonly Operation[]): readonly Placed[] {
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
