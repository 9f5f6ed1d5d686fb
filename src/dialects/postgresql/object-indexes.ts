import { canonicalIndex } from "./canonical.ts";
import { adopt } from "./questions.ts";
import { indexesQuery, indexOf } from "./reflect-indexes.ts";
import { groupBy } from "./rows.ts";
import { inspect, oidList } from "./session.ts";
import type { Connection } from "../contract.ts";
import type { Index, Table } from "../../schema/types.ts";
import { deepEqual } from "../../util/equal.ts";

/** The indexes of relations that are no tables, by the relations' identifiers. */
export async function indexesOn(
  connection: Connection,
  oids: readonly string[],
): Promise<ReadonlyMap<string, readonly Index[]>> {
  if (oids.length === 0) return new Map();
  const rows = await inspect(connection, () =>
    connection.query(indexesQuery(connection.server.versionNumber), [oidList(oids)]),
  );
  return new Map([...groupBy(rows, "table")].map(([table, found]) => [table, found.map(indexOf)]));
}

function bare(indexes: readonly Index[]): Table {
  return { name: "", columns: [], constraints: [], indexes };
}

function compareNames(a: Index, b: Index): number {
  const [left, right] = [a.name ?? "", b.name ?? ""];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Indexes of a model in canonical form; those that say the same as one in the database have its words and name. */
export function canonicalIndexes(
  indexes: readonly Index[],
  live: readonly Index[] = [],
): readonly Index[] {
  const adopted = adopt(bare(indexes.map(canonicalIndex)), bare(live)).indexes;
  return adopted
    .map((index) =>
      index.name === undefined
        ? (live.find((there) =>
            deepEqual({ ...there, name: index.name }, { name: undefined, ...index }),
          ) ?? index)
        : index,
    )
    .toSorted(compareNames);
}
