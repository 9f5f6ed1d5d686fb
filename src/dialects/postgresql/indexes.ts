import { canonicalIndex } from "./canonical.ts";
import { createIndex, inSchemaOf } from "./compile.ts";
import { quoteTable } from "./spelling.ts";
import type { PlanState } from "./state.ts";
import { withCondition } from "../ddl.ts";
import type { ServerInfo, Statement } from "../contract.ts";
import type { CreateIndex, DropIndex } from "../../operations/operation.ts";
import type { TableName } from "../../schema/types.ts";
import { RevlineError } from "../../errors.ts";

type Sql = string | Statement;

/** Its own transactions, one after the other: it may run in none. */
function alone(sql: string): Statement {
  return { sql, autocommit: true };
}

/** DROP INDEX, in the form that is asked for. */
export function dropIndex(
  index: TableName,
  { ifExists, concurrently }: Pick<DropIndex, "ifExists" | "concurrently">,
): Sql {
  const drop = `DROP INDEX ${concurrently === true ? "CONCURRENTLY " : ""}${quoteTable(index)}`;
  const sql = ifExists === true ? withCondition(drop, "IF EXISTS") : drop;
  return concurrently === true ? alone(sql) : sql;
}

/**
 * CREATE INDEX, in the form that is asked for.
 *
 * @throws RevlineError model-invalid, where an index without a name is to be built concurrently
 */
export async function indexStatements(
  { table, index, ifNotExists, concurrently }: CreateIndex,
  server: ServerInfo,
  state: PlanState,
): Promise<readonly Sql[]> {
  const [plain = "", ...comments] = createIndex(table, canonicalIndex(index), server);
  const { name } = index;
  if (concurrently === true && name === undefined) {
    throw new RevlineError(
      "model-invalid",
      `The index of table "${table.name}" that is built concurrently has no name.`,
      { hint: "Name it, so that a half-built one of an earlier try can be told." },
    );
  }
  const head = concurrently === true ? plain.replace(" INDEX ", " INDEX CONCURRENTLY ") : plain;
  const create = ifNotExists === true ? withCondition(head, "IF NOT EXISTS") : head;
  if (concurrently !== true || name === undefined) return [create, ...comments];
  // a try that failed leaves an index that is not valid, and keeps the name
  const known = (await state.table(table)).table?.indexes.find((other) => other.name === name);
  const isHalf = known?.options?.["invalid"] === true;
  const leftover = isHalf ? [dropIndex(inSchemaOf(table, name), { concurrently: true })] : [];
  return [...leftover, alone(create), ...comments];
}
