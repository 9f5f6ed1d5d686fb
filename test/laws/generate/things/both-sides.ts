import type { MetaData, Table } from "../../../../src/schema/index.ts";
import { Choices } from "../choices.ts";
import type { Kind } from "../kinds.ts";
import { pickBy } from "../queries.ts";

type Numbers = readonly number[];

/** A pair before it is whole. */
export interface Sides {
  readonly before: MetaData;
  readonly after: MetaData;
}

/** Puts one thing into one side: a thing of the same numbers is alike on both sides, as far as they are. */
export interface Maker {
  readonly kinds: readonly Kind[];
  /** @param at tells the things of one pair apart */
  readonly put: (choices: Choices, metadata: MetaData, kind: Kind, at: number) => MetaData;
}

/** A table that the number finds on both sides, whatever others come and go; a partition has what its parent has. */
export function keyed(salt: number, tables: readonly Table[]): Table | undefined {
  return pickBy(
    salt,
    tables
      .filter(({ options }) => options?.postgresql?.["partitionOf"] === undefined)
      .map((table) => ({ key: `${table.schema ?? ""}.${table.name}`, table })),
  )?.table;
}

/** True where the table has a column of the name. */
export const hasColumn = (table: Table, name: string): boolean =>
  table.columns.some((column) => column.name === name);

/** How many numbers make one thing of one side. */
const NUMBERS = 20;
/** How long the list of numbers is that makes one thing on both sides. */
export const THING_NUMBERS = 2 * NUMBERS + 3;

/** The numbers of each side; undefined where it is not there. The later one may change a few, or all. */
export function bothSides(numbers: Numbers): { before?: Numbers; after?: Numbers } {
  const before = numbers.slice(0, NUMBERS);
  const other = numbers.slice(NUMBERS, 2 * NUMBERS);
  const [presence = 0, change = 0, where = 0] = numbers.slice(2 * NUMBERS);
  const after =
    change % 4 < 1
      ? before
      : change % 4 < 3
        ? // what it is made from stays, and one to three of its attributes become others
          before.map((value, at) =>
            at >= 3 && (at + where) % 3 === 0 ? (other[at] ?? value) : value,
          )
        : [...before.slice(0, 3), ...other.slice(3)];
  return {
    ...(presence % 6 === 4 ? {} : { before }),
    ...(presence % 6 === 5 ? {} : { after }),
  };
}

/** Things that are made for both sides of a pair at once, after the edits. */
export function withThings(
  pair: Sides,
  given: readonly Numbers[],
  kind: Kind,
  makers: readonly Maker[],
): Sides {
  const known = makers.filter(({ kinds }) => kinds.includes(kind));
  return given.reduce((sides, numbers, at): Sides => {
    const maker = known[(numbers[0] ?? 0) % known.length];
    if (maker === undefined) return sides;
    const own = bothSides(numbers.slice(1));
    const put = (metadata: MetaData, side: Numbers | undefined): MetaData =>
      side === undefined ? metadata : maker.put(new Choices(side), metadata, kind, at);
    return { before: put(sides.before, own.before), after: put(sides.after, own.after) };
  }, pair);
}
