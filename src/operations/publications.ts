/**
 * How publications change beside what they publish. A table that is dropped leaves them by itself, and a column
 * that a list or a condition names cannot go: so what leaves a publication leaves before the tables change, and
 * what comes comes behind that.
 */
import { madeAnew } from "./made-anew.ts";
import { namesIn } from "./mentions.ts";
import type { AlterObject, Operation } from "./operation.ts";
import { nameOnly, sameTable, tableKey } from "../schema/collect.ts";
import { publishedBy, publishing } from "../schema/objects/published.ts";
import type { Publication, PublishedTable } from "../schema/objects/types.ts";
import { deepEqual } from "../util/equal.ts";

/** A change of a publication in its place. */
interface Change {
  readonly from: Publication;
  readonly to: Publication;
}

/** The change, where it is one of a publication. */
function changeOf(operation: Operation): Change | undefined {
  if (operation.kind !== "alterObject") return undefined;
  const { from, to } = operation;
  return from.kind === "publication" && to.kind === "publication" ? { from, to } : undefined;
}

function isOn(operation: Operation, table: PublishedTable): boolean {
  return "table" in operation && sameTable(operation.table, table);
}

/** What the publication names of the table: columns, and words of its condition. */
function namesOf({ columns, where }: PublishedTable): ReadonlySet<string> {
  return namesIn([columns, where]);
}

/** True where the operation changes the table, or drops a column that it may have of another one. */
function mayBeOn(operation: Operation, table: PublishedTable): boolean {
  return (
    isOn(operation, table) ||
    (operation.kind === "dropColumn" && namesOf(table).has(operation.name))
  );
}

/** True where a table that stays in a publication leaves it by itself: it is made anew. */
export function isUprooted(table: PublishedTable, operations: readonly Operation[]): boolean {
  return operations.some((operation) => operation.kind === "dropTable" && isOn(operation, table));
}

/** Between what leaves and what comes: all else is as it was. */
function between({ from, to }: Change, operations: readonly Operation[]): Publication {
  const [before, after] = [publishedBy(from), publishedBy(to)];
  const wanted = new Map(after.tables.map((table) => [tableKey(nameOnly(table)), table]));
  return publishing(from, {
    tables: before.tables.filter((table) => {
      const now = wanted.get(tableKey(nameOnly(table)));
      if (now === undefined) return false;
      return deepEqual(now, table)
        ? !isUprooted(table, operations)
        : !operations.some((operation) => mayBeOn(operation, table));
    }),
    schemas: before.schemas.filter((schema) => after.schemas.includes(schema)),
  });
}

/** True where the operations change, make or drop something that the publication names. */
function isAmong({ from, to }: Change, operations: readonly Operation[]): boolean {
  const [before, after] = [publishedBy(from), publishedBy(to)];
  const tables = [...before.tables, ...after.tables];
  const schemas = [...before.schemas, ...after.schemas];
  return operations.some(
    (operation) =>
      tables.some((table) => mayBeOn(operation, table)) ||
      ((operation.kind === "createSchema" || operation.kind === "dropSchema") &&
        schemas.includes(operation.name)),
  );
}

/** True where the change takes members away, and does nothing else. */
function onlyLoses({ from, to }: Change): boolean {
  const [before, after] = [publishedBy(from), publishedBy(to)];
  const stays = after.tables.every((table) =>
    before.tables.some((other) => deepEqual(other, table)),
  );
  const keeps = after.schemas.every((schema) => before.schemas.includes(schema));
  return stays && keeps && deepEqual(publishing(from, after), to);
}

function inSteps(change: Change, operations: readonly Operation[]): readonly Operation[] {
  const { from, to } = change;
  if ((from.allTables === true) !== (to.allTables === true)) return madeAnew(from, to);
  if (!isAmong(change, operations)) return [{ kind: "alterObject", ...change }];
  const middle = between(change, operations);
  const steps: readonly AlterObject[] = [
    { kind: "alterObject", from, to: middle },
    { kind: "alterObject", from: middle, to },
  ];
  return steps.filter((step) => !deepEqual(step.from, step.to));
}

/** The changes of publications taken apart where that has to be: what leaves and what comes, or a new one in the old one's place. */
export function publicationsInSteps(operations: readonly Operation[]): readonly Operation[] {
  return operations.flatMap((operation) => {
    const change = changeOf(operation);
    return change === undefined ? [operation] : inSteps(change, operations);
  });
}

/** True for the step with which members leave. */
export function isLeaving(operation: Operation): boolean {
  const change = changeOf(operation);
  return change !== undefined && onlyLoses(change);
}
