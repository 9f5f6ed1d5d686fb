import type { Operation, OperationKind } from "./operation.ts";
import { takesNextValue } from "../schema/inherited.ts";
import type { TableName } from "../schema/types.ts";
import { deepEqual, omit } from "../util/equal.ts";

/** PostgreSQL's tables that have parents or are one. */
export interface Family {
  /**
   * How far below a table without parents a table stands; undefined for tables that neither have parents
   * nor are one. What a parent gets its children have too: there all goes before anything comes, the
   * children's first.
   */
  readonly depth?: (table: TableName) => number | undefined;
}

/**
 * The order of a stage by where the tables stand: what comes, comes to parents first, and what goes, goes from
 * them last, but for a column that a table shares with its parents, which it can drop when they have.
 */
export function depthIn(
  isDropping: boolean,
  operations: readonly Operation[],
  family: Family,
): (operation: Operation) => number {
  const depth = (operation: Operation): number => depthOf(operation, family) ?? 0;
  if (!isDropping) return depth;
  const drops = operations.filter((operation) => operation.kind === "dropColumn");
  return (operation) => {
    const isShared =
      operation.kind === "dropColumn" &&
      drops.some(
        ({ name, table }) =>
          name === operation.name && (family.depth?.(table) ?? 0) < depth(operation),
      );
    return isShared ? depth(operation) : -depth(operation);
  };
}

/**
 * Foreign keys of a family among what else goes and comes with foreign keys: a table that its parents let go has
 * those of them for its own, so they go after that, and come before a table is taken. Keys to a family know all of
 * its tables: they go before, and come after.
 */
export function keyRank(isDropping: boolean, family: Family): (operation: Operation) => number {
  const isKey = ({ kind }: Operation): boolean =>
    kind === "addConstraint" || kind === "dropConstraint" || kind === "renameConstraint";
  return (operation) => {
    if (!isKey(operation)) return 0;
    const isOfFamily = depthOf(operation, family) !== undefined;
    return isOfFamily === isDropping ? 1 : -1;
  };
}

function depthOf(operation: Operation, { depth }: Family): number | undefined {
  return "table" in operation ? depth?.(operation.table) : undefined;
}

export const DROPS: ReadonlySet<OperationKind> = new Set<OperationKind>([
  "dropIndex",
  "dropConstraint",
  "dropColumn",
]);

/** With the drops goes what a column is computed from: before them it is computed no longer. */
export function goesFirstInFamily(operation: Operation, family: Family): boolean {
  const isDrop =
    DROPS.has(operation.kind) ||
    (operation.kind === "alterColumn" &&
      operation.from.computed !== undefined &&
      operation.to.computed === undefined);
  return isDrop && depthOf(operation, family) !== undefined;
}

/** The default that takes the numbers of another table's serial column goes before that, and comes after it. */
export function serialStage(
  operation: Operation,
): "dropForeignKeys" | "addForeignKeys" | undefined {
  if (operation.kind !== "alterColumn") return undefined;
  const { from, to } = operation;
  const [leaves, comes] = [takesNextValue(from), takesNextValue(to)];
  if (leaves === comes || !deepEqual(omit(from, "default"), omit(to, "default"))) return undefined;
  return leaves ? "dropForeignKeys" : "addForeignKeys";
}
