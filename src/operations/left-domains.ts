import { namesIn } from "./mentions.ts";
import type { Operation } from "./operation.ts";
import { tableKey } from "../schema/collect.ts";

/** The changes of domains beside columns of them that go, and the tables of those columns. */
export interface LeftDomains {
  readonly changes: ReadonlySet<Operation>;
  /** Keys of tables. */
  readonly tables: ReadonlySet<string>;
}

/**
 * A domain that changes beside a column of it that goes stands between what goes and what comes, so that the
 * values of the column meet, on both ways, the domain that they were made for.
 */
export function leftDomains(operations: readonly Operation[]): LeftDomains {
  const changes = operations.flatMap((operation) =>
    operation.kind === "alterObject" && operation.to.kind === "domain"
      ? [{ operation, name: operation.to.name }]
      : [],
  );
  const leaving = operations.flatMap((operation) => {
    if (operation.kind !== "dropColumn" || operation.dropped?.type.name !== "raw") return [];
    const names = namesIn(operation.dropped.type.sql);
    return changes
      .filter(({ name }) => names.has(name))
      .map((change) => ({ change: change.operation, table: tableKey(operation.table) }));
  });
  return {
    changes: new Set(leaving.map(({ change }) => change)),
    tables: new Set(leaving.map(({ table }) => table)),
  };
}
