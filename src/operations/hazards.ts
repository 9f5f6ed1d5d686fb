import type { AlterColumn, Operation, OperationKind, OperationMap } from "./operation.ts";
import { externalContent } from "../schema/objects/virtual-table.ts";
import type { OpenKind, OpenObject } from "../schema/objects/types.ts";
import type { ColumnType } from "../schema/types.ts";
import { deepEqual } from "../util/equal.ts";
import { lostValues } from "./used-values.ts";
import { describeType } from "./words.ts";

/** What an operation may do to the rows that are there. */
export interface Hazard {
  /** `loss`: data is gone for good, or cut. `failure`: the operation fails where rows do not fit. */
  readonly kind: "loss" | "failure";
  /** For a person, as a comment or a warning: `drops the column's data`. */
  readonly text: string;
}

const loss = (text: string): Hazard => ({ kind: "loss", text });
const failure = (text: string): Hazard => ({ kind: "failure", text });

const INTEGERS: readonly string[] = ["tinyint", "smallint", "mediumint", "integer", "bigint"];
const TEXTS: readonly string[] = ["char", "varchar", "tinytext", "text", "mediumtext", "longtext"];
const BYTES: readonly string[] = [
  "binary",
  "varbinary",
  "tinyblob",
  "blob",
  "mediumblob",
  "longblob",
];
const FLOATS: readonly string[] = ["real", "float", "double"];
const FAMILIES = [
  INTEGERS,
  TEXTS,
  BYTES,
  FLOATS,
  ["date", "timestamp"],
  ["time"],
  ["bit", "varbit"],
  ["json", "jsonb"],
] as const;

/** The most that a sized type holds; a type without a size holds what its place in its family says. */
function capacity(type: ColumnType, family: readonly string[]): number {
  if ("length" in type && type.length !== undefined) return type.length;
  if (type.name === "char" || type.name === "binary" || type.name === "bit") return 1;
  return family === TEXTS || family === BYTES ? Number.MAX_SAFE_INTEGER : family.indexOf(type.name);
}

function isUnsigned(type: ColumnType): boolean {
  return "unsigned" in type && type.unsigned === true;
}

/** Digits before and behind the point; absent: any number. */
function losesDigits(from: ColumnType, to: ColumnType): boolean {
  const size = (
    type: ColumnType,
  ): { precision?: number | undefined; scale?: number | undefined } =>
    "precision" in type ? type : {};
  const [old, now] = [size(from), size(to)];
  if (now.precision === undefined) return false;
  if (old.precision === undefined) return true;
  const [oldScale, newScale] = [old.scale ?? 0, now.scale ?? 0];
  return now.precision - newScale < old.precision - oldScale || newScale < oldScale;
}

/** Whether some value of `from` has no place in `to`. */
function narrows(from: ColumnType, to: ColumnType): boolean {
  if (from.name === "array" && to.name === "array") return narrows(from.element, to.element);
  if ((from.name === "enum" || from.name === "set") && to.name === from.name) {
    const { values } = to;
    return from.values.some((value) => !values.includes(value));
  }
  const family = FAMILIES.find((names: readonly string[]) => names.includes(from.name));
  const isFamily = family?.some((name) => name === to.name) === true;
  if (from.name !== to.name && !isFamily) {
    // anything can be written as a text that is long enough, and any integer as a decimal
    const isRoomyText = TEXTS.includes(to.name) && capacity(to, TEXTS) >= 255;
    return !isRoomyText && !(INTEGERS.includes(from.name) && to.name === "numeric");
  }
  if (family !== undefined && capacity(to, family) < capacity(from, family)) return true;
  const isUnsignedLost = isUnsigned(from) && !isUnsigned(to) && from.name === to.name;
  return isUnsignedLost || (isUnsigned(to) && !isUnsigned(from)) || losesDigits(from, to);
}

function columnHazards({ from, to }: AlterColumn): readonly Hazard[] {
  const hazards: Hazard[] = [];
  if (!deepEqual(from.type, to.type) && narrows(from.type, to.type)) {
    hazards.push(loss(`values that do not fit ${describeType(to.type)} fail or are cut`));
  }
  if (from.nullable && !to.nullable && to.identity === undefined)
    hazards.push(failure("fails where the column is null"));
  if (to.computed !== undefined && from.computed === undefined)
    hazards.push(loss("replaces the column's data by what is computed"));
  return hazards;
}

/** What goes with an object that holds more than its definition, or that more than it stands on. */
const OBJECT_LOSSES: { readonly [K in OpenKind]?: readonly Hazard[] } = {
  sequence: [loss("drops the sequence's counter")],
  extension: [loss("drops every type, function and operator of the extension")],
};
/** Its rows are nowhere else, but for an index over the rows of another table. */
function virtualTableHazards(gone: OpenObject | undefined): readonly Hazard[] {
  if (gone?.kind !== "virtualTable") return gone === undefined ? [loss("drops its rows")] : [];
  return externalContent(gone) ? [] : [loss("drops the virtual table's rows")];
}

const HAZARDS: {
  readonly [K in OperationKind]?: (operation: OperationMap[K]) => readonly Hazard[];
} = {
  dropTable: () => [loss("drops the table's rows")],
  dropColumn: ({ dropped }) =>
    dropped?.computed === undefined ? [loss("drops the column's data")] : [],
  alterColumn: columnHazards,
  addColumn: ({ column }) =>
    column.nullable ||
    column.default !== undefined ||
    column.identity !== undefined ||
    column.computed !== undefined
      ? []
      : [failure("fails where the table has rows: give them a value first")],
  alterEnum: ({ from, to }) => {
    const removed = lostValues(from, to);
    return removed.length === 0 ? [] : [failure(`fails where rows hold ${removed.join(", ")}`)];
  },
  setTableOptions: ({ from, to }) => [
    ...(from["systemVersioning"] === true && to["systemVersioning"] !== true
      ? [loss("drops the history of the table's rows")]
      : []),
    ...(to["partitionBy"] === undefined || from["partitionBy"] === to["partitionBy"]
      ? []
      : [failure("fails where a row fits none of the partitions")]),
    ...(to["strict"] === true && from["strict"] !== true
      ? [failure("fails where a value is not of its column's type")]
      : []),
    ...(from["rowSecurity"] === true && to["rowSecurity"] !== true
      ? [loss("turns row security off: no policy keeps anybody from the rows")]
      : []),
  ],
  dropSchema: () => [],
  dropObject: ({ type, dropped }) =>
    type === "virtualTable" ? virtualTableHazards(dropped) : (OBJECT_LOSSES[type] ?? []),
  alterObject: ({ from }) => virtualTableHazards(from),
};

/**
 * What an operation may destroy, or where it may fail because of the rows that are there; empty for what is
 * safe.
 *
 * @example
 * hazards({ kind: "dropTable", table: { name: "post" } })   // [{ kind: "loss", text: "drops the table's rows" }]
 */
export function hazards(operation: Operation): readonly Hazard[] {
  return hazardsOf(HAZARDS, operation);
}

function hazardsOf<K extends OperationKind>(
  rows: { readonly [P in K]?: (operation: OperationMap[P]) => readonly Hazard[] },
  operation: OperationMap[K] & { readonly kind: K },
): readonly Hazard[] {
  return rows[operation.kind]?.(operation) ?? [];
}
