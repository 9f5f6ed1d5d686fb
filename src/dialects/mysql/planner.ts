import type { Batch } from "./batch.ts";
import type { Flavor } from "./flavor.ts";
import type { State } from "./state.ts";
import type { Suspended } from "./suspended.ts";
import type { PlanContext } from "../contract.ts";
import { tableKey } from "../../schema/collect.ts";
import type { Constraint, Index, TableName } from "../../schema/types.ts";

/** All that a row of the planner works with. */
export interface Planner {
  readonly flavor: Flavor;
  readonly context: PlanContext;
  readonly state: State;
  readonly batch: Batch;
  readonly suspended: Suspended;
  /** What went with a column, so that a later drop of it is no error. */
  readonly gone: Set<string>;
  /** Indexes that were made: they belong to nobody, whatever their names. */
  readonly made: Set<string>;
  /** Indexes that were dropped, as they were. */
  readonly dropped: Map<string, Constraint | Index>;
  /** Names of constraints that the server changed with their table's name. */
  readonly renamed: Map<string, string>;
  /** The operation that is planned now. */
  readonly at: number;
}

/** A key for something of a table; names are the same whatever their case. */
export function mark(table: TableName, kind: string, name: string | undefined): string {
  return JSON.stringify([tableKey(table), kind, name?.toLowerCase() ?? ""]);
}
