import type { CreateTable, DropTable, Operation } from "./operation.ts";
import { nameOnly, qualifiedName, tableKey } from "../schema/collect.ts";
import { parentsOf } from "../schema/parents.ts";
import type { Constraint, ForeignKey, Table } from "../schema/types.ts";
import { cycles, topologicalSort } from "../util/topological-sort.ts";
import { compareText } from "../util/text.ts";

function foreignKeys(table: Table | undefined): readonly ForeignKey[] {
  return (table?.constraints ?? []).filter((constraint) => constraint.kind === "foreignKey");
}

/** Tables that must be there before this one, among the given. */
function referenced(table: Table | undefined): readonly string[] {
  return foreignKeys(table)
    .map(({ references }) => tableKey(references))
    .filter((key) => table !== undefined && key !== tableKey(table));
}

/** What a table cannot be made without: the tables its keys point to, and its parents. */
function needed(table: Table | undefined): readonly string[] {
  return [...referenced(table), ...(table === undefined ? [] : parentsOf(table).map(tableKey))];
}

/** What is needed comes before what needs it. */
export function sortTables<T extends CreateTable | DropTable>(
  operations: readonly T[],
): readonly T[] {
  const byKey = new Map(operations.map((operation) => [tableKey(operation.table), operation]));
  const sorted = operations.toSorted((a, b) =>
    compareText(qualifiedName(a.table), qualifiedName(b.table)),
  );
  return topologicalSort(sorted, (operation) =>
    needed(contentOf(operation)).flatMap((key) => byKey.get(key) ?? []),
  );
}

function contentOf(operation: CreateTable | DropTable): Table | undefined {
  return operation.kind === "createTable" ? operation.table : operation.dropped;
}

/**
 * Takes the foreign keys that close a circle out of the tables: created after them, dropped before them.
 */
export function breakCycles(operations: readonly Operation[]): readonly Operation[] {
  const created = operations.filter((operation) => operation.kind === "createTable");
  const dropped = operations.filter((operation) => operation.kind === "dropTable");
  const outOfCreate = keysInCycles(created.map(({ table }) => table));
  const outOfDrop = keysInCycles(dropped.flatMap((operation) => operation.dropped ?? []));
  return operations.flatMap((operation): readonly Operation[] => {
    if (operation.kind === "createTable") {
      const out = outOfCreate.get(tableKey(operation.table)) ?? [];
      const table = without(operation.table, out);
      return [
        { ...operation, table },
        ...out.map((constraint) => addConstraint(table, constraint)),
      ];
    }
    if (operation.kind === "dropTable" && operation.dropped !== undefined) {
      const out = outOfDrop.get(tableKey(operation.table)) ?? [];
      const table = without(operation.dropped, out);
      return [
        ...out.map((constraint) => dropConstraint(table, constraint)),
        { ...operation, dropped: table },
      ];
    }
    return [operation];
  });
}

function keysInCycles(tables: readonly Table[]): ReadonlyMap<string, readonly ForeignKey[]> {
  const byKey = new Map(tables.map((table) => [tableKey(table), table]));
  const groups = cycles(tables, (table) =>
    referenced(table).flatMap((key) => byKey.get(key) ?? []),
  );
  return new Map(
    groups.flatMap((group) => {
      const members = new Set(group.map(tableKey));
      return group.map((table): [string, readonly ForeignKey[]] => [
        tableKey(table),
        foreignKeys(table).filter(
          ({ references }) =>
            members.has(tableKey(references)) && tableKey(references) !== tableKey(table),
        ),
      ]);
    }),
  );
}

function without(table: Table, out: readonly Constraint[]): Table {
  return out.length === 0
    ? table
    : { ...table, constraints: table.constraints.filter((item) => !out.includes(item)) };
}

function addConstraint(table: Table, constraint: Constraint): Operation {
  return { kind: "addConstraint", table: nameOnly(table), constraint };
}

function dropConstraint(table: Table, constraint: Constraint): Operation {
  return {
    kind: "dropConstraint",
    table: nameOnly(table),
    ...(constraint.name === undefined ? {} : { name: constraint.name }),
    type: constraint.kind,
    dropped: constraint,
  };
}
