import type { Table } from "../../schema/types.ts";
import type { ParsedTable } from "./parse-table.ts";

/** The catalog's own text of a table, and what was read from it. */
export interface TableSource {
  readonly sql: string;
  /** Absent where the text is not understood: such a table is never rebuilt. */
  readonly parsed?: ParsedTable;
  /** The text stands in the catalog, but this SQLite would not take it: strings in double quotes. */
  readonly outdated?: true;
  /** Why it is not understood. */
  readonly problem?: string;
  /** The texts of its indexes by their names, in the order in which they were made. */
  readonly indexes: ReadonlyMap<string, string>;
  /** The tables of statistics that the database has. */
  readonly statistics: readonly string[];
}

const sources = new WeakMap<Table, TableSource>();

/**
 * Remembers the catalog's text beside a reflected table, so that a rebuild keeps what it does not change
 * letter by letter. The table itself stays plain data, the same as one from models.
 */
export function rememberSource(table: Table, source: TableSource): Table {
  sources.set(table, source);
  return table;
}

export function sourceOfTable(table: Table): TableSource | undefined {
  return sources.get(table);
}
