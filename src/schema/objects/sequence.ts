import { OBJECT, type Declared } from "./declare.ts";
import type { Sequence } from "./types.ts";

const NUMBERS = ["start", "increment", "minValue", "maxValue", "cache"] as const;
type Numbers = (typeof NUMBERS)[number];

/** What a sequence is beside its name. Numbers may be given as number or bigint. */
export type SequenceDefinition = Omit<
  Sequence,
  "kind" | "name" | "table" | "arguments" | "type" | Numbers
> & { readonly [K in Numbers]?: number | bigint };

/** The data of a sequence. */
export function sequenceOf(name: string, definition: SequenceDefinition = {}): Sequence {
  const { start, increment, minValue, maxValue, cache, ...rest } = definition;
  const numbers = { start, increment, minValue, maxValue, cache };
  return {
    kind: "sequence",
    name,
    ...rest,
    ...Object.fromEntries(
      NUMBERS.flatMap((key) => {
        const value = numbers[key];
        return value === undefined ? [] : [[key, BigInt(value)] as const];
      }),
    ),
  };
}

/**
 * Declares a sequence of its own. A column takes its values by a default; with `ownedBy` the sequence
 * goes with that column. (An identity or serial column has its sequence by itself.)
 *
 * @example
 * export const invoiceNumbers = sequence("invoice_numbers", { start: 1000, cache: 20 });
 * export const invoices = table("invoices", {
 *   number: t.bigint().notNull().default(sql`nextval('invoice_numbers')`),
 * });
 */
export function sequence(name: string, definition: SequenceDefinition = {}): Declared<Sequence> {
  return { [OBJECT]: sequenceOf(name, definition) };
}
