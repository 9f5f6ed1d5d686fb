import type { AlterColumn, Operation, OperationKind, OperationMap } from "./operation.ts";
import type { ColumnType } from "../schema/types.ts";
import { deepEqual } from "../util/equal.ts";
import { describeType } from "./words.ts";

/** What an operation may do to the rows that are there. */
export interface Hazard {
  /** `loss`: data is gone for good. `failure`: the operation fails, or cuts values, where rows do not fit. */
  readonly kind: "loss" | "failure";
  /** For a person, as a comment or a warning: `drops the column's data`. */
  readonly text: string;
}

const loss = (text: string): Hazard => ({ kind: "loss", text });
const failure = (text: string): Hazard => ({ kind: "failure", text });

const INTEGERS: readonly string[] = ["tinyint", "smallint", "mediumint", "integer", "bigint"];
const TEXTS: readonly string[] = ["char", "varchar", "tinytext", "text", "mediumtext", "longtext"];
const BYTES: readonly string[] = ["binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob"];
const FLOATS: readonly string[] = ["real", "float", "double"];
const FAMILIES = [INTEGERS, TEXTS, BYTES, FLOATS, ["date", "timestamp"], ["time"], ["bit", "varbit"], ["json", "jsonb"]] as const;

/** The most that a sized type holds; a type without a size holds what its place in its family says. */
function capacity(type: ColumnType, family: readonly string[]): number {
  const length = "length" in type ? type.length : undefined;
  if (length !== undefined) return length;
  if (type.name === "char" || type.name === "binary" || type.name === "bit") return 1;
  return family === TEXTS || family === BYTES ? Number.MAX_SAFE_INTEGER : family.indexOf(type.name);
}

const sizeOf = (type: ColumnType, key: "precision" | "scale"): number | undefined =>
  key === "precision" ? ("precision" in type ? type.precision : undefined) : "scale" in type ? type.scale : undefined;

/** Whether some value of `from` has no place in `to`. */
function narrows(from: ColumnType, to: ColumnType): boolean {
  if (from.name === "enum" || from.name === "set") {
    if (to.name !== from.name) return !TEXTS.includes(to.name);
    return from.values.some((value) => !to.values.includes(value));
  }
  if (from.name === "array" && to.name === "array") return narrows(from.element, to.element);
  const isSigned = !("unsigned" in from && from.unsigned === true);
  const becomesUnsigned = "unsigned" in to && to.unsigned === true;
  if (isSigned && becomesUnsigned) return true;
  const family = FAMILIES.find((names: readonly string[]) => names.includes(from.name));
  if (family !== undefined && family.some((name) => name === to.name)) {
    if (capacity(to, family) < capacity(from, family)) return true;
    if (!isSigned && !becomesUnsigned && from.name === to.name) return true;
  } else if (from.name !== to.name) {
    // any value can be written as a text that is long enough
    return !(TEXTS.includes(to.name) && capacity(to, TEXTS) >= 255) && !(INTEGERS.includes(from.name) && to.name === "numeric");
  }
  const fromPrecision = sizeOf(from, "precision");
  const toPrecision = sizeOf(to, "precision");
  const fromScale = sizeOf(from, "scale") ?? 0;
  const toScale = sizeOf(to, "scale") ?? 0;
  if (from.name === "numeric" && toPrecision !== undefined) {
    return fromPrecision === undefined || toPrecision - toScale < fromPrecision - fromScale || toScale < fromScale;
  }
  return toPrecision !== undefined && toPrecision < (fromPrecision ?? Number.MAX_SAFE_INTEGER);
}

function columnHazards({ from, to }: AlterColumn): readonly Hazard[] {
  const hazards: Hazard[] = [];
  if (!deepEqual(from.type, to.type) && narrows(from.type, to.type)) {
    hazards.push(failure(`values that are no ${describeType(to.type)} fail or are cut`));
  }
  if (from.nullable && !to.nullable && to.identity === undefined) hazards.push(failure("fails where the column is null"));
  if (to.computed !== undefined && from.computed === undefined) hazards.push(loss("replaces the column's data by what is computed"));
  return hazards;
}

const HAZARDS: { readonly [K in OperationKind]?: (operation: OperationMap[K]) => readonly Hazard[] } = {
  dropTable: () => [loss("drops the table's rows")],
  dropColumn: ({ dropped }) => (dropped?.computed === undefined ? [loss("drops the column's data")] : []),
  alterColumn: columnHazards,
  addColumn: ({ column }) =>
    column.nullable || column.default !== undefined || column.identity !== undefined || column.computed !== undefined
      ? []
      : [failure("fails where the table has rows: give them a value first")],
  alterEnum: ({ from, to }) => {
    const removed = from.values.filter((value) => !to.values.includes(value));
    return removed.length === 0 ? [] : [failure(`fails where rows hold ${removed.join(", ")}`)];
  },
  dropSchema: () => [],
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
