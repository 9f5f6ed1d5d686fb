import type { PlanContext, ReflectFilter } from "../contract.ts";
import { applyOperations } from "../../operations/apply.ts";
import type { Operation } from "../../operations/operation.ts";
import { sameTable } from "../../schema/collect.ts";
import type { MetaData, SkippedObject, Table, TableName } from "../../schema/types.ts";

/** The name that a table had before the operations. */
function earlierName(table: TableName, operations: readonly Operation[]): TableName {
  return operations
    .toReversed()
    .reduce<TableName>(
      (name, operation) =>
        operation.kind === "renameTable" && sameTable(operation.to, name) ? operation.from : name,
      table,
    );
}

/** The database between two operations of a plan: what was there at its start, and what the plan has done since. */
export class PlanState {
  readonly #context: PlanContext;
  readonly #done: readonly Operation[];

  constructor(context: PlanContext, done: readonly Operation[]) {
    this.#context = context;
    this.#done = done;
  }

  async reflect(filter: ReflectFilter): Promise<MetaData> {
    const { tables } = filter;
    const earlier = tables?.map((table) => earlierName(table, this.#done));
    const live = await this.#context.reflect(
      earlier === undefined ? filter : { ...filter, tables: earlier },
    );
    const now = applyOperations(live, this.#done);
    if (tables === undefined) return now;
    return {
      ...now,
      tables: now.tables.filter((table) => tables.some((wanted) => sameTable(wanted, table))),
    };
  }

  /** One table as it is now, and what hangs on it. */
  async table(
    name: TableName,
  ): Promise<{ readonly table: Table | undefined; readonly skipped: readonly SkippedObject[] }> {
    const { tables, skipped } = await this.reflect({ tables: [name] });
    return { table: tables.find((table) => sameTable(table, name)), skipped };
  }

  /** For operations of open kinds, which plan for themselves. */
  context(operations: readonly Operation[]): PlanContext {
    return { ...this.#context, operations, reflect: (filter) => this.reflect(filter) };
  }
}
