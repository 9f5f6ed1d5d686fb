import { namesIn } from "./mentions.ts";
import type { Operation, OperationKind } from "./operation.ts";
import { tableKey } from "../schema/collect.ts";

/** What goes with a column, or before it. */
export const DROPS: ReadonlySet<OperationKind> = new Set<OperationKind>([
  "dropIndex",
  "dropConstraint",
  "dropColumn",
]);

/**
 * Where a domain changes beside a column of it that goes: between what goes and what comes, so that the values
 * of the column meet, on both ways, the domain that they were made for.
 */
export function leftDomains(
  operations: readonly Operation[],
): (operation: Operation) => "dropReusedNames" | "takeNames" | undefined {
  const changed = operations.flatMap((operation) =>
    operation.kind === "alterObject" && operation.to.kind === "domain" ? [operation.to.name] : [],
  );
  const leaving = operations.flatMap((operation) => {
    if (operation.kind !== "dropColumn" || operation.dropped?.type.name !== "raw") return [];
    const names = namesIn(operation.dropped.type.sql);
    return [{ table: operation.table, domains: changed.filter((name) => names.has(name)) }];
  });
  const left = new Set(leaving.flatMap(({ domains }) => domains));
  const tables = new Set(
    leaving.flatMap(({ table, domains }) => (domains.length === 0 ? [] : [tableKey(table)])),
  );
  return (operation) => {
    if (operation.kind === "alterObject")
      return operation.to.kind === "domain" && left.has(operation.to.name)
        ? "takeNames"
        : undefined;
    return DROPS.has(operation.kind) &&
      "table" in operation &&
      operation.table !== undefined &&
      tables.has(tableKey(operation.table))
      ? "dropReusedNames"
      : undefined;
  };
}
