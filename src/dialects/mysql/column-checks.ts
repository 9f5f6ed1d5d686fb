import { read } from "./catalog.ts";
import { mentions } from "./tokens.ts";
import type { Row } from "../contract.ts";

/** How MariaDB marks a column of JSON. */
const JSON_CHECK = /^json_valid\(`((?:[^`]|``)+)`\)$/i;

/** The checks that stand in the columns themselves. */
export interface ColumnChecks {
  /** By the column's name. */
  readonly checks: ReadonlyMap<string, string>;
  /** False where only SHOW CREATE TABLE says which column a check stands in. */
  readonly isCertain: boolean;
}

/**
 * Which column each check belongs to. The catalog lists them by the column's name, but by the one that it had
 * when the check was made (MariaDB 10.11): what is not about the column of that name is another's.
 */
export function columnChecksOf(rows: readonly Row[], columns: readonly string[]): ColumnChecks {
  const checks = new Map<string, string>();
  let isCertain = true;
  for (const row of rows) {
    if (!/^column$/i.test(read(row, "level") ?? "")) continue;
    const [name, clause] = [read(row, "name") ?? "", read(row, "clause") ?? ""];
    const json = JSON_CHECK.exec(clause)?.[1]?.replaceAll("``", "`");
    const owner = json ?? (mentions(clause, name) ? name : undefined);
    if (owner !== undefined && columns.includes(owner)) checks.set(owner, clause);
    else isCertain = false;
  }
  return { checks, isCertain };
}
