import type { AlterObject, CreateObject, DropObject, Operation } from "./operation.ts";
import { nameOnly } from "../schema/collect.ts";
import { objectName } from "../schema/objects/declare.ts";
import type { Sequence } from "../schema/objects/types.ts";
import type { TableName } from "../schema/types.ts";
import { deepEqual, omit } from "../util/equal.ts";

/**
 * A column may take its values from a sequence that it owns: the sequence is there before the column, and
 * becomes the column's when both are there. On the way back it is nobody's before the column goes.
 */
export function ownersApart(operations: readonly Operation[]): readonly Operation[] {
  const isRemade = ownerRemade(operations);
  const isMade = touches(operations, "made");
  const isGone = touches(operations, "gone");
  return operations.flatMap((operation): readonly Operation[] => {
    switch (operation.kind) {
      case "createObject": {
        const { object } = operation;
        return object.kind === "sequence" && isMade(object)
          ? [{ ...operation, object: free(object) }, change(free(object), object)]
          : [operation];
      }
      case "dropObject": {
        const { dropped } = operation;
        return dropped?.kind === "sequence" && isGone(dropped)
          ? [
              change(dropped, free(dropped)),
              { ...operation, object: objectName(dropped), dropped: free(dropped) },
            ]
          : [operation];
      }
      case "alterObject":
        return movedOwner(operation, isRemade);
      default:
        return [operation];
    }
  });
}

/** Whether the owner of a sequence comes, or goes, with the operations. */
function touches(
  operations: readonly Operation[],
  how: "made" | "gone",
): (sequence: Sequence) => boolean {
  const names = operations.flatMap((operation): readonly string[] => {
    switch (operation.kind) {
      case "createTable":
        return how === "made" ? [key(operation.table, undefined)] : [];
      case "addColumn":
        return how === "made" ? [key(operation.table, operation.column.name)] : [];
      case "dropTable":
        return how === "gone" ? [key(operation.table, undefined)] : [];
      case "dropColumn":
        return how === "gone" ? [key(operation.table, operation.name)] : [];
      default:
        return [];
    }
  });
  const touched = new Set(names);
  return ({ schema, ownedBy }) => {
    if (ownedBy === undefined) return false;
    const table = nameOnly({ schema, name: ownedBy.table });
    return touched.has(key(table, undefined)) || touched.has(key(table, ownedBy.column));
  };
}

function key({ schema, name }: TableName, column: string | undefined): string {
  return JSON.stringify([schema ?? null, name, column ?? null]);
}

function free(sequence: Sequence): Sequence {
  return omit(sequence, "ownedBy");
}

function change(from: Sequence, to: Sequence): AlterObject {
  return { kind: "alterObject", from, to };
}

/**
 * Whether a sequence has to be nobody's meanwhile: its owner goes and comes again, or becomes unlogged, or logged.
 * Since PostgreSQL 15 the sequences that a table owns become so with it, but for those that are let go.
 */
export function ownerRemade(operations: readonly Operation[]): (sequence: Sequence) => boolean {
  const made = new Set(
    operations.flatMap((operation) =>
      operation.kind === "createTable" ? [key(operation.table, undefined)] : [],
    ),
  );
  const tables = new Set(
    operations.flatMap((operation) => {
      const isRelogged =
        operation.kind === "setTableOptions" &&
        (operation.from["unlogged"] === true) !== (operation.to["unlogged"] === true);
      if (!isRelogged && operation.kind !== "dropTable") return [];
      const table = key(operation.table, undefined);
      return isRelogged || made.has(table) ? [table] : [];
    }),
  );
  return ({ schema, ownedBy }) =>
    ownedBy !== undefined && tables.has(key(nameOnly({ schema, name: ownedBy.table }), undefined));
}

function movedOwner(
  operation: AlterObject,
  isRemade: (sequence: Sequence) => boolean,
): readonly Operation[] {
  const { from, to } = operation;
  if (from.kind !== "sequence" || to.kind !== "sequence") return [operation];
  if (deepEqual(from.ownedBy, to.ownedBy) && !isRemade(from)) return [operation];
  return [
    ...(from.ownedBy === undefined ? [] : [change(from, free(from))]),
    ...(deepEqual(free(from), free(to)) ? [] : [change(free(from), free(to))]),
    ...(to.ownedBy === undefined ? [] : [change(free(to), to)]),
  ];
}

/** Where a change of the owner alone belongs: a column that goes is let go first, one that comes is taken last. */
export function ownerStage(
  operation: CreateObject | DropObject | AlterObject,
): "dropObjects" | "createObjects" | undefined {
  if (operation.kind !== "alterObject") return undefined;
  const { from, to } = operation;
  if (from.kind !== "sequence" || to.kind !== "sequence") return undefined;
  if (deepEqual(from.ownedBy, to.ownedBy)) return undefined;
  return to.ownedBy === undefined ? "dropObjects" : "createObjects";
}
