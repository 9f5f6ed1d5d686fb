import {
  sequenceOf,
  text,
  type Column,
  type MetaData,
  type Sequence,
  type Table,
} from "../../../../src/schema/index.ts";
import { hasColumn, keyed, type Maker } from "./both-sides.ts";
import type { Choices } from "../choices.ts";
import { putTable } from "../edit.ts";
import type { Kind } from "../kinds.ts";
import { someComment, takenNames } from "../surroundings.ts";

type Bounds = Pick<Sequence, "increment" | "minValue" | "maxValue" | "start">;

/** What fits together, and into each of the types. */
const BOUNDS: readonly [Bounds, ...Bounds[]] = [
  {},
  { increment: 5n },
  { start: 100n },
  { minValue: 10n },
  { maxValue: 1000n },
  { minValue: 5n, maxValue: 30_000n, start: 20n, increment: 3n },
  { increment: -1n },
  { increment: -2n, minValue: -500n, maxValue: 10n, start: 4n },
  { minValue: -7n, start: 0n },
  { minValue: 20_000n, maxValue: 30_000n },
];

/** A table of the default schema with a column that may own the sequence. */
function ownerOf(choices: Choices, { tables }: MetaData): Sequence["ownedBy"] {
  const table = choices.pick(tables.filter(({ schema }) => schema === undefined));
  const column = choices.pick(
    table?.columns.filter(
      ({ identity, computed }) => identity === undefined && computed === undefined,
    ) ?? [],
  );
  return table === undefined || column === undefined
    ? undefined
    : { table: table.name, column: column.name };
}

function someSequence(
  choices: Choices,
  metadata: MetaData,
  kind: Kind,
  name: string,
  isUsed: boolean,
): Sequence {
  const dataType = choices.one([undefined, undefined, "smallint", "integer", "bigint"] as const);
  const bounds = choices.one(BOUNDS);
  const cache = choices.one([undefined, undefined, 1n, 20n]);
  const ownedBy =
    kind === "postgresql" && choices.chance(35) ? ownerOf(choices, metadata) : undefined;
  // MariaDB takes 1000 values at a time, and throws the rest away with every change
  const runsOut = kind === "mariadb" && isUsed;
  return sequenceOf(name, {
    ...bounds,
    ...(dataType === undefined ? {} : { dataType }),
    ...(cache === undefined ? {} : { cache }),
    ...(choices.chance(25) || runsOut ? { cycle: true } : {}),
    ...(choices.chance(20) ? { comment: someComment(choices) } : {}),
    ...(ownedBy === undefined ? {} : { ownedBy }),
  });
}

/** A column that takes its values from the sequence. */
function counted(table: Table, sequence: string, kind: Kind): Table {
  const name = `from ${sequence}`;
  const next = kind === "postgresql" ? `nextval('${sequence}')` : `nextval(\`${sequence}\`)`;
  const column: Column = {
    name,
    type: { name: "bigint" },
    nullable: true,
    default: { expression: text(next) },
  };
  return { ...table, columns: [...table.columns, column] };
}

/** Sequences that no column says, of the database that has them. */
export const sequences: Maker = {
  kinds: ["postgresql", "mariadb"],
  put: (choices, metadata, kind, at) => {
    const name = `seq_${String(at + 1)}`;
    if (takenNames(metadata).has(name)) return metadata;
    const place = choices.next();
    const isUsed = choices.chance(40);
    const whole = {
      ...metadata,
      objects: [...metadata.objects, someSequence(choices, metadata, kind, name, isUsed)],
    };
    const table = keyed(place, whole.tables);
    return isUsed && table !== undefined && !hasColumn(table, `from ${name}`)
      ? putTable(whole, counted(table, name, kind))
      : whole;
  },
};
