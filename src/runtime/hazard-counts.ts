import type { Statement } from "../dialects/contract.ts";
import type { Description } from "../operations/describe.ts";
import type { Operation } from "../operations/operation.ts";
import type { Table, TableName } from "../schema/types.ts";
import type { RunOptions } from "./context.ts";

/** No more rows than these are counted: a large table is not read to its end for a sentence. */
const MOST = 1_000;

/** What may be counted for an operation. */
function questionOf(
  operation: Operation,
  { rowCounts }: RunOptions["dialect"],
  live: Table | undefined,
): Statement | undefined {
  if (live === undefined) return undefined;
  if (operation.kind === "alterColumn") {
    const { table, from, to } = operation;
    const isThere = live.columns.some(({ name }) => name === from.name);
    return isThere && from.nullable && !to.nullable
      ? rowCounts.nulls(table, from.name, MOST)
      : undefined;
  }
  if (operation.kind !== "dropTable" && operation.kind !== "addColumn") return undefined;
  return rowCounts.rows(operation.table, MOST);
}

function words(found: number): string {
  if (found === 0) return "no row now";
  const number =
    found >= MOST ? `${MOST} rows or more` : `${found} ${found === 1 ? "row" : "rows"}`;
  return `${number} now`;
}

/**
 * Descriptions whose hazards say how many rows they are about, as far as the database holds the tables
 * already.
 *
 * @param find a table as it is in the database now
 */
export async function countHazards(
  options: RunOptions,
  operations: readonly Operation[],
  descriptions: readonly Description[],
  find: (table: TableName) => Promise<Table | undefined>,
): Promise<readonly Description[]> {
  const counted: Description[] = [];
  for (const [at, described] of descriptions.entries()) {
    const operation = operations[at];
    const { hazards } = described;
    if (operation === undefined || hazards === undefined || !("table" in operation)) {
      counted.push(described);
      continue;
    }
    const question = questionOf(operation, options.dialect, await find(operation.table));
    if (question === undefined) counted.push(described);
    else {
      const [row] = await options.connection.query(question.sql, question.params);
      const about = words(Number(row?.["found"]));
      const last = hazards.length - 1;
      counted.push({
        ...described,
        hazards: hazards.map((hazard, place) =>
          place === last ? { ...hazard, text: `${hazard.text}: ${about}` } : hazard,
        ),
      });
    }
  }
  return counted;
}
