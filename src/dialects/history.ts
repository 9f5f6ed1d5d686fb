import type { HistoryRecord, HistorySql, Statement } from "./contract.ts";
import type { SqlValue } from "../schema/expression.ts";
import type { TableName } from "../schema/types.ts";

/** How one database writes the table of what was applied. */
export interface HistorySpelling {
  quoteTable(table: TableName): string;
  literal(value: SqlValue): string;
  /** The key: counts up by itself. */
  readonly id: string;
  /** A moment by the database's clock. */
  readonly time: { readonly type: string; readonly now: string };
  /** The column as text: `2026-08-22T09:14:00.123Z`. */
  timeText(column: string): string;
  /** Behind the list of columns. */
  readonly options?: string;
}

const COLUMNS = "revision, direction, checksum, tool_version, applied_by, milliseconds";

/** The history's SQL, from a database's spelling. */
export function historySql(spelling: HistorySpelling): HistorySql {
  const { quoteTable, literal, id, time, timeText, options = "" } = spelling;
  const values = (record: HistoryRecord): readonly SqlValue[] => [
    record.revision,
    record.direction,
    record.checksum ?? null,
    record.toolVersion,
    record.appliedBy,
    record.milliseconds,
  ];
  return {
    create: (table): Statement => ({
      sql: `CREATE TABLE ${quoteTable(table)} (
  id ${id},
  revision VARCHAR(255) NOT NULL,
  direction VARCHAR(10) NOT NULL,
  checksum VARCHAR(64),
  tool_version VARCHAR(50) NOT NULL,
  applied_by VARCHAR(255) NOT NULL,
  applied_at ${time.type} NOT NULL,
  milliseconds BIGINT NOT NULL
)${options}`,
    }),
    insert: (table, record): Statement => ({
      sql: `INSERT INTO ${quoteTable(table)} (${COLUMNS}, applied_at) VALUES (${values(record).map(literal).join(", ")}, ${time.now})`,
    }),
    select: (table): Statement => ({
      sql: `SELECT ${COLUMNS}, ${timeText("applied_at")} AS applied_at_text FROM ${quoteTable(table)} ORDER BY applied_at, id`,
    }),
  };
}
