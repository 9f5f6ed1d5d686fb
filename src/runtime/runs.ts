import type { Statement } from "../dialects/contract.ts";
import type { Operation } from "../operations/operation.ts";
import type { Recorded } from "../operations/recorder.ts";
import type { SqlValue } from "../schema/expression.ts";

type Row = Readonly<Record<string, SqlValue>>;

/** Rows and characters that go into one portion of a bulk insert whose rows come one after the other. */
const ROWS = 1000;
const CHARACTERS = 500_000;

/** What can be planned together: neighbours in the same mode; rows that come one after the other stand alone. */
export function runsOf(recorded: readonly Recorded[]): readonly (readonly Recorded[])[] {
  const runs: Recorded[][] = [];
  for (const item of recorded) {
    const run = runs.at(-1);
    const [first] = run ?? [];
    const joins =
      first !== undefined &&
      first.rows === undefined &&
      item.rows === undefined &&
      first.autocommit === item.autocommit;
    if (joins) run?.push(item);
    else runs.push([item]);
  }
  return runs;
}

/** The statements of a run in its mode. */
export function inMode(
  statements: readonly Statement[],
  [first]: readonly Recorded[],
): readonly Statement[] {
  return first?.autocommit === true
    ? statements.map((statement) => ({ ...statement, autocommit: true }))
    : statements;
}

/** About as many characters as a value becomes in SQL. */
function sizeOf(row: Row): number {
  let size = 0;
  for (const value of Object.values(row)) {
    if (typeof value === "string") size += value.length;
    else size += value instanceof Uint8Array ? 2 * value.length : 10;
  }
  return size;
}

/** The operation in portions of its rows, each of bounded size. */
export async function* portionsOf({ operation, rows }: Recorded): AsyncGenerator<Operation> {
  if (operation.kind !== "bulkInsert" || rows === undefined) {
    yield operation;
    return;
  }
  let portion: Row[] = [];
  let size = 0;
  for await (const row of rows) {
    portion.push(row);
    size += sizeOf(row);
    if (portion.length < ROWS && size < CHARACTERS) continue;
    yield { ...operation, rows: portion };
    portion = [];
    size = 0;
  }
  if (portion.length > 0) yield { ...operation, rows: portion };
}

/** What was recorded with all rows in it, where nothing is run. */
export async function withRows(recorded: readonly Recorded[]): Promise<readonly Recorded[]> {
  const all: Recorded[] = [];
  for (const item of recorded) {
    const { rows, ...rest } = item;
    if (rows === undefined) all.push(item);
    else for await (const operation of portionsOf(item)) all.push({ ...rest, operation });
  }
  return all;
}
