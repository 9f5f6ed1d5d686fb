import { inSchemaOf } from "./compile.ts";
import { sequenceName } from "./naming.ts";
import { effectiveOptions, type Counter } from "./sequence-bounds.ts";
import { lastName, sequencePath, sharedSequences } from "./sequences.ts";
import { quote, quoteTable, quoteText } from "./spelling.ts";
import type { Operation } from "../../operations/operation.ts";
import type { Column, TableName } from "../../schema/types.ts";

interface Owner {
  readonly table: TableName;
  readonly column: Column;
}

const isNumbered = ({ identity }: Column): boolean => identity !== undefined;
const isIdentity = ({ identity }: Column): boolean =>
  identity !== undefined && identity.serial !== true;

/** The columns that get a sequence with the operation. */
function getting(operation: Operation): readonly Owner[] {
  switch (operation.kind) {
    case "createTable": {
      const { table } = operation;
      return table.columns.filter(isNumbered).map((column) => ({ table, column }));
    }
    case "addColumn":
      return isNumbered(operation.column) ? [operation] : [];
    case "alterColumn":
      return !isNumbered(operation.from) && isIdentity(operation.to)
        ? [{ table: operation.table, column: operation.to }]
        : [];
    default:
      return [];
  }
}

/** True where the operation may take away the sequence of the path: a revision does not say how what it drops was numbered. */
function mayDrop(operation: Operation, path: string): boolean {
  const isOf = (table: TableName, column: string): boolean =>
    path === quoteTable(inSchemaOf(table, sequenceName(table.name, column)));
  switch (operation.kind) {
    case "dropTable": {
      const { table } = operation;
      const name = lastName(path);
      const isLike = name.startsWith(`${table.name}_`) && name.endsWith("_seq");
      return isLike && path === quoteTable(inSchemaOf(table, name));
    }
    case "dropColumn":
      return isOf(operation.table, operation.name);
    default:
      return false;
  }
}

/** True where the column that has the sequence of the path is an identity no longer. */
function lets(operation: Operation, path: string): boolean {
  if (operation.kind !== "alterColumn") return false;
  const { table, from, to } = operation;
  return isIdentity(from) && !isNumbered(to) && sequencePath(table, from) === path;
}

const pathOf = ({ table, column }: Owner): string => sequencePath(table, column);

/** What a sequence is called while another one has its name, and its path then. */
const spareName = (path: string): string => `revline_${lastName(path)}`;
function sparePath(path: string): string {
  const [, schema = ""] = /^("(?:[^"]|"")*"\.)"/.exec(path) ?? [];
  return `${schema}${quote(spareName(path))}`;
}

function moveAway(path: string, condition = ""): string {
  return `ALTER SEQUENCE ${condition}${path} RENAME TO ${quote(spareName(path))}`;
}

/** The counter of the one that had the name before; outside the new bounds it starts anew. */
function carry(path: string, counter: Counter): string {
  const { minValue, maxValue } = effectiveOptions(counter);
  return `SELECT setval(${quoteText(path)}, last_value, is_called) FROM ${sparePath(path)} WHERE last_value BETWEEN ${String(minValue)} AND ${String(maxValue)}`;
}

/** What stands around the statements that make a sequence. */
export interface Around {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const NOTHING: Around = { before: [], after: [] };

/** Takes the names for columns that an operation numbers from sequences that go later in the plan. */
export function takeNames(operation: Operation, operations: readonly Operation[]): Around {
  const numbered = getting(operation);
  if (numbered.length === 0) return NOTHING;
  const later = operations.slice(operations.indexOf(operation) + 1);
  const owners = numbered.filter((owner) => {
    const path = pathOf(owner);
    return later.some((other) => isDropOf(other, path)) && !sharedSequences(operations).has(path);
  });
  return {
    before: owners.map((owner) => moveAway(pathOf(owner))),
    after:
      operation.kind === "alterColumn"
        ? owners.map((owner) => carry(pathOf(owner), owner.column))
        : [],
  };
}

/** The path of a sequence that goes: another one where a column has taken its name earlier in the plan. */
export function pathToDrop(path: string, operations: readonly Operation[]): string {
  const place = operations.findIndex((operation) => isDropOf(operation, path));
  const isTaken = operations
    .slice(0, Math.max(place, 0))
    .some((operation) => getting(operation).some((owner) => pathOf(owner) === path));
  return isTaken ? sparePath(path) : path;
}

/** Takes the name for a sequence of its own from that of a column which goes, or is numbered no more, later in the plan. */
export function takeNameOfColumn(
  path: string,
  counter: Counter,
  operations: readonly Operation[],
): Around {
  const place = operations.findIndex((operation) => isCreationOf(operation, path));
  const later = operations.slice(place + 1);
  if (later.some((operation) => lets(operation, path)))
    return { before: [moveAway(path)], after: [carry(path, counter)] };
  return later.some((operation) => mayDrop(operation, path))
    ? { before: [moveAway(path, "IF EXISTS ")], after: [] }
    : NOTHING;
}

function isDropOf(operation: Operation, path: string): boolean {
  return (
    operation.kind === "dropObject" &&
    operation.type === "sequence" &&
    quoteTable(operation.object) === path
  );
}

function isCreationOf(operation: Operation, path: string): boolean {
  return (
    operation.kind === "createObject" &&
    operation.object.kind === "sequence" &&
    quoteTable(operation.object) === path
  );
}
