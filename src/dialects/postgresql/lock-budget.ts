import type { ServerInfo, Statement } from "../contract.ts";
import type { Operation } from "../../operations/operation.ts";
import { qualifiedName } from "../../schema/collect.ts";
import type { Column, Constraint, Table } from "../../schema/types.ts";

// Every table, index and sequence that a transaction makes, changes or drops is locked until its end, in a
// table in shared memory with max_locks_per_transaction * (max_connections + max_prepared_transactions)
// places for all sessions; beyond them: "out of shared memory" (53200).

/** Of a server whose settings are not known: PostgreSQL's own defaults. */
const DEFAULT_SLOTS = 6_400;
/** What one transaction may take of all places: others are at work too. */
const SHARE = 0.6;
/** What it takes when there must be several: each of them leaves others more room. */
const PART = 0.25;

function slotsOf({ lockSlots }: ServerInfo): number {
  return lockSlots === undefined || !Number.isFinite(lockSlots) ? DEFAULT_SLOTS : lockSlots;
}

/** How many locks a transaction may take. */
export function lockBudget(server: ServerInfo): number {
  return Math.floor(slotsOf(server) * SHARE);
}

/** Cuts a list where the weights of a part would be more than the limit. */
export function inParts<T>(
  items: readonly T[],
  weightOf: (item: T) => number,
  limit: number,
): readonly (readonly T[])[] {
  const parts: T[][] = [];
  let weight = Number.POSITIVE_INFINITY;
  for (const item of items) {
    const own = weightOf(item);
    if (weight + own > limit) {
      parts.push([]);
      weight = 0;
    }
    parts.at(-1)?.push(item);
    weight += own;
  }
  return parts;
}

const hasSequence = ({ identity }: Column): boolean => identity !== undefined;
const hasIndex = ({ kind }: Constraint): boolean => kind !== "foreignKey" && kind !== "check";

/** The table and its row type, the table and the index of its long values, its constraints, indexes and sequences. */
function locksOfTable(table: Table): number {
  return (
    4 +
    table.indexes.length +
    table.constraints.length +
    table.constraints.filter(hasIndex).length +
    table.columns.filter(hasSequence).length
  );
}

/** Each end of a foreign key has two triggers. */
const TRIGGERS = 4;

/** Of what goes with a table each part is locked by itself: defaults, and the triggers of foreign keys. */
function locksOfDrop(table: Table): number {
  const defaults = table.columns.filter(
    (column) => column.default !== undefined || hasSequence(column),
  );
  const keys = table.constraints.filter(({ kind }) => kind === "foreignKey");
  return locksOfTable(table) + 1 + defaults.length + TRIGGERS * keys.length;
}

/** A table of which nothing is known. */
const USUAL_TABLE = 24;
/** A column whose type changes has its table and all indexes written anew. */
const REWRITTEN = 12;

/** An upper bound of the locks that an operation takes beside those on the tables it names. */
function ownLocks(operation: Operation): number {
  switch (operation.kind) {
    case "createTable":
      return locksOfTable(operation.table);
    case "dropTable":
      return operation.dropped === undefined ? USUAL_TABLE : locksOfDrop(operation.dropped);
    case "alterColumn":
      return REWRITTEN;
    case "addColumn":
      return hasSequence(operation.column) ? 3 : 2;
    case "addConstraint":
      return hasIndex(operation.constraint) ? 2 : 1;
    case "dropConstraint":
      return operation.type === "foreignKey" ? 1 + TRIGGERS : 2;
    case "renameConstraint":
    case "setTableComment":
    case "bulkInsert":
      return 0;
    default:
      return 2;
  }
}

function tablesOf(operation: Operation): readonly string[] {
  const referred = (constraints: readonly Constraint[]): readonly string[] =>
    constraints.flatMap((constraint) =>
      constraint.kind === "foreignKey" ? [qualifiedName(constraint.references)] : [],
    );
  switch (operation.kind) {
    case "createTable":
      return referred(operation.table.constraints);
    case "dropTable":
      return referred(operation.dropped?.constraints ?? []);
    case "addConstraint":
      return [qualifiedName(operation.table), ...referred([operation.constraint])];
    case "dropConstraint":
      return [
        qualifiedName(operation.table),
        ...referred(operation.dropped === undefined ? [] : [operation.dropped]),
      ];
    default:
      return "table" in operation ? [qualifiedName(operation.table)] : [];
  }
}

/** The locks of each operation, a table that was locked already not counted again. */
function weigh(operations: readonly Operation[]): readonly number[] {
  const locked = new Set<string>();
  return operations.map((operation) => {
    const fresh = tablesOf(operation).filter((name) => !locked.has(name));
    for (const name of fresh) locked.add(name);
    return fresh.length + ownLocks(operation);
  });
}

/**
 * Says where a plan is to be committed in between, when the locks of all of it are more than the server has
 * room for.
 *
 * @param statements of the operations, in order
 * @param joined true for a statement that must stand in one transaction with the one before it
 */
export function withCommits(
  statements: readonly Statement[],
  operations: readonly Operation[],
  server: ServerInfo,
  joined: (statement: Statement) => boolean,
): readonly Statement[] {
  const weights = weigh(operations);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  if (all <= lockBudget(server)) return statements;
  const limit = Math.floor(slotsOf(server) * PART);
  const counted = new Set<number>();
  let held = 0;
  return statements.map((statement) => {
    const { operation } = statement;
    if (operation === undefined || counted.has(operation)) return statement;
    counted.add(operation);
    const weight = weights[operation] ?? 0;
    const commits = held > 0 && held + weight > limit && !joined(statement);
    held = commits ? weight : held + weight;
    return commits ? { ...statement, commitsBefore: true } : statement;
  });
}
