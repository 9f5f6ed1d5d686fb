import type { CreateTable, DropTable, Operation } from "./operation.ts";
import { nameOnly, qualifiedName, tableKey } from "../schema/collect.ts";
import { takesNextValue } from "../schema/inherited.ts";
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
  const byCounter = new Map(
    operations.flatMap((operation) =>
      countersOf(contentOf(operation)).map((name) => [name, operation] as const),
    ),
  );
  return topologicalSort(sorted, (operation) => [
    ...needed(contentOf(operation)).flatMap((key) => byKey.get(key) ?? []),
    ...countersRead(contentOf(operation)).flatMap((name) => byCounter.get(name) ?? []),
  ]);
}

/** The sequences that come with the serial columns of a table, by the name that PostgreSQL gives them. */
function countersOf(table: Table | undefined): readonly string[] {
  if (table === undefined) return [];
  return table.columns
    .filter(({ identity }) => identity?.serial === true)
    .map((column) => `${table.name}_${column.name}_seq`);
}

/** The sequences from which columns of a table take numbers, as models or the database write it. */
function countersRead(table: Table | undefined): readonly string[] {
  return (table?.columns ?? []).flatMap(({ default: value }) => {
    if (value === undefined || !("expression" in value)) return [];
    const text = value.expression.parts.filter((part) => typeof part === "string").join("");
    const [, , name] = /\bnextval\(\s*'([^']*\.)?"?([^'"]*)"?'/i.exec(text) ?? [];
    return name ?? [];
  });
}

/**
 * Puts the drops of tables among drops, in their order, of what other tables have. A table goes before that of
 * the others which its keys point to or it has of its parents, but after columns that took numbers of its own.
 */
export function sortDrops(
  tables: readonly DropTable[],
  drops: readonly Operation[],
): readonly Operation[] {
  const standing = new Map<string, DropTable[]>();
  for (const table of tables)
    for (const key of needed(table.dropped))
      standing.set(key, [...(standing.get(key) ?? []), table]);
  const before = new Map<Operation, readonly Operation[]>();
  for (const [place, drop] of drops.entries())
    before.set(drop, drops.slice(Math.max(0, place - 1), place));
  const numbered = drops.filter(takesNumbers);
  for (const table of tables) if (countersOf(table.dropped).length > 0) before.set(table, numbered);
  return topologicalSort<Operation>([...sortTables(tables).toReversed(), ...drops], (operation) => [
    ...("table" in operation ? (standing.get(tableKey(operation.table)) ?? []) : []),
    ...(before.get(operation) ?? []),
  ]);
}

/** Keys of the tables that drop a column with the numbers of a sequence: that may be another one's serial column. */
export function tablesLosingNumbers(operations: readonly Operation[]): readonly string[] {
  return operations.flatMap((operation) =>
    takesNumbers(operation) && "table" in operation ? [tableKey(operation.table)] : [],
  );
}

function takesNumbers(operation: Operation): boolean {
  return (
    operation.kind === "dropColumn" &&
    operation.dropped !== undefined &&
    takesNextValue(operation.dropped)
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
  const groups = cycles(tables, (table) => needed(table).flatMap((key) => byKey.get(key) ?? []));
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
