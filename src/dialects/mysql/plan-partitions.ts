import type { Batch } from "./batch.ts";
import type { Flavor } from "./flavor.ts";
import { appended } from "./partitions.ts";
import { quoteTable } from "./quote.ts";
import type { Operation, OperationKind, SetTableOptions } from "../../operations/operation.ts";
import { tableKey } from "../../schema/collect.ts";
import type { TableName } from "../../schema/types.ts";

/** What surrounds the other changes of a table: between which operations those are. */
interface Around {
  readonly table: TableName;
  readonly first: number;
  readonly last: number;
}

/** How a table's partitions change. */
interface Repartition extends Around {
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** The columns or keys change too: the old partitions may stand in their way, and the new ones need them. */
  readonly isEntangled: boolean;
}

const HARMLESS: ReadonlySet<OperationKind> = new Set([
  "setTableOptions",
  "setTableComment",
  "addColumn",
]);

function textOf(options: SetTableOptions["from"]): string | undefined {
  const text = options["partitionBy"];
  return text === undefined ? undefined : String(text);
}

/** Changes of options that are for this server, with the operations on their tables. */
function optionChanges(
  operations: readonly Operation[],
  flavor: Flavor,
): readonly (Around & Pick<SetTableOptions, "from" | "to"> & { readonly isEntangled: boolean })[] {
  return operations.flatMap((operation) => {
    if (operation.kind !== "setTableOptions") return [];
    const { table, dialect, from, to } = operation;
    if (dialect !== flavor.name && dialect !== "mysql") return [];
    const own = [...operations.entries()].filter(
      ([, other]) => "table" in other && tableKey(other.table) === tableKey(table),
    );
    const places = own.map(([at]) => at);
    const isEntangled = own.some(([, { kind }]) => !HARMLESS.has(kind));
    return [
      { table, from, to, first: Math.min(...places), last: Math.max(...places), isEntangled },
    ];
  });
}

/** The tables whose partitions change. */
export function repartitions(
  operations: readonly Operation[],
  flavor: Flavor,
): readonly Repartition[] {
  return optionChanges(operations, flavor)
    .map(({ from, to, ...around }) => ({ ...around, from: textOf(from), to: textOf(to) }))
    .filter(({ from, to }) => from !== to);
}

/** A table that gets or loses a history without columns of its own (MariaDB). */
interface Versioning extends Around {
  readonly comes: boolean;
}

/** True where the history is one with columns of its own: it comes and goes with them, in one statement. */
export function hasOwnPeriod({ from, to }: Pick<SetTableOptions, "from" | "to">): boolean {
  return from["systemPeriod"] !== undefined || to["systemPeriod"] !== undefined;
}

export function versionings(
  operations: readonly Operation[],
  flavor: Flavor,
): readonly Versioning[] {
  return optionChanges(operations, flavor)
    .filter((change) => flavor.mariadb && !hasOwnPeriod(change))
    .filter(({ from, to }) => from["systemVersioning"] !== to["systemVersioning"])
    .map(({ to, ...around }) => ({ ...around, comes: to["systemVersioning"] === true }));
}

/** Columns are left out of a history (WITHOUT SYSTEM VERSIONING) while there is one: it comes first and goes last. */
export function version(
  changes: readonly Versioning[],
  at: number,
  batch: Batch,
  moment: "before" | "behind",
): void {
  for (const { table, first, last, comes } of changes) {
    const isDue = moment === "before" ? comes && first === at : !comes && last === at;
    if (!isDue) continue;
    batch.statement(
      `ALTER TABLE ${quoteTable(table)} ${comes ? "ADD" : "DROP"} SYSTEM VERSIONING`,
      at,
    );
  }
}

/** What has to be done before an operation. */
export function departition(changes: readonly Repartition[], at: number, batch: Batch): void {
  for (const { table, from, to, first, isEntangled } of changes) {
    if (from === undefined || first !== at || (to !== undefined && !isEntangled)) continue;
    batch.statement(`ALTER TABLE ${quoteTable(table)} REMOVE PARTITIONING`, at);
  }
}

/**
 * What has to be done behind an operation. New partitions at the end are added: no row moves. For anything else the
 * server sorts the rows anew and refuses when one has no place; a partition is never dropped with its rows.
 */
export function partition(changes: readonly Repartition[], at: number, batch: Batch): void {
  for (const { table, from, to, last, isEntangled } of changes) {
    if (to === undefined || last !== at) continue;
    const added = from === undefined || isEntangled ? undefined : appended(from, to);
    batch.statement(
      `ALTER TABLE ${quoteTable(table)} ${
        added === undefined ? `PARTITION BY ${to}` : `ADD PARTITION (${added.join(", ")})`
      }`,
      at,
    );
  }
}
