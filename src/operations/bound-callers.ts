/**
 * Checks and indexes that call a routine which stands on tables of the same revision, as one that takes a row of
 * theirs does: they are made after the routine, and dropped before it.
 */
import { namesIn } from "./mentions.ts";
import type { Operation } from "./operation.ts";
import { boundRoutines, contentOf, isRoutine } from "./routine-place.ts";
import { nameOnly } from "../schema/collect.ts";
import type { Constraint, Index, Table } from "../schema/types.ts";

type IsCaller = (item: Constraint | Index | undefined) => boolean;

function callerOf(bound: ReadonlySet<Operation>): IsCaller {
  const names = [...bound].flatMap((operation) => {
    const content = contentOf(operation);
    return content !== undefined && isRoutine(content) ? [content.name] : [];
  });
  return (item) => {
    if (item === undefined || names.length === 0) return false;
    const texts =
      "elements" in item
        ? [item.elements.map(({ expression }) => expression), item.where]
        : item.kind === "check"
          ? item.expression
          : undefined;
    const said = namesIn(texts);
    return names.some((name) => said.has(name));
  };
}

/** The stage of the changes of such checks and indexes alone; undefined for all else. */
export function callerStage(
  bound: ReadonlySet<Operation>,
): (operation: Operation) => "dropObjects" | "createObjects" | undefined {
  const isCaller = callerOf(bound);
  return (operation) => {
    switch (operation.kind) {
      case "createIndex":
        return isCaller(operation.index) ? "createObjects" : undefined;
      case "addConstraint":
        return isCaller(operation.constraint) ? "createObjects" : undefined;
      case "dropIndex":
      case "dropConstraint":
        return isCaller(operation.dropped) ? "dropObjects" : undefined;
      default:
        return undefined;
    }
  };
}

interface Parts {
  readonly rest: Table;
  readonly constraints: readonly Constraint[];
  readonly indexes: readonly (Index & { readonly name: string })[];
}

/** What has no name cannot be dropped alone. */
function partsOf(table: Table, isCaller: IsCaller): Parts {
  const constraints = table.constraints.filter((item) => item.name !== undefined && isCaller(item));
  const indexes = table.indexes.flatMap((index) =>
    index.name !== undefined && isCaller(index) ? [{ ...index, name: index.name }] : [],
  );
  const apart = new Set([...constraints, ...indexes].map(({ name }) => name));
  const stays = ({ name }: Constraint | Index): boolean => name === undefined || !apart.has(name);
  return {
    constraints,
    indexes,
    rest: {
      ...table,
      constraints: table.constraints.filter(stays),
      indexes: table.indexes.filter(stays),
    },
  };
}

/** Such checks and indexes apart from the tables with which they come and go. */
export function callersApart(operations: readonly Operation[]): readonly Operation[] {
  const isCaller = callerOf(boundRoutines(operations));
  return operations.flatMap((operation): readonly Operation[] => {
    if (operation.kind === "createTable") {
      const { rest, constraints, indexes } = partsOf(operation.table, isCaller);
      const table = nameOnly(rest);
      return [
        { ...operation, table: rest },
        ...constraints.map((constraint): Operation => ({
          kind: "addConstraint",
          table,
          constraint,
        })),
        ...indexes.map((index): Operation => ({ kind: "createIndex", table, index })),
      ];
    }
    if (operation.kind !== "dropTable" || operation.dropped === undefined) return [operation];
    const { rest, constraints, indexes } = partsOf(operation.dropped, isCaller);
    const table = nameOnly(rest);
    return [
      ...indexes.map((dropped): Operation => ({
        kind: "dropIndex",
        table,
        name: dropped.name,
        dropped,
      })),
      ...constraints.map((dropped): Operation => ({
        kind: "dropConstraint",
        table,
        ...(dropped.name === undefined ? {} : { name: dropped.name }),
        type: dropped.kind,
        dropped,
      })),
      { ...operation, dropped: rest },
    ];
  });
}
