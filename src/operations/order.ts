import type { Operation, OperationKind, OperationMap } from "./operation.ts";
import {
  dropsBeforeRenames,
  isObjectChange,
  isOfDefaultPrivileges,
  objectStage,
  sortObjects,
  splitAlters,
} from "./order-objects.ts";
import {
  depthIn,
  DROPS,
  goesFirstInFamily,
  keyRank,
  serialStage,
  type Family,
} from "./order-families.ts";
import { breakCycles, sortDrops, sortTables, tablesLosingNumbers } from "./order-tables.ts";
import { callersApart, callerStage } from "./bound-callers.ts";
import { domainsAroundEnums } from "./domain-values.ts";
import { leftDomains } from "./left-domains.ts";
import { publicationsInSteps } from "./publications.ts";
import { boundRoutines } from "./routine-place.ts";
import { parentsOf } from "../schema/parents.ts";
import { ownersApart } from "./sequence-owners.ts";
import { sharedNames } from "./shared-names.ts";
import { succeedAtOnce } from "./successors.ts";
import { qualifiedName, tableKey } from "../schema/collect.ts";
import { identityIndex } from "../schema/replica-identity.ts";
import type { Constraint, Options } from "../schema/types.ts";
import { compareText } from "../util/text.ts";

/** What the order depends on beside the operations. */
export interface OrderOptions extends Family {
  /**
   * A foreign key may point to a table that is not there yet: a circle of new tables stays as it is. All
   * else is ordered alike, so that a revision written against one database runs on the others.
   */
  readonly forwardReferences: boolean;
}

/**
 * The stages of a change. Foreign keys go first and come last, so that between them every table can be
 * changed alone; what is named freely again (an index, a constraint) goes before the same name comes
 * back; a table's own changes stand together, so that they can be one statement or one rebuild. What
 * speaks of a name that is changed goes before that. A type that takes the name of a table or leaves it to
 * one comes when that table is gone, and goes before it comes.
 */
const STAGES = [
  "createSchemas",
  "dropStanding",
  "renames",
  "dropObjects",
  "types",
  "dropForeignKeys",
  "drops",
  "takeNames",
  "tables",
  "leaveNames",
  "createTables",
  "addForeignKeys",
  "createObjects",
  "dropTypes",
] as const;
type Stage = (typeof STAGES)[number];

const STAGE_OF: {
  readonly [K in OperationKind]: (operation: OperationMap[K]) => Stage;
} = {
  renameTable: () => "renames",
  renameColumn: () => "renames",
  createSchema: () => "createSchemas",
  createEnum: () => "types",
  alterEnum: () => "types",
  renameEnumValue: () => "renames",
  dropTable: () => "drops",
  createTable: () => "createTables",
  dropConstraint: ({ type }) => (type === "foreignKey" ? "dropForeignKeys" : "tables"),
  addConstraint: ({ constraint }) =>
    constraint.kind === "foreignKey" ? "addForeignKeys" : "tables",
  addColumn: () => "tables",
  dropColumn: () => "tables",
  alterColumn: () => "tables",
  renameConstraint: () => "tables",
  createIndex: () => "tables",
  dropIndex: () => "tables",
  renameIndex: () => "tables",
  setTableComment: () => "tables",
  // a partition is let go before its parent goes, and taken when its parent is there; so is an index that tells rows
  setTableOptions: ({ from, to }) =>
    standsOnOthers(to) ? "addForeignKeys" : standsOnOthers(from) ? "dropForeignKeys" : "tables",
  execute: () => "tables",
  bulkInsert: () => "tables",
  invoke: () => "tables",
  createObject: (operation) => objectStage(operation),
  dropObject: (operation) => objectStage(operation),
  alterObject: (operation) => objectStage(operation),
  dropEnum: () => "dropTypes",
  dropSchema: () => "dropTypes",
};

/** Within one table; a computed column goes before and comes after what it is computed from. */
const STEP_OF: { readonly [K in OperationKind]: (operation: OperationMap[K]) => number } = {
  renameTable: () => 0,
  renameColumn: () => 1,
  createSchema: () => 0,
  createEnum: () => 1,
  alterEnum: () => 2,
  renameEnumValue: () => 2,
  dropTable: () => 0,
  dropIndex: () => 0,
  dropConstraint: ({ type }) =>
    type === "foreignKey" ? 0 : type === "check" || type === "exclude" ? 1 : 2,
  dropColumn: ({ dropped }) => (dropped?.computed === undefined ? 10 : 3),
  renameConstraint: () => 4,
  renameIndex: () => 4,
  setTableOptions: () => 5,
  // what is computed may be from a column that comes, and what no longer is, from one that gets another type. MySQL
  // makes a column anew that is stored or is no longer: in a statement of its own, so not between keys
  alterColumn: ({ from, to }) =>
    to.computed === undefined
      ? from.computed === undefined
        ? 6
        : 5.5
      : from.computed !== undefined && from.computed.stored !== to.computed.stored
        ? 1.5
        : 8.5,
  addColumn: ({ column }) => (column.computed === undefined ? 8 : 9),
  addConstraint: ({ constraint }) => ADD_STEP[constraint.kind],
  createIndex: () => 13,
  setTableComment: () => 15,
  createTable: () => 0,
  execute: () => 16,
  bulkInsert: () => 16,
  invoke: () => 16,
  createObject: () => 0,
  dropObject: () => 0,
  alterObject: () => 0,
  dropEnum: () => 0,
  dropSchema: () => 1,
};

const ADD_STEP: { readonly [K in Constraint["kind"]]: number } = {
  primaryKey: 11,
  unique: 11,
  check: 12,
  exclude: 12,
  foreignKey: 14,
};

function standsOnOthers(postgresql: Options): boolean {
  return (
    parentsOf({ options: { postgresql } }).length > 0 || identityIndex(postgresql) !== undefined
  );
}

function lookUp<K extends OperationKind, R>(
  table: { readonly [P in K]: (operation: OperationMap[P]) => R },
  operation: OperationMap[K] & { readonly kind: K },
): R {
  return table[operation.kind](operation);
}

/** The table an operation is about, as text to sort by. */
function subject(operation: Operation): string {
  if ("table" in operation) return qualifiedName(operation.table);
  if (operation.kind === "renameTable") return qualifiedName(operation.to);
  return "";
}

/** The names that an operation brings into the database beside those of tables and columns. */
function namesBrought(operation: Operation): readonly string[] {
  switch (operation.kind) {
    case "createIndex":
      return [operation.index.name ?? ""];
    case "addConstraint":
      return [operation.constraint.name ?? ""];
    case "renameIndex":
    case "renameConstraint":
      return [operation.to];
    default:
      return [];
  }
}

/** Names of dropped indexes and constraints that another table takes: they must go first of all. */
function reusedElsewhere(operations: readonly Operation[]): (operation: Operation) => boolean {
  const brought = new Map<string, Set<string>>();
  for (const operation of operations) {
    for (const name of namesBrought(operation)) {
      const takers = brought.get(name) ?? new Set();
      brought.set(name, takers.add(subject(operation)));
    }
  }
  return (operation) => {
    if (operation.kind !== "dropIndex" && operation.kind !== "dropConstraint") return false;
    // what has no name (a primary key on MySQL) shares none
    const takers = operation.name === undefined ? undefined : brought.get(operation.name);
    return takers !== undefined && [...takers].some((taker) => taker !== subject(operation));
  };
}

/**
 * Foreign keys take new names before their tables change: between the changes of a table MySQL, where that
 * is a drop and an add, would need two statements for what is right as one alone. Not where another
 * constraint of the table goes first and leaves its name.
 */
function earlyKeyRenames(operations: readonly Operation[]): (operation: Operation) => boolean {
  const left = new Set(
    operations.flatMap((operation) =>
      operation.kind === "dropConstraint" && operation.type !== "foreignKey"
        ? [JSON.stringify([subject(operation), operation.name])]
        : [],
    ),
  );
  return (operation) =>
    operation.kind === "renameConstraint" &&
    operation.type === "foreignKey" &&
    !left.has(JSON.stringify([subject(operation), operation.to]));
}

/**
 * Sorts the operations of a comparison into an order that the database accepts. Its mirror (each
 * reversed, in reversed order) is then an order that the way back accepts.
 */
export function orderOperations(
  operations: readonly Operation[],
  options: OrderOptions,
): readonly Operation[] {
  const around = operations.filter(isObjectChange).filter(isOfDefaultPrivileges);
  const others = operations.filter(
    (operation) => !isObjectChange(operation) || !isOfDefaultPrivileges(operation),
  );
  const sorted = sortObjects(around);
  // what goes goes first, what comes comes last: nothing in between is made under them, on neither way
  return [
    ...sorted.filter(({ kind }) => kind === "dropObject"),
    ...orderOthers(others, options),
    ...sorted.filter(({ kind }) => kind !== "dropObject"),
  ];
}

/** What is done in one place at once, and must be in two. */
const IN_PIECES: readonly ((operations: readonly Operation[]) => readonly Operation[])[] = [
  splitAlters,
  publicationsInSteps,
  ownersApart,
  domainsAroundEnums,
  callersApart,
];

function orderOthers(
  operations: readonly Operation[],
  options: OrderOptions,
): readonly Operation[] {
  const split = IN_PIECES.reduce((list, cut) => cut(list), operations);
  const unbroken = options.forwardReferences ? split : breakCycles(split);
  const isReused = reusedElsewhere(unbroken);
  const isEarly = dropsBeforeRenames(unbroken);
  const isBound = boundRoutines(unbroken);
  const stageOfCaller = callerStage(isBound);
  const isEarlyKey = earlyKeyRenames(unbroken);
  const shared = sharedNames(unbroken);
  const left = leftDomains(unbroken);
  const emptied = new Set([...left.tables, ...tablesLosingNumbers(unbroken)]);
  const stages = new Map<Stage, Operation[]>(STAGES.map((stage) => [stage, []]));
  for (const operation of unbroken) {
    const own =
      isObjectChange(operation) && isBound.has(operation)
        ? objectStage(operation, true)
        : (stageOfCaller(operation) ?? lookUp(STAGE_OF, operation));
    const stage = isEarly.has(operation)
      ? "dropStanding"
      : isEarlyKey(operation)
        ? "dropForeignKeys"
        : own === "tables" &&
            (isReused(operation) ||
              goesFirstInFamily(operation, options) ||
              isDropOf(operation, emptied))
          ? "drops"
          : left.changes.has(operation)
            ? "takeNames"
            : (shared(operation) ?? serialStage(operation) ?? own);
    stages.get(stage)?.push(operation);
  }
  const sorted = STAGES.flatMap((stage) => sortStage(stage, stages.get(stage) ?? [], options));
  return succeedAtOnce(sorted, isBound);
}

function isDropOf(operation: Operation, tables: ReadonlySet<string>): boolean {
  return DROPS.has(operation.kind) && "table" in operation && tables.has(tableKey(operation.table));
}

function sortStage(
  stage: Stage,
  operations: readonly Operation[],
  options: OrderOptions,
): readonly Operation[] {
  if (stage === "createTables")
    return sortTables(operations.filter((op) => op.kind === "createTable"));
  if (stage === "renames") return operations;
  const objects = sortObjects(operations.filter(isObjectChange));
  const tables = operations.filter((operation) => operation.kind === "dropTable");
  const others = operations.filter(
    (operation) => !isObjectChange(operation) && operation.kind !== "dropTable",
  );
  const depth = depthIn(stage === "drops", others, options);
  const ofKeys = stage === "dropForeignKeys" || stage === "addForeignKeys";
  const rank = ofKeys ? keyRank(stage === "dropForeignKeys", options) : () => 0;
  const sorted = others.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      depth(a) - depth(b) ||
      compareText(subject(a), subject(b)) ||
      lookUp(STEP_OF, a) - lookUp(STEP_OF, b),
  );
  if (stage === "drops") return [...sortDrops(tables, sorted), ...objects];
  // a schema is made before, and goes after, what stands in it; as an index does with the routines that it calls
  return stage === "dropTypes" || stage === "createObjects"
    ? [...objects, ...sorted]
    : [...sorted, ...objects];
}
