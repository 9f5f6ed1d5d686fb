import { compileType } from "./types.ts";
import type { Column } from "../../schema/types.ts";

const BITS: Readonly<Record<string, bigint>> = { smallint: 15n, integer: 31n, bigint: 63n };

/** The bounds a sequence of a type has when nobody says otherwise. */
export function impliedBounds(
  type: string,
  descending: boolean,
): { readonly minimum: bigint; readonly maximum: bigint } {
  const top = 2n ** (BITS[type] ?? 63n);
  return descending ? { minimum: -top, maximum: -1n } : { minimum: 1n, maximum: top - 1n };
}

/** What the options of a sequence are read from: a column's, or those of a sequence of its own. */
export type Counter = Pick<Column, "identity" | "type" | "options">;

interface Effective {
  readonly increment: bigint;
  readonly minValue: bigint;
  readonly maxValue: bigint;
  readonly start: bigint;
  readonly cache: bigint;
  readonly cycle: boolean;
}

/** Every option with its value, said or implied by the column's type. */
export function effectiveOptions({ identity = {}, type }: Counter): Effective {
  const { increment = 1n } = identity;
  const implied = impliedBounds(type.name, increment < 0n);
  const {
    minValue = implied.minimum,
    maxValue = implied.maximum,
    cache = 1n,
    cycle = false,
  } = identity;
  const { start = increment < 0n ? maxValue : minValue } = identity;
  return { increment, minValue, maxValue, start, cache, cycle };
}

/** The type of a column's sequence: the one that the options say, or the usual one. */
export function sequenceType(column: Counter): string {
  const said = column.options?.["sequenceType"];
  return typeof said === "string" ? said : usualSequenceType(column);
}

/** The column's type, or the next larger one where the bounds do not fit. */
export function usualSequenceType(column: Omit<Counter, "options">): string {
  const { minValue, maxValue } = effectiveOptions(column);
  const types = Object.keys(BITS);
  const found = types.slice(Math.max(types.indexOf(column.type.name), 0)).find((type) => {
    const { maximum } = impliedBounds(type, false);
    return maxValue <= maximum && minValue >= -maximum - 1n;
  });
  return found ?? compileType(column.type);
}
